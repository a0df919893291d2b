package ui

import (
	"errors"
	"strings"

	"rongzheng/review"
)

// mostNamed is how many accounts a refusal names; more are a telephone list.
const mostNamed = 3

// denied says why an account may not do something, and who could: those whom it may know by how the screen calls them.
func (w Words) denied(err *review.DeniedError, able []string) string {
	why := w.Code(err.Code, err.Args)
	if err.Could == nil {
		return why
	}
	who := w.duty(err.Could)
	if len(able) > 0 {
		who = w.Say("could.named", who, strings.Join(able, w.Say("join")))
	}
	return w.Say("could", why, who)
}

// duty names those who could by their work.
func (w Words) duty(d *review.Duty) string {
	if d.Level > 0 {
		if w.rules().Level(d.Level).City || d.Area == "" {
			return w.Say("could.level", w.Level(d.Level))
		}
		return w.Say("could.level_area", w.Area(d.Area), w.Level(d.Level))
	}
	roles := make([]string, len(d.Roles))
	for i, role := range d.Roles {
		roles[i] = w.Say("role." + string(role))
	}
	who := strings.Join(roles, w.Say("join"))
	if d.Area != "" {
		who = w.Say("could.role_area", w.Area(d.Area), who)
	}
	return who
}

// refusal is what a key says that may not be used on the case. Whoever sees the case also sees in its timeline who works on
// such cases, so those who could are named.
func (s *session) refusal(a *review.Application, err error) string {
	denied, ok := errors.AsType[*review.DeniedError](err)
	if !ok || denied.Could == nil || s.by.Role == review.Portal || s.by.Sees(a) != nil {
		return s.words.Explain(err)
	}
	var names []string
	for _, account := range a.Able(s.colleagues, denied.Action) {
		if len(names) == mostNamed {
			names[mostNamed-1] += s.words.Say("could.more")
			break
		}
		names = append(names, s.called(account))
	}
	return s.words.denied(denied, names)
}
