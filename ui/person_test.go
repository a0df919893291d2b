package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
	"rongzheng/store"
)

// TestPersonsPageOffersTheDraft: what was begun is said with its kind, when, and until when it is kept; one key goes on,
// also after it has grown, and nothing is said of it any more once it has been dropped.
func TestPersonsPageOffersTheDraft(t *testing.T) {
	s := register(t)
	w := openCounter(t, s, clerk)
	w.scanned(identity(901))
	w.misses("草稿")
	w.press("e")
	w.says("✗", "没有这个人的草稿")
	w.press("1")
	w.typeText("王芳")
	w.press("enter", "esc", "esc")
	w.sees("[办事窗口 1]")
	w.scanned(identity(901))
	w.sees("草稿：首次登记  11-16 12:00  保留至 2027-02-14  按 e 续填", "e 续填草稿")
	w.press("esc")
	w.scanned(identity(902))
	w.misses("草稿") // that of somebody else
	w.press("esc")
	w.scanned(identity(901))
	w.sees("草稿：首次登记")
	w.golden("person_draft_zh_80x24")
	w.press("e")
	if e := w.entry(); e.filing.Form.Get("name") != "王芳" || e.field().Key != "mobile" {
		t.Errorf("at %s with %+v", e.field().Key, e.filing.Form)
	}
	w.press("esc", "esc", "j", "D", "y")
	w.says("草稿已删除")
	w.scanned(identity(901))
	w.misses("草稿")
}

// TestSeveralDraftsOfAPerson: the key asks which.
func TestSeveralDraftsOfAPerson(t *testing.T) {
	w := openCounter(t, register(t), clerk)
	w.scanned(identity(901))
	w.press("1", "esc", "2", "esc")
	w.sees("草稿：再次登记", "草稿：首次登记")
	w.press("e")
	w.sees("续填哪一份草稿")
	w.press("j", "enter")
	if e := w.entry(); e.filing.Kind != review.First {
		t.Errorf("goes on with %s", e.filing.Kind)
	}
}

// TestPaperFormOfAnApplicationMadeAgain: the form is filled in with the draft that follows a refusal, all of it, and the
// application that its answers come from is recorded.
func TestPaperFormOfAnApplicationMadeAgain(t *testing.T) {
	s := withPeople(t)
	w := openCounter(t, s, clerk)
	w.decides(wuhou, "SQ202600000001", refuses(s, review.Reason{Code: "Q03", Target: "application_form"}))
	w.scanned(identity(1))
	w.press("3", "enter", "e")
	w.sees("承接 SQ202600000001")
	want := w.entry().sheet()
	w.press("esc", "esc", "esc", "i")
	kind, form, of := w.sheetOfGuide()
	if kind != review.First || of != "SQ202600000001" || len(form) < 15 {
		t.Errorf("%s of %q: %v", kind, of, form)
	}
	if diff := cmp.Diff(want.Form, form); diff != "" {
		t.Errorf("the form on the person's page (-want +got):\n%s", diff)
	}
}

// TestNoToMailingStaysAnswered: a draft that is resumed does not ask again, and what is submitted holds no yes.
func TestNoToMailingStaysAnswered(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.to("mail_paper")
	if !w.entry().open(w.entry().field()) {
		t.Error("a question that nobody has answered counts as answered")
	}
	w.press("n", "esc")
	w.sees("草稿：首次登记")
	w.press("e")
	w.to("mail_paper")
	e := w.entry()
	if e.open(e.field()) {
		t.Error("the answer is asked for again")
	}
	sub := e.filing.Submission("X", s.Policy(), noon)
	if len(sub.Form["mail_paper"]) != 0 {
		t.Errorf("submitted: %q", sub.Form["mail_paper"])
	}
	w.press("space")
	if sub := w.entry().filing.Submission("X", s.Policy(), noon); !sub.Form.Flag("mail_paper") {
		t.Error("a blank does not change the answer to yes")
	}
}

// TestUsedScansStayMarked: also when the draft is opened again at another desk, and no longer once the file is taken away.
func TestUsedScansStayMarked(t *testing.T) {
	s := register(t)
	w := openCounter(t, s, clerk)
	w.scan("a.jpg", photo(900, 640, 1))
	w.scan("b.jpg", photo(900, 640, 2))
	w.scanned(identity(901))
	w.press("1")
	w.to("credential_scan")
	w.press("space", "enter", "esc")
	again := openCounter(t, s, clerk, func(o *Options) { o.Scans = Scans{Dir: w.scans, Local: true} })
	again.scanned(identity(901))
	again.press("e")
	again.to("credential_scan")
	again.press("space")
	again.sees("a.jpg", "已用")
	if line := again.pointed(); !strings.Contains(line, "b.jpg") || strings.Contains(line, "已用") {
		t.Errorf("the cursor is at %q", line)
	}
	again.press("esc", "x")
	if len(again.entry().filing.Attachments) != 0 {
		t.Fatalf("the file is still there\n%s", again.view())
	}
	again.press("space")
	again.sees("a.jpg")
	again.misses("已用")
}

