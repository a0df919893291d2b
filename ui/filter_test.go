package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"rongzheng/store"
)

// TestFilterByTerms: the filter line takes keys, flags and words, in the signs of either keyboard.
func TestFilterByTerms(t *testing.T) {
	d := open(t, withMany(t, 12), wuhou)
	for _, test := range []struct{ typed, shown, first, count string }{
		{"类型：首次，再次 -挂起", "kind:first", reference(1), "12 件"},
		{"ref:SQ202600000007", "ref:SQ2026", reference(7), "1 件"},
		{"submitted<2026-10-01", "submitted<", reference(1), "筛选"},
		{"王芳 level:1", "王芳 level:1", reference(1), "12 件"},
	} {
		d.press("esc", "/")
		d.typeText(test.typed)
		d.press("enter")
		d.selects(test.first)
		d.sees(test.shown, test.count)
	}
	d.press("/")
	d.typeText(" kind:renewal")
	d.press("enter")
	d.sees("没有符合筛选条件的")
	d.press("6")
	d.sees("证书只能用姓名、拼音、号码查找")
}

// TestFilterErrorPointsAtTheCharacter: the mark stands beneath what cannot be read, also where characters are two columns
// wide, and the line stays open.
func TestFilterErrorPointsAtTheCharacter(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("/")
	d.typeText("王芳 类型:再次登 hold")
	d.press("enter")
	d.says("是否指“renewal”")
	line, mark := "", ""
	for i, text := range d.lines() {
		if strings.Contains(text, "王芳 类型") {
			line, mark = text, d.lines()[i+1]
		}
	}
	if got, want := strings.Index(mark, "^"), 3+columns(line[3:strings.Index(line, "再次登")]); got != want || strings.Count(mark, "^") != 6 {
		t.Errorf("the mark begins in column %d, want %d\n%s\n%s", got, want, line, mark)
	}
	d.press("esc")
	d.misses("^")
}

func TestFilterCompletion(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("/")
	d.typeText("k")
	d.sees("kind:")
	d.press("tab")
	d.sees("> kind:", "first", "renewal", "completion")
	d.press("tab", "tab")
	d.sees("> kind:renewal")
	d.press("shift+tab")
	d.sees("> kind:first")
	d.typeText(" 挂")
	d.press("tab", "enter")
	d.sees("筛选“kind:first hold”")
	d.press("/")
	d.typeText(" 王")
	d.press("tab")
	d.says("没有可补全的")
}

func TestFilterOfTenKilobytes(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("/")
	d.paste(strings.Repeat("kind:first ", 1000))
	d.press("enter")
	d.says("条件太长，最多 1000 个字")
	d.resize(10, 3)
	d.resize(80, 24)
	d.press("esc")
	d.selects("SQ202600000001")
}

// sparse is a store whose pages are almost always empty: everything beyond the first row lies far apart.
func sparse(s *store.Store) *double {
	d := doubled(s)
	d.page = func(q store.Queue, at store.Cursor, forward bool, n int) (store.Page, error) {
		if len(q.Query.Terms) == 0 {
			return s.Page(q, at, forward, n)
		}
		return farApart(s, q, at, forward)
	}
	return d
}

// apart is how many empty pages lie before each row: as many as a step of a search reads.
const apart = 1

// farApart gives one row at a time, with empty pages before each.
func farApart(s *store.Store, q store.Queue, at store.Cursor, forward bool) (store.Page, error) {
	before := store.Cursor("")
	if rest, found := strings.CutPrefix(string(at), "~"); found {
		at, before = store.Cursor(rest[apart:]), store.Cursor(rest[:apart])
	}
	if len(before) == 0 {
		before = store.Cursor(strings.Repeat(".", apart))
	}
	if i := strings.IndexByte(string(before), '.'); i >= 0 {
		next := string(before[:i]) + "x" + string(before[i+1:])
		return store.Page{More: true, Next: store.Cursor("~"+next) + at}, nil
	}
	return s.Page(q, at, forward, 1)
}

