package ui

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// onForm opens a first registration of the person identity(n).
func onForm(t testing.TB, s Register, n int, change ...func(*Options)) *counterDesk {
	t.Helper()
	w := &counterDesk{scans: t.TempDir(), prints: t.TempDir()}
	w.desktop = open(t, s, clerk, append([]func(*Options){func(o *Options) {
		o.Scans, o.Outlet = Scans{Dir: w.scans, Local: true}, Folder(w.prints)
	}}, change...)...)
	w.scanned(identity(n))
	w.press("1")
	return w
}

// to goes to a field by its key.
func (w *counterDesk) to(key review.Key) {
	w.t.Helper()
	e := w.entry()
	w.run(e.jump(key))
	if e.field().Key != key {
		w.t.Fatalf("%s is not on the form\n%s", key, w.view())
	}
}

// kept is what the store has kept of the form.
func kept(t testing.TB, s Register, n int) review.Filing {
	t.Helper()
	person := review.PersonKey{Type: review.ResidentCard, Number: identity(n)}
	f, err := s.Filing(clerk, review.FilingID{Person: person, Kind: review.First})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestEveryFieldOfTheRegistryIsOnTheForm: a field that is added to the registry appears by itself, is answered by its type,
// and is submitted; nothing here names one.
func TestEveryFieldOfTheRegistryIsOnTheForm(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	e := w.entry()
	for range 60 {
		f := e.field()
		if !e.open(f) {
			break
		}
		w.sees(string([]rune(w.root.s.words.Label(f.Key))[:2]))
		w.answer(f)
	}
	form := e.filing.Submission("X", s.Policy(), noon).Form
	for _, f := range review.Fields() {
		if asked, required := f.Asked(review.First, form, s.Policy()); asked && required && e.indexOf(f.Key) < 0 {
			t.Errorf("%s is asked for and not on the form", f.Key)
		}
	}
	w.press("ctrl+s", "y")
	w.says("已受理，编号")
}

// answer fills a field in by what its entry of the registry says of it.
func (w *counterDesk) answer(f *review.Field) {
	w.t.Helper()
	switch f.Type {
	case review.Choice, review.Choices:
		options := w.root.s.policy.Options[f.Options]
		w.typeText(options[len(options)-1].Label)
		w.press("enter")
		if w.entry().field().Key == f.Key {
			w.press("enter")
		}
	case review.YesNo:
		w.press("y")
	case review.Moment:
		w.press("space")
	case review.File:
		width, height := 900, 640
		if f.Picture.RatioWidth > 0 {
			width, height = 500, 700
		}
		path := w.scan(string(f.Key)+".jpg", photo(width, height, len(f.Key)+int(f.Key[0])*7))
		w.paste(path)
		if w.entry().field().Key == f.Key {
			w.press("enter")
		}
	case review.Day:
		w.press("space", "enter")
	default:
		answers := map[review.Key]string{"mobile": "13800001234", "recipient_phone": "02885551234", "exam_year": "2025", "management_number": "20250651010000000901"}
		text := answers[f.Key]
		if text == "" && f.Type == review.Number {
			text = "1"
		}
		if text == "" {
			text = "四川省成都市武侯区"
		}
		w.typeText(text)
		w.press("enter")
	}
}

func TestConditionalFieldsComeAndGo(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.to("employer_type")
	w.types("jcqz")
	w.press("enter")
	w.to("community_post")
	w.types("wy") // 社区居（村）委会主任 has it inside; the proof is asked for
	w.press("enter")
	if w.entry().indexOf("community_proof") < 0 {
		t.Fatal("the proof is not asked for")
	}
	w.to("employer_type")
	w.types("qy")
	w.press("enter")
	if e := w.entry(); e.indexOf("community_post") >= 0 || e.indexOf("community_proof") >= 0 {
		t.Fatal("what is not asked for any more is still on the form")
	}
	if kept(t, s, 901).Form.Get("community_post") == "" {
		t.Error("what was typed is lost")
	}
}

func TestPinyinFindsOptions(t *testing.T) {
	p := review.DefaultPolicy()
	for _, tt := range []struct{ list, typed, want string }{
		{"ethnicity", "yz", "彝族"}, {"ethnicity", "hz", "汉族"}, {"ethnicity", "cxz", "朝鲜族"}, {"ethnicity", "zz", "藏族"},
		{"ethnicity", "zang", "藏族"}, {"ethnicity", "wwez", "维吾尔族"}, {"ethnicity", "维", "维吾尔族"}, {"ethnicity", "ＹＺ", "彝族"},
		{"area", "gxq", "成都高新区"}, {"area", "wuhou", "武侯区"}, {"area", "510107", "武侯区"}, {"education", "dxbk", "大学本科"},
		{"political_status", "qz", "群众"}, {"employer_type", "jcqzzz", "基层群众自治组织"}, {"community_post", "lw", "社区“两委”委员"},
	} {
		found := matching(p.Options[tt.list], tt.typed, review.Chinese)
		if len(found) == 0 || !strings.HasPrefix(found[0].Label, tt.want) && tt.want != "藏族" && tt.list != "area" || !slices.ContainsFunc(found, func(o review.Option) bool { return o.Label == tt.want || o.Label == "四川"+tt.want }) {
			t.Errorf("%s %q: got %v, want %s first", tt.list, tt.typed, found, tt.want)
		}
	}
	if found := matching(p.Options["ethnicity"], "qq", review.Chinese); len(found) > 0 {
		t.Errorf("qq: %v", found)
	}
	if found := matching(p.Options["ethnicity"], "tib", review.English); len(found) != 1 || found[0].Code != "04" {
		t.Errorf("tib: %v", found)
	}
}

// TestHalfAChoiceIsNotLost: what is typed and leaves no doubt is chosen when the cursor goes on, however it goes; what does
// stays where it is, and the clerk is told.
func TestHalfAChoiceIsNotLost(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.to("education")
	w.typeText("大学本科")
	w.press("tab")
	if e := w.entry(); e.field().Key == "education" || e.filing.Form.Get("education") != "21" {
		t.Fatalf("on %s, %q", e.field().Key, e.filing.Form["education"])
	}
	w.to("level")
	w.typeText("社会工作师") // the name of one, and a part of the other two
	w.press("tab")
	if got := w.entry().filing.Form.Get("level"); got != "2" {
		t.Errorf("level %q", got)
	}
	w.to("fields")
	w.types("sqjs")
	w.press("space") // nothing goes on with a blank
	w.types("lnrfw")
	w.press("tab")
	w.to("fields")
	w.types("lnrfw") // leaving takes nothing away
	w.press("tab")
	if got := w.entry().filing.Form["fields"]; !slices.Equal(got, []string{"05", "21"}) {
		t.Errorf("fields %v", got)
	}
	w.to("ethnicity")
	w.types("yz")
	for _, leaves := range []string{"tab", "shift+tab", "pgdown", "ctrl+s", "ctrl+y"} {
		w.press(leaves)
		w.says("✗", "“yz”尚未选定", "enter")
		if e := w.entry(); w.top() != "entryScreen" || e.field().Key != "ethnicity" || e.sought() != "yz" {
			t.Fatalf("%s leaves the field", leaves)
		}
	}
	w.press("ctrl+u")
	w.typeText("外星")
	w.press("tab")
	w.says("✗", "没有与“外星”相符的选项", "ctrl+u")
	w.press("esc")
	w.says("已保存为草稿", "“外星”没有选定")
}

// TestEnglishOptionsHaveBlanks: they are part of what is typed there.
func TestEnglishOptionsHaveBlanks(t *testing.T) {
	w := onForm(t, register(t), 901, func(o *Options) { o.Lang = review.English })
	w.to("employer_type")
	for _, word := range []string{"social", "space", "work"} {
		if word == "space" {
			w.press(word)
			continue
		}
		w.types(word)
	}
	w.sees("> social work")
	w.press("enter")
	if got := w.entry().filing.Form.Get("employer_type"); got != "07" {
		t.Errorf("employer %q", got)
	}
}

func TestSeveralAnswersHaveTheirLimits(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.to("fields")
	for _, typed := range []string{"shfl", "shjz", "fpjk"} {
		w.types(typed)
		w.press("enter")
	}
	if e := w.entry(); e.field().Key == "fields" || len(e.filing.Form["fields"]) != 3 {
		t.Fatalf("three of three are chosen, and the form goes on: %v", e.filing.Form["fields"])
	}
	w.to("fields")
	w.types("czkf")
	w.press("enter")
	w.says("✗", "最多选 3 项")
	w.press("backspace")
	if got := w.entry().filing.Form["fields"]; len(got) != 2 {
		t.Errorf("backspace leaves %v", got)
	}
	w.to("honours")
	w.types("gjj")
	w.press("enter")
	w.types("w")
	w.press("enter")
	if got := w.entry().filing.Form["honours"]; !slices.Equal(got, []string{"0"}) {
		t.Errorf("无 stands alone, not %v", got)
	}
	w.to("honours")
	w.types("gjj")
	w.press("enter")
	w.says("已去掉“无”")
}

func TestDaysAreTypedOrPicked(t *testing.T) {
	s := register(t)
	w := openCounter(t, s, clerk)
	w.scanned(identity(901))
	w.press("2")
	w.to("first_registered_on")
	w.types("2023年8月1日")
	w.press("tab")
	w.says("首次登记时间已整理为：2023-08-01")
	w.to("certificate_valid_until")
	w.press("space")
	w.sees("2026-11", "[16]", "一 二 三 四 五 六 日")
	w.golden("entry_calendar_zh_80x24")
	w.press("up", "right", "pgup", "]", "enter")
	if got := w.entry().filing.Form.Get("certificate_valid_until"); got != "2027-10-10" {
		t.Errorf("picked %s", got)
	}
	w.sees("未到再次登记时间")                                           // said beside the field, and nothing is lost
	if n := strings.Count(w.view(), "2027-07-12 起可申请"); n != 2 { // once there, and once in the line of status
		t.Errorf("the first day stands there %d times\n%s", n, w.view())
	}
	w.says("✗", "2027-07-12")
	w.press("ctrl+s")
	w.sees("登记证书最新有效期到期时间：未到再次登记时间")
}

// TestSecondYesIsNoNo: whoever types y once more than the form asks takes no declaration back; a blank does.
func TestSecondYesIsNoNo(t *testing.T) {
	w := onForm(t, register(t), 901)
	given := func() bool { return !w.entry().filing.Consent.Truth.IsZero() }
	w.to("consent_truth")
	w.press("y")
	w.to("consent_truth")
	w.press("y")
	if !given() {
		t.Fatal("a second y takes the declaration back")
	}
	w.says("申请人已作出此项承诺", "space")
	w.press("space")
	if given() {
		t.Error("a blank does not take it back")
	}
}

// TestSomebodyElseFilesMeanwhile: the clerk is told at once, not when the whole form has been filled in, and keeps what is
// typed.
func TestSomebodyElseFilesMeanwhile(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.to("name")
	w.typeText("王小明")
	submit(t, s, applicant{n: 901, name: "王小明", area: "510107"})
	w.hear()
	w.says("✗", "SQ202600000901", "他人提交", "草稿")
	w.sees("已有正在审核流程中的申报 SQ202600000901") // beside the number, from now on
	w.press("ctrl+s")
	w.sees("已有正在审核流程中的申报 SQ202600000901")
	if got := kept(t, s, 901).Form.Get("name"); got != "王小明" {
		t.Errorf("kept %q", got)
	}
}

// TestTypingKeepsWideCharacters: input method, cursor, backspace and paste meet whole characters, and the line never leaves
// its window.
func TestTypingKeepsWideCharacters(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.typeText("司马𬱖娜")
	w.press("backspace", "left", "left", "left")
	w.typeText("小")
	w.press("end")
	w.paste("·古丽\n")
	if got := kept(t, s, 901).Form.Get("name"); got != "小司马𬱖·古丽" && got != "小司马𬱖·古丽 " {
		t.Errorf("kept %q", got)
	}
	w.to("address")
	w.paste(strings.Repeat("四川省成都市武侯区", 15))
	for _, size := range [][2]int{{60, 20}, {40, 12}, {200, 50}, {80, 24}} {
		w.resize(size[0], size[1])
	}
	for _, line := range w.lines() {
		if ansi.StringWidth(line) > 80 {
			t.Errorf("%q", line)
		}
	}
}

func TestSeparatorsOfTheWrongKindAreMapped(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.typeText("买买提•吐尔逊")
	w.press("tab")
	w.says("姓名各部分之间的分隔符已改为“·”：买买提·吐尔逊")
	if got := kept(t, s, 901).Form.Get("name"); got != "买买提·吐尔逊" {
		t.Errorf("kept %q", got)
	}
}

func TestTinyPortraitAndTheSameScanTwice(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.to("portrait")
	w.paste(w.scan("small.jpg", photo(100, 100, 1)))
	w.sees("证件照 100 × 100 像素，至少应为 295 × 413")
	w.press("shift+tab")
	w.sees("✗ 证件照")
	w.press("ctrl+s", "G")
	w.sees("证件照：证件照 100 × 100 像素")
	w.press("esc")
	w.to("credential_scan")
	same := w.scan("same.jpg", photo(900, 640, 2))
	w.paste(same)
	w.paste(same)
	w.says("✗", "“same.jpg”已经在这一项里了，没有重复添加")
	w.to("id_card_front")
	w.paste(same)
	w.sees("与“身份证正反面照片（人像面）”中的文件完全相同")
	if n := len(kept(t, s, 901).Attachments); n != 3 {
		t.Errorf("%d attachments are kept, want 3", n)
	}
}

// TestWhatIsNoAttachmentIsSaid, by name, and the form stays.
func TestWhatIsNoAttachmentIsSaid(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.to("id_card_front")
	w.paste(w.scan("note.pdf", []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF")))
	w.says("✗", "应为 JPEG 或 PNG 图片")
	w.paste(w.scan("text.jpg", []byte("plain text")))
	w.says("✗", "text.jpg")
	w.paste("/there/is/no.jpg")
	w.says("✗", "/there/is/no.jpg")
	w.paste("不是路径")
	w.says("✗", "不是文件路径")
	if n := len(kept(t, s, 901).Attachments); n != 0 {
		t.Errorf("%d attachments are kept", n)
	}
}

// TestScansAreTurnedForEverybody, replaced and removed.
func TestScansAreTurnedForEverybody(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.to("credential_scan")
	w.paste(w.scan("a.jpg", photo(900, 640, 1)))
	w.press("r")
	w.says("社工证书：已旋转")
	w.sees("640 × 900")
	w.press("v")
	if w.top() != "previewScreen" {
		t.Fatalf("on top is %s", w.top())
	}
	w.sees("社工证书", "640 × 900")
	w.misses(w.root.s.words.Say("attachment.reading"))
	w.press("r", "esc")
	w.sees("900 × 640")
	before := kept(t, s, 901).Attachments[0]
	w.scan("b.jpg", photo(800, 640, 2))
	w.press("c", "G", "enter")
	after := kept(t, s, 901).Attachments
	if len(after) != 1 || after[0].SHA256 == before.SHA256 || after[0].File != before.File {
		t.Errorf("%+v", after)
	}
	if _, err := s.Blob(before.SHA256); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("the replaced scan is still there: %v", err)
	}
	w.press("x")
	w.says("社工证书：已移除")
	if n := len(kept(t, s, 901).Attachments); n != 0 {
		t.Errorf("%d attachments are kept", n)
	}
}

// TestPowerGoesInTheMiddleOfAForm: another desk goes on at the key that was pressed last, files included.
func TestPowerGoesInTheMiddleOfAForm(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.typeText("王芳")
	w.press("enter")
	w.types("1380000")
	w.to("credential_scan")
	w.paste(w.scan("a.jpg", photo(900, 640, 1)))
	w.to("mobile")
	w.press("end")
	w.types("1") // and then the power goes: nothing more is heard of this desk
	again := openCounter(t, s, clerk)
	again.sees("[办事窗口 1]", "草稿 1 件", "王*", "首次登记", "保留至 2027-02-14")
	again.golden("counter_draft_zh_80x24")
	again.press("j", "enter")
	e := again.entry()
	if e.field().Key != "mobile" || e.filing.Form.Get("mobile") != "13800001" || e.filing.Form.Get("name") != "王芳" || len(e.filing.Attachments) != 1 {
		t.Errorf("%s, %+v", e.field().Key, e.filing)
	}
	again.types("234")
	if got := kept(t, s, 901).Form.Get("mobile"); got != "13800001234" {
		t.Errorf("kept %s", got)
	}
	again.press("esc")
	again.says("已保存为草稿")
	again.press("D", "y")
	again.says("草稿已删除")
	again.sees("没有草稿")
}

func TestFullDiskIsSaidAndTriedAgain(t *testing.T) {
	s := doubled(register(t))
	w := onForm(t, s, 901)
	fail(&s.saveFiling, errBroken)
	w.typeText("王")
	w.says("✗", "草稿未能保存，请勿离开")
	w.sees("未保存")
	s.saveFiling = s.Store.SaveFiling
	w.typeText("芳")
	w.sees("草稿已保存")
	if got := kept(t, s, 901).Form.Get("name"); got != "王芳" {
		t.Errorf("kept %q", got)
	}
}

// TestFormIsLeftWhenTheDeskIsToEnd: a server that stops waits for the write of a draft, whether it succeeds or not, and for
// no further one.
func TestFormIsLeftWhenTheDeskIsToEnd(t *testing.T) {
	for _, broken := range []bool{false, true} {
		s, full, writes := doubled(register(t)), false, 0
		s.saveFiling = func(account string, f review.Filing, data map[string][]byte, now time.Time) error {
			if writes++; writes > 100 {
				t.Fatal("the draft is written again and again")
			}
			if full {
				return errBroken
			}
			return s.Store.SaveFiling(account, f, data, now)
		}
		w := onForm(t, s, 901)
		w.typeText("王")
		full = broken
		w.typeText("芳")
		w.hold = true
		w.typeText("芳")
		w.send(quitMsg{})
		if w.quit {
			t.Fatalf("broken %v: left while a write is under way", broken)
		}
		before := writes
		w.flush()
		if !w.quit {
			t.Errorf("broken %v: the desk is still open", broken)
		}
		if most := 2; writes > before+most {
			t.Errorf("broken %v: %d writes after the wish to end, want %d at most", broken, writes-before, most)
		}
	}
}

// TestLineDropsWhileADraftIsWritten: what was typed during the write that the line did not outlive is kept as well.
func TestLineDropsWhileADraftIsWritten(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.hold = true
	w.typeText("王")
	w.typeText("芳")
	w.drop()
	for _, late := range w.held { // nobody is there any more to hear of them
		if err := carryOut(late); err != nil {
			t.Fatal(err)
		}
	}
	if got := kept(t, s, 901).Form.Get("name"); got != "王芳" {
		t.Errorf("kept %q", got)
	}
}

// TestLateWriteOfADraftBringsNothingBack: a write of the draft that comes after the form was submitted neither spoils what
// is submitted nor leaves a draft behind.
func TestLateWriteOfADraftBringsNothingBack(t *testing.T) {
	s := register(t)
	w := openCounter(t, s, clerk)
	w.scanAll(901)
	w.scanned(identity(901))
	w.press("1")
	w.firstForm("王芳", "wangfang ")
	w.attachFirst()
	w.types("n")
	w.press("space", "space")
	w.hold = true
	w.press("shift+tab") // the draft notes where the cursor stands
	w.press("ctrl+s", "y")
	if len(w.held) < 2 {
		t.Fatalf("%d commands are under way, want the write of the draft and the submission", len(w.held))
	}
	slices.Reverse(w.held)
	w.flush()
	w.says("已受理，编号 CK202611160001")
	if drafts, err := s.Filings(clerk, noon); err != nil || len(drafts) != 0 {
		t.Errorf("%v: %d drafts are left", err, len(drafts))
	}
}

// TestFiledMeanwhile: somebody else took the person in; the form says so and stays.
func TestFiledMeanwhile(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.scanAll(901)
	w.firstForm("王芳", "")
	w.attachFirst()
	w.press("n", "space", "space")
	other := applicant{n: 901, name: "王芳", area: "510107"}
	submit(t, s, other)
	w.press("ctrl+s", "y")
	w.says("✗", "已有正在审核流程中的申报 "+other.reference())
	if w.entry().filing.Form.Get("name") != "王芳" || len(kept(t, s, 901).Attachments) != 5 {
		t.Error("what was typed is lost")
	}
	w.press("esc")
	w.sees("正在审核："+other.reference(), "✗ 1")
}

func TestClerkOfAnotherArea(t *testing.T) {
	s := withPeople(t)
	if err := s.AddAccount(admin, review.Account{Name: "bai", Role: review.Clerk, Areas: []string{"510106"}, Office: "金牛区政务服务中心"}, noon); err != nil {
		t.Fatal(err)
	}
	w := openCounter(t, s, "bai")
	w.scanned(identity(1)) // 武侯区 has her in review
	w.sees("（登记册中没有姓名）", "正在审核：SQ202600000001", "✗ 3 申请记录", "有 1 件申请，不在您的可见范围")
	w.misses("王")
	w.press("esc")
	w.scanned(identity(901))
	w.press("1")
	w.scanAll(901)
	w.firstForm("王芳", "")
	w.attachFirst()
	w.press("n", "space", "space", "ctrl+s")
	w.sees("送武侯区审核") // files for any area
	w.press("y")
	w.says("已受理")
	a, err := s.Application(w.root.s.by, "CK202611160001")
	if err != nil || a.Area != "510107" || a.EnteredBy != "bai" {
		t.Errorf("%v: %+v", err, a)
	}
}

func TestNumbersThatAreNone(t *testing.T) {
	w := openCounter(t, register(t), clerk)
	for number, says := range map[string]string{
		"": "请先输入身份证号", "5101071991": "18", "510107199104028001": "校验", "510107910402800": "15 位",
	} {
		w.press("esc")
		w.types(number)
		w.press("enter")
		w.says("✗", says)
		w.sees(number)
	}
	w.press("esc")
	w.paste(" 510107 19910402 800x\r\n")
	w.press("enter")
	w.sees("510***********800X")
}

func TestDeskThatIsServedReadsNoFiles(t *testing.T) {
	w := openCounter(t, register(t), clerk, func(o *Options) { o.Scans = Scans{} })
	w.scanned(identity(901))
	w.press("1")
	w.to("id_card_front")
	w.press("enter")
	w.says("✗", "远程连接的审核台不能读取文件")
	w.paste(w.scan("a.jpg", photo(900, 640, 1)))
	w.says("✗", "远程连接的审核台不能读取文件")
}

// sentFiles are uploads in memory.
type sentFiles map[string][]byte

func (s sentFiles) List() ([]Upload, error) {
	var list []Upload
	for name, data := range s {
		list = append(list, Upload{Name: name, Size: int64(len(data)), At: noon})
	}
	return list, nil
}

func (s sentFiles) Read(name string) ([]byte, error) {
	data, ok := s[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return data, nil
}

func (s sentFiles) Remove(name string) error {
	delete(s, name)
	return nil
}

// TestDeskThatIsServedTakesWhatWasSent: the choice of files shows what the account has sent and nothing else, and a file
// that the draft has kept is removed from there.
func TestDeskThatIsServedTakesWhatWasSent(t *testing.T) {
	s, sent := register(t), sentFiles{"notes.txt": []byte("no attachment")}
	w := openCounter(t, s, clerk, func(o *Options) { o.Scans = Scans{Uploads: sent} })
	w.scanned(identity(901))
	w.press("1")
	w.to("id_card_front")
	w.press("enter")
	w.sees("scans/", "还没有上传的扫描件", "put *.jpg scans/")
	w.golden("files_uploads_zh_80x24")
	w.press("backspace")
	w.says("✗", "这里只有您用 sftp 传到 scans/ 的文件")
	w.paste("/etc/passwd")
	w.says("✗", "这是您电脑上的路径")
	sent["front.jpg"] = photo(900, 640, 1)
	w.press("R")
	w.sees("[ ] front.jpg")
	w.misses("notes.txt")
	w.press("enter")
	w.says("✓", "已收 1 个文件")
	if n := len(kept(t, s, 901).Attachments); n != 1 || sent["front.jpg"] != nil {
		t.Errorf("%d attachments are kept; the upload is there: %t", n, sent["front.jpg"] != nil)
	}
	if read, err := s.Preferences(clerk); err != nil || read.Scans != "" {
		t.Errorf("%v: remembered as the scanner's folder: %q", err, read.Scans)
	}
	w.to("portrait")
	w.paste("/home/he/portrait.jpg")
	w.says("✗", "这是您电脑上的路径")
}

// TestUploadStaysWhileTheDraftIsNotKept: a full disk loses no scan.
func TestUploadStaysWhileTheDraftIsNotKept(t *testing.T) {
	s, sent := doubled(register(t)), sentFiles{"front.jpg": photo(900, 640, 1)}
	w := openCounter(t, s.Store, clerk, func(o *Options) { o.Store, o.Scans = s, Scans{Uploads: sent} })
	w.scanned(identity(901))
	w.press("1")
	w.to("id_card_front")
	fail(&s.saveFiling, errBroken)
	w.press("enter", "enter")
	w.says("✗", "草稿未能保存")
	if sent["front.jpg"] == nil {
		t.Fatal("the upload is gone")
	}
	s.saveFiling = s.Store.SaveFiling
	w.to("mobile")
	w.types("1")
	if sent["front.jpg"] != nil || len(kept(t, s, 901).Attachments) != 1 {
		t.Error("the upload is still there")
	}
}

func TestFormInSmallAndEnglishWindows(t *testing.T) {
	w := onForm(t, register(t), 901)
	w.resize(60, 20)
	w.golden("entry_start_zh_60x20")
	w.to("ethnicity")
	w.types("z")
	w.golden("entry_options_zh_60x20")
	e := onForm(t, register(t), 901, english)
	e.to("ethnicity")
	e.types("zh")
	e.golden("entry_options_en_80x24")
}

// TestDroppedFolderIsNoFile: and a file of no known kind is not told to be an "unknown".
func TestDroppedFolderIsNoFile(t *testing.T) {
	w := onForm(t, register(t), 901)
	w.to("portrait")
	w.paste(w.scans)
	w.says("✗", w.scans+" 是文件夹")
	w.paste(w.scan("text.jpg", []byte("hello")))
	w.says("✗ “text.jpg”不是 JPEG、PNG 或 PDF")
	w.misses("unknown")
}

// TestDroppedFileTakesThePlaceOfAnother: where the slot holds one, and it is said.
func TestDroppedFileTakesThePlaceOfAnother(t *testing.T) {
	w := onForm(t, register(t), 901)
	w.to("portrait")
	w.paste(w.scan("one.jpg", photo(500, 700, 1)))
	w.says("证件照：已收 1 个文件")
	w.to("portrait")
	w.paste(w.scan("two.jpg", photo(500, 700, 2)))
	w.says("证件照：已换成新的文件")
	if n := len(w.entry().filesOf("portrait")); n != 1 {
		t.Errorf("%d files", n)
	}
}

func TestDroppedPaths(t *testing.T) {
	for text, want := range map[string][]string{
		"/a/b.jpg":                            {"/a/b.jpg"},
		"'/a/my scan.jpg'":                    {"/a/my scan.jpg"},
		`"/a/my scan.jpg" /b.png`:             {"/a/my scan.jpg", "/b.png"},
		`/a/my\ scan.jpg /b\'s.png`:           {"/a/my scan.jpg", "/b's.png"},
		"file:///a/my%20scan.jpg":             {"/a/my scan.jpg"},
		"file:///a.jpg\r\nfile:///b.jpg\r\n":  {"/a.jpg", "/b.jpg"},
		"/a.jpg\n/b.jpg":                      {"/a.jpg", "/b.jpg"},
		"/a.jpg /b.jpg":                       {"/a.jpg", "/b.jpg"},
		"/a/my scan.jpg":                      {"/a/my scan.jpg"},
		`C:\scans\a.jpg`:                      {`C:\scans\a.jpg`},
		"file:///C:/scans/a.jpg":              {"C:/scans/a.jpg"},
		"file://localhost/扫描/王.jpg":           {"/扫描/王.jpg"},
		"510107199104028001":                  nil,
		"file:///%zz":                         nil,
		"/a.jpg and more words 'unterminated": {"/a.jpg and more words 'unterminated"},
		"":                                    nil,
	} {
		if strings.Contains(text, "unterminated") {
			want = nil // a quote makes words, and words are no paths
		}
		if diff := cmp.Diff(want, droppedPaths(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func FuzzDroppedPaths(f *testing.F) {
	for _, seed := range []string{"/a", "'/a b' \"/c\"", `/a\ b`, "file:///a%20b", "C:\\a", "~/a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, path := range droppedPaths(text) {
			if !isPath(path) || strings.ContainsRune(path, 0) {
				t.Fatalf("%q gives %q", text, path)
			}
		}
	})
}

// TestScansListsTheLatestFirst, and nothing hidden or of another kind.
func TestScansListsTheLatestFirst(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"old.jpg", "new.PDF", ".hidden.jpg", "letter.doc"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		at := noon.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	entries, err := Scans{Local: true}.list(dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.name)
	}
	if diff := cmp.Diff([]string{"folder", "new.PDF", "old.jpg"}, names); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
