package ui

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rongzheng/review"
	"rongzheng/store"
)

// withMail is a store in which the certificates of three people wait to be mailed, two of one region. The folder is filled
// once and copied for each test.
func withMail(t testing.TB) *store.Store {
	t.Helper()
	return openFolder(t, prepared(t, "mail", register, func(s *store.Store) {
		for n, region := range []string{"四川省成都市锦江区", "四川省成都市武侯区", "四川省成都市锦江区"} {
			p := applicant{n: n + 1, name: people()[n].name, area: "510107", days: 3, form: map[review.Key]string{
				"mail_paper": "true", "recipient": people()[n].name, "recipient_phone": "13800001234", "region": region, "street_address": "浆洗街 1 号",
			}}
			submit(t, s, p)
			for _, account := range []string{wuhou, second, third} {
				decideAs(t, s, account, p.reference(), approves(s))
			}
		}
	}), false)
}

// atTheMail opens the mail room as the clerk; what is printed goes into the folder.
func atTheMail(t testing.TB, s Register, dir string) *desktop {
	t.Helper()
	d := open(t, s, clerk, func(o *Options) { o.Outlet = Folder(dir) })
	d.press(":")
	d.typeText("tab 待邮寄")
	d.press("enter")
	d.sees("待打印 3")
	return d
}

