package ui

import (
	"slices"
	"strings"

	"rongzheng/review"
)

// vaultWords are the texts of handing out certificates: the ledger of copies, reprints, revocation and correction.
var vaultWords = map[string]text{
	"printing.fetch":       {"此处没有打印机。请在自己的电脑上取：ssh 本服务器 certificate print %[1]s --reason lost -o - > %[1]s.pdf", "There is no printer here. Fetch it on your own computer: ssh THIS-SERVER certificate print %[1]s --reason lost -o - > %[1]s.pdf"},
	"printing.why":         {"%s 已发出过，为什么再发一份？", "%s has been handed out before. Why another copy?"},
	"printing.why_many":    {"为什么发出这 %d 份证书？", "Why are these %d certificates handed out?"},
	"printing.sheet":       {"证书 %s", "Certificate %s"},
	"printing.sheet_label": {"证书用纸编号", "Number of the sheet of paper"},
	"printing.sheet_many":  {"第一张证书用纸的编号（以后逐张加 1）", "Number of the first sheet of paper (the others follow)"},
	"printing.job":         {"已交打印机（任务 %s）", "handed to the printer (job %s)"},
	"printing.job_waits":   {"已交打印机（任务 %s），但队列 %s 已停用，启用后才会出纸（cupsenable %[2]s）", "handed to the printer (job %s), but the queue %s stands still: paper comes once it is enabled (cupsenable %[2]s)"},
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

	"fault.printer":         {"打印机没有接收：%s。请检查打印机（lpstat -p）后再打，或用 --printer file 打到文件", "the printer did not take it: %s. Look at the printer (lpstat -p) and print again, or print to a file with --printer file"},
	"fault.printer_unknown": {"没有名为 %s 的打印机，未打印、未记台账。名称可用 lpstat -p 查看；或用 --printer file 打到文件", "there is no printer called %s; nothing was printed or counted. lpstat -p lists their names; or print to a file with --printer file"},
	"fault.printer_service": {"本机的打印服务没有运行，打印机 %s 用不了；未打印、未记台账。请启动打印服务（systemctl start cups），或用 --printer file 打到文件", "this machine's printing system does not run, so the printer %s cannot be reached; nothing was printed or counted. Start it (systemctl start cups), or print to a file with --printer file"},
	"fault.printer_closes":  {"打印机 %s 暂不接收文件，未打印、未记台账。请启用（cupsaccept %[1]s）后再打，或用 --printer file 打到文件", "the printer %s takes no files at present; nothing was printed or counted. Enable it (cupsaccept %[1]s) and print again, or print to a file with --printer file"},
	"fault.no_printer":      {"本机没有 lp 打印命令，请用 --printer file 打到文件", "there is no lp on this machine: print to a file with --printer file"},
	"flag.printer":          {"打印机的名称（lp）；file 打到文件；默认用系统的默认打印机，没有则打到文件", "name of the printer (lp); file prints to files; by default the printer of the system, files where there is none"},
	"fault.no_renderer":     {"该证书还没有绘制，请用 rongzheng 打开数据后再试", "the certificate has not been drawn yet: open the data with rongzheng and try again"},

	"action.revoke":    {"注销", "revoked"},
	"action.reinstate": {"恢复效力", "restored"},
	"action.correct":   {"更正", "corrected"},
	"action.propose":   {"提出", "proposed"},
	"action.confirm":   {"确认", "confirmed"},
	"action.dismiss":   {"不予确认", "turned down"},

	"reprint.title":     {"快速补证", "Reprint"},
	"reprint.hint":      {"姓名、拼音、编号、身份证号，或扫描旧证二维码；enter 打印", "name, pinyin, number, identity number or the code of the old one; enter prints"},
	"reprint.nothing":   {"没有找到证书", "no certificate found"},
	"reprint.scanned":   {"扫描的是 %s 第 %d 版：%s", "scanned: %s, version %d: %s"},
	"reprint.elsewhere": {"证书 %s 不在您负责的范围内，不能由您补证", "certificate %s is outside your areas: it is not for you to reprint"},
	"reprint.several":   {"有 %d 本符合，请选一本再按 enter", "%d match: choose one, then press enter"},
	"reprint.more":      {"还有更多符合的，请继续键入", "more match: type on"},
	"reprint.older":     {"… 还有较早的 %d 份", "… %d earlier ones"},
	"reprint.copies":    {"已发出 %s 份：", "%s copies handed out:"},
	"key.reprint":       {"快速补证", "reprint"},
	"key.revoke":        {"注销", "revoke"},
	"key.restore":       {"恢复效力", "restore"},
	"key.correct":       {"更正", "correct"},
	"key.confirm":       {"确认", "confirm"},
	"key.dismiss":       {"不予确认", "turn down"},
	"vault.kept":        {"存档 PDF", "PDF kept"},
	"vault.drawn":       {"%d KB · SHA-256 %s…", "%d KB · SHA-256 %s…"},
	"vault.undrawn":     {"待绘制", "not drawn yet"},
	"vault.incomplete":  {"信息完善后绘制", "drawn once the record is complete"},
	"vault.nothing":     {"无", "none"},
	"vault.copies":      {"发证台账", "Copies"},
	"vault.corrects":    {"更正第 %d 版", "corrects version %d"},

	"standing.proposed":     {"已提出%s %s，须由另一位管理员或终审人员确认", "%s of %s is proposed: another administrator or reviewer of the last level has to confirm"},
	"standing.done":         {"%s：%s，已生效", "%s: %s, in force"},
	"standing.dismissed":    {"%s：未予确认，证书不变", "%s: turned down; the certificate stays as it is"},
	"standing.revoke":       {"注销", "revocation"},
	"standing.reinstate":    {"恢复效力", "restoration"},
	"standing.correct":      {"更正", "correction"},
	"standing.detail":       {"（%s）", " (%s)"},
	"standing.waits":        {"待确认", "To confirm"},
	"standing.history":      {"变更记录", "Changes"},
	"standing.by":           {"%s 提出，%s 确认", "proposed by %s, confirmed by %s"},
	"standing.proposed_by":  {"%s 提出", "proposed by %s"},
	"standing.ask_revoke":   {"注销证书 %s 的事由", "Why is certificate %s revoked?"},
	"standing.ask_note":     {"说明", "Note"},
	"standing.ask_restore":  {"恢复证书 %s 的效力：为什么注销有误", "Restore certificate %s: why was the revocation wrong?"},
	"standing.ask_field":    {"更正证书 %s 的哪一项", "Which datum of certificate %s is wrong?"},
	"standing.ask_value":    {"%s：正确的内容", "%s: as it should be"},
	"standing.ask_why":      {"更正的原因", "Why it is corrected"},
	"standing.ask_dismiss":  {"不予确认的原因（可不填）", "Why it is turned down (may be empty)"},
	"standing.confirm_take": {"提出%s证书 %s%s：另一人确认后生效。按 y 提出，其他键取消。", "Propose the %s of certificate %s%s? In force once another person confirms. y proposes, any other key does not."},
	"standing.confirm_sure": {"确认%s证书 %s%s：立即生效。按 y 确认，其他键取消。", "Confirm the %s of certificate %s%s? In force at once. y confirms, any other key does not."},
	"standing.anew":         {"内容不变，重新签发", "issued anew as it is"},
	"standing.nothing":      {"没有待确认的事项", "nothing waits to be confirmed"},
	"standing.only":         {"请先选一本证书（证书一栏，或按 P 查找）", "choose a certificate first: in the tab of certificates, or with P"},

	"proposal_none":         {"证书 {certificate} 没有待确认的事项", "nothing is proposed for certificate {certificate}"},
	"proposal_open":         {"证书 {certificate} 已有 {by} 提出的事项待确认，请先确认或不予确认", "for certificate {certificate} a proposal of {by} waits: confirm it or turn it down first"},
	"certificate_stands":    {"证书 {certificate} 没有注销", "certificate {certificate} is not revoked"},
	"revoke_reason_unknown": {"没有“{reason}”这一注销事由；可用的见 rongzheng certificate revoke --help", "there is no ground “{reason}” for a revocation; rongzheng certificate revoke --help lists them"},
	"revoke_day_ahead":      {"注销日期不能晚于今天", "the day of a revocation cannot lie ahead"},
	"revoke_day_before":     {"注销日期不能早于首次登记（{on}）", "the day of a revocation cannot lie before the first registration ({on})"},
	"correction_same":       {"更正的内容与证书上的一样", "this is what the certificate says already"},
	"correction_field":      {"证书上没有这一项，不能更正", "the certificate does not show this: it cannot be corrected"},
	"correction_until":      {"有效期截止不能早于起始（{on}）", "the last day of validity lies before the first ({on})"},
	"last_level_only":       {"只有管理员和终审人员可以办理", "administrators and reviewers of the last level only"},
	"eyes_own_certificate":  {"这是您本人的证书，须由他人办理", "this is your own certificate: somebody else has to do it"},
	"eyes_proposed":         {"这是您提出的，须由另一人确认", "you proposed this: another person has to confirm it"},

	"reissue.act.propose":      {"提出换发", "proposed"},
	"reissue.act.confirm":      {"换发", "issued anew"},
	"reissue.ask":              {"换发签发密钥已作废的全部证书", "All certificates of withdrawn keys are to be issued anew"},
	"reissue.sure_propose":     {"提出换发 %d 本证书？另一位管理员或终审人员一并确认后，每本产生新的版本。", "Propose that %d certificates are issued anew? Each has a new version once another administrator or reviewer of the last level confirms."},
	"reissue.did.propose":      {"已提出换发 %d 本，须由另一位管理员或终审人员确认（P）", "%d proposed to be issued anew: another administrator or reviewer of the last level has to confirm (P)"},
	"reissue.did_some.propose": {"提出换发：%d 本已提出，%d 本不能，%d 本未处理；再次执行 :reissue 可以继续", "proposed: %d done, %d could not be, %d left; :reissue goes on"},
	"reissue.line":             {"换发 %d 本证书（签发密钥已作废）", "%d certificates to be issued anew (key withdrawn)"},
	"reissue.why":              {"待确认：换发之前不能打印、下载；作废的签发密钥 %s", "To confirm: neither printed nor fetched before; key withdrawn: %s"},
	"reissue.each":             {"enter 一并确认；每本仍单独核对、单独记录", "enter confirms them together; each is still checked and recorded by itself"},
	"reissue.sure":             {"换发 %d 本证书？每本产生新的版本，立即生效，取代原来的一版；不能换发的会逐一说明。", "Issue %d certificates anew? Each has a new version that is in force at once in the place of the one before; what cannot be is named."},
	"reissue.did_some.confirm": {"换发：完成 %d 本，未能换发 %d 本，未处理 %d 本；这些仍待确认，按 enter 可以继续", "issued anew: %d done, %d could not be, %d left; those still wait, enter goes on"},
	"reissue.which":            {"%d 本", "%d of them"},
	"reissue.stopping":         {"这一批完成后停止", "stopping after these few"},
	"reissue.proposing":        {"正在提出换发", "proposing"},
	"reissue.working":          {"正在换发", "issuing anew"},
	"reissue.dismissing":       {"正在取消", "turning down"},
	"reissue.none":             {"没有须换发的证书", "no certificate has to be issued anew"},
	"reissue.proposed":         {"新提出换发 %d 本，现共 %d 本待确认：须由另一位管理员或终审人员一并确认（certificate confirm --reissues，或在审核台按 P）", "%d more are proposed to be issued anew, %d wait in all: another administrator or reviewer of the last level confirms them together (certificate confirm --reissues, or P on the desk)"},
	"reissue.nothing":          {"没有待确认的换发", "nothing waits to be issued anew"},
	"reissue.others":           {"另有 %d 本待换发，不能由您确认（如您自己提出的），须由他人确认", "%d more wait and are not for you to confirm, since you proposed them, say: somebody else has to"},
	"reissue.confirm":          {"换发 %d 本证书：每本产生新的版本，立即生效，取代原来的一版。请输入本数确认：", "issue %d certificates anew, each with a new version that is in force at once in the place of the one before. Type their number: "},
	"reissue.dismiss":          {"取消 %d 本证书的换发。请输入本数确认：", "turn down that %d certificates are issued anew. Type their number: "},
	"reissue.count_none":       {"有 %d 本待换发：请核对本数后写明 --count %[1]d", "%d wait to be issued anew: check the number and state it, --count %[1]d"},
	"reissue.count_other":      {"写明的是 %d 本，待换发的是 %d 本；什么都没有做，请核对（certificate proposals）后再试", "%d were stated, %d wait; nothing was done: look at them (certificate proposals) and try again"},
	"reissue.did.confirm":      {"已换发 %d 本", "%d issued anew"},
	"reissue.dismissed":        {"已取消 %d 本的换发，证书不变", "%d turned down; the certificates stay as they are"},
	"reissue.stopped":          {"已完成 %d 本，其余 %d 本未办；再次执行即从这里继续", "%d done, %d left; the same command goes on from here"},

	"flag.withdrawn":     {"签发密钥已作废的全部证书", "all certificates whose signing key was withdrawn"},
	"flag.reissues":      {"全部因密钥作废而待换发的证书", "all that wait to be issued anew because their key was withdrawn"},
	"flag.reissue_key":   {"只是这把已作废密钥的证书（key list 所列）", "only those of this withdrawn key (as key list names it)"},
	"flag.reissue_count": {"证书的本数，用以确认", "the number of certificates, as the confirmation"},
	"usage.reissue":      {"请给出一本证书，或者只给出 --withdrawn（确认时 --reissues）或 --key；--count 只与后者同用", "give one certificate, or else --withdrawn (--reissues to confirm) or --key; --count goes with those only"},

	"flag.revoke_reason": {"注销事由：%s", "ground of the revocation: %s"},
	"flag.revoke_on":     {"注销日期，默认今天", "day of the revocation, today by default"},
	"flag.standing_note": {"说明", "note"},
	"flag.set":           {"更正的项目和内容，如 name=王芳；可更正：%s", "what is corrected, as name=王芳; can be corrected: %s"},
	"usage.day":          {"日期的写法：2026-01-31", "a day is written 2026-01-31"},
	"usage.set":          {"更正的写法：--set 项目=正确的内容，如 --set name=王芳；内容不能为空", "a correction is written --set KEY=VALUE, as in --set name=王芳; the value cannot be empty"},

	"command.rongzheng.certificate.revoke":         {"提出注销一本证书", "propose to revoke a certificate"},
	"command.rongzheng.certificate.revoke.long":    {"管理员或终审人员提出，另一位管理员或终审人员用 confirm 确认后立即生效：不能再打印、下载或导出。", "Proposed by an administrator or a reviewer of the last level; in force once another one confirms: then nothing of it is printed, fetched or exported any more."},
	"command.rongzheng.certificate.restore":        {"提出恢复误注销的证书", "propose to restore a certificate that was revoked by mistake"},
	"command.rongzheng.certificate.restore.long":   {"须由另一人确认。此人已有其他证书的，不能恢复。", "Another person has to confirm. It is refused where the holder has another certificate by now."},
	"command.rongzheng.certificate.correct":        {"提出更正证书上印错的内容", "propose to correct a printed datum"},
	"command.rongzheng.certificate.reissue":        {"提出换发证书：内容不变，重新签发", "propose to issue a certificate anew, as it is"},
	"command.rongzheng.certificate.reissue.long":   {"用于签发密钥作废之后：确认后产生新的版本，由现用密钥签发；原版本保留。--withdrawn 一次提出全部签发密钥已作废的证书，--key 只提出其中一把密钥的；再次执行只补提出尚未提出的。", "For after a signing key was withdrawn: once confirmed it makes a new version under the key that signs now; the old one is kept. --withdrawn proposes all certificates whose key was withdrawn, --key those of one such key; another run proposes only what is not proposed yet."},
	"command.rongzheng.certificate.correct.long":   {"确认后产生新的版本；原版本保留。内容按表单规则检查，并试着绘制一遍。", "Once confirmed it makes a new version; the old one is kept. What is typed is held to the rules of the form, and drawn for a trial."},
	"command.rongzheng.certificate.confirm":        {"确认提出的注销、恢复或更正", "confirm a proposed revocation, restoration or correction"},
	"command.rongzheng.certificate.confirm.long":   {"须由提出人以外的管理员或终审人员确认。--reissues 一次确认全部因密钥作废而待换发的证书，须写明或输入本数；每本仍单独核对、单独记录，不能换发的逐一说明；中断后再次执行即可继续。", "By an administrator or reviewer of the last level other than who proposed it. --reissues confirms all that wait because their key was withdrawn, once their number is given or typed; each is still checked and recorded by itself, and what cannot be issued anew is named. The same command goes on where a run was stopped."},
	"command.rongzheng.certificate.dismiss":        {"不予确认", "turn a proposal down"},
	"command.rongzheng.certificate.dismiss.long":   {"提出的事项取消，证书不变；提出人也可以这样撤回。--reissues 取消全部因密钥作废而待换发的，须写明或输入本数。", "What was proposed is dropped; who proposed it may take it back this way. --reissues drops all that wait because their key was withdrawn, once their number is given or typed."},
	"command.rongzheng.certificate.proposals":      {"列出待确认的事项", "list what waits to be confirmed"},
	"command.rongzheng.certificate.proposals.long": {"最早提出的在前。", "The oldest first."},
}

