package ui

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// counterDesk is a desk at the counter whose scanner has made the files, the first of them last, and counts the keys that a
// clerk presses.
type counterDesk struct {
	*desktop
	s      *store.Store
	scans  string
	prints string
	keys   int
}

func openCounter(t testing.TB, s *store.Store, account string, change ...func(*Options)) *counterDesk {
	t.Helper()
	w := &counterDesk{s: s, scans: t.TempDir(), prints: t.TempDir()}
	w.desktop = open(t, s, account, append([]func(*Options){func(o *Options) {
		o.Scans, o.Outlet = Scans{Dir: w.scans, Local: true}, Folder(w.prints)
	}}, change...)...)
	return w
}

// scan puts a file into the scanner's folder, older than those before it.
func (w *counterDesk) scan(name string, data []byte) string {
	w.t.Helper()
	path := filepath.Join(w.scans, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		w.t.Fatal(err)
	}
	entries, err := os.ReadDir(w.scans)
	if err != nil {
		w.t.Fatal(err)
	}
	at := noon.Add(-time.Duration(len(entries)) * time.Minute)
	if err := os.Chtimes(path, at, at); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// scanAll scans what a first registration asks for, in the order of the form.
func (w *counterDesk) scanAll(seed int) {
	w.t.Helper()
	for i, slot := range []string{"01-front", "02-back", "03-credential", "04-form", "05-portrait"} {
		width, height := 900, 640
		if slot == "05-portrait" {
			width, height = 500, 700
		}
		w.scan(slot+".jpg", photo(width, height, seed*10+i))
	}
}

// keyed presses keys and counts them.
func (w *counterDesk) keyed(names ...string) {
	w.t.Helper()
	w.keys += len(names)
	w.press(names...)
}

// types types each letter by itself and counts it.
func (w *counterDesk) types(text string) {
	w.t.Helper()
	for _, r := range text {
		w.keys++
		if r == ' ' {
			w.press("space")
			continue
		}
		w.press(string(r))
	}
}

// ime enters a text through a pinyin input method: the letters of the words, and a blank that takes each of them.
func (w *counterDesk) ime(text, letters string) {
	w.t.Helper()
	w.keys += len(letters)
	w.typeText(text)
}

// scanned gives the number as a keyboard-wedge scanner does.
func (w *counterDesk) scanned(number string) {
	w.t.Helper()
	w.desktop.scan(number)
}

// firstForm types the answers of a first registration, as a clerk with a pinyin input method does.
func (w *counterDesk) firstForm(name, letters string) {
	w.t.Helper()
	w.ime(name, letters)
	w.keyed("enter")
	w.types("13800001234")
	for _, typed := range []string{"hz", "qz", "dxbk"} { // 汉族, 群众, 大学本科
		w.keyed("enter")
		w.types(typed)
	}
	w.keyed("enter")
	w.ime("社会工作", "shehuigongzuo ")
	w.keyed("enter")
	w.ime("四川省成都市武侯区浆洗街1号", "sichuansheng chengdushi wuhouqu jiangxijie 1hao ")
	// 社会工作服务机构, 一线社会工作服务岗, 6 years, 社区建设, 老年人服务
	for _, typed := range []string{"shgzfwjg", "yx", "6", "sqjs", "lnr"} {
		w.keyed("enter")
		w.types(typed)
	}
	w.keyed("enter", "enter")
	w.types("f") // 否
	// 无, 社会工作师, the year, the management number, 武侯区
	for _, typed := range []string{"w", "shgzs", "2025", "20250651010000009900", "whq"} {
		w.keyed("enter")
		w.types(typed)
	}
	w.keyed("enter")
}

// attachFirst takes what was scanned in its order; slots of several files are left by another enter.
func (w *counterDesk) attachFirst() {
	w.t.Helper()
	w.keyed("enter", "enter", "enter", "enter")
	w.keyed("enter", "enter", "enter", "enter", "enter", "enter")
	w.keyed("enter", "enter")
}

// pdf returns the one file of the folder for prints that ends like this.
func (w *counterDesk) pdf(end string) string {
	w.t.Helper()
	found, err := filepath.Glob(filepath.Join(w.prints, "*"+end))
	if err != nil || len(found) != 1 {
		w.t.Fatalf("%v: %d files end in %s", err, len(found), end)
	}
	data, err := os.ReadFile(found[0])
	if err != nil || !bytes.HasPrefix(data, []byte("%PDF")) {
		w.t.Fatalf("%s: %v, %.8q", end, err, data)
	}
	return filepath.Base(found[0])
}

// decides approves or rejects behind the counter's back.
func (w *counterDesk) decides(account, reference string, run decision) {
	w.t.Helper()
	decideAs(w.t, w.s, account, reference, run)
}

func refuses(s *store.Store, reasons ...review.Reason) decision {
	return func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
		return a.Reject(by, s.Policy(), reasons, "内部看法", now)
	}
}

