package review

import (
	"slices"
	"strings"
)

// queryKey is what stands before an operator, or a flag: everything that parser, matching, plan and completion know of
// it. Exactly one of options (with holds), number, day, read (with holds) says what its values are; a flag has holds
// alone; a number may have options that are its names.
type queryKey struct {
	name             string
	chinese, english string
	names            []string // further spellings
	// answers is the field of the registry whose answer the key looks at, and whose labels name it too; "" for none.
	answers Key
	options func(p *Policy) []queryOption
	number  func(m *matching) (int, bool)
	day     func(m *matching) Date
	// past says that the day never lies ahead.
	past bool
	// working says that a number of days counts working days, as the rows of the queues do.
	working bool
	// read brings a text into its canonical form, or returns the code of what is wrong with it.
	read  func(text string) (Value, string)
	holds func(m *matching, code string) bool
	// typical are values of read that are worth offering.
	typical []queryOption
	// spelled says that a value may be pinyin, which makes the term a word.
	spelled bool
	// plan narrows the plan down to what the term lets through, and reports whether that is all that the term says.
	plan func(p *Plan, t *Term, today Date) bool
	// hint says that a single value is a word that the search index finds at least the same applications by.
	hint bool
}

// flag reports whether the key takes no value.
func (k *queryKey) flag() bool {
	return k.options == nil && k.number == nil && k.day == nil && k.read == nil
}

// ordered reports whether values come before and after each other.
func (k *queryKey) ordered() bool { return k.number != nil || k.day != nil }

var (
	queryKeys = slices.Concat(applicationKeys, queryFlags, registryKeys())
	keyByName = indexQueryKeys()
)

func indexQueryKeys() map[string]*queryKey {
	index := map[string]*queryKey{}
	add := func(k *queryKey, names ...string) {
		for _, name := range names {
			if name = foldQuery(name); name != "" && index[name] == nil {
				index[name] = k
			}
		}
	}
	for i := range queryKeys {
		k := &queryKeys[i]
		add(k, k.name, k.chinese)
		add(k, k.names...)
	}
	for i := range queryKeys {
		k := &queryKeys[i]
		if field, ok := FieldOf(k.answers); ok {
			add(k, string(field.Key), formPrefix+string(field.Key), field.Label, field.Brief())
		}
	}
	return index
}

// flagNamed returns the flag that a word names, nil for none.
func flagNamed(word string) *queryKey {
	if k := keyByName[foldQuery(word)]; k != nil && k.flag() {
		return k
	}
	return nil
}

