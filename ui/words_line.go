package ui

import "rongzheng/review"

// lineWords are the texts of the command line: what each command does, its flags, what it says.
var lineWords = map[string]text{
	"command.rongzheng": {"蓉证：社会工作者职业资格证书登记审核台", "rongzheng: the desk on which social workers' certificates are registered"},
	"command.rongzheng.long": {"不带子命令时打开本机数据的审核台；数据夹为空时先询问账号并建立。\n先试一试：rongzheng demo",
		"Without a command it opens the desk on this machine's data; an empty folder is set up by a few questions.\nTo try it: rongzheng demo"},
	"command.rongzheng.demo":      {"打开装有虚构人员的演示审核台", "open the desk with made-up people"},
	"command.rongzheng.demo.long": {"在临时文件夹中生成演示数据，退出后删除；--keep 保留。同一种子生成同样的数据。", "Makes the data in a throw-away folder that goes with the desk; --keep keeps it. The same seed gives the same data."},
	"command.rongzheng.import":    {"导入申请包：文件夹、.json 或 .zip", "take in application packages: folders, .json, .zip"},
	"command.rongzheng.import.long": {"每份申请要么整份接收，要么整份拒收并列明全部原因，其余照常导入。\n中断后再导入一次即可，已有的不会重复。",
		"Each application is taken whole or refused whole with every reason; the others go on.\nAfter an interruption import again: what is there already stays as it is."},
	"command.rongzheng.import.certificates":      {"导入登记前的旧证书（.xlsx 或 .csv）", "take in certificates from before the register (.xlsx or .csv)"},
	"command.rongzheng.import.certificates.long": {"首行为栏目名称，须有“登记证书编号”。CSV 可为 UTF-8 或 GB 18030。证件照放在 --portraits 文件夹，以身份证号命名。", "The first row holds the labels, 登记证书编号 among them. CSV may be UTF-8 or GB 18030. Portraits lie in --portraits, named by identity number."},
	"command.rongzheng.list":                     {"列出申请", "list applications"},
	"command.rongzheng.list.long":                {"不带条件时列出账号可见的全部申请。条件与审核台筛选行相同：姓名、拼音、号码，以及 类型:再次 area:武侯区 due<3d 挂起 等，须同时符合；due 的天数是工作日，与列表所示的剩余天数一致；以减号开头的条件放在 -- 之后。", "Without terms it lists everything the account may see. Terms are those of the desk's filter line: names, pinyin, numbers, kind:renewal, area:武侯区, due<3d, hold; all must hold. The days of due are working days, like those left in the lists. Those that begin with a minus follow --."},
	"command.rongzheng.show":                     {"显示一份申请", "show an application"},
	"command.rongzheng.show.long":                {"默认遮盖个人信息；--reveal 显示全部并记录。", "Personal data are masked; --reveal shows them and is recorded."},
	"command.rongzheng.approve":                  {"通过", "approve"},
	"command.rongzheng.approve.long":             {"以账号所在级别通过一份或多份申请；最后一级通过即核发证书。", "Approves one or more applications at the account's level; the last level's approval issues the certificate."},
	"command.rongzheng.reject":                   {"不通过，须注明原因", "reject, with reasons"},
	"command.rongzheng.reject.long":              {"每个 --reason 为 编码[:项目[:说明]]，例如 Q03:application_form；Q99 须有说明。", "Each --reason is CODE[:TARGET[:NOTE]], such as Q03:application_form; Q99 needs a note."},
	"command.rongzheng.hold":                     {"挂起，期限照常计算", "put on hold; the clock keeps running"},
	"command.rongzheng.hold.long":                {"须用 --note 说明理由。", "Give the reason with --note."},
	"command.rongzheng.release":                  {"恢复挂起的申请", "release from hold"},
	"command.rongzheng.release.long":             {"恢复后可继续审核。", "It can then be decided again."},
	"command.rongzheng.reroute":                  {"改派到另一审核区域（一级初审）", "re-route to another review area (level 1)"},
	"command.rongzheng.reroute.long":             {"须用 --note 说明理由；区域可写名称或代码。", "Give the reason with --note; the area may be a name or a code."},
	"command.rongzheng.take-back":                {"撤销本人的决定", "take back one's own decision"},
	"command.rongzheng.take-back.long":           {"后一级尚未处理、证书尚未打印或送达时可以撤销；已核发的证书号作废，不再使用。", "Possible while no later level has acted and the certificate is neither printed nor delivered; an issued number is then void for good."},
	"command.rongzheng.withdraw":                 {"代申请人撤回", "withdraw for the applicant"},
	"command.rongzheng.withdraw.long":            {"任何一级作出决定之前可以撤回；撤回后可修改并以同一编号再次提交。", "Possible while nobody has decided; the application can then be edited and submitted again under its reference."},
	"command.rongzheng.certificate":              {"登记证书：列出、查看、打印", "registration certificates: list, show, print"},
	"command.rongzheng.certificate.long":         {"信息待完善、作废和注销的证书不能打印。", "Incomplete, void and revoked certificates are never printed."},
	"command.rongzheng.certificate.list":         {"列出证书", "list certificates"},
	"command.rongzheng.certificate.list.long":    {"可用证书编号、姓名、拼音、证件号查找。", "Words may be certificate numbers, names, pinyin or identity numbers."},
	"command.rongzheng.certificate.show":         {"查看一本证书及其各版", "show a certificate with its versions"},
	"command.rongzheng.certificate.show.long":    {"默认遮盖个人信息；--reveal 显示全部并记录。", "Personal data are masked; --reveal shows them and is recorded."},
	"command.rongzheng.certificate.print":        {"将证书打印为 PDF 文件", "print a certificate to a PDF file"},
	"command.rongzheng.certificate.print.long":   {"按证书编号、身份证号或姓名查找，须只有一本符合；每次打印都有记录。", "By certificate number, identity number or name; just one must match. Every copy is recorded."},
	"command.rongzheng.form":                     {"申请表 PDF，空白或已填", "the paper form as PDF, blank or filled in"},
	"command.rongzheng.form.long":                {"first 首次登记，renewal 再次登记，completion 完善信息；--ref 用一份申请的内容填好（有记录）。", "first, renewal or completion; --ref fills it in from an application (recorded)."},
	"command.rongzheng.export":                   {"导出", "export"},
	"command.rongzheng.export.long":              {"供门户取用的结果，以及统计表。", "Results for the citizens' portal, and tables."},
	"command.rongzheng.export.calls":             {"导出再次登记提醒名单（.xlsx 或 .csv）", "export whom to remind of a renewal (.xlsx or .csv)"},
	"command.rongzheng.export.calls.long":        {"受理期内的持证人，含姓名和手机号，故记入日志。--overdue 为已逾期的，--from 与 --to 为到期日的起止。文件名 - 写到标准输出。", "Holders whose renewal window is open, with names and mobiles, so that the log has a line. --overdue: those who are late; --from and --to: by the last day. The name - is standard output."},
	"command.rongzheng.export.overview":          {"导出统计（.xlsx 或 .csv）", "export the figures of the overview (.xlsx or .csv)"},
	"command.rongzheng.export.overview.long":     {"与屏幕上“统计”各页相同：趋势、级别、区域、审核员、积压时长、不通过原因。文件名 - 写到标准输出。", "The pages of the overview as the screen shows them: trend, levels, areas, reviewers, age, reasons. The name - is standard output."},
	"command.rongzheng.export.results":           {"导出审核结果和证书（.zip）", "export results and certificates (.zip)"},
	"command.rongzheng.export.results.long":      {"每份有变化的申请一行，另附证书 PDF。--since 为日期或时间，缺省为全部。", "One line for each application that changed, and the certificates as PDF. --since is a day or a time; without it, everything."},
	"command.rongzheng.account":                  {"账号：新增、列出、停用", "accounts: add, list, disable"},
	"command.rongzheng.account.long":             {"首个账号须为管理员，其后由管理员（--as）新增。", "The first account is an administrator; further ones are added by an administrator (--as)."},
	"command.rongzheng.account.add":              {"新增账号", "add an account"},
	"command.rongzheng.account.add.long":         {"角色：reviewer 审核员、clerk 窗口人员、administrator 管理员、auditor 审计员、portal 门户。", "Roles: reviewer, clerk, administrator, auditor, portal."},
	"command.rongzheng.account.list":             {"列出账号", "list accounts"},
	"command.rongzheng.account.list.long":        {"须为管理员。", "For administrators."},
	"command.rongzheng.account.disable":          {"停用账号", "disable an account"},
	"command.rongzheng.account.disable.long":     {"停用立即生效，其做过的一切仍保留。", "Takes effect at once; everything that it did stays."},
	"command.rongzheng.check":                    {"检查数据夹", "check the data folder"},
	"command.rongzheng.check.long":               {"核对数据库结构、全部索引、计数和附件；--repair 重建索引。", "Holds the database's structure, every index, count and attachment against the records; --repair rebuilds what is derived."},
	"command.rongzheng.completion":               {"生成命令补全脚本", "print a completion script"},
	"command.rongzheng.completion.long":          {"用法：rongzheng completion bash|zsh|fish|powershell", "Usage: rongzheng completion bash|zsh|fish|powershell"},
	"command.rongzheng.help":                     {"命令的说明", "help about a command"},
	"command.rongzheng.help.long":                {"用法：rongzheng help 命令", "Usage: rongzheng help COMMAND"},

	"flag.data":         {"数据夹（也可用 RONGZHENG_DATA）", "data folder (or RONGZHENG_DATA)"},
	"flag.as":           {"以哪个账号操作（也可用 RONGZHENG_AS）", "account to act as (or RONGZHENG_AS)"},
	"flag.lang":         {"语言 zh 或 en（也可用 RONGZHENG_LANG）", "language, zh or en (or RONGZHENG_LANG)"},
	"flag.policy":       {"政策设置文件，代替程序自带的", "policy file in place of the one built in"},
	"flag.default":      {"（默认 %s）", " (default %s)"},
	"flag.help":         {"显示说明", "show this help"},
	"flag.version":      {"显示版本", "show the version"},
	"flag.json":         {"以 JSON 输出", "print JSON"},
	"flag.reveal":       {"显示完整的个人信息（有记录）", "show personal data in full (recorded)"},
	"flag.queue":        {"队列：pending、waiting、approved、rejected、held、withdrawn、all", "queue: pending, waiting, approved, rejected, held, withdrawn, all"},
	"flag.limit":        {"最多列出多少行，0 为不限", "most rows to list, 0 for all"},
	"flag.output":       {"写入的文件，- 为标准输出", "file to write, - for standard output"},
	"flag.ref":          {"用这份申请的内容填好", "fill it in from this application"},
	"flag.since":        {"只导出此后有变化的（2026-01-31 或 RFC 3339 时间）", "only what changed since (2026-01-31 or an RFC 3339 time)"},
	"flag.portraits":    {"证件照文件夹，以身份证号命名", "folder of portraits named by identity number"},
	"flag.revision":     {"只对此版本作决定", "decide on this revision only"},
	"unseen.state":      {"在命令行可用 --seen 声明已查看（记入日志）", "on the command line, --seen states that they have been looked at (recorded)"},
	"flag.seen":         {"声明已查看规定须查看的材料（记入日志）", "state that the attachments that must be looked at have been (recorded)"},
	"flag.note":         {"说明", "note"},
	"flag.reason":       {"原因 编码[:项目[:说明]]，可多次给出", "reason CODE[:TARGET[:NOTE]], may be repeated"},
	"flag.reroute_area": {"改派到的审核区域（名称或代码）", "review area to re-route to (name or code)"},
	"flag.role":         {"角色", "role"},
	"flag.level":        {"审核级别", "level of review"},
	"flag.area":         {"审核区域（名称或代码），可多次给出", "review area (name or code), may be repeated"},
	"flag.office":       {"单位", "office"},
	"flag.title":        {"屏幕上的称呼", "how the screen calls the person"},
	"flag.person":       {"本人身份证号，用于回避本人的申请", "the person's identity number, so that they never decide on their own application"},
	"flag.key":          {"SSH 公钥文件，可多次给出", "SSH public key file, may be repeated"},
	"flag.repair":       {"重建索引、清理多余文件", "rebuild indexes, remove what nothing names"},
	"flag.applications": {"申请份数", "number of applications"},
	"flag.keep":         {"保留在此文件夹", "keep the data in this folder"},

	"usage.hint":         {"用法见 rongzheng --help 或 rongzheng 命令 --help", "see rongzheng --help or rongzheng COMMAND --help"},
	"usage.arguments":    {"参数个数不对，用法：%s", "wrong number of arguments; usage: %s"},
	"usage.applications": {"--applications 须在 1 至 %d 之间", "--applications is from 1 to %d"},
	"usage.flag_unknown": {"没有这个选项：%s", "there is no flag %s"},
	"usage.flag_empty":   {"选项 %s 后须有一个值", "the flag %s needs a value"},
	"usage.flag_value":   {"选项 %s 不能是“%s”", "the flag %s cannot be “%s”"},
	"usage.flag_missing": {"缺少选项：%s", "missing: %s"},
	"usage.unknown":      {"没有这个命令：%s", "there is no command %s"},
	"usage.queue":        {"没有这个队列：%s", "there is no queue %s"},
	"usage.kind":         {"没有这类申请：%s（first、renewal、completion）", "there is no kind %s (first, renewal, completion)"},
	"usage.since":        {"--since 须为 2026-01-31 这样的日期或 RFC 3339 时间", "--since is a day such as 2026-01-31 or an RFC 3339 time"},
	"usage.lang":         {"--lang 须为 zh 或 en", "--lang is zh or en"},
	"usage.template": {
		"用法：\n  {{if .Runnable}}{{.UseLine}}{{else}}{{.CommandPath}} 命令{{end}}{{if .HasExample}}\n\n示例：\n{{.Example}}{{end}}{{if .HasAvailableSubCommands}}\n\n命令：{{range .Commands}}{{if .IsAvailableCommand}}\n  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}\n\n选项：\n{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}\n\n通用选项：\n{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}\n",
		"Usage:\n  {{if .Runnable}}{{.UseLine}}{{else}}{{.CommandPath}} COMMAND{{end}}{{if .HasExample}}\n\nExamples:\n{{.Example}}{{end}}{{if .HasAvailableSubCommands}}\n\nCommands:{{range .Commands}}{{if .IsAvailableCommand}}\n  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}\n\nFlags:\n{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}\n\nGlobal flags:\n{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}\n"},

	"account.added":         {"已新增账号 %s", "account %s added"},
	"account.disabled":      {"已停用账号 %s", "account %s disabled"},
	"account.disabled_mark": {"已停用", "disabled"},
	"account.city":          {"全市", "whole city"},

	"check.checking":  {"检查", "checking"},
	"check.repairing": {"修复", "repairing"},
	"check.sound":     {"数据完好", "the data are sound"},
	"check.unsound":   {"数据夹有问题，已逐条列出；可用 rongzheng check --repair 重建索引", "the data folder is not sound, as listed; rongzheng check --repair rebuilds what is derived"},
	"check.finding":   {"[%s] %s %s：%s", "[%s] %s %s: %s"},

	"desk.no_terminal": {"审核台须在终端中打开；脚本请用子命令，见 rongzheng --help", "the desk needs a terminal; scripts use the commands, see rongzheng --help"},

	"list.due_estimated": {"预计 %s", "about %s"},
	"show.checks":        {"自动核对", "Checks"},
	"show.timeline":      {"经过", "What happened"},
	"show.block":         {"✗ 不能通过", "✗ blocks"},
	"show.warn":          {"! 请核对", "! check"},
	"show.info":          {"i 提示", "i note"},

	"demo.building": {"生成演示数据", "making up people"},
	"demo.kept":     {"演示数据保留在 %s", "the demo's data are kept in %s"},

	"import.importing":      {"导入", "importing"},
	"import.taken":          {"%s  已接收", "%s  taken"},
	"import.already":        {"%s  已在，未变", "%s  there already"},
	"import.withdrawn":      {"%s  已撤回", "%s  withdrawn"},
	"import.refused":        {"%s  拒收：", "%s  refused:"},
	"import.summary":        {"接收 %d，已在 %d，撤回 %d，拒收 %d", "%d taken, %d there already, %d withdrawn, %d refused"},
	"import.interrupted":    {"导入被中断；再导入一次即可继续", "the import was interrupted; import again to go on"},
	"import.nothing":        {"没有找到申请包（含 application.json 的文件夹或 .zip）", "no application package found (a folder or .zip with application.json)"},
	"import.row_refused":    {"第 %d 行  拒收：", "row %d  refused:"},
	"import.legacy_summary": {"接收 %d，已在 %d，拒收 %d", "%d taken, %d there already, %d refused"},

	"import.portraits_unused": {"有 %d 张证件照没有对应的行", "%d portraits belong to no row"},

	"export.stdout":    {"标准输出", "standard output"},
	"export.done":      {"已导出 %d 份结果、%d 本证书到 %s", "%d results and %d certificates exported to %s"},
	"export.exporting": {"导出", "exporting"},

	"form.done": {"申请表已写入 %s", "form written to %s"},

	"printed.reference":    {"申请编号", "Reference"},
	"printed.attachments":  {"材料", "Attachments"},
	"printed.levels":       {"审核级别", "Levels"},
	"printed.submitted_at": {"提交时间", "Submitted at"},
	"printed.decided_at":   {"决定时间", "Decided at"},
	"printed.office":       {"单位", "Office"},
	"printed.clerk":        {"经办人", "Clerk"},
	"printed.reasons":      {"原因", "Reasons"},
	"printed.note":         {"说明", "Note"},
	"printed.again":        {"重新申请", "Applying again"},

	"print.done":      {"证书 %s 第 %d 份已写入 %s", "certificate %s, copy %d, written to %s"},
	"print.ambiguous": {"有 %d 本证书符合，请用证书编号：", "%d certificates match; use the certificate number:"},
	"print.none":      {"没有符合的证书；可用证书编号、身份证号或姓名", "no certificate matches; use a certificate number, an identity number or a name"},
}

// State says where an application stands, with the level that it waits for or that rejected it.
func (w Words) State(a *review.Application) string { return w.state(a) }

// CertificateState says how a certificate stands on the day.
func (w Words) CertificateState(c *review.Certificate, on review.Date) string {
	return w.Say("certificate_state." + certificateState(c, on))
}

// Ahead says of a valid certificate that it was renewed before it ended, and is "" for any other.
func (w Words) Ahead(c *review.Certificate, on review.Date) string {
	if !c.Ahead(on) {
		return ""
	}
	return w.Say("certificate.ahead", c.Current().ValidFrom)
}