// TestCounterSaysWhatANumberIs: a letter is refused with the reason.
func TestCounterSaysWhatANumberIs(t *testing.T) {
	d := open(t, withPeople(t), clerk)
	d.press("1", "w")
	d.says("✗", "“w”不是号码", "数字和 X")
	d.press("/")
	d.says("✗", "“/”不是号码")
}

// TestTheFourWays goes the ways of the citizens' manual by keys only, from an empty register to the printed certificate:
// 首次登记 is filled in, submitted, withdrawn, edited, refused, applied for again and approved; 电子证书查询 prints it;
// 再次登记 opens in its time and comes filled in; 申请记录 shows it all.
func TestTheFourWays(t *testing.T) {
	now := noon
	s := register(t)
	w := openCounter(t, s, clerk, func(o *Options) { o.Clock = func() time.Time { return now } })
	w.scanAll(900)
	w.sees("[办事窗口", "身份证号", "没有草稿")
	w.golden("counter_zh_80x24")

	// 首次登记
	w.types(identity(900))
	w.keyed("enter")
	w.sees("（登记册中没有姓名）", "✓ 1 首次登记", "✗ 3 申请记录", "还没有申请记录", "✓ 4 电子证书查询", "请办理首次登记或再次登记")
	w.golden("person_zh_80x24")
	w.keyed("1")
	w.sees("首次登记", "已填 1/26", "居民身份证", "✓ 性别", "女", "年龄 35")
	w.golden("entry_start_zh_80x24")
	w.firstForm("王芳", "wangfang ")
	w.sees("已填 18/26")
	w.attachFirst()
	w.sees("已填 23/26")
	w.golden("entry_files_zh_80x24")
	w.types("n")
	w.sees("为办理社会工作者职业水平证书登记")
	w.keyed("space")
	w.sees("申请人声明：所填信息和所交材料均真实")
	w.keyed("space")
	w.says("全部填完，ctrl+s 提交")
	w.keyed("ctrl+s")
	w.sees("提交首次登记：王芳，送武侯区审核，附件 5 个")
	w.keyed("y")
	w.says("已受理，编号 CK202611160001")
	w.sees("办结期限 2026-12-28", "收到的材料（5 个文件）", "1. 区（市）县初审")
	w.golden("receipt_zh_80x24")
	typed := w.keys
	w.keyed("p")
	w.says("受理回执已保存")
	w.pdf("CK202611160001-receipt.pdf")
	t.Logf("a first registration of 26 fields with its files: %d keys, number and confirmation included", typed)
	if typed > 400 { // what 200 keys a minute, an unhurried rate, press in two minutes
		t.Errorf("%d keys take longer than two minutes", typed)
	}

	// 申请记录: withdraw, edit, submit again under the same number
	w.press("enter")
	w.sees("正在审核：CK202611160001", "✗ 1 首次登记", "已有正在审核流程中的申报 CK202611160001", "✓ 3 申请记录")
	w.press("1")
	w.says("✗", "已有正在审核流程中的申报 CK202611160001")
	w.press("3", "enter")
	w.sees("▸ 区（市）县初审 审核中，期限 2026-11-30", "还没有作出决定，可以撤回")
	w.press("e")
	w.says("✗", "不能修改")
	w.press("w", "y")
	w.says("CK202611160001 已撤回")
	w.sees("可以修改并重新提交（e）")
	w.press("e")
	w.sees("首次登记 修改 CK202611160001")
	w.press("ctrl+s") // the applicant declares anew
	w.sees("还有 2 处要改", "我已知晓《隐私政策》并授权收集信息")
	w.press("enter", "space", "space", "ctrl+s", "y")
	w.says("已受理，编号 CK202611160001")
	w.sees("第 2 版")

	// refused: level and reasons as the applicant reads them, the notice, and the way back
	w.decides(wuhou, "CK202611160001", refuses(s, review.Reason{Code: "Q03", Target: "application_form"}, review.Reason{Code: "Q06", Target: "level"}))
	w.press("enter", "esc", "esc")
	w.press("esc") // back to the number
	w.scanned(identity(900))
	w.press("3", "enter")
	w.sees("✗ 区（市）县初审", "不通过 2026-11-16", "申请表未盖章", "资格证书级别、年度或管理号不符", "可以重新申请（e）")
	w.misses("内部看法")
	w.golden("record_rejected_zh_80x24")
	w.press("p")
	w.says("不予登记告知书已保存")
	w.pdf("CK202611160001-notice.pdf")
	w.press("e")
	w.sees("承接 CK202611160001", "上次未通过：", "资格证书级别、年度或管理号不符")
	w.golden("entry_again_zh_80x24")
	w.press("enter") // the level was right
	w.sees("申请表未盖章")
	w.scan("06-stamped.jpg", photo(900, 640, 9999))
	w.press("c", "R", "G", "enter") // a new photo of the form in the place of the old one
	w.says("社会工作者首次登记申请表 / 再登记申请表：已换成新的文件")
	w.press("enter")
	w.sees("为办理社会工作者职业水平证书登记")
	w.press("space", "space", "ctrl+s", "y")
	w.says("已受理，编号 CK202611160002")

	// approved by three levels; 电子证书查询 prints what was issued
	for _, account := range []string{wuhou, second, third} {
		w.decides(account, "CK202611160002", approves(s))
	}
	w.press("enter", "esc", "esc", "esc")
	w.scanned(identity(900))
	w.sees("持有登记证书 CD-2026-000001 有效期至 2029-11-15", "✗ 2 再次登记", "再次登记最早可于 2029-08-17 提交", "✓ 4 电子证书查询")
	w.golden("person_holds_zh_80x24")
	w.press("2")
	w.says("✗", "再次登记最早可于 2029-08-17 提交")
	w.printsCertificate("CD-2026-000001")

	// 再次登记 on the first day of its window, filled in from the record
	now = time.Date(2029, 8, 17, 9, 0, 0, 0, review.Zone)
	for i, name := range []string{"11", "12", "13", "14", "15", "16", "17"} {
		width, height := 900, 640
		if name == "15" {
			width, height = 500, 700
		}
		w.scan(name+".jpg", photo(width, height, 7000+i))
	}
	w.press("esc", "esc")
	w.scanned(identity(900))
	w.keys = 0
	w.keyed("2")
	w.sees("再次登记", "由以前的登记资料带出，请与申请人核对后确认", "ctrl+y 确认本节")
	w.golden("entry_renewal_zh_80x24")
	w.keyed("ctrl+y", "ctrl+y", "ctrl+y") // 基础信息, 工作信息, 证书信息
	own := w.keys
	w.picks("11", "12", "13", "14", "15", "16", "17")
	w.keys = own
	w.types("n")
	w.keyed("space", "space", "ctrl+s", "y")
	w.says("已受理，编号 CK202908170001")
	t.Logf("a renewal of a known person: %d keys beside the files", w.keys)
	if w.keys >= 40 {
		t.Errorf("%d keys, want fewer than 40", w.keys)
	}
	for _, account := range []string{wuhou, second, third} {
		w.decides(account, "CK202908170001", approves(s))
	}
	c, err := s.CertificateOf(w.root.s.by, review.PersonKey{Type: "1", Number: identity(900)})
	if err != nil || c.ValidUntil().String() != "2032-11-15" || len(c.Versions) != 2 {
		t.Errorf("%v: %+v", err, c)
	}
}