// applicationKeys are the keys that look at the application itself; those of the form's answers come from the registry.
var applicationKeys = []queryKey{
	{
		name: "kind", chinese: "类型", english: "Kind", names: []string{"申请类型", "type"},
		options: fixedOptions(kindOptions), plan: planKinds,
		holds: func(m *matching, code string) bool { return string(m.a.Kind) == code },
	},
	{
		name: "state", chinese: "状态", english: "State", names: []string{"办理状态"},
		options: fixedOptions(stateOptions), plan: planStates,
		holds: func(m *matching, code string) bool { return string(m.a.State) == code },
	},
	{
		name: "level", chinese: "级别", english: "Level of review", names: []string{"审核级别", "审核层级", "层级"},
		options: levelOptions, plan: planLevels,
		number: func(m *matching) (int, bool) { return m.a.Level, true },
	},
	{
		name: "area", chinese: "区域", english: "Review area", names: []string{"审核区域", "区县"},
		options: areaOptions, plan: planAreas,
		holds: func(m *matching, code string) bool { return m.a.Area == code },
	},
	{
		name: "due", chinese: "到期", english: "Due", names: []string{"到期日", "审核期限", "期限", "截止"}, working: true,
		day: func(m *matching) Date { return m.a.DueOn }, plan: planDue,
	},
	{
		name: "submitted", chinese: "提交", english: "Submitted", names: []string{"提交时间", "提交日期"}, past: true,
		day:  func(m *matching) Date { return DateOf(m.a.SubmittedAt) },
		plan: planDays(func(p *Plan) *DayRange { return &p.Submitted }),
	},
	{
		name: "decided", chinese: "决定", english: "Last decision", names: []string{"决定时间", "决定日期", "审结"}, past: true,
		day: decidedOn, plan: planDays(func(p *Plan) *DayRange { return &p.Decided }),
	},
	{
		name: "changed", chinese: "变更", english: "Last change", names: []string{"最近变更", "变更时间"}, past: true,
		day: func(m *matching) Date { return DateOf(m.a.ChangedAt) },
	},
	{
		name: "name", chinese: "姓名", english: "Name", names: []string{"名字"}, answers: "name", hint: true,
		read: readName, spelled: true,
		holds: func(m *matching, part string) bool {
			return strings.Contains(plainQueryName(m.a.Form.Get("name")), part)
		},
	},
	{
		name: "id", chinese: "证件号", english: "Identity number", names: []string{"身份证"}, answers: "id_number", hint: true,
		read: readIdentity, holds: sameIdentity,
	},
	{
		name: "mobile", chinese: "手机", english: "Mobile", names: []string{"电话"}, answers: "mobile", hint: true,
		read:  readMobile,
		holds: func(m *matching, code string) bool { return m.a.Form.Get("mobile") == code },
	},
	{
		name: "number", chinese: "管理号", english: "Management number", answers: "management_number", hint: true,
		read: readNumber, holds: beginsWith(func(a *Application) string { return a.Form.Get("management_number") }),
	},
	{
		name: "ref", chinese: "编号", english: "Reference", names: []string{"reference", "申请编号"}, hint: true,
		read: readNumber, holds: beginsWith(func(a *Application) string { return a.Reference }),
	},
	{
		name: "certificate", chinese: "证书", english: "Certificate number", names: []string{"证书编号", "登记证书编号"}, hint: true,
		read: readNumber, holds: beginsWith(func(a *Application) string { return a.Certificate }),
	},
	{
		name: "by", chinese: "审核人", english: "Decided by", names: []string{"决定人"},
		read: readAccount, typical: myself, holds: decidedBy,
	},
	{
		name: "entered", chinese: "录入", english: "Entered by", names: []string{"录入人"},
		read: readAccount, typical: myself,
		holds: func(m *matching, name string) bool { return m.a.EnteredBy == m.account(name) },
	},
	{
		name: "reason", chinese: "原因", english: "Reason of rejection", names: []string{"不通过原因", "未通过原因"},
		options: reasonOptions, holds: hasReason,
	},
	{
		name: "revision", chinese: "版本", english: "Revision", names: []string{"第几版"},
		number: func(m *matching) (int, bool) { return m.a.Revision, true },
	},
	{
		name: "has", chinese: "有", english: "Has", names: []string{"含", "带有"},
		options: hasOptions, holds: has,
	},
}

// queryFlags are conditions without a value.
var queryFlags = []queryKey{
	{
		name: "hold", chinese: "挂起", english: "On hold", names: []string{"held"}, plan: planHeld,
		holds: func(m *matching, _ string) bool { return m.a.Held },
	},
	{
		name: "overdue", chinese: "超期", english: "Past its due day", names: []string{"逾期"}, plan: planOverdue,
		holds: func(m *matching, _ string) bool {
			return m.a.State == InReview && !m.a.DueOn.IsZero() && m.a.DueOn.Before(m.today)
		},
	},
	{
		name: "estimated", chinese: "预计", english: "Due day estimated",
		holds: func(m *matching, _ string) bool { return m.a.DueEstimated },
	},
	{
		name: "mail", chinese: "邮寄", english: "Paper certificate to be mailed",
		holds: func(m *matching, _ string) bool { return wantsPaper(m.a.Form, nil) },
	},
	{
		name: "resubmitted", chinese: "重新提交", english: "Submitted more than once",
		holds: func(m *matching, _ string) bool { return m.a.Revision > 1 },
	},
	{
		name: "unchanged", chinese: "无变化", english: "Renewal with nothing changed but dates", plan: planUnchanged,
		holds: func(m *matching, _ string) bool { return m.a.Unchanged },
	},
	{
		name: "follows", chinese: "重新申请", english: "Follows a rejected application",
		holds: func(m *matching, _ string) bool { return m.a.Follows != "" },
	},
	{
		name: "mine", chinese: "我的", english: "Decided or entered by me", names: []string{"我经办的"},
		holds: isMine,
	},
}
