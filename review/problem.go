package review

import (
	"maps"
	"slices"
)

// Severity says what a problem means for the application.
type Severity string

const (
	// Refuse keeps a submission out: the form is not well-formed or breaks a rule (§2 to §5).
	Refuse Severity = "refuse"
	// Block means that the application cannot be approved at the last level as it stands.
	Block Severity = "block"
	// Warn asks the reviewer to look.
	Warn Severity = "warn"
	// Info tells something that may help.
	Info Severity = "info"
)

// Problem is one finding about one field or attachment: what validation refuses at the border, and what the automatic
// checks (domain §7) hint at beside the field. Code names a sentence of the catalogue of texts, Args fill it.
type Problem struct {
	Severity Severity `json:"severity"`
	Target   Key      `json:"target,omitempty"`
	Code     string   `json:"code"`
	Args     Args     `json:"args,omitempty"`
}

// String returns the problem for a log or an error: target, code and arguments, never what the applicant typed.
func (p Problem) String() string {
	if p.Target == "" {
		return describe(p.Code, p.Args)
	}
	return string(p.Target) + ": " + describe(p.Code, p.Args)
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
