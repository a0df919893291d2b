package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rongzheng/review"
)

// TestTheCitizensManual goes all four ways of the citizens' manual at the window, in a real terminal, by keys only, from an
// empty data folder to the printed certificate.
func TestTheCitizensManual(t *testing.T) {
	needs(t, "pdftotext")
	w := &window{terminal: openTerminal(t), today: review.DateOf(time.Now())}
	w.isSetUp()
	w.firstRegistration()
	w.withdrawal()
	w.refusal()
	w.anotherApplication()
	w.certificate()
	w.olderRecords()
	w.renewal()
	w.completion()
}

// window is the window of a district at which a clerk sits; reviewers sit down at the same machine in their turn.
type window struct {
	*terminal
	today     review.Date
	ran       int    // commands so far
	papers    int    // scanned so far
	reference string // of the application that was submitted last
}

// People who come to the window; all are made up.
const (
	chenjing   = "510107199104050020" // nobody knows her
	wangxiulan = "510104198503160047" // her certificate is about to expire
	lina       = "510181198809210062" // her record lacks something
)

// isSetUp makes the accounts, as the README says.
func (w *window) isSetUp() {
	for _, account := range []string{
		"guanli --role administrator",
		"chushen --role reviewer --level 1 --area 武侯区 --office 武侯区委社会工作部 --as guanli",
		"fushen --role reviewer --level 2 --office 成都市社会工作协会 --as guanli",
		"zhongshen --role reviewer --level 3 --office 市委社会工作部 --as guanli",
		"chuangkou --role clerk --area 武侯区 --office 武侯区政务服务中心 --as guanli",
	} {
		w.commands("account add " + account)
	}
}

// commands runs the program from the shell and waits until it has ended well.
func (w *window) commands(line string) {
	w.t.Helper()
	w.ran++
	w.answers(fmt.Sprintf("clear; rongzheng %s && echo command' '%d went well", line, w.ran))
	w.sees(fmt.Sprintf("command %d went well", w.ran))
}

// opens opens the desk as the account.
func (w *window) opens(account string) {
	w.t.Helper()
	w.answers("clear; rongzheng --printer file --as " + account + "; echo the desk is' 'left")
	w.sees("蓉证", "q 离开")
}

// leaves leaves the desk.
func (w *window) leaves() {
	w.t.Helper()
	w.answers(":q")
	w.sees("the desk is left")
}

// personComes gives the number of a person as a scanner does: digits and enter.
func (w *window) personComes(number string) {
	w.t.Helper()
	w.answers(number)
}

// scans puts a paper onto the scanner.
func (w *window) scans(paper string, width, height int) {
	w.t.Helper()
	w.papers++
	path := filepath.Join(w.dir, "scans", paper+".jpg")
	if err := os.WriteFile(path, draw(width, height, paper), 0o600); err != nil {
		w.t.Fatal(err)
	}
	at := time.Now().Add(time.Duration(w.papers-1000) * time.Second)
	if err := os.Chtimes(path, at, at); err != nil {
		w.t.Fatal(err)
	}
}

// onPaper is how papers write a day.
func onPaper(day review.Date) string { return day.Time().Format("2006年1月2日") }

// answers types an answer, or the beginning of an option, and goes on.
func (w *window) answers(texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		if text != "" {
			w.types(text)
		}
		w.presses("Enter")
	}
}

// firstRegistration is 首次登记: somebody whom nobody knows comes with their papers.
func (w *window) firstRegistration() {
	w.opens("chuangkou")
	w.sees("[办事窗口", "没有草稿")
	w.personComes(chenjing)
	w.sees("（登记册中没有姓名）", "✓ 1 首次登记", "✗ 3 申请记录", "还没有申请记录")
	w.presses("4") // 电子证书查询 leads to the right way
	w.sees("登记册中没有此人的登记证书", "首次登记可以办理（按 1）", "再次登记可以办理（按 2）")
	w.presses("1")
	w.sees("首次登记", "居民身份证", "✓ 性别", "女")
	w.answers("陈静", "13800001234", "yz", "qz", "dxbk", "社会工作", "四川省成都市武侯区浆洗街1号")
	w.sees("▸ ○ 目前工作单位")
	w.answers("shgzfwjg", "yx", "6", "sqjs", "lnr")
	w.presses("Enter")
	w.answers("f", "w", "shgzs", "2025", "20250651010000009900", "whq")
	w.sees("已填 18/26")
	w.handsOver("身份证人像面", "身份证国徽面", "资格证书")
	w.hasNoMorePages()
	w.handsOver("没有盖章的申请表")
	w.hasNoMorePages()
	w.handsOverPortrait("证件照")
	w.sees("已填 23/26")
	w.types("n") // no paper by post
	w.declares()
	w.submits("提交首次登记：陈静，送武侯区审核，附件 5 个")
	w.prints("受理回执", w.reference+"-receipt.pdf", "受理回执", w.reference, "陈静", "区（市）县初审", "市级终审")
}