// TestMailRoomFromApprovalToTheCarrier reads like a morning's work: print all, scan all, one comes back and goes out again.
func TestMailRoomFromApprovalToTheCarrier(t *testing.T) {
	s, dir := withMail(t), t.TempDir()
	d := atTheMail(t, s, dir)
	d.golden("mailroom_zh_80x24")
	d.selects("SQ202600000002") // 武侯区 comes before 锦江区
	d.misses("13800001234", "浆洗街", "李𫖯")
	d.press("*")
	d.says("已标记 3 件")
	d.press("p")
	d.sees("打印 3 份证书和地址标签", "标签从第 1 格开始", "终审决定不能再撤销")
	d.press("enter")
	d.says("按 y 打印")
	d.press("5")
	d.sees("标签从第 5 格开始（第 3 行第 1 列）")
	d.golden("mailroom_print_zh_80x24")
	d.press("y")
	d.says("✓", "3 份证书已打印", "mail-20261116-120000-certificates.pdf", "地址标签：mail-20261116-120000-labels.pdf")
	d.sees("待打印 0", "待寄出 3", "没有待打印的证书")
	for _, name := range []string{"certificates", "labels"} {
		data, err := os.ReadFile(filepath.Join(dir, "mail-20261116-120000-"+name+".pdf"))
		if err != nil || !bytes.HasPrefix(data, []byte("%PDF")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.press("]", "s")
	d.sees("第 1 件，共 3 件：SQ202600000002", "中国邮政 EMS")
	d.golden("mailroom_scan_zh_80x24")
	d.typeText("EA111111111CN")
	d.press("enter")
	d.sees("第 1 件，共 2 件：SQ202600000001")
	d.typeText("EA111111111CN") // the scanner took the same slip again
	d.press("enter")
	d.says("✗", "与上一件的运单号相同")
	d.typeText("短")
	d.press("enter")
	d.says("✗", "6 至 32 位")
	d.press("tab")
	d.sees("邮政挂号信")
	d.typeText("xa 2222-22222")
	d.press("enter")
	d.sees("第 1 件，共 1 件：SQ202600000003", "邮政挂号信")
	d.typeText("XA333333333")
	d.press("enter")
	d.says("✓", "3 件已全部寄出")
	d.press("]")
	d.sees("已寄出 3", "XA222222222")
	d.press("/")
	d.typeText("XA3333")
	d.press("enter")
	d.selects("SQ202600000003")
	d.press("b")
	d.typeText("查无此人")
	d.press("enter")
	d.says("✓", "SQ202600000003 已登记退回")
	d.press("esc", "]")
	d.sees("已退回 1", "查无此人")
	d.press("s")
	d.typeText("XA444444444")
	d.press("enter")
	d.says("✓", "1 件已全部寄出")
	if l := letterOf(t, s, "SQ202600000003"); l.State != review.LetterSent || l.Sendings != 2 || l.Tracking != "XA444444444" {
		t.Errorf("%+v", l)
	}
}

// A scanner does not wait for the disk: no number is lost, and none comes to the wrong envelope.
func TestTrackingNumbersComeFasterThanTheyAreWritten(t *testing.T) {
	s := withMail(t)
	d := atTheMail(t, s, t.TempDir())
	d.press("*", "p", "y", "]", "s")
	d.hold = true
	for _, tracking := range []string{"EA111111111CN", "EA222222222CN"} {
		d.typeText(tracking)
		d.press("enter")
	}
	d.press("down") // not away from the envelope that is being written
	d.hold = false
	d.flush()
	d.says("✓", "EA222222222CN")
	for reference, want := range map[string]string{"SQ202600000002": "EA111111111CN", "SQ202600000001": "EA222222222CN", "SQ202600000003": ""} {
		if got := letterOf(t, s, reference).Tracking; got != want {
			t.Errorf("%s goes out as %q, want %q", reference, got, want)
		}
	}
	d.hold = true
	for _, tracking := range []string{"EA333333333CN", "EA333333333CN"} {
		d.typeText(tracking)
		d.press("enter")
	}
	d.hold = false
	d.flush()
	d.says("✓", "3 件已全部寄出")
}

// What comes behind a number that is refused belongs to an envelope that is not up, and is asked for again.
func TestTrackingNumbersBehindARefusedOne(t *testing.T) {
	s := withMail(t)
	d := atTheMail(t, s, t.TempDir())
	d.press("*", "p", "y", "]", "s")
	d.hold = true
	for _, tracking := range []string{"EA111111111CN", "EA111111111CN", "EA222222222CN"} {
		d.typeText(tracking)
		d.press("enter")
	}
	d.hold = false
	d.flush()
	d.sees("✗ 与上一件的运单号相同")
	d.says("✗", "此后扫描的 1 个单号没有记录")
	d.sees("第 1 件，共 2 件：SQ202600000001")
	if got := letterOf(t, s, "SQ202600000001").Tracking; got != "" {
		t.Errorf("it goes out as %q", got)
	}
	d.press("esc")
	d.says("已寄出 1 件，还有 2 件未寄")
}

func letterOf(t testing.TB, s *store.Store, reference string) review.Letter {
	t.Helper()
	a, err := s.Application(review.Account{Name: admin, Role: review.Administrator}, reference)
	if err != nil {
		t.Fatal(err)
	}
	l, _ := a.Posting()
	return l
}

func TestMailRoomUndoCollectAndReplace(t *testing.T) {
	s, dir := withMail(t), t.TempDir()
	d := atTheMail(t, s, dir)
	d.press("s")
	d.says("✗", "证书尚未打印，请先打印（p）")
	d.press("p", "0", "y")
	d.says("✓", "1 份证书已打印")
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) != 1 || !strings.HasSuffix(names[0], "-certificates.pdf") {
		t.Errorf("without labels there is %v", names)
	}
	d.press("]", "c")
	d.says("✓", "已登记自取")
	d.press("]", "]", "]")
	d.sees("已自取 1")
	d.press("u")
	d.says("✓", "已退回上一步")
	d.press("]", "]", "w")
	d.sees("证书用纸作废，重新打印", "证书遗失，重新打印")
	d.press("enter")
	d.typeText("卡纸")
	d.press("enter")
	d.says("✓", "已转到“待打印”")
	d.press("[")
	d.sees("作废补打", "! 证书用纸作废，重新打印 卡纸")
	d.press("p", "y")
	d.says("✓", "1 份证书已打印")
	ledger, err := s.Ledger(review.Account{Name: admin, Role: review.Administrator}, "CD-2026-000002")
	if err != nil || len(ledger) != 2 || !ledger[0].Spoiled() || ledger[1].Replaces != 1 {
		t.Errorf("the ledger: %+v %v", ledger, err)
	}
}

// TestMailRoomRevealAndLists: an address is shown after it is recorded; labels and lists are recorded too.
func TestMailRoomRevealAndLists(t *testing.T) {
	s, dir := withMail(t), t.TempDir()
	d := atTheMail(t, s, dir)
	d.press("x")
	d.says("✓", "地址已显示")
	d.sees("浆洗街 1 号", "李𫖯", "13800001234")
	d.press("j")
	d.misses("浆洗街 1 号")
	d.press("v", "j", "e")
	d.says("✗", "的一段还没有标记")
	d.press("v", "e")
	d.sees("导出 2 件的收件人")
	d.press("y")
	d.says("✓", "2 件的寄件清单")
	data, err := os.ReadFile(filepath.Join(dir, "mail-20261116-120000-list.csv"))
	if err != nil || !strings.Contains(string(data), "SQ202600000001,王芳,13800001234,四川省成都市锦江区,浆洗街 1 号,CD-2026-000001") {
		t.Errorf("the list: %v\n%s", err, data)
	}
	d.press("l", "1", "4", "y")
	d.says("✓", "2 份地址标签已打印")
	d.press("l")
	d.sees("标签从第 2 格开始") // behind the two that began at the last one of a sheet
	d.press("esc")
	if reveals, labels := countEvents(t, s, review.Reveal), countEvents(t, s, review.MailLabels); reveals != 1 || labels != 4 {
		t.Errorf("%d reveals and %d addresses recorded, want 1 and 4", reveals, labels)
	}
}

// TestMailRoomLeavesNothingHalfWritten: whatever fails, there is no file, no copy, and the mailing waits as before.
func TestMailRoomLeavesNothingHalfWritten(t *testing.T) {
	s, dir := withMail(t), t.TempDir()
	full := doubled(s)
	fail(&full.printLetters, fmt.Errorf("print: %w", errBroken))
	d := atTheMail(t, full, dir)
	d.press("*", "p", "y")
	d.says("✗")
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
	if hidden, _ := filepath.Glob(filepath.Join(dir, ".*")); len(hidden) > 0 {
		t.Errorf("left behind: %v", hidden)
	}
	d.sees("待打印 3")
	d = atTheMail(t, s, "/nowhere/at/all")
	d.press("p", "y")
	d.says("✗", "不存在")
	if l := letterOf(t, s, "SQ202600000002"); l.State != review.LetterToPrint {
		t.Errorf("%+v", l)
	}
}

// TestMailRoomMeetsSomebodyElse: what another clerk printed meanwhile is not printed again.
func TestMailRoomMeetsSomebodyElse(t *testing.T) {
	s, dir := withMail(t), t.TempDir()
	d := atTheMail(t, s, dir)
	if err := s.PrintLetters(admin, []store.Envelope{{Reference: "SQ202600000001"}}, noon); err != nil {
		t.Fatal(err)
	}
	d.press("*", "p", "y")
	d.says("✗", "SQ202600000001", admin)
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
	d.sees("待打印 2", "待寄出 1")
}

func TestMailRoomIsForThoseWhoMail(t *testing.T) {
	s := withMail(t)
	for account, may := range map[string]bool{clerk: true, admin: true, wuhou: false, audit: false} {
		d := open(t, s, account)
		d.resize(200, 24)
		if got := strings.Contains(d.view(), "待邮寄 3"); got != may {
			t.Errorf("%s: the tab is there: %v\n%s", account, got, d.view())
		}
	}
}

func TestMailRoomNarrowAndEnglish(t *testing.T) {
	s := withMail(t)
	d := open(t, s, clerk, english)
	d.resize(60, 20)
	d.press(":")
	d.typeText("tab mail")
	d.press("enter")
	d.sees("To print 3")
	d.golden("mailroom_en_60x20")
	d.press("p")
	d.says("✗", "ssh THIS-SERVER mail print SQ202600000002 > mail.pdf")
	d.press("enter")
	d.sees("SQ202600000002")
	d.misses("To print 3")
}

// TestMailRoomHearsOfOthers: what somebody else prints goes from the list, the cursor stays on its mailing.
func TestMailRoomHearsOfOthers(t *testing.T) {
	s := withMail(t)
	news := s.Subscribe()
	defer news.Close()
	d := atTheMail(t, s, t.TempDir())
	d.press("j", "space")
	d.selects("SQ202600000003")
	if err := s.PrintLetters(admin, []store.Envelope{{Reference: "SQ202600000002"}}, noon); err != nil {
		t.Fatal(err)
	}
	d.send(newsMsg{news.Take()})
	d.sees("待打印 2", "待寄出 1", "* SQ202600000001")
	d.selects("SQ202600000003")
}

// TestMailRoomCorrectsAnAddress: the letter goes elsewhere, the application stays as it was filed.
func TestMailRoomCorrectsAnAddress(t *testing.T) {
	s := withMail(t)
	d := atTheMail(t, s, t.TempDir())
	d.press("A")
	d.says("✗", "先按 x 显示完整地址")
	d.press("x", "A")
	d.sees("更正 SQ202600000002 的收件人姓名")
	d.press("enter")
	for range "13800001234" {
		d.press("backspace")
	}
	d.typeText("12")
	d.press("enter", "enter", "enter")
	d.says("✗", "收件人电话")
	d.press("A", "enter", "enter")
	d.sees("所在地区")
	for range "四川省成都市武侯区" {
		d.press("backspace")
	}
	d.typeText("四川省成都市锦江区")
	d.press("enter")
	d.typeText("附 3 号")
	d.press("enter")
	d.says("✓", "SQ202600000002 的收件地址已更正")
	a, err := s.Application(review.Account{Name: admin, Role: review.Administrator}, "SQ202600000002")
	if err != nil || a.PostalForm().Get("street_address") != "浆洗街 1 号附 3 号" || a.Form.Get("street_address") != "浆洗街 1 号" {
		t.Errorf("%v %v", a.PostalForm(), err)
	}
	d.sees("SQ202600000002   四川省成都市锦江区")
}

// TestMailRoomStaysWhereItWas: a step that could not be written leaves envelope, list and files as they were.
func TestMailRoomStaysWhereItWas(t *testing.T) {
	s, dir := withMail(t), t.TempDir()
	if err := s.PrintLetters(admin, []store.Envelope{{Reference: "SQ202600000001"}, {Reference: "SQ202600000002"}}, noon); err != nil {
		t.Fatal(err)
	}
	full := doubled(s)
	fail(&full.change, errBroken)
	fail(&full.replaceSheet, errBroken)
	fail(&full.printLabels, errBroken)
	d := open(t, full, clerk, func(o *Options) { o.Outlet = Folder(dir) })
	d.press(":")
	d.typeText("tab 待邮寄")
	d.press("enter", "]", "s")
	d.typeText("EA111111111CN")
	d.press("enter")
	d.says("✗")
	d.sees("第 1 件，共 2 件：SQ202600000002") // still up, to be scanned again
	d.press("esc", "c")
	d.says("✗")
	d.press("w", "enter")
	d.typeText("卡纸")
	d.press("enter")
	d.says("✗")
	d.press("l", "y")
	d.says("✗")
	d.press("e", "y")
	d.says("✗")
	d.sees("待寄出 2")
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
	if hidden, _ := filepath.Glob(filepath.Join(dir, ".*")); len(hidden) > 0 {
		t.Errorf("left behind: %v", hidden)
	}
}

// TestMailRoomNamesTheCommandWhereNothingPrints: a desk over SSH says how sheets and labels are fetched instead.
func TestMailRoomNamesTheCommandWhereNothingPrints(t *testing.T) {
	s := withMail(t)
	d := open(t, s, clerk)
	d.run(d.root.carry(step{open: newMailroom(d.root.s)}))
	m := d.root.top().(*mailroom)
	d.run(m.reload())
	d.press("p")
	d.says("✗", "ssh 本服务器 mail print "+m.selected().Reference+" > mail.pdf")
	d.press("l")
	d.says("✗", "ssh 本服务器 mail labels "+m.selected().Reference+" > mail.pdf")
	list := make([]review.Application, mostListed+1)
	for i := range list {
		list[i].Reference = "SQ" + string(rune('1'+i))
	}
	if got := m.elsewhere("print", list); got != "mail print SQ1 SQ2 SQ3 …" {
		t.Errorf("some of several: %s", got)
	}
	m.rows = list
	if got := m.elsewhere("print", list); got != "mail print --all" {
		t.Errorf("all: %s", got)
	}
	if m.text = "武侯"; m.elsewhere("print", list) != "mail print SQ1 SQ2 SQ3 …" {
		t.Errorf("all that the filter shows: %s", m.elsewhere("print", list))
	}
}