// TestFolderOfScansIsRemembered per account, across starts: unless the start names another one, or the folder is gone.
func TestFolderOfScansIsRemembered(t *testing.T) {
	s, home, other := register(t), t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	picks := func(scans Scans) *counterDesk {
		w := openCounter(t, s, clerk, func(o *Options) { o.Scans = scans })
		w.scanned(identity(901))
		w.press("1")
		w.to("credential_scan")
		w.press("space")
		return w
	}
	folder := filepath.Join(home, "scans")
	for _, dir := range []string{folder, other} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(dir)+".jpg"), photo(900, 640, len(dir)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := picks(Scans{Local: true})
	w.sees("scans/", "enter 打开")
	w.press("enter")
	w.sees("scans.jpg", "enter 选取")
	w.press("enter")
	w.says("✓", "社工证书：已收 1 个文件")
	picks(Scans{Local: true}).sees("scans.jpg")
	picks(Scans{Local: true, Dir: other}).sees(filepath.Base(other) + ".jpg")
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	w = picks(Scans{Local: true})
	w.sees("没有图片或 PDF")
	w.misses("✗")
}

// TestFourthWayLeadsOn: it opens for everybody, says what the register has, and which way is open.
func TestFourthWayLeadsOn(t *testing.T) {
	s := withMail(t)
	w := openCounter(t, s, clerk)
	w.scanned(identity(901))
	w.press("4")
	w.sees("登记册中没有此人的登记证书", "首次登记可以办理（按 1）", "再次登记可以办理（按 2）")
	w.press("1")
	w.sees("首次登记", "已填 1/26")
	w.press("esc", "esc", "esc")

	revoke(t, s, "CD-2026-000001")
	w.scanned(identity(1))
	w.sees("证书 CD-2026-000001 已于 2026-11-16 注销")
	w.press("4")
	w.sees("证书 CD-2026-000001 已于 2026-11-16 注销：出租、出借或转让", "首次登记可以办理（按 1）")
	w.press("1")
	w.sees("首次登记", "已填")
}

// revoke strikes a certificate off: one proposes, another confirms.
func revoke(t *testing.T, s *store.Store, number string) {
	t.Helper()
	what := review.Proposal{Action: review.Revoke, Reason: "lent"}
	c, err := s.Propose(admin, number, 0, what, noon)
	if err == nil {
		_, err = s.Confirm(third, number, c.Change, noon)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestVoidNumberNamesWhoseItWas: the number is void and still tells of whom it was.
func TestVoidNumberNamesWhoseItWas(t *testing.T) {
	s := withPeople(t)
	for _, account := range []string{wuhou, second, third} {
		decideAs(t, s, account, "SQ202600000002", approves(s))
	}
	name := stateOf(t, s, "SQ202600000002").Form.Get("name")
	decideAs(t, s, third, "SQ202600000002", func(a *review.Application, by review.Actor, f review.Facts, now time.Time) (review.Event, error) {
		return a.TakeBack(by, s.Policy(), f, "", now)
	})
	d := open(t, s, third)
	d.press("6")
	d.sees("[证书 1]", "CD-2026-000001 "+review.MaskName(name), "已作废")
}

// TestCompletionAsksForJustItsFields: what the record has is shown and needs nothing, a portrait included; look-up, person's
// page and form say the same.
func TestCompletionAsksForJustItsFields(t *testing.T) {
	s := register(t)
	legacy(t, s, 8, "2027-10-01", "honours")
	w := openCounter(t, s, clerk)
	w.scanned(identity(8))
	w.sees("信息待完善：本人或主要参与的项目所获荣誉，完善后方")
	w.press("4")
	w.sees("缺少：本人或主要参与的项目所获荣誉；完善后")
	w.press("e")
	w.sees("登记册中已有，不用再交")
	w.golden("entry_completion_zh_80x24")
	var open []review.Key
	e := w.entry()
	for _, f := range e.fields {
		if e.open(f) {
			open = append(open, f.Key)
		}
	}
	if want := []review.Key{"honours", "consent_privacy", "consent_truth"}; !slices.Equal(open, want) {
		t.Errorf("the form asks for %v, want %v", open, want)
	}
	w.types("w")
	w.press("enter", "space", "space", "ctrl+s", "y")
	w.says("已受理，编号 CK202611160001")
	if n := countEvents(t, s, review.Reveal); n != 1 {
		t.Errorf("%d reveals recorded, want 1: the form shows the record", n)
	}
	for _, account := range []string{wuhou, second, third} {
		w.decides(account, "CK202611160001", approves(s))
	}
	c, err := s.Certificate(w.root.s.by, "CD-2020-000008")
	if err != nil || len(c.Missing) > 0 || c.Current().Portrait == "" || c.Current().Form.Get("fields") == "" {
		t.Errorf("%v: %+v", err, c)
	}
}

// TestWayUnderTheCursorIsInSight: in a low window too, whatever there is to say above it.
func TestWayUnderTheCursorIsInSight(t *testing.T) {
	w := openCounter(t, withMail(t), clerk)
	w.resize(60, 12)
	w.scanned(identity(900))
	w.press("k", "k", "k", "j", "j", "j")
	w.sees("▸ ✓  4  电子证书查询", "请办理首次登记或再次登记")
	w.press("k", "k", "k")
	w.sees("▸ ✓  1  首次登记")
}