// withdrawal is 申请记录 while nobody has decided: taken back, edited, submitted again under the same number.
func (w *window) withdrawal() {
	w.presses("Enter", "Escape")
	w.sees("✗ 1 首次登记", "已有正在审核流程中的申报 "+w.reference, "✓ 3 申请记录")
	w.presses("3")
	w.sees("待审核", w.reference)
	w.presses("Enter")
	w.sees("区（市）县初审", "审核中，期限", "可以撤回")
	w.presses("w")
	w.sees("撤回申请 " + w.reference)
	w.presses("y")
	w.sees(w.reference+" 已撤回", "可以修改并重新提交")
	w.presses("e")
	w.sees("首次登记 修改 " + w.reference)
	w.presses("Up") // the certificate shall come by post after all
	w.presses("y")
	w.sees("▸ ○ 收件人姓名")
	w.answers("陈静", "13800001234", "四川省成都市武侯区", "浆洗街1号")
	w.declares()
	w.submits("提交首次登记：陈静，送武侯区审核，附件 5 个")
	w.sees("第 2 版")
	w.leaves()
}

// refusal is what a reviewer of the district refuses, with coded reasons and a text, and what the applicant reads.
func (w *window) refusal() {
	w.opens("chushen")
	w.comesTo(w.reference)
	w.looksAt(4)
	w.presses("Escape")
	w.pointsAt(w.reference)
	w.presses("r")
	w.sees("Q03")
	w.presses("1", "Space") // which paper cannot be read
	w.sees("Q01 照片或扫描件不清晰 — 涉及哪些项目")
	w.presses("3", "Space", "Enter")
	w.sees("[x] Q01 照片或扫描件不清晰")
	w.presses("n")
	w.sees("说明（申请人会看到）")
	w.answers("左下角看不清")
	w.presses("3", "Space")
	w.sees("[x] Q03 申请表未盖章")
	w.presses("y")
	w.sees(w.reference + " 已作不通过处理")
	w.leaves()

	w.opens("chuangkou")
	w.personComes(chenjing)
	w.sees("✓ 1 首次登记")
	w.presses("3")
	w.sees("已审核", w.reference)
	w.presses("Enter")
	w.sees("✗ 区（市）县初审", "不通过", "照片或扫描件不清晰", "左下角看不清", "申请表未盖章", "可以重新申请")
	w.prints("不予登记告知书", w.reference+"-notice.pdf", "不予登记告知书", w.reference, "陈静", "区（市）县初审", "社工证书",
		"照片或扫描件不清晰", "左下角看不清", "申请表未盖章", "重新申请")
}

// anotherApplication is 重新申请: the form comes filled in, with the earlier reasons beside what they are about.
func (w *window) anotherApplication() {
	refused := w.reference
	w.presses("e")
	w.sees("承接 "+refused, "上次未通过：Q03 申请表未盖章", "上次未通过：Q01 照片或扫描件不清晰：左下角看不清")
	w.pointsAt("社工证书")
	w.replaces("清晰的资格证书")
	w.presses("Down")
	w.pointsAt("社会工作者首次登记申请表")
	w.replaces("盖了章的申请表")
	w.hasNoMorePages()
	w.declares()
	w.submits("提交首次登记：陈静，送武侯区审核，附件 5 个")
	if w.reference == refused {
		w.t.Error("the new application has the reference of the refused one")
	}
	w.leaves()
}

// certificate is 电子证书查询 after all three levels have approved.
func (w *window) certificate() {
	w.isApproved(4)
	w.opens("chuangkou")
	w.personComes(chenjing)
	w.sees("持有登记证书 CD-", "✗ 2 再次登记", "再次登记最早可于", "✓ 4 电子证书查询")
	w.presses("4")
	w.sees("✓ 证书 CD-", "有效，至", "p 打印证书")
	number, until := w.number(), w.date("有效，至 ")
	w.printsCertificate()
	w.reads(number+".pdf", "陈静", chenjing, "社会工作师", number, "20250651010000009900", "武侯区", "中共成都市委社会工作部",
		"至 "+onPaper(until))
	w.leaves()
}

// printsCertificate prints the certificate on the screen: its first copy, after a question.
func (w *window) printsCertificate() {
	w.t.Helper()
	w.presses("p")
	w.sees("按 y")
	w.presses("y")
	w.sees("第 1 份")
}

// number is the number of the certificate on the screen.
func (w *window) number() string {
	w.t.Helper()
	_, after, found := strings.Cut(w.screen(), "证书 CD-")
	if !found {
		w.t.Fatalf("no number of a certificate on the screen\n%s", w.screen())
	}
	return "CD-" + strings.FieldsFunc(after, func(r rune) bool { return r != '-' && (r < '0' || r > '9') })[0]
}

