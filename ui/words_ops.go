package ui

import (
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// backupDue is how old the last backup may be before whoever looks at it is told so.
const backupDue = 7 * 24 * time.Hour

// LastBackup says when a whole backup was last made, nil for never, with a hint when that is long ago.
func (w Words) LastBackup(last *store.LastBackup, now time.Time) string {
	if last == nil || last.At.IsZero() {
		return w.Say("backup.none")
	}
	at := last.At.In(review.Zone).Format("2006-01-02 15:04")
	if age := now.Sub(last.At); age >= backupDue {
		return w.Say("backup.old", at, Plain(last.By), int(age/(24*time.Hour)))
	}
	return w.Say("backup.last", at, Plain(last.By))
}

// opsWords are the texts of backup, restore and the log, and of the administrators' screens.
var opsWords = map[string]text{
	"command.rongzheng.backup": {"备份数据夹为一个文件", "back the data folder up into one file"},
	"command.rongzheng.backup.long": {
		"某一时刻的数据库和全部材料，写成一个 tar 文件；备份时可照常工作，serve 运行时也可以。不给文件名时写到当前目录，- 为标准输出；远程：ssh 主机 backup > 备份.tar。\n--since 只带此日起收到的材料，恢复时须与之前的备份一起用。备份含个人信息和私钥，请像数据夹一样保管。须为管理员。",
		"The database as of one moment and all attachments, as one tar file; work goes on meanwhile, also while serve runs. Without a name it goes to the current folder, - is standard output; from elsewhere: ssh HOST backup > backup.tar.\n--since takes only attachments that came on or after a day; such a backup is restored together with an earlier one. It holds personal data and private keys: guard it like the folder. For administrators.",
	},
	"served.rongzheng.backup.long": {
		"某一时刻的数据库和全部材料，写成一个 tar 文件到标准输出；备份时可照常工作。\n--since 只带此日起收到的材料，恢复时须与之前的备份一起用。备份含个人信息和私钥，请像数据夹一样保管。须为管理员。",
		"The database as of one moment and all attachments, as one tar file on standard output; work goes on meanwhile.\n--since takes only attachments that came on or after a day; such a backup is restored together with an earlier one. It holds personal data and private keys: guard it like the folder. For administrators.",
	},
	"command.rongzheng.restore": {"从备份恢复数据夹", "bring a data folder back from a backup"},
	"command.rongzheng.restore.long": {
		"先解开并逐项核对（哈希、数据库结构、索引、材料），全部无误才就位；有误则什么也不留下。数据夹不为空时须用 --replace，原有内容移到其中的 before-时间 文件夹。\n--as 为备份数据中的管理员。- 为标准输入。",
		"Unpacks and checks everything first (hashes, structure, indexes, attachments); only what is whole takes its place, and nothing stays of what is not. A folder that is not empty needs --replace; what it holds is kept in its folder before-TIME.\n--as is an administrator of the data in the backup. - is standard input.",
	},
	"command.rongzheng.audit": {"查看操作日志", "read the log"},
	"command.rongzheng.audit.long": {
		"审计员和管理员可看全部，审核员和窗口人员只看本人的。条件须同时符合。说明中的号码默认遮盖；--reveal 显示并记录。",
		"Auditors and administrators see every line, reviewers and clerks their own. All conditions must hold. Numbers within notes are masked; --reveal shows them and is recorded.",
	},

	"command.rongzheng.account.enable":          {"恢复停用的账号", "enable a disabled account again"},
	"command.rongzheng.account.enable.long":     {"须为管理员。", "For administrators."},
	"command.rongzheng.account.key":             {"账号的 SSH 公钥：列出、新增、移除", "SSH keys of an account: list, add, remove"},
	"command.rongzheng.account.key.long":        {"一个账号可有多把公钥；公钥前可写 expiry-time=\"20271231\" 限定期限。", "An account may have several; expiry-time=\"20271231\" before a key ends it."},
	"command.rongzheng.account.key.list":        {"列出公钥：指纹、期限、最近使用", "list keys: fingerprint, expiry, last use"},
	"command.rongzheng.account.key.list.long":   {"须为管理员。", "For administrators."},
	"command.rongzheng.account.key.add":         {"新增公钥", "add a key"},
	"command.rongzheng.account.key.add.long":    {"文件为一行公钥，- 为标准输入；须为管理员。", "The file holds one line, - is standard input; for administrators."},
	"command.rongzheng.account.key.remove":      {"按指纹移除公钥", "remove a key by its fingerprint"},
	"command.rongzheng.account.key.remove.long": {"立即生效：用它登录的会话在下一次按键时结束。", "Takes effect at once: whoever logged in with it is out at the next key."},
	"usage.key_input":                           {"通过 SSH 只能从标准输入读取公钥（-）", "over SSH a key is read from standard input only (-)"},
	"admin.key_unusable":                        {"不能使用", "unusable"},

	"flag.backup_since":      {"只带此日（或 RFC 3339 时间）起收到的材料", "only attachments that came on or after this day (or RFC 3339 time)"},
	"flag.base":              {"之前的备份，补上 --since 备份缺的材料，可多次给出", "an earlier backup that holds what one with --since lacks, may be repeated"},
	"flag.replace":           {"取代数据夹现有的内容（原有内容保留在 before-时间）", "take the place of what the folder holds (kept in before-TIME)"},
	"flag.audit_account":     {"只看此账号所做或针对它的", "only what this account did, or what was done to it"},
	"flag.audit_action":      {"只看此类操作，可多次给出，如 approve、reveal、print、export", "only this action, may be repeated: approve, reveal, print, export, …"},
	"flag.audit_reference":   {"只看这份申请", "only this application"},
	"flag.audit_certificate": {"只看这本证书", "only this certificate"},
	"flag.audit_since":       {"自此日（或 RFC 3339 时间）起", "from this day (or RFC 3339 time) on"},
	"flag.audit_until":       {"至此日（含）或此时刻之前", "to the end of this day, or before this time"},
	"flag.audit_limit":       {"只列最后多少行，0 为不限", "only the last so many, 0 for all"},

	"usage.action":          {"没有这种操作：%s", "there is no action %s"},
	"usage.until":           {"--until 须为 2026-01-31 这样的日期或 RFC 3339 时间", "--until is a day such as 2026-01-31 or an RFC 3339 time"},
	"usage.backup_terminal": {"备份不能写到终端；请给出文件名，或用 > 重定向", "a backup cannot go to a terminal; give a file, or redirect it with >"},

	"backup.writing":     {"备份 MB", "MB backed up"},
	"backup.done":        {"已备份：数据库和 %d 份材料，共 %.1f MB", "backed up: the database and %d attachments, %.1f MB in all"},
	"backup.damaged":     {"材料 %s 在备份时已经损坏，未包括在内", "attachment %s was damaged already when the backup was made; it is not in it"},
	"backup.inside":      {"备份不能写在数据夹里面；请写到别处，最好是另一块磁盘", "a backup cannot lie inside the data folder; write it elsewhere, best on another disk"},
	"backup.stopped":     {"已中止，没有留下文件", "stopped; nothing was left behind"},
	"restore.unpacking":  {"解开 MB", "MB unpacked"},
	"restore.done":       {"已恢复 %s 由 %s 所作的备份到 %s，全部核对无误", "the backup of %s by %s is back in %s; everything was checked"},
	"restore.kept":       {"原有内容保留在 %s", "what was there before is kept in %s"},
	"restore.not_backup": {"这个文件不是本程序的备份", "the file is not a backup of this program"},
	"restore.newer":      {"备份由更新版本的程序写成；请升级本程序", "the backup was written by a newer version; upgrade this program"},
	"restore.incomplete": {"备份不完整（文件被截断）；请重新备份或重新传送", "the backup is cut short; make it or send it again"},
	"restore.altered":    {"备份已损坏，与所记的哈希不符；请用另一份备份", "the backup is damaged: it does not have the hashes that it states; use another one"},
	"restore.in_use":     {"数据夹不为空；请换一个空的（--data），或用 --replace 取代（原有内容会保留）", "the data folder is not empty; name an empty one (--data), or use --replace (what is there is kept)"},
	"restore.unsound":    {"备份里的数据核对出 %d 处问题，未予恢复；用 --since 所作的备份须用 --base 给出之前的备份：", "the check found %d faults in the backup, so nothing was restored; one made with --since needs the earlier one (--base):"},

	"backup.last": {"最近备份 %s（%s）", "last backup %s (%s)"},
	"backup.old":  {"最近备份 %s（%s），已 %d 天没有备份，请运行 rongzheng backup", "last backup %s (%s), %d days ago; run rongzheng backup"},
	"backup.none": {"从未备份，请运行 rongzheng backup", "never backed up; run rongzheng backup"},

	"section.admin": {"管理", "Administration"},

	"key.new_account": {"新增账号", "new account"},
	"key.disable":     {"停用或恢复", "disable or enable"},
	"key.end_session": {"结束会话", "end the session"},
	"key.new_key":     {"新增公钥", "new key"},
	"key.remove_key":  {"移除公钥", "remove the key"},
	"key.areas":       {"审核区域", "areas"},

	"admin.reading":         {"正在读取…", "reading …"},
	"admin.served":          {"%s · 内存 %.1f MB", "%s · %.1f MB"},
	"admin.sessions":        {"会话 %d", "%d sessions"},
	"admin.idle":            {"空闲 %s", "idle for %s"},
	"admin.seconds":         {"%d 秒", "%d s"},
	"admin.minutes":         {"%d 分钟", "%d min"},
	"admin.hours":           {"%d 小时", "%d h"},
	"admin.keys":            {"公钥 %d", "%d keys"},
	"admin.keys_none":       {"没有公钥，不能通过 SSH 登录；按 n 新增", "no key: nobody gets in over SSH; n adds one"},
	"admin.areas":           {"审核区域", "Areas"},
	"admin.areas_more":      {"%s等 %d 区", "%s +, %d areas"},
	"admin.areas_title":     {"审核区域", "Areas"},
	"admin.areas_chosen":    {"已选 %d", "%d chosen"},
	"admin.areas_none":      {"没有这样的区域", "no such area"},
	"admin.areas_set":       {"%s 的审核区域已更改", "the areas of %s are changed"},
	"admin.no_areas":        {"只有审核员和窗口人员有审核区域", "only reviewers and clerks have areas"},
	"admin.title":           {"称呼", "Called"},
	"admin.disable":         {"停用 %s（%s）？其会话在下一次按键时结束，做过的一切仍保留。按 y 确认，其他键取消。", "Disable %s (%s)? Their sessions end at the next key; everything that they did stays. y confirms, any other key does not."},
	"admin.enable":          {"恢复 %s（%s）？按 y 确认，其他键取消。", "Enable %s (%s) again? y confirms, any other key does not."},
	"admin.enabled":         {"已恢复账号 %s", "account %s enabled again"},
	"admin.end":             {"结束 %s 的%s会话（%s）？已作的决定均已保存。按 y 确认，其他键取消。", "End the session of %s (%s, %s)? Every decision is kept. y confirms, any other key does not."},
	"admin.ended":           {"已结束 %s 的会话", "the session of %s has ended"},
	"admin.gone":            {"会话已不在", "the session is gone already"},
	"admin.no_session":      {"请先选中一个会话", "move to a session first"},
	"admin.key_title":       {"为 %s 新增公钥", "A new key for %s"},
	"admin.key_label":       {"粘贴一行公钥（ssh-ed25519 …）；可在前面写 expiry-time=\"20271231\"", "paste one line (ssh-ed25519 …); expiry-time=\"20271231\" may stand before it"},
	"admin.key_bad":         {"这不是公钥；应为 ssh-ed25519 或 ssh-rsa 等开头的一行", "not a public key; it is one line that begins with ssh-ed25519, ssh-rsa or the like"},
	"admin.key_barred":      {"公钥前的选项这里不支持（只支持 expiry-time）", "an option before the key is not supported here (only expiry-time is)"},
	"admin.key_barred_mark": {"选项不支持，不能使用", "unsupported option, unusable"},
	"admin.key_added":       {"已新增公钥 %s", "key %s added"},
	"admin.key_remove":      {"移除公钥 %s？按 y 确认，其他键取消。", "Remove the key %s? y confirms, any other key does not."},
	"note.key_added":        {"新增公钥 %s", "key added: %s"},
	"note.key_removed":      {"移除公钥 %s", "key removed: %s"},
	"note.areas":            {"区域改为 %s", "areas now: %s"},
	"note.enabled":          {"恢复", "enabled again"},
	"note.disabled":         {"停用", "disabled"},
	"note.session_ended":    {"结束会话", "session ended"},
	"note.key_rotate":       {"更换签发密钥 %s", "new signing key %s"},
	"note.key_withdraw":     {"签发密钥 %s 自 %s 起作废：%s", "signing key %s withdrawn as of %s: %s"},
	"note.protected":        {"签发密钥加密", "signing key locked with a passphrase"},
	"note.unprotected":      {"签发密钥取消加密", "signing key without a passphrase"},
	"note.signed":           {"文件签名证书 %s", "files are signed with %s"},
	"note.unsigned":         {"取消文件签名", "files are signed no more"},
	"note.records":          {"%s 条记录", "%s records"},
	"note.results":          {"%s 份结果，%s 本证书", "%s results, %s certificates"},
	"note.revocations":      {"注销名单", "list of revocations"},
	"note.since":            {"%s 起的材料", "attachments since %s"},
	"note.calls":            {"%s 本证书，到期日 %s 至 %s", "%s certificates that end %s to %s"},
	"target.audit":          {"操作日志", "the log"},
	"target.form":           {"申请表", "the paper form"},
	"target.counter":        {"办事窗口", "the counter"},
	"target.recipient":      {"收件地址", "the address"},
	"admin.key_removed":     {"已移除公钥 %s", "key %s removed"},
	"admin.key_unreadable":  {"无法识别：", "unreadable:"},
	"admin.key_until":       {"至 %s", "until %s"},
	"admin.key_expired":     {"已于 %s 到期", "ran out on %s"},
	"admin.key_used":        {"最近使用 %s", "last used %s"},
	"admin.no_key":          {"这个账号没有公钥", "this account has no key"},
	"admin.new_role":        {"新账号的角色", "What the new account is for"},
	"admin.new_title":       {"新增账号", "New account"},
	"admin.new_name":        {"账号名（小写字母、数字、点、短横）", "its name (lower-case letters, digits, dots, dashes)"},
	"admin.new_office":      {"单位", "office"},
	"admin.added":           {"已新增账号 %s；按 enter 打开，可加公钥", "account %s added; enter opens it, for its keys"},

	"images.kept": {"图片显示方式：%s（用于本账号的各处审核台；--images 或 RONGZHENG_IMAGES 优先）", "pictures are shown as %s at every desk of this account; --images and RONGZHENG_IMAGES come first"},

	"fault.disk_full": {"磁盘空间不足，没有写成；请腾出空间后再试", "the disk is full, nothing was written; free some space and try again"},
	"log_other":       {"只能查看本人的日志", "only your own lines of the log are open to you"},
	"serve.ended":     {"管理员结束了这个会话；已作的决定均已保存。", "An administrator ended this session; every decision is kept."},
}
