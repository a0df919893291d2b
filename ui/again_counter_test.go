package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// TestWhatAClerkHadOpenOpensAgain: after a line is cut at once, the form is open at the field that the cursor stood on, with
// what was half typed.
func TestWhatAClerkHadOpenOpensAgain(t *testing.T) {
	begins := func(w *counterDesk) { w.scanned(identity(901)); w.press("1") }
	for _, tt := range []struct {
		name  string
		leave func(w *counterDesk)
		top   string
		sees  []string
		says  string
	}{
		{"the page of a person", func(w *counterDesk) {
			w.scanned(identity(901))
		}, "personScreen", []string{"1  首次登记"}, "已回到上次离开的地方"},
		{"an answer half typed", func(w *counterDesk) {
			begins(w)
			w.typeText("王")
		}, "entryScreen", []string{"姓名 王"}, "的申请"},
		{"a later field", func(w *counterDesk) {
			begins(w)
			w.typeText("王芳")
			w.press("enter")
			w.typeText("138")
		}, "entryScreen", []string{"手机号 138", "首次登记"}, "的申请"},
		{"an option half typed", func(w *counterDesk) {
			begins(w)
			w.to("ethnicity")
			w.types("yz")
		}, "entryScreen", []string{"> yz", "彝族"}, "的申请"},
		{"from the list of drafts", func(w *counterDesk) {
			begins(w)
			w.press("esc", "esc", "j", "enter")
			w.to("ethnicity")
			w.types("h")
		}, "entryScreen", []string{"> h"}, "的申请"},
		{"over a queue", func(w *counterDesk) {
			w.tabTo("证书")
			w.press(":")
			w.typeText("certificate " + identity(901))
			w.press("enter", "1")
			w.typeText("王")
		}, "entryScreen", []string{"姓名 王"}, "的申请"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := register(t)
			w := openCounter(t, s, clerk)
			tt.leave(w)
			tab, field := w.root.stack[0].(*queueScreen).hall.shown, ""
			if e, ok := w.root.top().(*entryScreen); ok {
				field = string(e.field().Key)
			}
			w.drop()
			again := openCounter(t, s, clerk)
			if got := again.top(); got != tt.top {
				t.Fatalf("on top is %s, want %s\n%s", got, tt.top, again.view())
			}
			again.sees(tt.sees...)
			again.says(tt.says)
			if e, ok := again.root.top().(*entryScreen); ok && string(e.field().Key) != field {
				t.Errorf("at %s, want %s", e.field().Key, field)
			}
			if got := again.root.stack[0].(*queueScreen).hall.shown; got != tab {
				t.Errorf("the tab is %q, want %q", got, tab)
			}
			for len(again.root.stack) > 1 {
				again.press("esc")
			}
			again.drop()
			if got := openCounter(t, s, clerk).top(); got != "queueScreen" {
				t.Errorf("%s is opened again although it was left", got)
			}
		})
	}
}

