package ui

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"github.com/muesli/termenv"

	"rongzheng/review"
	"rongzheng/store"
)

var update = flag.Bool("update", false, "write the golden views anew")

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // tests make much garbage and keep little
	Widths()
	var err error
	if folder, err = os.MkdirTemp("", "rongzheng-ui-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// noon is the time of the desk's clock in tests: a Monday, with nine working days left for the first of the samples.
var noon = time.Date(2026, 11, 16, 12, 0, 0, 0, review.Zone)

// desktop drives a desk synchronously: what Update asks for is run at once, until nothing is left. With hold set,
// commands wait until flush, as they do on a slow machine.
type desktop struct {
	t             testing.TB
	root          *root
	width, height int
	quit          bool
	hold          bool
	held          []tea.Cmd
	timers        []tea.Msg // what comes after a while
	keys          int       // that were pressed
	drawn         func()    // is called after each frame, nil for nothing
}

// open opens a desk of 80 × 24 in Chinese as the account.
func open(t testing.TB, s Register, account string, change ...func(*Options)) *desktop {
	t.Helper()
	o := Options{Store: s, Account: account, Clock: func() time.Time { return noon }, Renderer: renderer(termenv.Ascii)}
	for _, c := range change {
		c(&o)
	}
	session := newSession(o)
	shown, err := newPictures(&o)
	if err != nil {
		t.Fatal(err)
	}
	session.pictures = shown
	session.news = s.Subscribe()
	t.Cleanup(session.news.Close)
	session.hear(&store.News{Again: true, Claims: s.Claims()})
	first, err := session.first()
	if err != nil {
		t.Fatal(err)
	}
	d := &desktop{t: t, root: newRoot(session, first)}
	session.later = func(_ time.Duration, msg tea.Msg) tea.Cmd {
		d.timers = append(d.timers, msg)
		return nil
	}
	d.resize(80, 24)
	return d
}

func renderer(profile termenv.Profile) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(profile)
	return r
}

func english(o *Options) { o.Lang = review.English }
func demo(o *Options)    { o.Demo = true }

func (d *desktop) send(msg tea.Msg) {
	d.t.Helper()
	_, cmd := d.root.Update(msg)
	d.checkFrame(msg)
	if d.drawn != nil {
		d.drawn()
	}
	d.run(cmd)
}

func (d *desktop) run(cmd tea.Cmd) {
	d.t.Helper()
	if cmd == nil || d.quit {
		return
	}
	if d.hold {
		d.held = append(d.held, cmd)
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case tea.QuitMsg:
		d.quit = true
	default:
		d.send(msg)
	}
}

// elapse lets the time pass that messages wait for.
func (d *desktop) elapse() {
	d.t.Helper()
	due := d.timers
	d.timers = nil
	for _, msg := range due {
		d.send(msg)
	}
}

// drop ends the desk as a line does that is cut: nothing is heard of it any more, and what it had half done is kept.
func (d *desktop) drop() {
	d.t.Helper()
	if err := carryOut(d.root.dropped()); err != nil {
		d.t.Fatal(err)
	}
	d.root.s.news.Close()
}

// hear brings the news that have come, as the listener of a desk does.
func (d *desktop) hear() {
	d.t.Helper()
	d.send(newsMsg{d.root.s.news.Take()})
}

// advance lets the first of what is held back happen, but not what that asks for.
func (d *desktop) advance() {
	d.t.Helper()
	if len(d.held) == 0 {
		d.t.Fatalf("nothing more happens\n%s", d.view())
	}
	next := d.held[0]
	d.held = d.held[1:]
	d.deliver(next)
}

// step runs what is held back now, but not what that asks for.
func (d *desktop) step() {
	d.t.Helper()
	held := d.held
	d.held = nil
	for _, cmd := range held {
		d.deliver(cmd)
	}
}

// deliver runs one command and sends what comes of it.
func (d *desktop) deliver(cmd tea.Cmd) {
	d.t.Helper()
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			d.deliver(c)
		}
	default:
		d.send(msg)
	}
}

// flush lets what is held back happen.
func (d *desktop) flush() {
	d.t.Helper()
	d.hold = false
	for len(d.held) > 0 {
		next := d.held[0]
		d.held = d.held[1:]
		d.run(next)
	}
}

func (d *desktop) resize(width, height int) {
	d.t.Helper()
	d.width, d.height = width, height
	d.send(tea.WindowSizeMsg{Width: width, Height: height})
}

// press sends keys by name, one message each.
func (d *desktop) press(names ...string) {
	d.t.Helper()
	for _, name := range names {
		d.keys++
		d.send(named(name))
		d.rest()
	}
}

// scan sends a number as a scanner does that is wedged into the keyboard: no pause between two keys, and enter.
func (d *desktop) scan(number string) {
	d.t.Helper()
	for _, letter := range number {
		d.send(named(string(letter)))
	}
	d.send(named("enter"))
}