// TestFilterLooksOnBySteps: what one step does not find the next ones do, the desk says so meanwhile and can be worked
// with, and what is found never moves the cursor.
func TestFilterLooksOnBySteps(t *testing.T) {
	s := sparse(withMany(t, 4))
	d := open(t, s, wuhou)
	d.press("/")
	d.typeText("kind:first")
	d.hold = true
	d.press("enter")
	d.step()
	d.sees("仍在查找…")
	d.step()
	d.selects(reference(1))
	d.sees("仍在查找…")
	d.misses(reference(2))
	d.flush()
	d.selects(reference(1))
	d.sees(reference(2), reference(3), reference(4), "4 件")
	d.misses("仍在查找…")
	d.press("G", "a")
	d.says(reference(4) + " 已通过")
	d.flush()
	d.selects(reference(3))
	d.sees(reference(1), reference(2))
	d.press("esc")
	d.sees("[待审核 3]")
}

// TestSearchAsksLittleAtATime: the store bounds the work of each call; an answer is no more than a page and a count, so that
// the desk draws again within a frame, also where the filter finds nothing and the other queues are asked.
func TestSearchAsksLittleAtATime(t *testing.T) {
	s, asked := doubled(withPeople(t)), 0
	s.page = func(q store.Queue, at store.Cursor, forward bool, n int) (store.Page, error) {
		asked += oneIf(len(q.Query.Terms) > 0)
		return s.Store.Page(q, at, forward, n)
	}
	s.count = func(q store.Queue) (int, bool, error) {
		asked += oneIf(len(q.Query.Terms) > 0)
		return s.Store.Count(q)
	}
	decideAs(t, s.Store, wuhou, reference(1), rejects(s.Store))
	d := open(t, s, wuhou)
	d.press("/")
	d.typeText(identity(1))
	d.hold = true
	d.press("enter")
	for len(d.held) > 0 {
		next := d.held[0]
		d.held, asked = d.held[1:], 0
		if d.deliver(next); asked > 2 {
			t.Errorf("one answer asks the store %d times", asked)
		}
	}
	d.sees("没有符合筛选条件的", "其他队列中有符合的：未通过 1；换到该页即可")
}

func TestSearchInALowWindow(t *testing.T) {
	s := sparse(withMany(t, 9))
	d := open(t, s, wuhou)
	d.resize(60, 9) // three rows
	d.press("/")
	d.typeText("kind:first")
	d.press("enter")
	for i := 1; i <= 9; i++ {
		d.selects(reference(i))
		d.press("j")
		if i < 9 && d.selected() == reference(i) {
			d.press("j") // the first one only began to look
		}
	}
	d.press("g")
	d.selects(reference(1))
}

// columns is how many columns a text takes.
func columns(text string) int { return ansi.StringWidth(text) }

// TestFilterGoesOnFromTheOldText: what is typed is another term, not the rest of the last one.
func TestFilterGoesOnFromTheOldText(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("/")
	d.typeText("level:1")
	d.press("enter", "/")
	d.typeText("ref:SQ202600000003")
	d.press("enter")
	d.selects(reference(3))
	d.sees("1 件")
}

// TestFilterIsClearedAsAWhole: an error puts the cursor into the line; ctrl+u clears what stands behind it too.
func TestFilterIsClearedAsAWhole(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("/")
	d.typeText("foo:1 level:1")
	d.press("enter")
	d.says("✗")
	d.press("ctrl+u")
	d.typeText("ref:SQ202600000003")
	d.press("enter")
	d.selects(reference(3))
}

// TestFilterFindsElsewhere: a search without a hit says which other queues have some.
func TestFilterFindsElsewhere(t *testing.T) {
	s := withPeople(t)
	decideAs(t, s, wuhou, reference(1), rejects(s))
	d := open(t, s, wuhou)
	d.press("/")
	d.typeText(identity(1))
	d.press("enter")
	d.sees("没有符合筛选条件的", "其他队列中有符合的：未通过 1；换到该页即可")
	d.press("4")
	d.selects(reference(1))
	d.press("/", "ctrl+u")
	d.typeText("ref:SQ202600000009")
	d.press("enter")
	d.misses("其他队列中有符合的")
}

// TestCommandCompletion: a whole name leads on to what the command takes, never to another command.
func TestCommandCompletion(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press(":")
	d.typeText("for")
	d.press("tab")
	d.sees(":forget")
	d.press("tab")
	d.sees(":forget")
	d.press("tab")
	d.says("没有可补全的")
	d.press("esc", ":")
	d.sees("images")
	d.typeText("im")
	d.press("tab", "tab", "tab")
	d.sees(":images auto")
	d.press("tab")
	d.sees(":images kitty")
	d.press("esc", ":")
	d.typeText("packs")
	d.press("tab")
	d.sees(":packs")
}