// TestWhatStoodOverAFormOpensAgain: the calendar at its day, the choice of files at its folder, cursor and marks,
// although the names of scans are not kept.
func TestWhatStoodOverAFormOpensAgain(t *testing.T) {
	scans := t.TempDir()
	folder := filepath.Join(scans, "今天")
	scanned(t, scans, "other.jpg", photo(900, 640, 20), 1)
	for n, name := range []string{"王芳 1.jpg", "王芳 2.jpg", "王芳 3.jpg"} {
		scanned(t, folder, name, photo(900, 640, 30+n), n+1)
	}
	chooses := func(w *counterDesk) {
		w.to("credential_scan")
		w.press("enter", "g", "enter") // the folder
		w.sees("/今天", "王芳 3.jpg")
		w.press("g", "j", "space")
	}
	for _, tt := range []struct {
		name      string
		leave     func(w *counterDesk)
		meanwhile func(t *testing.T)
		sees      []string
		goesOn    func(w *counterDesk)
	}{
		{"the calendar", func(w *counterDesk) {
			w.to("first_registered_on")
			w.press("space", "pgup", "up", "left")
		}, nil, []string{"2026-10", "[ 8]"}, func(w *counterDesk) {
			w.press("enter")
			w.sees("首次登记时间 2026-10-08")
		}},
		{"the choice of files", chooses, nil,
			[]string{"/今天", "▸ [ ] 王芳 3.jpg", "[1] 王芳 2.jpg"}, func(w *counterDesk) {
				w.press("space", "enter")
				w.says("社工证书：已收 2 个文件")
			}},
		{"the choice of another file", func(w *counterDesk) {
			chooses(w)
			w.press("enter", "c", "g")
		}, nil, []string{"/今天", "▸ [ ] 王芳 1.jpg"}, func(w *counterDesk) {
			w.press("enter")
			w.says("社工证书：已换成新的文件")
		}},
		{"a scan came meanwhile", chooses, func(t *testing.T) {
			scanned(t, folder, "李明.jpg", photo(900, 640, 40), 9)
		}, []string{"[ ] 李明.jpg", "▸ [ ] 王芳 3.jpg", "[1] 王芳 2.jpg"}, nil},
		{"its folder is gone", func(w *counterDesk) {
			chooses(w)
			if err := os.Rename(folder, folder+" 2"); err != nil {
				t.Fatal(err)
			}
		}, nil, []string{"/001", "▸ [ ] other.jpg"}, func(*counterDesk) {
			if err := os.Rename(folder+" 2", folder); err != nil {
				t.Fatal(err)
			}
		}},
		{"before the folder is read", func(w *counterDesk) {
			w.to("credential_scan")
			w.hold = true
			w.press("enter")
		}, nil, []string{"/001", "▸ [ ] other.jpg"}, nil},
		{"two scans of one moment and size", func(w *counterDesk) {
			twin := photo(900, 640, 50)
			scanned(t, folder, "双 1.jpg", twin, 0)
			twin[len(twin)-1]++
			scanned(t, folder, "双 2.jpg", twin, 0)
			w.to("credential_scan")
			w.press("enter", "g", "enter", "g", "space", "space")
		}, nil, []string{"[1] 双", "[2] 双"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := register(t)
			w := openCounter(t, s, clerk, withScans(scans))
			w.scanned(identity(901))
			w.press("2")
			tt.leave(w)
			screens := len(w.root.stack)
			w.drop()
			if tt.meanwhile != nil {
				tt.meanwhile(t)
			}
			state, err := s.Desk(clerk)
			if err != nil || strings.Contains(fmt.Sprint(state, state.Counter.Picking), "王芳") {
				t.Errorf("%v: the name of a scan is kept: %+v", err, state)
			}
			again := openCounter(t, s, clerk, withScans(scans))
			again.sees(tt.sees...)
			if got := len(again.root.stack); got != screens {
				t.Fatalf("%d screens, want %d\n%s", got, screens, again.view())
			}
			if tt.goesOn != nil {
				tt.goesOn(again)
			}
		})
	}
}

func withScans(dir string) func(*Options) {
	return func(o *Options) { o.Scans = Scans{Dir: dir, Local: true} }
}

// scanned puts a scan into a folder, so many minutes before noon.
func scanned(t *testing.T, dir, name string, data []byte, minutes int) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path, at := filepath.Join(dir, name), noon.Add(-time.Duration(minutes)*time.Minute)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// TestKeysWhileTheDraftIsBeingWritten: what was typed while a write of the draft was under way is there when the line drops.
func TestKeysWhileTheDraftIsBeingWritten(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.hold = true
	w.typeText("王")
	w.typeText("芳")
	w.drop()
	if got := kept(t, s, 901).Form.Get("name"); got != "王芳" {
		t.Errorf("kept %q", got)
	}
	w.flush() // the write that hung comes last
	if got := kept(t, s, 901).Form.Get("name"); got != "王芳" {
		t.Errorf("kept %q after a late write", got)
	}
	openCounter(t, s, clerk).sees("姓名 王芳")
}

// TestDeskWithAFormIsToldToEnd: the desk leaves, once, and comes back into the form.
func TestDeskWithAFormIsToldToEnd(t *testing.T) {
	for _, broken := range []bool{false, true} {
		s := doubled(register(t))
		w := onForm(t, s, 901)
		frames := 0
		w.drawn = func() {
			if frames++; frames > 100 {
				t.Fatal("the desk does not come to its end")
			}
		}
		if broken {
			fail(&s.saveFiling, errBroken)
		}
		w.typeText("王")
		w.send(quitMsg{})
		if !w.quit {
			t.Fatalf("the desk is still open, broken %t", broken)
		}
		s.saveFiling = s.Store.SaveFiling // the last write is tried once more
		w.drop()
		open(t, s, clerk).sees("姓名 王")
	}
}