// picks takes each file by its name for the slot that comes next, and leaves slots of several files.
func (w *counterDesk) picks(names ...string) {
	w.t.Helper()
	for _, name := range names {
		slot := w.entry().field().Key
		w.press("enter")
		for range 40 {
			if strings.Contains(w.pointed(), name+".jpg") {
				break
			}
			w.press("j")
		}
		w.press("enter")
		if w.entry().field().Key == slot {
			w.press("enter")
		}
	}
}

// pointed is the line under the cursor.
func (w *counterDesk) pointed() string {
	for _, line := range w.lines() {
		if strings.HasPrefix(strings.TrimLeft(line, " "), signCursor) {
			return line
		}
	}
	return ""
}

func (w *counterDesk) entry() *entryScreen {
	w.t.Helper()
	e, ok := w.root.top().(*entryScreen)
	if !ok {
		w.t.Fatalf("on top is %s, want the form\n%s", w.top(), w.view())
	}
	return e
}

// printsCertificate goes the fourth way.
func (w *counterDesk) printsCertificate(number string) {
	w.t.Helper()
	w.press("4")
	w.sees("电子证书查询", "✓ 证书 "+number+" 有效", "p 打印", "d 下载 PDF")
	w.press("p", "y")
	w.says("证书 " + number + " 第 1 份")
	w.pdf(number + ".pdf")
}

