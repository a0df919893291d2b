package ui

// policyWords say in Chinese what review finds wrong with a policy file, by the English form; arguments that are words
// themselves stand here too. A message of the YAML reader is quoted in English, after what it means.
var policyWords = map[string]string{
	"the policy":                 "政策设置",
	"a list of keys with values": "“键: 值”的列表",
	"a list":                     "列表",
	"a text":                     "文字",
	"a number":                   "数字",
	"true or false":              "true 或 false",

	"the text is not UTF-8":                                 "从这里起不是 UTF-8 文字；请用 UTF-8 编码另存",
	"the control character %U stands here":                  "这里有控制字符 %U，请删去",
	"the file is empty":                                     "文件是空的",
	"the file is larger than %d bytes":                      "文件超过 %d 字节",
	"the file must hold one document, here begins a second": "文件中只能有一份设置，这里是第二份的开头",

	"%s: the alias *%s is not allowed, write it out": "%s：不能用别名 *%s，请写全",
	"%s must be %s":                                   "%s 须为%s",
	"%s must be %s, not %s":                           "%s 须为 %s，不能是 %s",
	"%s: key %s stands in line %d already":            "%s：键 %s 已在第 %d 行出现过",
	"%s: unknown key %s":                              "%s：没有 %s 这个键",
	"%s: %s is missing":                               "%s：缺少 %s",
	"%s must not be empty":                            "%s 不能为空",
	"%s must not begin or end with a space":           "%s 首尾不能有空格",
	"%s must be one line without control characters":  "%s 须为一行，不含控制字符",
	"%s must be a whole number from %d to %d, not %s": "%s 须为 %d 至 %d 的整数，不能是 %s",
	"%s: %s is not a day written as 2026-01-31":       "%s：%s 不是日期，日期写作 2026-01-31",
	"%s: at least one is needed":                      "%s：至少要有一项",
	"%s: the %s %s stands in line %d already":         "%s：%s %s 已在第 %d 行出现过",
	"%s: %s does not have the form of a code (%s)":    "%s：%s 不符合代码的格式（%s）",

	"version must be a day like 2026-01-01, or 2026-01-01.2 for a second one of that day": "version 须为日期，例如 2026-01-01；当天第二份写作 2026-01-01.2",

	"levels: one to %d are possible, not %d":                                                              "levels：级数须为 1 至 %d，不能是 %d",
	"issue: prefix must be one to four capital letters, not %s":                                           "issue: prefix 须为一至四个大写字母，不能是 %s",
	"counter: prefix must be one to four capital letters, not %s":                                         "counter: prefix 须为一至四个大写字母，不能是 %s",
	"hours: %s is not a code of the options level":                                                        "hours：%s 不是 options level 中的代码",
	"hours: the level %s is missing":                                                                      "hours：缺少级别 %s",
	"seen: %s is no slot of attachments":                                                                  "seen：没有 %s 这种附件",
	"seen: %s is listed twice":                                                                            "seen：%s 出现了两次",
	"options %s: at least one must be on offer":                                                           "options %s：至少要有一项可选",
	"options %s: the code %s is missing, a rule of the program names it":                                  "options %s：缺少代码 %s，程序的规则要用到它",
	"%s: %s is not in the year":                                                                           "%s：%s 不在这一年",
	"%s: %s ends before it begins":                                                                        "%s：%s 的终点早于起点",
	"%s: %s stands in line %d already":                                                                    "%s：%s 已在第 %d 行出现过",
	"%s: %s is no weekend day, so working on it makes up for nothing":                                     "%s：%s 不是周末，不必列为调休上班",
	"%s: proof belongs to community_post only":                                                            "%s：proof 只能用于 community_post",
	"reasons: at least one is needed, a refusal always carries one":                                       "reasons：至少要有一项，不通过必须有原因",
	"copies: serial is no regular expression":                                                             "copies：serial 不是正则表达式",
	"copies: reasons: the code %s is missing, a rule of the program names it":                             "copies: reasons：缺少代码 %s，程序的规则要用到它",
	"calendar: %s is not a year":                                                                          "calendar：%s 不是年份",
	"%s: off is empty; leave the year out where its list is not published yet":                            "%s：off 是空的；放假安排尚未公布的年份请整年略去",
	"mail: carriers: at least one is needed":                                                              "mail: carriers：至少要有一项",
	"mail: labels: these labels do not lie on an A4 sheet (210 × 297 mm), or are smaller than 30 × 21 mm": "mail: labels：标签超出 A4 纸（210 × 297 毫米），或小于 30 × 21 毫米",
	"%s must be a number of millimetres from 0 to 297, not %s":                                            "%s 须为 0 至 297 毫米，不能是 %s",

	"issue: paper: %s: no glyph for %s": "issue: paper: %s 中的 %s 证书字体没有，印不出来；请换一个字",

	"issue: paper: %s: too long": "issue: paper: %s 太长，在它的位置上印不下，或只能印得太小；请缩短，或把位置放大",

	"%s must be [x, y, width, height] in millimetres":                                                        "%s 须为 [x, y, 宽, 高]，单位毫米",
	"%s must be [x, y, width, height] in millimetres, not %s":                                                "%s 须为 [x, y, 宽, 高]，单位毫米，不能是 %s",
	"%s must be at least %g × %g mm":                                                                         "%s 至少须为 %g × %g 毫米",
	"%s would run into the frame: it must lie between %g and %g mm from the left, %g and %g mm from the top": "%s 会压到边框：须在距左边 %g 至 %g 毫米、距上边 %g 至 %g 毫米之间",
	"issue: paper: places: %s would overlap %s":                                                              "issue: paper: places：%s 会与 %s 重叠",
}
