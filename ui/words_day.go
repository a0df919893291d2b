package ui

// dayWords are the texts of what a reviewer meets all day beside the decision itself: refusals that say who could, the order
// of what waits, what has not changed, who is like somebody else.
var dayWords = map[string]text{
	"column.change":  {"对照", "Change"},
	"unchanged.mark": {"无变化", "unchanged"},
	"case.unchanged": {"无变化：除日期外与上次登记相同", "unchanged: but for dates as in the last record"},

	"key.alike":               {"疑似重复", "look-alikes"},
	"key.apart":               {"已核对，非同一人/材料", "checked: not the same"},
	"key.other":               {"下一件", "the next one"},
	"action.not_same":         {"核对：非同一人/材料", "Checked: not the same as"},
	"alike.title":             {"疑似重复 %d/%d：%s ↔ %s", "look-alike %d of %d: %s ↔ %s"},
	"alike.none":              {"没有发现与本件疑似重复的记录", "nothing in the register is like this case"},
	"alike.hidden":            {"不在您的查看范围内，只显示编号；须由能查看该件的人员核对", "outside what you may see, so only its number is shown; somebody who sees both must compare them"},
	"alike.open":              {"尚未核对 · 确认不是同一人/同一材料后按 y", "nobody has compared them · y records that they are not the same"},
	"alike.checked":           {"%s 已于 %s 核对，非同一人/材料", "%s has checked on %s that they are not the same"},
	"alike.done":              {"已记录：%s 与 %s 非同一人/材料", "recorded: %s and %s are not the same"},
	"alike.already":           {"已核对过", "it has been checked already"},
	"alike.revealed":          {"已记录对两件的查看", "looking at both is recorded"},
	"alike.management_shared": {"管理号相同", "the same management number"},
	"alike.birth_shared":      {"同名同出生日期", "the same name and birth date"},
	"alike.file_shared":       {"有相同的文件", "an identical file"},
	"alike.this":              {"本件", "this"},
	"alike.other":             {"对方", "other"},
	"alike.one_file":          {"两件用的是同一个文件", "both are the very same file"},
	"alike.no_file":           {"没有这类材料", "no attachment of this kind"},
	"alike.both":              {"两件", "both"},
	"alike.record":            {"记录", "record"},
	"alike.submitted":         {"提交", "submitted"},
	"alike.files":             {"%d 个文件", "%d files"},
	"alike.same_files":        {"%d 个文件，其中 %d 个两件相同", "%d files, %d of them in both"},

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