// TestIncompleteRecordIsCompletedAtTheCounter: 电子证书查询 of a legacy record that lacks data asks for just its fields.
func TestIncompleteRecordIsCompletedAtTheCounter(t *testing.T) {
	s := register(t)
	form := review.Form{}
	for key, value := range map[review.Key]string{
		"name": "王芳", "id_type": "1", "id_number": identity(900), "sex": "2", "level": "2", "management_number": "20190651010000009900",
		"certificate_valid_until": "2027-06-30", "first_registered_on": "2024-07-01", "review_area": "510107",
	} {
		form.Set(key, value)
	}
	answers, err := s.AddLegacy(admin, []store.LegacyCertificate{{Number: "CD-2024-000009", Form: form}}, noon)
	if err != nil || answers[0] != nil {
		t.Fatal(err, answers)
	}
	w := openCounter(t, s, clerk)
	w.scanned(identity(900))
	w.sees("王*", "持有登记证书 CD-2024-000009", "信息待完善", "✓ 4 电子证书查询", "社区岗位")
	w.completes()
	e := w.entry()
	if e.filing.Kind != review.Completion || e.indexOf("name") >= 0 || e.indexOf("mobile") >= 0 || e.indexOf("portrait") < 0 {
		t.Fatalf("%s: %s", e.filing.Kind, w.view())
	}
	for range 20 {
		if f := e.field(); e.open(f) {
			w.answer(f)
		}
	}
	w.press("ctrl+s")
	w.sees("提交完善信息：王芳，送武侯区审核")
	w.press("y")
	w.says("已受理")
	w.press("p")
	w.says("受理回执已保存")
	w.press("enter") // the look-up knows by now that it is in review
	w.sees("电子证书查询", "完善信息不能办理：已有正在审核流程中的申报 CK")
	w.misses("e 完善信息")
	w.press("e")
	w.says("✗", "已有正在审核流程中的申报 CK")
	w.press("esc")
	w.sees("✓ 4 电子证书查询")
}

// completes goes the fourth way of an incomplete record.
func (w *counterDesk) completes() {
	w.t.Helper()
	w.press("4")
	w.sees("信息待完善，缺少", "按 e 办理完善信息")
	w.press("e")
}

