package ui

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// booth is a section of the tests. It counts what reaches it.
type booth struct {
	s                     *session
	name                  string
	width, height         int
	shown, results, saved int
	typing, busy          bool
	keys                  string
}

func (t *booth) Init() tea.Cmd { return func() tea.Msg { return boothRead{t.name} } }

type boothRead struct{ name string }

func (t *booth) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case boothRead:
		if msg.name == t.name {
			t.results++
		}
	case tea.MouseMsg:
		t.keys += fmt.Sprintf("<%d,%d>", msg.X, msg.Y)
	case tea.KeyMsg:
		t.keys += msg.String()
		switch msg.String() {
		case "e":
			return step{close: true}, nil
		case "t":
			t.typing = !t.typing
		case "!":
			return step{visit: &visit{queue: store.All, filter: "kind:first"}}, nil
		case "+":
			return step{open: newHelp(t.s, t)}, nil
		case "w":
			return step{}, func() tea.Msg { return doneMsg{text: "written"} }
		}
	}
	return step{}, nil
}

func (t *booth) View() string {
	return fmt.Sprintf("[%s] %d×%d %s", t.name, t.width, t.height, t.keys)
}
func (t *booth) SetSize(w, h int)       { t.width, t.height = w, h }
func (t *booth) Capturing() bool        { return t.typing }
func (t *booth) Owns(m tea.KeyMsg) bool { return m.String() == "right" }
func (t *booth) Shown() tea.Cmd         { t.shown++; return nil }
func (t *booth) Busy() bool             { return t.busy }
func (t *booth) Leave() tea.Cmd         { t.saved++; return nil }

func (t *booth) ShortHelp() []key.Binding  { return []key.Binding{t.s.keys.refresh} }
func (t *booth) FullHelp() [][]key.Binding { return [][]key.Binding{t.ShortHelp()} }

// hallOf opens a desk whose sections are one for everybody, one at which clerks begin, and one for administrators.
func hallOf(t *testing.T, account string) (*desktop, map[string]*booth) {
	t.Helper()
	d := open(t, withPeople(t), account)
	made := map[string]*booth{}
	boothOf := func(name string) func(s *session) screen {
		return func(s *session) screen {
			made[name] = &booth{s: s, name: name}
			return made[name]
		}
	}
	q := d.root.stack[0].(*queueScreen)
	q.s.sections = []section{
		{name: "figures", may: func(review.Actor) bool { return true }, open: boothOf("figures"),
			count: func(from Register, by review.Actor, _ time.Time) (int, error) {
				n, err := from.Counts(by)
				return n[store.All] * 10, err
			}},
		{name: "window", may: hasRole(review.Clerk), begins: hasRole(review.Clerk), open: boothOf("window")},
		{name: "keys", may: hasRole(review.Administrator), open: boothOf("keys")},
	}
	d.run(d.root.carry(step{start: newQueue(q.s)}))
	return d, made
}

func hasRole(role review.Role) func(review.Actor) bool {
	return func(by review.Actor) bool { return by.Role == role }
}

// TestSectionsAmongTabs: a section stands after the queues, has its number, is made once and keeps its state.
func TestSectionsAmongTabs(t *testing.T) {
	d, made := hallOf(t, wuhou)
	d.resize(160, 30)
	d.sees("8 全部 5", "9 section.figures 50")
	d.misses("section.window", "section.keys")
	if len(made) != 0 {
		t.Fatal("a section was made before it was opened")
	}
	d.press("0")
	d.says("标签页只有 1 到 9")
	d.press("9", "j", "j")
	d.sees("[9 section.figures 50]", "[figures] 160×26 jj")
	d.press("tab")
	d.sees("[1 待审核 5]")
	d.press("shift+tab", "k", "right")
	d.sees("[figures] 160×26 jjkright")
	one := made["figures"]
	if one.results != 1 || one.shown != 2 {
		t.Errorf("read %d times, shown %d times; want 1 and 2", one.results, one.shown)
	}
	d.press("2", "1")
	d.selects(reference(1))
	d.press("a")
	d.sees("9 section.figures 50", "[1 待审核 4]")
	d.press(":")
	d.typeText("tab section.fi")
	d.press("esc", ":")
	d.typeText("tab figures")
	d.press("enter")
	d.sees("[figures]")
	d.press(":")
	d.typeText("save nothing")
	d.press("enter")
	d.says("先按 / 输入筛选条件")
	d.press("esc", ":")
	d.typeText("tab nowhere")
	d.press("enter")
	d.says("请写明标签页的名称")
}

