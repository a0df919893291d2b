package ui

// dayWords are the texts of what a reviewer meets all day beside the decision itself: refusals that say who could, the order
// of what waits, what has not changed, who is like somebody else.
var dayWords = map[string]text{
	"column.change":  {"对照", "Change"},
	"unchanged.mark": {"无变化", "unchanged"},
	"case.unchanged": {"无变化：除日期外与上次登记相同", "unchanged: but for dates as in the last record"},

	"group.overdue": {"逾期", "overdue"},
	"group.soon":    {"三个工作日内到期", "due within 3 working days"},
	"group.later":   {"其余", "the rest"},

	"could":            {"%s；可由%s办理", "%s; could be done by: %s"},
	"could.named":      {"%s（%s）", "%s (%s)"},
	"could.more":       {"等", " and others"},
	"could.level":      {"%s人员", "reviewers of %s"},
	"could.level_area": {"%s的%s人员", "reviewers of %[2]s for %[1]s"},
	"could.role_area":  {"%s的%s", "%[2]s for %[1]s"},
}
