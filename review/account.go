package review

import "slices"

// Role is what an account is for; it decides its rights (domain §6).
type Role string

const (
	// Reviewer decides at one level in its areas (审核员).
	Reviewer Role = "reviewer"
	// Clerk files for applicants at the counter (窗口人员).
	Clerk Role = "clerk"
	// Administrator keeps accounts, policy, imports, backups (管理员); decides nothing.
	Administrator Role = "administrator"
	// Auditor reads everything, masked (审计员).
	Auditor Role = "auditor"
	// Portal is the citizens' portal, which sends packages and fetches results (门户).
	Portal Role = "portal"
)

// Roles lists every role in the order in which they are shown.
func Roles() []Role { return []Role{Reviewer, Clerk, Administrator, Auditor, Portal} }

// PersonKey identifies a person: type of the identity document (option code) and its number in upper case. Never the
// name or the mobile (domain §1, rule 1).
type PersonKey struct {
	Type   string `json:"type"`
	Number string `json:"number"`
}

// IsZero reports whether the key names nobody.
func (k PersonKey) IsZero() bool { return k.Number == "" }

// Account is somebody who works with the desk.
type Account struct {
	Name string `json:"name"` // what --as takes: lower-case letters, digits, dot, dash; 1 to 32 of them
	Role Role   `json:"role"`
	// Level is the level at which a reviewer decides, 0 for other roles.
	Level int `json:"level,omitempty"`
	// Areas are the review areas of a reviewer or clerk; none means the whole city.
	Areas  []string `json:"areas,omitempty"`
	Office string   `json:"office,omitempty"`
	Title  string   `json:"title,omitempty"` // how the screen calls the person: 武侯区 周老师
	// Person, where known, keeps the person from deciding on their own application or twice under two accounts.
	Person   PersonKey `json:"person,omitzero"`
	Keys     []string  `json:"keys,omitempty"` // SSH public keys, authorized_keys form
	Disabled bool      `json:"disabled,omitempty"`
}

// Clone returns a copy that shares nothing with a.
func (a *Account) Clone() Account {
	c := *a
	c.Areas, c.Keys = slices.Clone(a.Areas), slices.Clone(a.Keys)
	return c
}

// Actor is an account in the act of doing something. It is always a parameter, never hidden in a context.
type Actor = Account

// Covers reports whether the review area is among the account's.
func (a *Account) Covers(area string) bool {
	return len(a.Areas) == 0 || slices.Contains(a.Areas, area)
}