// rest lets the pause pass that tells a key from a number: people press keys one by one.
func (d *desktop) rest() {
	d.t.Helper()
	var pauses []tea.Msg
	d.timers = slices.DeleteFunc(d.timers, func(msg tea.Msg) bool {
		_, ok := msg.(wedgeRested)
		if ok {
			pauses = append(pauses, msg)
		}
		return ok
	})
	for _, msg := range pauses {
		d.send(msg)
	}
}

func named(name string) tea.KeyMsg {
	for _, known := range []tea.KeyType{
		tea.KeyEnter, tea.KeyEsc, tea.KeyTab, tea.KeyShiftTab, tea.KeyUp, tea.KeyDown, tea.KeyLeft, tea.KeyRight, tea.KeyCtrlC,
		tea.KeyCtrlD, tea.KeyCtrlU, tea.KeyCtrlL, tea.KeyPgUp, tea.KeyPgDown, tea.KeyHome, tea.KeyEnd, tea.KeyBackspace,
		tea.KeyCtrlS, tea.KeyCtrlY, tea.KeyCtrlN, tea.KeyCtrlP, tea.KeyCtrlG, tea.KeyCtrlO, tea.KeyF1, tea.KeyDelete,
	} {
		if known.String() == name {
			return tea.KeyMsg{Type: known}
		}
	}
	if name == "space" {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// typeText sends text as an input method does: in one message.
func (d *desktop) typeText(text string) {
	d.t.Helper()
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)})
}

func (d *desktop) paste(text string) {
	d.t.Helper()
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
}

func (d *desktop) mouse(x, y int, button tea.MouseButton) {
	d.t.Helper()
	d.send(tea.MouseMsg{X: x, Y: y, Button: button, Action: tea.MouseActionPress})
}

func (d *desktop) lines() []string { return strings.Split(ansi.Strip(d.root.View()), "\n") }
func (d *desktop) view() string    { return strings.Join(d.lines(), "\n") }

// status is what the status line says, put together where it needs several lines.
func (d *desktop) status() string {
	text := ""
	for i := d.height - 2; i >= 0; i-- {
		line := d.lines()[i]
		text = strings.TrimSpace(line) + text
		for _, sign := range []string{signGood, signBad, signInfo} {
			if strings.HasPrefix(line, " "+sign+" ") {
				return text
			}
		}
	}
	return ""
}

// tight is a text without spaces and line breaks, in which a wrapped sentence can be found.
func tight(text string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(text) }

// checkFrame holds every frame to the window: as many lines as it has, none wider, nothing that a terminal obeys.
func (d *desktop) checkFrame(after tea.Msg) {
	d.t.Helper()
	if len(d.root.stack) == 0 {
		return
	}
	frame := d.root.View()
	lines := strings.Split(frame, "\n")
	if len(lines) != d.height {
		d.t.Fatalf("after %T %v: %d lines in a window of %d", after, after, len(lines), d.height)
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > d.width {
			d.t.Fatalf("after %T %v: line %d has %d columns in a window of %d: %q", after, after, i, w, d.width, line)
		}
		for _, r := range ansi.Strip(line) {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				d.t.Fatalf("after %T %v: line %d holds %U: %q", after, after, i, r, line)
			}
		}
	}
}

// sees fails unless every text is on the screen.
func (d *desktop) sees(texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		if !strings.Contains(tight(d.view()), tight(text)) {
			d.t.Fatalf("not on the screen: %q\n%s", text, d.view())
		}
	}
}

func (d *desktop) misses(texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		if strings.Contains(d.view(), text) {
			d.t.Fatalf("on the screen: %q\n%s", text, d.view())
		}
	}
}

// says fails unless the status line holds every text.
func (d *desktop) says(texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		if !strings.Contains(tight(d.status()), tight(text)) {
			d.t.Fatalf("status %q does not hold %q\n%s", d.status(), text, d.view())
		}
	}
}

// selected is the row with the cursor.
func (d *desktop) selected() string {
	d.t.Helper()
	for _, line := range d.lines() {
		if strings.HasPrefix(line, signCursor) {
			return strings.Fields(strings.TrimLeft(line, signCursor+" *!+"))[0]
		}
	}
	return ""
}

func (d *desktop) selects(want string) {
	d.t.Helper()
	if got := d.selected(); got != want {
		d.t.Fatalf("selected %q, want %q\n%s", got, want, d.view())
	}
}

// top is the type of the screen on top, as the source names it.
func (d *desktop) top() string { return reflect.TypeOf(d.root.top()).Elem().Name() }

// golden compares the frame with a file.
func (d *desktop) golden(name string) {
	d.t.Helper()
	var frame strings.Builder
	for _, line := range d.lines() {
		frame.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	path := filepath.Join("testdata", fmt.Sprintf("%s.golden", name))
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			d.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(frame.String()), 0o644); err != nil {
			d.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), frame.String()); diff != "" {
		d.t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func logTo(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
