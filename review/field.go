package review

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
	// Max is the largest number of answers of Choices, or of files of a slot; 0 means one.
	Max int
	// Alone is the option code that excludes all others (否, 无).
	Alone string
	// Clean brings an answer into its canonical form before it is checked and stored (domain §2, §4, §5); nil only trims.
	Clean func(string) string
	// Check refuses an answer that is not well-formed; it sees the whole form.
	Check func(c *Validation, value string)
	// Mask shows the answer without what must stay private (domain §10); nil shows it whole.
	Mask func(string) string
	// Proof lists the attachment slots that prove the field.
	Proof []Key
	// Print says that the certificate carries it, so every character must be drawable.
	Print bool
	// Help is a short hint for the one who types or checks it, Chinese and English.
	Help [2]string
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
