package review

// Policy is what is not fixed by law, or differs between cities: a dated setting kept as data (policy.yaml). It is
// read once and never changed. Every decision records the Version it was made under.
type Policy struct {
	source  []byte // the file that it was read from
	Version string
	Levels  []Level
	Renewal RenewalPolicy
	First   FirstPolicy
	// ForeignersCard admits numbers of the foreigners' permanent residence card of 2023.
	ForeignersCard bool
	// Hours of continuing education asked for in three years, by code of the certificate level (民发〔2009〕123号).
	Hours map[string]int
	// Seen lists the slots whose files must have been looked at before an approval, in the order in which they are shown.
	Seen []Key
	// ClaimMinutes is how long an application stays in the hand of who opened it to review without a sign of work.
	ClaimMinutes int
	// Options are the answers to choose from, by name of the list: "sex", "ethnicity", "area", … in the order shown.
	Options  map[string][]Option
	Reasons  []ReasonText
	Calendar Calendar
	Issue    IssuePolicy
	Mail     MailPolicy
	Copies   CopyPolicy
	// Revocation lists the grounds on which certificates are struck off (domain §8).
	Revocation []CodedText
	Counter    CounterPolicy
}

// Level is one level of review.
type Level struct {
	Name    string
	English string
	Office  string // who decides: 成都市社会工作协会
	// City says that the level decides for the whole city; otherwise for the areas of the account.
	City        bool
	WorkingDays int
}

// AfterExpiry says what becomes of a renewal after the certificate expired (domain §1, rule 4).
type AfterExpiry string

// The settings of AfterExpiry.
const (
	AllowExpired AfterExpiry = "allow"
	WarnExpired  AfterExpiry = "warn"
	BlockExpired AfterExpiry = "block"
)

// RenewalPolicy is the window of domain §1, rule 4.
type RenewalPolicy struct {
	OpensDays   int // calendar days before valid_until on which it opens, inclusive
	AfterExpiry AfterExpiry
}

// FirstPolicy is the one-year rule (民发〔2009〕44号, art. 4; domain §1, rule 5).
type FirstPolicy struct {
	WithinYears int
	Late        AfterExpiry
}

// IssuePolicy holds what a certificate states beside the record.
type IssuePolicy struct {
	Prefix string // of the number: CD
	Years  int    // of validity
	Issuer string // body named above the seal
	// Paper is what the paper says beside the record, and how it is laid out.
	Paper PaperPolicy
}

// CounterPolicy is how the counter (办事窗口) numbers and keeps what is filed there.
type CounterPolicy struct {
	Prefix    string // of references given at the counter: CK
	DraftDays int    // calendar days for which a draft is kept after its last change
}

// Option is one answer to choose from.
type Option struct {
	Code     string
	Label    string // Chinese: what people see and what files contain
	English  string
	Proof    bool // a community post that asks for a proof
	Disabled bool // kept for old records, not offered any more
}

// ReasonText is a coded reason of rejection; Label is what the applicant reads.
type ReasonText struct {
	Code    string
	Label   string
	English string
	// Needs says what the reason must name: "" nothing, "field", "attachment".
	Needs string
	Note  bool // a note is required
}

// Level returns the level with the number 1 to len(p.Levels); the zero Level for any other number.
func (p *Policy) Level(number int) Level {
	if number < 1 || number > len(p.Levels) {
		return Level{}
	}
	return p.Levels[number-1]
}

// Option returns the option of the list with the code.
func (p *Policy) Option(list, code string) (Option, bool) {
	for _, o := range p.Options[list] {
		if o.Code == code {
			return o, true
		}
	}
	return Option{}, false
}

// Reason returns the coded reason.
func (p *Policy) Reason(code string) (ReasonText, bool) {
	for _, r := range p.Reasons {
		if r.Code == code {
			return r, true
		}
	}
	return ReasonText{}, false
}

// AreaLabel returns the Chinese name of a review area, the code itself for one that the policy does not list.
func (p *Policy) AreaLabel(code string) string {
	if o, ok := p.Option("area", code); ok {
		return o.Label
	}
	return code
}

// Source returns the file that the policy was read from, so that it can be taken along.
func (p *Policy) Source() []byte { return p.source }