// sheetOfGuide is what the guide page on top would print, and where it came from.
func (w *counterDesk) sheetOfGuide() (review.Kind, review.Form, string) {
	w.t.Helper()
	g, ok := w.root.top().(*guideScreen)
	if !ok || g.filled == nil {
		w.t.Fatalf("no guide page with a form filled in\n%s", w.view())
	}
	return g.kind, g.filled.Form, g.of
}

// TestPaperFormFromThePersonsPage: blank but for the number, from the draft once there is one, and from the record of a
// person who is known, whose print is recorded.
func TestPaperFormFromThePersonsPage(t *testing.T) {
	s := withPeople(t)
	legacy(t, s, 7, "2026-12-01")
	w := openCounter(t, s, clerk)
	w.scanned(identity(901))
	w.press("i")
	if kind, form, of := w.sheetOfGuide(); kind != review.First || form.Get("id_number") != identity(901) || form.Get("name") != "" || of != "" {
		t.Errorf("%s of %q: %v", kind, of, form)
	}
	w.press("esc", "1")
	w.typeText("王芳")
	w.press("enter", "esc", "i")
	if _, form, of := w.sheetOfGuide(); form.Get("name") != "王芳" || of != "" {
		t.Errorf("of the draft %q: %v", of, form)
	}
	w.press("P")
	w.says("✓")
	w.pdf(".pdf")
	if n := countEvents(t, s, review.Reveal); n != 0 {
		t.Errorf("%d reveals recorded for what the clerk typed, want 0", n)
	}

	w.press("esc", "esc")
	w.scanned(identity(7))
	w.press("j", "i")
	w.sees("再次登记 · 办事指南")
	if kind, form, of := w.sheetOfGuide(); kind != review.Renewal || form.Get("name") != "格桑梅朵" || of != "CD-2020-000007" {
		t.Errorf("%s of %q: %v", kind, of, form)
	}
	if n := countEvents(t, s, review.Reveal); n != 0 {
		t.Errorf("%d reveals recorded before anything was shown, want 0", n)
	}
	w.press("P")
	w.says("✓")
	if n := countEvents(t, s, review.Reveal); n != 1 {
		t.Errorf("%d reveals recorded, want 1", n)
	}
}

// TestPaperFormFromWhatIsTyped: guide page and paper form are a key away, and the form is as it was when it is closed.
func TestPaperFormFromWhatIsTyped(t *testing.T) {
	w := openCounter(t, register(t), clerk)
	w.scanned(identity(901))
	w.press("i")
	w.sees("首次登记 · 办事指南", "P 打印已填申请表")
	w.press("esc", "1")
	w.typeText("王芳")
	w.press("ctrl+g", "P")
	w.says("✓")
	w.pdf(".pdf")
	w.press("esc")
	if got := w.entry().filing.Form.Get("name"); got != "王芳" {
		t.Errorf("the form holds %q", got)
	}
}

// TestPaperWithoutAPrinter: over SSH each key names the command that gives its paper, and no number of a person.
func TestPaperWithoutAPrinter(t *testing.T) {
	s := withPeople(t)
	w := openCounter(t, s, clerk, func(o *Options) { o.Outlet = nil })
	w.decides(wuhou, "SQ202600000001", refuses(s, review.Reason{Code: "Q03", Target: "application_form"}))
	w.scanned(identity(1))
	w.press("3", "enter", "p")
	w.says("ssh 本服务器 notice SQ202600000001 > SQ202600000001-notice.pdf")
	w.press("esc", "esc", "i", "p")
	w.says("ssh 本服务器 form first > form-first.pdf")
	w.press("P")
	w.says("ssh 本服务器 form first --person 身份证号 > form-first.pdf")
	w.misses(identity(1))
	w.press("esc", "esc")
	w.scanned(identity(2))
	w.press("3", "enter", "p")
	w.says("ssh 本服务器 receipt SQ202600000002 > SQ202600000002-receipt.pdf")
}
