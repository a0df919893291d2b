package review

import (
	"slices"
	"strconv"
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
		name: "due", chinese: "到期", english: "Due", names: []string{"到期日", "审核期限", "期限", "截止"},
		day: func(m *matching) Date { return m.a.DueOn }, plan: planDays(func(p *Plan) *DayRange { return &p.Due }),
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
		name: "follows", chinese: "重新申请", english: "Follows a rejected application",
		holds: func(m *matching, _ string) bool { return m.a.Follows != "" },
	},
	{
		name: "mine", chinese: "我的", english: "Decided or entered by me", names: []string{"我经办的"},
		holds: isMine,
	},
}

// account returns the name of the account that a value stands for.
func (m *matching) account(name string) string {
	if name == queryMyself {
		return m.by.Name
	}
	return name
}

func decidedOn(m *matching) Date {
	last, _ := m.a.LastDecision()
	return DateOf(last.At)
}

func decidedBy(m *matching, name string) bool {
	name = m.account(name)
	return slices.ContainsFunc(m.a.Decisions, func(d Decision) bool { return d.By == name })
}

// isMine: decisions on earlier revisions count, since they bar the account as well.
func isMine(m *matching, _ string) bool {
	mine := func(d Decision) bool { return d.By == m.by.Name }
	return m.a.EnteredBy == m.by.Name || slices.ContainsFunc(m.a.Decisions, mine) || slices.ContainsFunc(m.a.Earlier, mine)
}

func hasReason(m *matching, code string) bool {
	for _, d := range m.a.Decisions {
		if slices.ContainsFunc(d.Reasons, func(r Reason) bool { return r.Code == code }) {
			return true
		}
	}
	return false
}

// lastFourDigits is how much of an identity number may be looked for besides the whole: what masks show (domain §10).
const lastFourDigits = 4

func sameIdentity(m *matching, code string) bool {
	id := m.a.Form.Get("id_number")
	return id == code || len(code) == lastFourDigits && len(id) > lastFourDigits && strings.HasSuffix(id, code)
}

func beginsWith(of func(a *Application) string) func(*matching, string) bool {
	return func(m *matching, code string) bool { return strings.HasPrefix(plainQueryNumber(of(m.a)), code) }
}

func fixedOptions(options []queryOption) func(*Policy) []queryOption {
	return func(*Policy) []queryOption { return options }
}

var kindOptions = []queryOption{
	{code: string(First), text: string(First), chinese: "首次登记", english: "First registration", names: []string{"首次"}},
	{code: string(Renewal), text: string(Renewal), chinese: "再次登记", english: "Renewal", names: []string{"再次", "再登记"}},
	{code: string(Completion), text: string(Completion), chinese: "完善信息", english: "Completion", names: []string{"完善"}},
}

var stateOptions = []queryOption{
	{code: string(Draft), text: string(Draft), chinese: "尚未提交", english: "Not submitted", names: []string{"草稿", "未提交"}},
	{code: string(InReview), text: string(InReview), chinese: "审核中", english: "In review", names: []string{"待审核", "在审"}},
	{code: string(Withdrawn), text: string(Withdrawn), chinese: "已撤回", english: "Withdrawn", names: []string{"撤回"}},
	{code: string(Rejected), text: string(Rejected), chinese: "未通过", english: "Rejected", names: []string{"不通过"}},
	{code: string(Approved), text: string(Approved), chinese: "已通过", english: "Approved", names: []string{"通过"}},
}

func levelOptions(p *Policy) []queryOption {
	options := make([]queryOption, len(p.Levels))
	for i, level := range p.Levels {
		code := number(i + 1)
		options[i] = queryOption{code: code, text: code, chinese: level.Name, english: level.English}
	}
	return options
}

func areaOptions(p *Policy) []queryOption { return fieldOptions(byKey["review_area"], p) }

func reasonOptions(p *Policy) []queryOption {
	options := make([]queryOption, len(p.Reasons))
	for i, r := range p.Reasons {
		options[i] = queryOption{code: r.Code, text: r.Code, chinese: r.Label, english: r.English}
	}
	return options
}

// What an application can have besides answers and attachments.
const (
	hasNote        = "note"
	hasCertificate = "certificate"
)

var fixedHas = []queryOption{
	{code: string(Block), text: "block", chinese: "不能通过", english: "A check that blocks", names: []string{"阻止"}, facts: true},
	{code: string(Warn), text: "warning", chinese: "请核对", english: "A check that warns", names: []string{"警告", "提醒"}, facts: true},
	{code: string(Info), text: "info", chinese: "提示", english: "A hint of a check", facts: true},
	{code: "hold", text: "hold", chinese: "挂起", english: "On hold"},
	{code: "mail", text: "mail", chinese: "邮寄", english: "Paper certificate to be mailed"},
	{code: hasNote, text: hasNote, chinese: "说明", english: "A note of a reviewer", names: []string{"备注"}},
	{code: hasCertificate, text: hasCertificate, chinese: "证书", english: "A certificate issued"},
}

