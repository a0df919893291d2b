package ui

// vaultWords are the texts of handing out certificates: the ledger of copies, reprints, revocation and correction.
var vaultWords = map[string]text{
	"printing.fetch":       {"此处没有打印机。请在自己的电脑上取：ssh 本服务器 certificate print %[1]s --reason lost -o - > %[1]s.pdf", "There is no printer here. Fetch it on your own computer: ssh THIS-SERVER certificate print %[1]s --reason lost -o - > %[1]s.pdf"},
	"printing.why":         {"%s 已发出过，为什么再发一份？", "%s has been handed out before. Why another copy?"},
	"printing.why_many":    {"为什么发出这 %d 份证书？", "Why are these %d certificates handed out?"},
	"printing.sheet":       {"证书 %s", "Certificate %s"},
	"printing.sheet_label": {"证书用纸编号", "Number of the sheet of paper"},
	"printing.sheet_many":  {"第一张证书用纸的编号（以后逐张加 1）", "Number of the first sheet of paper (the others follow)"},
	"printing.no_sheet":    {"打印机没有出纸", "the printer gave no sheet"},
	"printing.no_copy":     {"没有打印出来；台账中这一份已标为作废：%s", "nothing was printed; the copy is marked as spoiled in the ledger: %s"},
	"reasons.note":         {"说明", "Note"},
	"key.reason_number":    {"选择", "choose"},

	"action.spoil": {"证书用纸作废", "sheet spoiled"},

	"copy_reason_missing": {"该证书已发出过，再发须写明原因：用 --reason（如 lost、damaged、mailed）", "this certificate has been handed out before: say why there is another copy, with --reason (lost, damaged, mailed …)"},
	"copy_reason_unknown": {"没有“{reason}”这一发证原因；可用的见 rongzheng certificate print --help", "there is no reason “{reason}” for a copy; rongzheng certificate print --help lists them"},
	"copy_spoiled":        {"这一份已标为作废", "this copy is marked as spoiled already"},
	"copy_no_sheet":       {"这一份是文件，没有用纸", "this copy was a file: it has no sheet"},
	"serial_missing":      {"请填写证书用纸编号（--serial）", "state the number of the sheet of paper (--serial)"},
	"serial_form":         {"证书用纸编号“{serial}”的格式不对", "“{serial}” is not a number of a sheet of paper"},
	"serial_used":         {"证书用纸 {serial} 已用于 {certificate}", "the sheet {serial} was used for {certificate}"},
	"serial_not_asked":    {"这一份不用编号的证书用纸，不填 --serial", "this copy takes no numbered sheet: leave --serial out"},

	"flag.copy_reason": {"为什么发这一份纸质证书：%s；不写则记为下载文件", "why this copy on paper is handed out: %s; without one it counts as a download"},
	"flag.serial":      {"证书用纸编号", "number of the sheet of paper"},
	"flag.copy_note":   {"台账说明", "note in the ledger"},
	"flag.ledger_day":  {"这一天发出的全部份数", "all copies handed out on this day"},
	"flag.spoil_note":  {"作废原因", "what was wrong with the sheet"},
	"usage.ledger":     {"请给出一个证书编号，或者 --day 2026-01-31", "give one certificate, or --day 2026-01-31"},
	"usage.spoil":      {"第二项是份数：第几份", "the second argument is the number of the copy"},

	"copy.number":       {"第 %d 份", "copy %d"},
	"copy.way.print":    {"打印", "printed"},
	"copy.way.download": {"下载", "downloaded"},
	"copy.way.export":   {"交门户", "to the portal"},
	"copy.spoiled":      {"已作废（%s：%s）", "spoiled (%s: %s)"},
	"copy.replaces":     {"代替作废的第 %d 份", "in place of copy %d"},
	"copy.spoil_done":   {"证书 %s 第 %d 份已标为作废", "certificate %s: copy %d is marked as spoiled"},

	"command.rongzheng.certificate.ledger":      {"发证台账：谁、何时、为何发出", "the ledger of copies: who, when, why"},
	"command.rongzheng.certificate.ledger.long": {"一本证书的全部份数，或者一天发出的全部份数（--day）。", "All copies of one certificate, or all that were handed out on a day (--day)."},
	"command.rongzheng.certificate.spoil":       {"把打坏的证书用纸标为作废", "mark the sheet of a copy as spoiled"},
	"command.rongzheng.certificate.spoil.long":  {"台账中的这一行保留；下一份纸质证书记为代替它。", "The line stays in the ledger; the next copy on paper takes its place."},

	"fault.no_renderer": {"该证书还没有绘制，请用 rongzheng 打开数据后再试", "the certificate has not been drawn yet: open the data with rongzheng and try again"},
}
