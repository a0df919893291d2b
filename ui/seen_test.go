package ui

import (
	"bytes"
	"errors"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/muesli/termenv"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui/graphics"
)

// toSee is the store with the people under the policy that asks what has been seen before an approval.
func toSee(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(peopleFolder(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func nowIs(t *testing.T, s *store.Store, account, reference string) review.Application {
	t.Helper()
	by, err := s.Account(account)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Application(by, reference)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestApprovedInFourKeys: from the queue, with everything that must be seen shown, at the floor and in a wide window.
func TestApprovedInFourKeys(t *testing.T) {
	for _, width := range []int{80, 140} {
		s := toSee(t)
		d := open(t, s, wuhou)
		d.resize(width, 30)
		keys := []string{"o", "o", "o", "a"}
		d.press(keys...)
		if a := nowIs(t, s, second, "SQ202600000001"); a.Level != 2 {
			t.Errorf("width %d: at level %d after %v\n%s", width, a.Level, keys, d.view())
		}
		d.says("SQ202600000001")
		if got := countEvents(t, s, review.ViewFile); got != 4 {
			t.Errorf("width %d: %d looks recorded, want 4", width, got)
		}
		d.selects("SQ202600000002")
	}
}

// TestRenewalInFourKeys: an unremarkable renewal, at each of its levels, from the queue as it opens until the last level issues
// its certificate; d.keys counts every key that was pressed.
func TestRenewalInFourKeys(t *testing.T) {
	s := toSee(t)
	p := applicant{n: 9, name: "张䶮", area: "510106", days: 30, form: map[review.Key]string{
		"exam_year": "2021", "first_registered_on": "2023-11-01", "certificate_valid_until": "2026-10-31",
	}}
	sub, files := p.submission()
	sub.Kind = review.Renewal
	for _, slot := range []review.Key{"previous_certificate", "education_hours_proof"} {
		data := photo(320, 240, len(slot))
		sub.Attachments = append(sub.Attachments, review.Attachment{
			Slot: slot, File: string(slot) + ".jpg", SHA256: hash(data), Size: int64(len(data)), Type: review.TypeJPEG, Width: 320, Height: 240,
		})
		files[hash(data)] = data
	}
	if _, err := s.Submit(portal, sub, files, noon); err != nil {
		t.Fatal(err)
	}
	for level, account := range []string{jinniu, second, third} {
		d := open(t, s, account)
		d.selects(p.reference())
		d.press("o", "o", "o", "a")
		if d.keys > 4 {
			t.Errorf("%s pressed %d keys", account, d.keys)
		}
		a := nowIs(t, s, second, p.reference())
		if len(a.Decisions) != level+1 || a.Decisions[level].By != account || len(a.Decisions[level].Reasons) > 0 {
			t.Fatalf("%s has not approved\n%s", account, d.view())
		}
		by, err := s.Account(account)
		if err != nil {
			t.Fatal(err)
		}
		seen, err := s.Seen(by, p.reference())
		if err != nil || len(seen) != 4 { // both sides of the card, the credential, the form
			t.Errorf("%s has seen %d files, %v", account, len(seen), err)
		}
	}
	if a := nowIs(t, s, second, p.reference()); a.State != review.Approved || a.Certificate == "" {
		t.Errorf("it is %s with certificate %q", a.State, a.Certificate)
	}
}

// TestUnseenIsNamed: what is missing stands in the row, in the case and in the refusal, which names the key to it.
func TestUnseenIsNamed(t *testing.T) {
	s := toSee(t)
	d := open(t, s, wuhou)
	d.sees("未看", "○4")
	d.press("a")
	d.says("尚未查看：身份证正反面照片", "社工证书", "按 s 查看下一份")
	d.press("s", "esc")
	d.sees("○2")
	d.golden("seen_zh_80x24")
	d.press("a")
	d.says("尚未查看：社工证书", "申请表")
	d.press("s")
	d.sees("credential_scan.jpg")
	d.press("s")
	d.sees("application_form.jpg")
	d.press("s")
	d.says("须查看的材料都已看过")
	d.press("esc", "enter", "G")
	d.sees("✓ 已看")
	d.press("a")
	if a := nowIs(t, s, second, "SQ202600000001"); a.Level != 2 {
		t.Errorf("at level %d", a.Level)
	}
}

// TestTypedAhead: an approval that is typed before the picture has come is refused.
func TestTypedAhead(t *testing.T) {
	s := toSee(t)
	d := open(t, s, wuhou)
	d.press("o", "o")
	d.hold = true
	d.press("o", "a")
	d.says("尚未查看")
	d.flush()
	d.press("a")
	if a := nowIs(t, s, second, "SQ202600000001"); a.Level != 2 {
		t.Errorf("at level %d", a.Level)
	}
}

// TestWhatCannotBeShownHasNotBeenSeen: a damaged picture does not count.
func TestWhatCannotBeShownHasNotBeenSeen(t *testing.T) {
	s := toSee(t)
	d := open(t, withoutEnds(s), wuhou)
	d.press("o", "o", "o")
	d.sees("图片损坏，无法显示")
	d.press("a")
	d.says("尚未查看")
	if got := countEvents(t, s, review.ViewFile); got != 0 {
		t.Errorf("%d looks recorded at what nobody saw", got)
	}
}

// TestProofBesideTheFields: in a wide window the cursor goes on in the fields, and one key shows the proof of each.
func TestProofBesideTheFields(t *testing.T) {
	d := open(t, toSee(t), wuhou)
	d.resize(140, 40)
	d.press("enter", "o")
	d.sees("id_card_front.jpg", "姓名")
	for !strings.Contains(d.pointed(), "水平证书管理号") {
		d.press("j")
	}
	d.sees("id_card_front.jpg")
	d.press("o")
	d.sees("credential_scan.jpg", "2 / 4")
	d.press("o")
	d.sees("application_form.jpg", "3 / 4")
	d.press("]")
	d.sees("portrait.jpg")
	d.press("]")
	d.says("没有更多材料")
	d.press("[", "[")
	d.sees("credential_scan.jpg")
}

// TestSmallWindow: a window that becomes 10 × 3 while a picture is drawn shows no garbage.
func TestSmallWindow(t *testing.T) {
	d := open(t, toSee(t), wuhou, func(o *Options) { o.Renderer = renderer(termenv.TrueColor) })
	d.hold = true
	d.press("o")
	d.resize(10, 3)
	d.flush()
	d.resize(10, 3)
	d.sees("窗口太小")
	d.press("+", "]", "[", "r", "0")
	if got := countEvents(t, d.root.s.store.(*store.Store), review.ViewFile); got != 0 {
		t.Errorf("%d looks recorded in a window that shows nothing", got)
	}
	d.press("]")
	d.resize(80, 24)
	d.sees("credential_scan.jpg")
	if got := countEvents(t, d.root.s.store.(*store.Store), review.ViewFile); got != 1 {
		t.Errorf("%d looks recorded, want the one at what is in sight now", got)
	}
	d.press("[")
	d.sees("id_card_front.jpg")
}

func TestCardOfFacts(t *testing.T) {
	s := toSee(t)
	d := open(t, s, wuhou, func(o *Options) { o.Images = "none" })
	d.press("o", "o")
	d.sees("SHA-256", "JPEG", "320 × 240", "credential_scan.jpg")
	if got := countEvents(t, s, review.ViewFile); got != 3 {
		t.Errorf("%d looks recorded, want 3", got)
	}
}

// TestKittySendsThePicture: what the terminal needs goes out beside the frames, and the frame holds its places.
func TestKittySendsThePicture(t *testing.T) {
	var out bytes.Buffer
	d := open(t, toSee(t), wuhou, func(o *Options) { o.Images, o.Output = "kitty", &out })
	d.press("o")
	if !strings.Contains(out.String(), "\x1b_G") {
		t.Error("no picture was sent")
	}
	if !strings.Contains(d.root.View(), "\U0010eeee") {
		t.Error("no placeholder in the frame")
	}
	if err := d.root.s.pictures.close(); err != nil || !strings.Contains(out.String(), "a=d") {
		t.Errorf("pictures stay in the terminal: %v", err)
	}
}

func TestSystemViewer(t *testing.T) {
	s := toSee(t)
	var path string
	var data []byte
	d := open(t, s, wuhou, func(o *Options) {
		o.OpenFile = func(name string) (err error) {
			path = name
			data, err = os.ReadFile(name)
			return err
		}
	})
	d.press("O")
	d.says("已交给系统程序打开")
	if hash(data)[:12]+".jpg" != filepath.Base(path) {
		t.Errorf("got %d bytes in %s", len(data), path)
	}
	if got := countEvents(t, s, review.ViewFile); got != 1 {
		t.Errorf("%d looks recorded, want 1", got)
	}
	d.sees("○3")
	if err := d.root.s.pictures.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	d = open(t, s, wuhou)
	d.press("O")
	d.says("只有本机的审核台")
}

// TestLyingTerminal: a terminal that says nothing is waited for no longer than the deadline, and gets half blocks.
func TestLyingTerminal(t *testing.T) {
	asked := 0
	p, err := newPictures(&Options{Environ: []string{"TERM=xterm-kitty"}, Ask: func(_ string, within time.Duration) ([]byte, error) {
		if asked++; within > detection {
			t.Errorf("asked for %s", within)
		}
		return nil, nil
	}})
	if err != nil || p.way != graphics.HalfBlocks || asked != 1 {
		t.Errorf("got %v, %v after %d questions", p.way, err, asked)
	}
	if _, err := newPictures(&Options{Images: "crayon"}); err == nil || !strings.Contains(NewWords("en").Explain(err), "crayon") {
		t.Errorf("got %v, want a WayError", err)
	}
}

func TestLeaves(t *testing.T) {
	a := &review.Application{Attachments: []review.Attachment{
		{Slot: "application_form", Type: review.TypePDF, Pages: 2}, {Slot: "id_card_back", Type: review.TypeJPEG},
		{Slot: "credential_scan", Type: review.TypePNG}, {Slot: "credential_scan", Type: review.TypePNG}, {Slot: "id_card_front", Type: review.TypeJPEG},
		{Slot: "portrait", Type: review.TypePNG},
	}}
	var got []string
	for _, l := range leaves(a) {
		text := strings.Repeat("p", l.page)
		for _, i := range l.attachments {
			text += string(rune('0' + i))
		}
		got = append(got, text)
	}
	if diff := cmp.Diff([]string{"41", "2", "3", "p0", "pp0", "5"}, got); diff != "" {
		t.Errorf("leaves (-want +got):\n%s", diff)
	}
}

// TestBoxes: the pictures of a leaf never need more room than there is.
func TestBoxes(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {10, 1}, {10, 3}, {80, 22}, {200, 50}, {40, 60}} {
		for n := 1; n <= 3; n++ {
			boxes := boxesFor(n, size.X, size.Y, graphics.CellSize{})
			if len(boxes) != n || slices.ContainsFunc(boxes, func(b graphics.Box) bool { return b.Cols < 1 || b.Rows < 1 || b.Cols > size.X || b.Rows > size.Y }) {
				t.Errorf("%d in %v: %v", n, size, boxes)
			}
		}
	}
}

// TestManyPages: a PDF whose pages nobody could count has one leaf, and the head says so.
func TestManyPages(t *testing.T) {
	d := open(t, toSee(t), wuhou)
	a := *d.root.stack[0].(*queueScreen).desk.file.application
	a.Attachments = []review.Attachment{{Slot: "application_form", File: "form.pdf", Type: review.TypePDF, SHA256: strings.Repeat("0", 64)}}
	p := newPicture(d.root.stack[0].(*queueScreen).desk, &a, 0, item{})
	p.SetSize(160, 30)
	if got := strings.Join(p.head(), " "); !strings.Contains(got, "页数过多") || len(p.leaves) != 1 {
		t.Errorf("%d leaves, head %q", len(p.leaves), got)
	}
	a.Attachments[0].Pages = 10_000
	if p = newPicture(p.desk, &a, 0, item{}); len(p.leaves) != 10_000 {
		t.Errorf("got %d leaves", len(p.leaves))
	}
}

// TestLooksAreOneLineOfTheTimeline: looks that follow each other are counted on one line, and a decision between them
// parts them.
func TestLooksAreOneLineOfTheTimeline(t *testing.T) {
	s := withPeople(t)
	d := open(t, s, wuhou)
	d.press("o", "o", "o", "o", "esc", "h")
	d.typeText("等待")
	d.press("enter", "5", "o", "esc")
	d.resize(80, 80)
	d.press("R", "enter", "G")
	var lines []string
	for _, line := range d.lines() {
		if strings.Contains(line, "查看材料 ×") {
			lines = append(lines, strings.Join(strings.Fields(line), " "))
		}
	}
	if len(lines) != 2 || !strings.Contains(lines[0], "×2 ") || !strings.Contains(lines[1], "×5 ") {
		t.Errorf("got %d lines %q, want one for the look after the hold and one for those before\n%s", len(lines), lines, d.view())
	}
	if n := countEvents(t, s, review.ViewFile); n != 7 {
		t.Errorf("%d looks in the log, want 7", n)
	}
}
