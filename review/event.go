package review

import "time"

// Event is one line of the log: something that an account did to an application, a certificate or an account.
type Event struct {
	// Seq numbers the events of a data folder from 1 without gaps; the store gives it.
	Seq       uint64    `json:"seq"`
	At        time.Time `json:"at"`
	By        string    `json:"by"` // account
	Office    string    `json:"office,omitempty"`
	Role      Role      `json:"role"`
	Action    Action    `json:"action"`
	Reference string    `json:"reference,omitempty"` // application
	Revision  int       `json:"revision,omitempty"`
	Level     int       `json:"level,omitempty"`
	State     State     `json:"state,omitempty"` // of the application afterwards
	// Certificate is the number that was issued, printed, voided or revoked.
	Certificate string   `json:"certificate,omitempty"`
	Policy      string   `json:"policy,omitempty"`
	Reasons     []Reason `json:"reasons,omitempty"`
	Note        string   `json:"note,omitempty"`
	// Target is what a view or reveal was about: an attachment's hash, a field; for re-routing the new area; for
	// accounts the account's name; for taking over the account that had it; for mailings the carrier and tracking number, or what became of the sheet.
	Target string `json:"target,omitempty"`
	// Stated lists the slots that were approved on the account's statement that it has looked at them, without the log
	// showing so.
	Stated []Key `json:"stated,omitempty"`
	// Outside tells of what was done on a work pack and handed back, nil for what was done at the desk.
	Outside *Outside `json:"outside,omitempty"`
}