// Proposal says in one line what is proposed for a certificate; corrected values are not told, since they may be personal.
func (w Words) Proposal(p *review.Proposal, policy *review.Policy) string {
	var parts []string
	if reason, ok := policy.RevokeReason(p.Reason); ok {
		parts = append(parts, reason.Name(w.Lang()))
	}
	if !p.On.IsZero() {
		parts = append(parts, p.On.String())
	}
	for _, field := range review.Correctable() {
		if _, ok := p.Form[field.Key]; ok {
			parts = append(parts, w.Label(field.Key))
		}
	}
	if p.Anew {
		parts = append(parts, w.Say("standing.anew"))
	}
	if p.Note != "" {
		parts = append(parts, Plain(p.Note))
	}
	return strings.Join(parts, " · ")
}

// revokedFor is the ground of a revocation: the label of a code, or the words of a record from elsewhere.
func (w Words) revokedFor(c *review.Certificate, policy *review.Policy) string {
	if reason, ok := policy.RevokeReason(c.RevokedFor); ok {
		return reason.Name(w.Lang())
	}
	return Plain(c.RevokedFor)
}

// drawing says what the vault keeps of a version: its size and the beginning of its hash, which people compare by eye. Of
// one that is not drawn it says the sentence.
func (w Words) drawing(v *review.CertificateVersion, undrawn string) string {
	if v.File == "" {
		return w.Say(undrawn)
	}
	return w.Say("vault.drawn", (v.Size+1023)/1024, v.File[:min(16, len(v.File))])
}

