package review

import (
	"errors"
	"strings"
	"time"
)

// Section groups fields on the form, on the screen and on paper, in this order (domain §2).
type Section string

// The sections of the form.
const (
	Basic       Section = "basic"       // 基础信息
	Work        Section = "work"        // 工作信息
	Credential  Section = "credential"  // 证书信息
	Attachments Section = "attachments" // 上传资料
	Mailing     Section = "mailing"     // 邮寄信息
	Consented   Section = "consent"     // 承诺
)

// Type says how a field is answered, in files and on the screen.
type Type string

// The types of fields.
const (
	Text    Type = "text"    // one line
	Number  Type = "number"  // whole number; a JSON number in files
	Day     Type = "date"    // 2006-01-02
	Choice  Type = "choice"  // one option; by label in files, a code is accepted
	Choices Type = "choices" // several options; a JSON list in files
	YesNo   Type = "yesno"   // a JSON true or false
	Derived Type = "derived" // computed, never typed
	File    Type = "file"    // an attachment slot
	Moment  Type = "moment"  // a declaration, given at a time
)

// Need says whether a kind of application asks for a field.
type Need int

// The needs, as the columns of domain §2.
const (
	Never       Need = iota // –
	Optional                // N
	Conditional             // C: required if the field's condition holds, otherwise empty
	Required                // Y
)

// Lang is a language of the screens. Labels of fields and options have one text for each.
type Lang string

// The languages.
const (
	Chinese Lang = "zh"
	English Lang = "en"
)

// Field is one entry of the registry: everything that any room knows about one field or attachment slot. Import, entry
// form, detail, comparison, paper forms, coded reasons and help all read it; a new field is one new entry.
type Field struct {
	Key     Key
	Section Section
	Type    Type
	Label   string // Chinese
	English string
	Options string // name of the option list in the policy, for Choice and Choices
	// First, Renewal, Completion are the columns of domain §2.
	First, Renewal, Completion Need
	// When tells whether a Conditional field is asked for, given the other answers.
	When func(f Form, p *Policy) bool
	// Max is the largest number of answers of Choices, or of files of a slot; 0 means one for a slot and any number for
	// Choices.
	Max int
	// Length is the largest number of characters of a Text; 0 leaves it to Check and MaxText.
	Length int
	// Alone is the option code that excludes all others (否, 无).
	Alone string
	// Default is the answer that an absent one stands for.
	Default string
	// Clean brings an answer into its canonical form before it is checked and stored (domain §2, §4, §5); nil does what
	// the Type asks for.
	Clean func(string) string
	// Check refuses an answer that is not well-formed or breaks a rule of the form; it sees the whole form. It is asked
	// only for answers that are well-formed as their Type goes. A Derived field is asked with its computed value.
	Check func(v *Validation, value string)
	// Derive computes a Derived field on the day of submission, "" where the form does not say enough.
	Derive func(f Form, day Date) string
	// Person says that the answer names the person: it is given before the form is begun, and stays.
	Person bool
	// Fill answers a field by what other answers tell, "" where they do not; nil for what has to be asked.
	Fill func(f Form, p *Policy, day Date) string
	// Register reads the answer out of the register's certificate of the person, "" where it does not know it.
	Register func(c *Certificate) string
	// Inspect adds the automatic checks of the field (domain §7).
	Inspect func(i *Inspection)
	// Mask shows the answer without what must stay private (domain §10); nil shows it whole.
	Mask func(string) string
	// Passing says that the answer changes with time, so that a later one tells nothing new: days, and numbers that have grown
	// by no more than the years between.
	Passing bool
	// Proof lists the attachment slots that prove the field.
	Proof []Key
	// Print says that the certificate carries it, so every character must be drawable.
	Print bool
	// Shown says that the certificate shows it from its version rather than from the answers, which need not have it.
	Shown bool
	// ImageOnly keeps a PDF out of a slot: what it holds is shown or printed as a picture.
	ImageOnly bool
	// Picture is what the pictures of a slot are held against.
	Picture PictureRule
	// Given returns when the declaration of a Moment was given.
	Given func(c Consent) time.Time
	// Give notes that the declaration of a Moment was given at the time; the zero time takes it back.
	Give func(c *Consent, at time.Time)
	// Help is a short hint for the one who types or checks it, Chinese and English.
	Help [2]string
}

// PictureRule is what the pictures of a slot are held against by the automatic checks.
type PictureRule struct {
	// Width and Height are the least pixels of an upright picture; fewer block approval. 0 asks only that a document in
	// the picture can be legible.
	Width, Height int
	// RatioWidth : RatioHeight is the shape of the picture, give or take a twentieth; 0 : 0 is any shape.
	RatioWidth, RatioHeight int
}

// Need returns the column of the kind.
func (f *Field) Need(kind Kind) Need {
	switch kind {
	case First:
		return f.First
	case Renewal:
		return f.Renewal
	case Completion:
		return f.Completion
	}
	return Never
}

// Asked reports whether an application of the kind with these answers asks for the field, and whether it must be
// answered. A Conditional field whose condition does not hold is not asked for.
func (f *Field) Asked(kind Kind, form Form, p *Policy) (asked, required bool) {
	switch f.Need(kind) {
	case Required:
		return true, true
	case Optional:
		return true, false
	case Conditional:
		holds := f.When != nil && f.When(form, p)
		return holds, holds
	}
	return false, false
}

// Name returns the label in the language.
func (f *Field) Name(lang Lang) string { return inLang(lang, f.Label, f.English) }

// Brief returns the Chinese label without what it says in brackets, for narrow columns and the headings of sheets:
// 资料审核区域.
func (f *Field) Brief() string {
	brief, rest := "", f.Label
	for {
		before, after, found := strings.Cut(rest, "（")
		brief += before
		if !found {
			return brief
		}
		_, rest, _ = strings.Cut(after, "）")
	}
}

// Hint returns the help in the language.
func (f *Field) Hint(lang Lang) string { return inLang(lang, f.Help[0], f.Help[1]) }

// inLang chooses between the two texts; Chinese stands in for an English one that is missing.
func inLang(lang Lang, chinese, english string) string {
	if lang == English && english != "" {
		return english
	}
	return chinese
}

// most returns the largest number of answers or files, 0 for no limit.
func (f *Field) most() int {
	if f.Type == Choices {
		return f.Max
	}
	return max(f.Max, 1)
}

// Validation is one look at a whole form: what is known while a field is checked, and the problems found so far.
type Validation struct {
	Kind   Kind
	Form   Form
	Policy *Policy
	Today  Date // day of submission in Asia/Shanghai
	// Attached counts the files by slot.
	Attached map[Key]int
	problems []Problem
}

// Refuse adds a problem that keeps the form out.
func (v *Validation) Refuse(target Key, code string, args Args) {
	v.problems = append(v.problems, Problem{Refuse, target, code, args})
}

// refuseRule adds the problem that err, a RuleError, tells of; nil adds none. It returns whether there was one.
func (v *Validation) refuseRule(target Key, err error) bool {
	if rule, ok := errors.AsType[*RuleError](err); ok {
		v.Refuse(target, rule.Code, rule.Args)
	}
	return err != nil
}

// identity reads the number of the identity document, which other answers must agree with.
func (v *Validation) identity() (Identity, bool) {
	id, err := ParseIdentity(v.Form.Get("id_number"), v.Policy.ForeignersCard, v.Today)
	return id, err == nil
}
