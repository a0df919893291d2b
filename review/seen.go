package review

import (
	"slices"
	"strings"
)

// MustSee returns which of the application's attachments must have been looked at before it is approved, as indexes of
// its Attachments: the files of the slots that the policy lists under seen, in the policy's order. A slot without files
// has none; whether it may be empty is for the checks to say.
func (p *Policy) MustSee(a *Application) []int {
	var must []int
	for _, slot := range p.Seen {
		for i := range a.Attachments {
			if a.Attachments[i].Slot == slot {
				must = append(must, i)
			}
		}
	}
	return must
}

// NotSeen returns those of MustSee that have not been looked at. seen tells by SHA-256 what has been.
func (p *Policy) NotSeen(a *Application, seen func(sha256 string) bool) []int {
	return slices.DeleteFunc(p.MustSee(a), func(i int) bool { return seen(a.Attachments[i].SHA256) })
}

// SlotsOf returns the slots of some of the application's attachments, each once, in their order.
func (a *Application) SlotsOf(attachments []int) []Key {
	var slots []Key
	for _, i := range attachments {
		if slot := a.Attachments[i].Slot; !slices.Contains(slots, slot) {
			slots = append(slots, slot)
		}
	}
	return slots
}

// looked refuses an approval by who has not looked at what the policy requires, and has not stated it either. It returns
// what was stated without having been seen.
func (f *Facts) looked() (stated []Key, err error) {
	if len(f.Unseen) == 0 || f.SeenStated {
		return slices.Clone(f.Unseen), nil
	}
	slots := make([]string, len(f.Unseen))
	for i, slot := range f.Unseen {
		slots[i] = string(slot)
	}
	return nil, &RuleError{"unseen", Args{"fields": strings.Join(slots, ",")}}
}