// undrawn is the sentence for a version of the certificate of which the vault keeps nothing.
func undrawn(c *review.Certificate, v *review.CertificateVersion) string {
	now := c.Current()
	switch {
	case c.Drawable(v):
		return "vault.undrawn"
	case now != nil && now.Version == v.Version && c.RevokedOn.IsZero():
		return "vault.incomplete"
	}
	return "vault.nothing"
}

// proposal says what waits for a second person, and of whom it is.
func (w Words) proposal(c *review.Certificate, policy *review.Policy) string {
	p := c.Proposed
	return w.Say("standing.waits") + w.Say("colon") + w.Say("standing."+string(p.Action)) + "  " + w.Proposal(p, policy) + "  " +
		w.Say("standing.proposed_by", Plain(p.By)) + " " + p.At.In(review.Zone).Format("2006-01-02 15:04")
}

// Record says of a certificate, a line each, what waits for a second person and what became of it before, the latest first.
func (w Words) Record(c *review.Certificate, policy *review.Policy) []string {
	var lines []string
	if c.Proposed != nil {
		lines = append(lines, w.proposal(c, policy))
	}
	for _, h := range slices.Backward(c.History) {
		lines = append(lines, w.Say("standing.history")+w.Say("colon")+w.changed(&h, policy))
	}
	return lines
}

// changed is one change of a certificate's standing: when, what, why and by whom.
func (w Words) changed(h *review.Standing, policy *review.Policy) string {
	return h.ConfirmedAt.In(review.Zone).Format("2006-01-02 15:04") + "  " + w.Say("action."+string(h.Action)) + "  " +
		w.Proposal(&h.Proposal, policy) + "  " + w.Say("standing.by", Plain(h.By), Plain(h.ConfirmedBy))
}

// copyLine is one line of the ledger.
func (w Words) copyLine(c *review.Copy, policy *review.Policy) string {
	reason, _ := policy.CopyReason(c.Reason)
	parts := []string{
		w.Say("copy.number", c.Number), c.At.In(review.Zone).Format("2006-01-02 15:04"), Plain(c.By), w.Say("copy.way." + string(c.Way)),
		reason.Name(w.Lang()), Plain(c.Serial), Plain(c.Note),
	}
	if c.Replaces > 0 {
		parts = append(parts, w.Say("copy.replaces", c.Replaces))
	}
	if c.Spoiled() {
		parts = append(parts, w.Say("copy.spoiled", Plain(c.SpoiledBy), Plain(c.SpoiledFor)))
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, "  ")
}