// date is the day on the screen after the text.
func (w *window) date(text string) review.Date {
	w.t.Helper()
	_, after, _ := strings.Cut(w.screen(), text)
	day, err := review.ParseDate(after[:min(len(after), len("2006-01-02"))])
	if err != nil {
		w.t.Fatalf("no day after %q on the screen\n%s", text, w.screen())
	}
	return day
}

// isApproved lets a reviewer of each level look at the papers, which are so many pages, and approve.
func (w *window) isApproved(pages int) {
	w.t.Helper()
	for _, account := range []string{"chushen", "fushen", "zhongshen"} {
		w.opens(account)
		w.comesTo(w.reference)
		w.looksAt(pages)
		w.presses("a")
		w.sees(w.reference + " 已通过")
		w.leaves()
	}
}

// olderRecords brings certificates from before the register in: one that can be renewed by now, and one whose record lacks
// what is asked for nowadays.
func (w *window) olderRecords() {
	last := w.today.AddDays(30)
	since, until := last.AddYears(-3).AddDays(1).String(), last.String()
	sheet := [][]string{
		{"登记证书编号", "姓名", "手机号", "身份证号", "民族", "政治面貌", "学历", "所学专业", "联系地址", "目前工作单位的类型", "岗位类别",
			"社区岗位", "从事社会工作年限", "主要从事社会工作领域", "是否为“两代表一委员”", "本人或主要参与的项目所获荣誉", "资格证书级别",
			"社工考试通过年度", "水平证书管理号", "首次登记时间", "登记证书最新有效期到期时间", "资料审核区域"},
		{"CD-2020-000301", "王秀兰", "13800005678", wangxiulan, "汉族", "群众", "大学专科", "社会工作", "四川省成都市武侯区一环路南一段2号",
			"基层群众自治组织", "社区治理服务岗", "社区专职工作者", "9", "社区建设", "否", "无", "助理社会工作师",
			"2019", "20190651010000000301", since, until, "武侯区"},
		{"CD-2020-000302", "李娜", "13800006789", lina, "汉族", "群众", "大学专科", "社会工作", "四川省成都市武侯区一环路南一段4号",
			"基层群众自治组织", "社区治理服务岗", "社区专职工作者", "9", "", "否", "", "助理社会工作师",
			"2019", "20190651010000000302", since, until, "武侯区"},
	}
	var file bytes.Buffer
	if err := csv.NewWriter(&file).WriteAll(sheet); err != nil {
		w.t.Fatal(err)
	}
	portraits := filepath.Join(w.dir, "portraits")
	err := errors.Join(os.WriteFile(filepath.Join(w.dir, "older.csv"), file.Bytes(), 0o600), os.Mkdir(portraits, 0o700),
		os.WriteFile(filepath.Join(portraits, wangxiulan+".jpg"), draw(295, 413, "王秀兰"), 0o600))
	if err != nil {
		w.t.Fatal(err)
	}
	w.commands("import certificates older.csv --portraits portraits --as guanli")
}

// renewal is 再次登记 of somebody whom the register knows: what it knows is confirmed section by section, and takes fewer
// than 40 keys beside the files.
func (w *window) renewal() {
	w.opens("chuangkou")
	w.personComes(wangxiulan)
	w.sees("持有登记证书 CD-2020-000301", "✗ 1 首次登记", "✓ 2 再次登记")
	w.keys = 0
	w.presses("2")
	w.sees("再次登记", "由以前的登记资料带出，请与申请人核对后确认")
	w.presses("C-y")
	w.sees("基础信息：已确认")
	w.presses("C-y")
	w.sees("工作信息：已确认")
	w.presses("C-y")
	w.sees("证书信息：已确认")
	w.handsOver("王秀兰的身份证人像面", "王秀兰的身份证国徽面", "王秀兰的资格证书")
	w.hasNoMorePages()
	w.handsOver("王秀兰的申请表")
	w.hasNoMorePages()
	w.handsOverPortrait("王秀兰的证件照")
	w.handsOver("王秀兰的登记证书", "王秀兰的学时证明")
	w.hasNoMorePages()
	w.types("n")
	w.declares()
	w.submits("提交再次登记：王秀兰，送武侯区审核，附件 7 个")
	if w.keys >= 40 {
		w.t.Errorf("a renewal of a known person takes %d keys beside the files, want fewer than 40", w.keys)
	}
	w.t.Logf("a renewal of a known person: %d keys beside the files", w.keys)
	w.leaves()
	w.isApproved(6)
	w.opens("chuangkou")
	w.personComes(wangxiulan)
	w.sees("持有登记证书 CD-2020-000301")
	w.presses("4")
	w.sees("✓ 证书 CD-2020-000301 有效，至 " + w.today.AddDays(30).AddYears(3).String())
	w.printsCertificate()
	w.reads("CD-2020-000301.pdf", "王秀兰", wangxiulan, "助理社会工作师", "CD-2020-000301", "再次登记",
		"登记有效期 "+onPaper(w.today.AddDays(31))+" 至 "+onPaper(w.today.AddDays(30).AddYears(3)))
	w.leaves()
}