var everyHas = slices.Concat(fixedHas, answerOptions())

func hasOptions(*Policy) []queryOption { return everyHas }

// answerOptions are the fields that can be answered and the slots that can hold files.
func answerOptions() []queryOption {
	var options []queryOption
	for _, field := range registry {
		if field.Type != Derived && field.Type != Moment {
			o := queryOption{
				code: string(field.Key), text: string(field.Key), chinese: field.Brief(), english: field.English,
				names: []string{field.Label},
			}
			if _, alone := FieldNamed(o.chinese); !alone {
				o.chinese = field.Label
			}
			options = append(options, o)
		}
	}
	return options
}

func has(m *matching, code string) bool {
	switch code {
	case string(Block), string(Warn), string(Info):
		return m.found(Severity(code))
	case hasNote:
		return hasNotes(m.a)
	case hasCertificate:
		return m.a.Certificate != ""
	}
	if i := slices.IndexFunc(queryFlags, func(k queryKey) bool { return k.name == code }); i >= 0 {
		return queryFlags[i].holds(m, "")
	}
	key := Key(code)
	return m.a.Form.Get(key) != "" || slices.ContainsFunc(m.a.Attachments, func(at Attachment) bool { return at.Slot == key })
}

func hasNotes(a *Application) bool {
	return a.HeldNote != "" || slices.ContainsFunc(a.Decisions, func(d Decision) bool {
		return d.Note != "" || slices.ContainsFunc(d.Reasons, func(r Reason) bool { return r.Note != "" })
	})
}

// formPrefix stands before the key of a field whose own name is that of another key of the query: form.level is the
// level of the professional certificate, level that of the review.
const formPrefix = "form."

// registryKeys makes a key for every field of the registry that can be asked for and that no other key answers.
func registryKeys() []queryKey {
	taken, answered := map[string]bool{}, map[Key]bool{}
	for _, k := range slices.Concat(applicationKeys, queryFlags) {
		taken[k.name], answered[k.answers] = true, true
	}
	var keys []queryKey
	for i := range registry {
		field := &registry[i]
		k := queryKey{name: string(field.Key), chinese: field.Brief(), english: field.English, answers: field.Key}
		if taken[k.name] {
			k.name = formPrefix + k.name
		}
		if !answered[field.Key] && k.ask(field) {
			keys = append(keys, k)
		}
	}
	return keys
}

// ask fills in how the answer of the field is compared, and reports whether there is a way.
func (k *queryKey) ask(field *Field) bool {
	key := field.Key
	switch field.Type {
	case Choice, Choices:
		k.options = func(p *Policy) []queryOption { return fieldOptions(field, p) }
		k.holds = func(m *matching, code string) bool { return m.a.Form.Has(key, code) }
	case YesNo:
		k.options = fixedOptions(yesOrNo)
		k.holds = func(m *matching, code string) bool { return m.a.Form.Flag(key) == (code == "true") }
	case Number:
		k.number = func(m *matching) (int, bool) { return m.a.Form.Number(key) }
	case Derived:
		k.number = func(m *matching) (int, bool) {
			n, err := strconv.Atoi(field.Derive(m.a.Form, m.filed()))
			return n, err == nil
		}
	case Day:
		k.day = func(m *matching) Date { return m.a.Form.Date(key) }
	case Text:
		k.read = readText
		k.holds = func(m *matching, part string) bool { return showsText(field, m.a.Form.Get(key), part) }
	default:
		return false
	}
	return true
}

// filed is the day on which ages are meant: that of submission, today for a draft.
func (m *matching) filed() Date {
	if day := DateOf(m.a.SubmittedAt); !day.IsZero() {
		return day
	}
	return m.today
}

var yesOrNo = []queryOption{
	{code: "true", text: "是", chinese: "是", english: "Yes", names: []string{"y", "1"}},
	{code: "false", text: "否", chinese: "否", english: "No", names: []string{"n", "0"}},
}

// showsText looks for part of an answer; of one that is masked only in what the mask shows, so that nobody uncovers it
// piece by piece (domain §10), or for the whole.
func showsText(field *Field, answer, part string) bool {
	plain := plainQueryText(answer)
	if field.Mask == nil || plain == part {
		return strings.Contains(plain, part)
	}
	return strings.Contains(plainQueryText(field.Mask(answer)), part)
}
