package review

import (
	"regexp"
	"slices"
)

// validAccount is what an account's name may be: it names files of the desk and stands in every event.
var validAccount = regexp.MustCompile(`^[a-z][a-z0-9.-]{0,31}$`).MatchString

// CheckAccount refuses an account that could not work: all problems at once as a FormError. A reviewer needs a level of
// the policy; where the level decides by area, at least one; nobody else has a level.
func CheckAccount(a Account, p *Policy) error {
	var problems []Problem
	refuse := func(code string, args Args) { problems = append(problems, Problem{Refuse, "", code, args}) }
	if !validAccount(a.Name) {
		refuse("account_name", nil)
	}
	if !slices.Contains(Roles(), a.Role) {
		refuse("account_role", nil)
	}
	switch {
	case a.Role == Reviewer && (a.Level < 1 || a.Level > len(p.Levels)):
		refuse("account_level", Args{"levels": number(len(p.Levels))})
	case a.Role != Reviewer && a.Level != 0:
		refuse("account_level_other", nil)
	case a.Role == Reviewer && !p.Level(a.Level).City && len(a.Areas) == 0:
		refuse("account_areas", Args{"level": number(a.Level)})
	}
	for _, area := range a.Areas {
		if o, known := p.Option("area", area); !known || o.Disabled {
			refuse("area_unknown", Args{"area": area})
		}
	}
	for _, text := range []string{a.Office, a.Title} {
		if text != "" && CheckText(text) != nil {
			refuse("account_text", nil)
		}
	}
	if len(problems) > 0 {
		return &FormError{problems}
	}
	return nil
}