// TestFormThatIsNoMore: what had been open is not begun anew.
func TestFormThatIsNoMore(t *testing.T) {
	other := applicant{n: 901, name: "王芳", area: "510107"}
	for name, tt := range map[string]struct {
		meanwhile func(t *testing.T, s *store.Store)
		says      string
		drafts    int
	}{
		"dropped": {func(t *testing.T, s *store.Store) {
			f := kept(t, s, 901)
			if err := s.DropFiling(clerk, f.ID()); err != nil {
				t.Fatal(err)
			}
		}, "上次打开的申请已提交，或草稿已删除", 0},
		"in review": {func(t *testing.T, s *store.Store) {
			submit(t, s, other)
		}, "已有正在审核流程中的申报 " + other.reference(), 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := register(t)
			w := onForm(t, s, 901)
			w.to("ethnicity")
			w.types("yz")
			w.drop()
			tt.meanwhile(t, s)
			again := openCounter(t, s, clerk)
			if got := again.top(); got != "queueScreen" {
				t.Fatalf("on top is %s\n%s", got, again.view())
			}
			again.sees("[办事窗口")
			again.sees(tt.says, "上次未写完：yz")
			if drafts, err := s.Filings(clerk, noon); err != nil || len(drafts) != tt.drafts {
				t.Errorf("%v: %d drafts, want %d", err, len(drafts), tt.drafts)
			}
		})
	}
}

// TestLineThatDropsTwice: a desk that ends again before it is back was left where it was left before.
func TestLineThatDropsTwice(t *testing.T) {
	s := register(t)
	w := onForm(t, s, 901)
	w.to("ethnicity")
	w.types("yz")
	w.drop()
	d := open(t, s, clerk)
	d = &desktop{t: t, root: newRoot(d.root.s, d.root.first), hold: true}
	d.resize(80, 24)
	for d.top() != "returnScreen" {
		d.advance()
	}
	d.drop()
	open(t, s, clerk).sees("> yz")
}

// TestFormSurvivesAKill: the real store, and a process that is killed with a form open.
func TestFormSurvivesAKill(t *testing.T) {
	dir := killedAt(t, register, func(dir string) {
		w := onForm(t, openFolder(t, dir, false), 901)
		w.to("ethnicity")
		w.types("yz")
		w.elapse()
	})
	open(t, openFolder(t, dir, false), clerk).sees("> yz", "彝族")
}

// TestNextPersonComesWhileThePlaceIsRead: the same, at the moment at which the page is known and the person is being read.
func TestNextPersonComesWhileThePlaceIsRead(t *testing.T) {
	s := register(t)
	w := openCounter(t, s, clerk)
	w.scanned(identity(901))
	w.press("1")
	w.to("ethnicity")
	w.types("yz")
	w.drop()
	w = openCounter(t, s, clerk)
	w.desktop = &desktop{t: t, root: newRoot(w.root.s, w.root.first), hold: true}
	w.resize(80, 24)
	for w.top() != "returnScreen" {
		w.advance()
	}
	w.send(named(identity(902)[:1]))
	w.sees("未回到上次离开的地方")
	w.sees("上次未写完：yz")
	for _, digit := range identity(902)[1:] {
		w.send(named(string(digit)))
	}
	w.flush()
	w.press("enter")
	w.sees(review.MaskIdentity(identity(902)))
}

// TestNextPersonComesBeforeTheDeskIsBack: a card that is scanned at once is looked up, whenever the place is read in which the
// person before was left: none of its digits is a key of that person's page, or part of their form.
func TestNextPersonComesBeforeTheDeskIsBack(t *testing.T) {
	const before, next = 901, 902
	for _, form := range []bool{false, true} {
		for flushed := range len(identity(next)) + 1 { // so many digits come before what had been read last
			if form && flushed == 0 { // then the form is open, and takes what is typed
				continue
			}
			s := register(t)
			w := openCounter(t, s, clerk)
			w.scanned(identity(before))
			if form {
				w.press("1")
				w.typeText("王")
			}
			w.drop()
			w = openCounter(t, s, clerk)
			w.desktop = &desktop{t: t, root: newRoot(w.root.s, w.root.first), hold: true}
			w.resize(80, 24)
			for i, digit := range identity(next) {
				if i == flushed {
					w.flush()
					w.hold = true
				}
				w.send(named(string(digit)))
			}
			w.flush()
			w.press("enter")
			if got := w.top(); got != "personScreen" {
				t.Fatalf("after %d digits, form %t: on top is %s\n%s", flushed, form, got, w.view())
			}
			w.sees(review.MaskIdentity(identity(next)))
			if form && kept(t, s, before).Form.Get("name") != "王" {
				t.Error("the form of the person before has changed")
			}
		}
	}
}
