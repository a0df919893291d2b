package review

import (
	"slices"
	"strconv"
	"strings"
)

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
