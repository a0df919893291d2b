package review

import (
	"slices"
	"time"
)

// Kind is what an application asks for (domain §1).
type Kind string

const (
	// First asks for a certificate (首次登记).
	First Kind = "first"
	// Renewal asks for a new validity of the certificate (再次登记).
	Renewal Kind = "renewal"
	// Completion adds what the record of a certificate lacks (完善信息).
	Completion Kind = "completion"
)

// Kinds lists the kinds in the order in which they are shown.
func Kinds() []Kind { return []Kind{First, Renewal, Completion} }

// State is where an application stands.
type State string

const (
	// Draft is being typed at the counter and has not been submitted.
	Draft State = "draft"
	// InReview waits for the decision of Application.Level.
	InReview State = "in_review"
	// Withdrawn was taken back by the applicant before anybody decided; it may be edited and submitted again.
	Withdrawn State = "withdrawn"
	// Rejected was refused at Application.Level; the applicant may apply again.
	Rejected State = "rejected"
	// Approved passed the last level; its certificate is issued or updated.
	Approved State = "approved"
)

// States lists every state.
func States() []State { return []State{Draft, InReview, Withdrawn, Rejected, Approved} }

// Reason is one coded reason of a rejection (domain §6).
type Reason struct {
	Code   string `json:"code"`
	Target Key    `json:"target,omitempty"` // field or attachment that it names
	Note   string `json:"note,omitempty"`   // required for Q99
}

// Decision is what a level said of one revision. It stays in force until it is taken back or the revision is replaced.
type Decision struct {
	Level    int       `json:"level"`
	Action   Action    `json:"action"` // Approve or Reject
	By       string    `json:"by"`     // account
	Person   PersonKey `json:"person,omitzero"`
	Office   string    `json:"office"`
	Role     Role      `json:"role"`
	At       time.Time `json:"at"`
	Policy   string    `json:"policy"`   // version of the policy it was made under
	Revision int       `json:"revision"` // revision that was seen
	Reasons  []Reason  `json:"reasons,omitempty"`
	// Note stays in the file. What the applicant is told is the reasons with their own notes: in the notice, in their
	// records and in the results for the portal (domain §6).
	Note string `json:"note,omitempty"`
}

// Filer is who entered a revision.
type Filer struct {
	By     string    `json:"by"` // account
	Person PersonKey `json:"person,omitzero"`
}

// Application is one application for registration with its present revision. Earlier revisions are kept by the store.
type Application struct {
	Reference string `json:"reference"`
	// Version counts every change of the record; a change names the version that was seen.
	Version  int    `json:"version"`
	Revision int    `json:"revision"`
	Follows  string `json:"follows,omitempty"` // reference of the rejected application that this one follows
	Kind     Kind   `json:"kind"`
	State    State  `json:"state"`
	// Level is the level that it waits for, or that rejected it, or that approved it last; 1 to Levels.
	Level int `json:"level"`
	// Levels is the number of levels that the policy asked for at submission.
	Levels      int       `json:"levels"`
	Held        bool      `json:"held,omitempty"`
	HeldNote    string    `json:"held_note,omitempty"`
	Area        string    `json:"area"` // review area as of now, after any re-routing
	SubmittedAt time.Time `json:"submitted_at"`
	// DueOn is the last day for the decision of Level; DueEstimated says that a year without a calendar was counted.
	DueOn        Date `json:"due_on,omitzero"`
	DueEstimated bool `json:"due_estimated,omitempty"`
	// EnteredBy is the account that filed it: a clerk at the counter, or the portal. EnteredPerson is who that is.
	EnteredBy     string    `json:"entered_by"`
	EnteredPerson PersonKey `json:"entered_person,omitzero"`
	EnteredRole   Role      `json:"entered_role"`
	// EnteredEarlier are those who entered earlier revisions: they never decide on it either (four eyes).
	EnteredEarlier []Filer      `json:"entered_earlier,omitempty"`
	Form           Form         `json:"form"`
	Consent        Consent      `json:"consent"`
	Attachments    []Attachment `json:"attachments"`
	// Unchanged says that, when it was submitted, a renewal differed from the record that it renews in nothing but dates.
	Unchanged bool       `json:"unchanged,omitempty"`
	Decisions []Decision `json:"decisions,omitempty"` // in force, of this revision, by level
	// Earlier are those who decided on earlier revisions: they never decide at another level (four eyes).
	Earlier []Decision `json:"earlier,omitempty"`
	// ActedLevel is the highest level that has decided, held or re-routed this revision and not taken it back.
	ActedLevel int `json:"acted_level,omitempty"`
	// CertificateOut says that what its approval issued has been printed or delivered, so that it stands.
	CertificateOut bool `json:"certificate_out,omitempty"`
	// Certificate and CertificateVersion say what its approval issued or updated.
	Certificate        string `json:"certificate,omitempty"`
	CertificateVersion int    `json:"certificate_version,omitempty"`
	// Letter is the mailing of its paper certificate, nil while nobody has touched it; Posting tells where it stands.
	Letter *Letter `json:"letter,omitempty"`
	// Policy is the version under which it was submitted.
	Policy string `json:"policy"`
	// ChangedAt, ChangedBy and ChangedTo say who did what last; they answer a stale change.
	ChangedAt time.Time `json:"changed_at"`
	ChangedBy string    `json:"changed_by"`
	ChangedTo Action    `json:"changed_to"`
}

// Applicant returns the person whose application it is.
func (a *Application) Applicant() PersonKey {
	return PersonKey{Type: a.Form.Get("id_type"), Number: a.Form.Get("id_number")}
}

// Attached returns the attachments of one slot in the sender's order.
func (a *Application) Attached(slot Key) []Attachment {
	var found []Attachment
	for _, at := range a.Attachments {
		if at.Slot == slot {
			found = append(found, at)
		}
	}
	return found
}

// Decided returns the decision in force of the level.
func (a *Application) Decided(level int) (Decision, bool) {
	i := slices.IndexFunc(a.Decisions, func(d Decision) bool { return d.Level == level })
	if i < 0 {
		return Decision{}, false
	}
	return a.Decisions[i], true
}

// LastDecision returns the decision in force of the highest level that has decided.
func (a *Application) LastDecision() (Decision, bool) {
	if len(a.Decisions) == 0 {
		return Decision{}, false
	}
	return a.Decisions[len(a.Decisions)-1], true
}

// Clone returns a copy that shares nothing with a.
func (a *Application) Clone() Application {
	c := *a
	c.Form = a.Form.Clone()
	c.Attachments = slices.Clone(a.Attachments)
	c.Decisions = cloneDecisions(a.Decisions)
	c.Earlier = cloneDecisions(a.Earlier)
	c.EnteredEarlier = slices.Clone(a.EnteredEarlier)
	c.Letter = a.Letter.clone()
	return c
}

func cloneDecisions(decisions []Decision) []Decision {
	c := slices.Clone(decisions)
	for i := range c {
		c[i].Reasons = slices.Clone(c[i].Reasons)
	}
	return c
}