// completion is 完善信息 of a record that lacks something: the form asks for just that.
func (w *window) completion() {
	w.opens("chuangkou")
	w.personComes(lina)
	w.sees("持有登记证书 CD-2020-000302", "信息待完善", "✓ 4 电子证书查询")
	w.presses("4")
	w.sees("缺少：主要从事社会工作领域、本人或主要参与的项目所获荣誉、证件照", "按 e 办理完善信息")
	w.presses("p")
	w.sees("✗", "信息待完善")
	w.presses("e")
	w.sees("完善信息 已填 3/8", "社区专职工作者")
	w.answers("sqjs", "", "w")
	w.handsOverPortrait("李娜的证件照")
	w.declares()
	w.submits("提交完善信息：李娜，送武侯区审核，附件 1 个")
	w.leaves()
	w.isApproved(1)
	w.opens("chuangkou")
	w.personComes(lina)
	w.sees("持有登记证书 CD-2020-000302")
	w.presses("4")
	w.sees("✓ 证书 CD-2020-000302 有效")
	w.printsCertificate()
	w.reads("CD-2020-000302.pdf", "李娜", lina, "助理社会工作师", "CD-2020-000302")
	w.leaves()
}

// replaces scans a paper again and takes it in the place of the one before.
func (w *window) replaces(paper string) {
	w.t.Helper()
	w.scans(paper, 900, 640)
	w.presses("c")
	w.pointsAt("[ ] " + paper)
	w.presses("Enter")
	w.sees("：已换成新的文件")
}

// comesTo waits until the case is under the cursor and has been read whole, with what the automatic checks say of it: before
// that the desk takes no decision.
func (w *window) comesTo(reference string) {
	w.t.Helper()
	w.pointsAt(reference)
	w.sees("核对")
}

// looksAt looks at all papers of the case, one after the other, each until its picture is there.
func (w *window) looksAt(papers int) {
	w.t.Helper()
	for i := range papers {
		w.presses("o")
		w.sees(fmt.Sprintf("%d / %d", i+1, papers), "▀")
	}
}

// declares lets the applicant read both declarations and ticks them.
func (w *window) declares() {
	w.t.Helper()
	w.sees("为办理社会工作者职业水平证书登记")
	w.presses("Space")
	w.sees("申请人声明")
	w.presses("Space")
	w.sees("全部填完，ctrl+s 提交")
}

// submits submits the form after the question, and notes the reference.
func (w *window) submits(question string) {
	w.t.Helper()
	w.presses("C-s")
	w.sees(question)
	w.presses("y")
	w.sees("已受理，编号")
	_, after, _ := strings.Cut(w.screen(), "已受理，编号 ")
	w.reference = strings.Fields(after)[0]
}

// prints prints what is called so, and compares the text of the file with what it must say.
func (w *window) prints(called, file string, texts ...string) {
	w.t.Helper()
	w.presses("p")
	w.sees(called + "已保存")
	w.reads(file, texts...)
}

// reads compares the text of a PDF that came out.
func (w *window) reads(file string, texts ...string) {
	w.t.Helper()
	out, err := exec.Command("pdftotext", "-layout", filepath.Join(w.dir, file), "-").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, text := range texts {
		if !strings.Contains(together(string(out)), together(text)) {
			w.t.Errorf("%s does not say %q:\n%s", file, text, out)
		}
	}
}

// handsOver scans papers and takes each with two keys: enter opens the files at the latest scan, enter takes it.
func (w *window) handsOver(papers ...string) {
	w.t.Helper()
	for _, paper := range papers {
		w.takes(paper, 900, 640)
	}
}

func (w *window) handsOverPortrait(paper string) {
	w.t.Helper()
	w.takes(paper, 500, 700)
}

// takes takes one paper; keys for papers do not count.
func (w *window) takes(paper string, width, height int) {
	w.t.Helper()
	defer func(keys int) { w.keys = keys }(w.keys)
	w.scans(paper, width, height)
	w.presses("Enter")
	w.pointsAt("[ ] " + paper)
	w.presses("Enter")
	w.sees("：已收 1 个文件")
}

// hasNoMorePages leaves a paper that may have several pages.
func (w *window) hasNoMorePages() {
	w.t.Helper()
	w.presses("Enter")
}