// TestSectionAtTheStart: who begins at a section finds it first, and the queues after it.
func TestSectionAtTheStart(t *testing.T) {
	d, made := hallOf(t, clerk)
	d.sees("[section.window]", "[window] 80×20")
	d.press("2")
	d.sees("[审核中 5]")
	d.press("1", "x")
	d.sees("[window] 80×20 x")
	if made["window"].results != 1 {
		t.Errorf("%d results, want 1", made["window"].results)
	}
}

// TestSectionOwnsItsKeys: a text field keeps digits and tab; what is typed ahead reaches the screen that the key before it
// opened.
func TestSectionOwnsItsKeys(t *testing.T) {
	d, made := hallOf(t, wuhou)
	d.press("9", "t", "tab", "1", "q", "?")
	if got := made["figures"].keys; got != "ttab1q?" || d.quit {
		t.Errorf("keys %q, quit %v", got, d.quit)
	}
	d.press("t", "+", "esc", "esc")
	if got := made["figures"].keys; got != "ttab1q?t+esc" {
		t.Errorf("keys %q after the help", got)
	}
	d.press("e")
	d.sees("[待审核 5]")
	d.press("9", "w")
	d.says("written")
	d.press("q")
	if !d.quit || made["figures"].saved == 0 {
		t.Errorf("quit %v, left %d times", d.quit, made["figures"].saved)
	}
}

func TestSectionLeadsToAQueue(t *testing.T) {
	d, _ := hallOf(t, admin)
	d.resize(200, 30)
	d.press("9")
	d.sees("[9 section.keys]")
	d.press("!")
	d.sees("[7 全部 6]", "kind:first")
	d.press("?", "esc", "8", "+")
	d.run(d.root.carry(step{visit: &visit{section: "keys"}}))
	d.sees("[9 section.keys]")
	if n := len(d.root.stack); n != 1 {
		t.Errorf("%d screens in the stack", n)
	}
}

// TestSectionUnderTheMouse: the line of tabs is the desk's, what lies beneath the section's; a busy section is waited for.
func TestSectionUnderTheMouse(t *testing.T) {
	d, made := hallOf(t, wuhou)
	d.press("9")
	d.mouse(3, 5, tea.MouseButtonLeft)
	if got := made["figures"].keys; got != "<3,3>" {
		t.Errorf("clicked %q", got)
	}
	d.resize(200, 30)
	d.mouse(3, 1, tea.MouseButtonLeft)
	d.sees("[1 待审核 5]")
	made["figures"].busy = true
	d.press("q")
	d.says("")
	if d.quit {
		t.Error("left while a section was writing")
	}
	made["figures"].busy = false
	d.press("q")
	if !d.quit {
		t.Error("not left")
	}
}

func TestSectionCountFails(t *testing.T) {
	d, _ := hallOf(t, wuhou)
	q := d.root.stack[0].(*queueScreen)
	q.hall.sections[0].count = func(Register, review.Actor, time.Time) (int, error) { return 0, errors.New("disk") }
	d.run(q.recount())
	d.resize(160, 30)
	d.sees("9 section.figures ")
	d.misses("section.figures 50")
	for _, size := range [][2]int{{80, 24}, {60, 20}, {40, 8}, {20, 4}, {10, 3}, {5, 2}, {1, 1}} {
		d.press("9")
		d.resize(size[0], size[1])
	}
}

// tabTo opens a tab by its name.
func (d *desktop) tabTo(name string) {
	d.t.Helper()
	d.press(":")
	d.typeText("tab " + name)
	d.press("enter")
}
