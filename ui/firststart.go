package ui

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store/durable"
)

// administrator is the account that a first start makes beside the reviewer's own: a folder's first account keeps the
// others.
const administrator = "admin"

// deskFile holds, in the data folder, the account that the desk opens with when none is named.
const deskFile = "desk-account"

// DeskAccount returns the account that the first start set up for the data folder, "" for none.
func DeskAccount(dir string) string {
	data, err := os.ReadFile(filepath.Join(dir, deskFile))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// firstStart asks who works at the desk when the data folder is new, and makes the accounts.
type firstStart struct {
	s        *session
	level    int
	areas    []review.Option
	area     int
	inputs   [3]textinput.Model // office, title, account
	at       startField
	ownWords bool // the office was typed, not proposed
	awaited  int

	width, height int
}

// startField is a line of the first start.
type startField int

const (
	startLevel startField = iota
	startArea
	startOffice
	startTitle
	startAccount
	startFields
)

// started is the answer of making the accounts.
type started struct {
	request int
	account review.Account
	err     error
}

func newFirstStart(s *session) *firstStart {
	f := &firstStart{s: s, level: 1}
	for _, o := range s.policy.Options["area"] {
		if !o.Disabled {
			f.areas = append(f.areas, o)
		}
	}
	for i := range f.inputs {
		f.inputs[i] = newInput(s)
		f.inputs[i].Blur()
	}
	f.inputs[startAccount-startOffice].SetValue("reviewer")
	f.propose()
	return f
}

// propose fills in the office that goes with level and area, as long as nobody has typed one.
func (f *firstStart) propose() {
	if f.ownWords {
		return
	}
	office := f.s.policy.Level(f.level).Office
	if !f.city() {
		office = strings.Replace(office, "区（市）县", f.areas[f.area].Label, 1)
	}
	f.input(startOffice).SetValue(office)
}

func (f *firstStart) city() bool { return f.s.policy.Level(f.level).City }

func (f *firstStart) input(field startField) *textinput.Model { return &f.inputs[field-startOffice] }

func (f *firstStart) Init() tea.Cmd { return nil }

func (f *firstStart) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case started:
		return f.started(msg)
	case tea.KeyMsg:
		return f.pressed(msg)
	case tea.MouseMsg:
		return step{}, f.pointed(msg)
	}
	if f.at >= startOffice {
		return step{}, typeInto(f.input(f.at), msg)
	}
	return step{}, nil
}

func (f *firstStart) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := f.s.keys
	switch {
	case f.awaited != 0:
		return step{}, nil
	case key.Matches(msg, k.cancel):
		return step{quit: true}, nil
	case key.Matches(msg, k.accept) && f.at == startAccount:
		return f.create()
	case key.Matches(msg, k.field, k.accept):
		return step{}, f.move(1)
	case key.Matches(msg, k.fieldBack):
		return step{}, f.move(-1)
	case f.at < startOffice:
		f.choose(msg)
		return step{}, nil
	}
	before := f.input(f.at).Value()
	cmd := typeInto(f.input(f.at), msg)
	if f.at == startOffice && f.input(f.at).Value() != before {
		f.ownWords = true
	}
	return step{}, cmd
}

// move goes to another line; the area is passed over where the level decides for the whole city.
func (f *firstStart) move(by int) tea.Cmd {
	return f.to((f.at+startField(by)+startFields)%startFields, by)
}

func (f *firstStart) to(field startField, by int) tea.Cmd {
	if f.at >= startOffice {
		f.input(f.at).Blur()
	}
	f.at = field
	if f.at == startArea && f.city() {
		f.at += startField(by)
	}
	if f.at >= startOffice {
		return f.input(f.at).Focus()
	}
	return nil
}

// choose changes the level or the area.
func (f *firstStart) choose(msg tea.KeyMsg) {
	by := 0
	switch {
	case msg.Type == tea.KeyLeft || msg.String() == "h" || msg.String() == "k":
		by = -1
	case msg.Type == tea.KeyRight || msg.String() == "l" || msg.String() == "j" || msg.String() == " ":
		by = 1
	}
	if f.at == startLevel {
		n := len(f.s.policy.Levels)
		f.level = (f.level-1+by+n)%n + 1
	} else {
		f.area = (f.area + by + len(f.areas)) % len(f.areas)
	}
	f.propose()
}

func (f *firstStart) account() review.Account {
	a := review.Account{
		Name: strings.TrimSpace(f.input(startAccount).Value()), Role: review.Reviewer, Level: f.level,
		Office: strings.TrimSpace(f.input(startOffice).Value()), Title: strings.TrimSpace(f.input(startTitle).Value()),
	}
	if !f.city() {
		a.Areas = []string{f.areas[f.area].Code}
	}
	return a
}

// create makes the administrator and the reviewer, and remembers the reviewer as the desk's account.
func (f *firstStart) create() (step, tea.Cmd) {
	a, w := f.account(), f.s.words
	switch err := review.CheckAccount(a, f.s.policy); {
	case err != nil:
		return refuse(w.Explain(err)), nil
	case a.Name == administrator:
		return refuse(w.Say("start.admin_taken")), nil
	case a.Title == "":
		return refuse(w.Say("start.title_missing")), nil
	}
	f.awaited = f.s.next()
	to, clock, request, dir := accounts(f.s.store), f.s.clock, f.awaited, f.s.store.Dir()
	admin := review.Account{Name: administrator, Role: review.Administrator, Office: a.Office}
	return step{}, func() tea.Msg {
		return started{request, a, setUp(to, admin, a, clock, dir)}
	}
}

// setUp can be tried again after it failed half-way.
func setUp(to accounts, admin, own review.Account, clock clock, dir string) error {
	present, err := to.Accounts()
	if err != nil {
		return err
	}
	if len(present) == 0 {
		if err := to.AddAccount("", admin, clock()); err != nil {
			return err
		}
	}
	if err := to.AddAccount(admin.Name, own, clock()); err != nil {
		return err
	}
	return durable.WriteFile(filepath.Join(dir, deskFile), func(w io.Writer) error {
		_, err := io.WriteString(w, own.Name+"\n")
		return err
	})
}

func (f *firstStart) started(msg started) (step, tea.Cmd) {
	if msg.request != f.awaited {
		return step{}, nil
	}
	f.awaited = 0
	if msg.err != nil {
		return refuse(f.s.words.Explain(msg.err)), f.s.logged(msg.err)
	}
	next := f.s.enter(msg.account)
	next.say = notice{succeeded, f.s.words.Say("start.done", msg.account.Name, administrator)}
	return next, nil
}

func (f *firstStart) pointed(msg tea.MouseMsg) tea.Cmd {
	field := startField(msg.Y - startTop)
	if msg.Action != tea.MouseActionPress || msg.Button != tea.MouseButtonLeft || field < 0 || field >= startFields {
		return nil
	}
	return f.to(field, 1)
}

// startTop is the line of the first field.
const startTop = 4

func (f *firstStart) SetSize(width, height int) {
	f.width, f.height = width, height
	for i := range f.inputs {
		f.inputs[i].Width = max(width-24, 1)
	}
}

func (f *firstStart) Capturing() bool { return true }

func (f *firstStart) View() string {
	w, st := f.s.words, f.s.styles
	lines := []string{"", " " + st.strong.Render(w.Say("start.title")), " " + st.muted.Render(w.Say("start.what")), ""}
	area := w.Say("start.city")
	if !f.city() {
		area = "◂ " + f.areas[f.area].Name(w.Lang()) + " ▸"
	}
	values := []string{
		"◂ " + w.Level(f.level) + " ▸", area,
		f.input(startOffice).View(), f.input(startTitle).View(), f.input(startAccount).View(),
	}
	for i, label := range []string{"start.level", "start.area", "start.office", "start.name", "start.account"} {
		lead := "   "
		if startField(i) == f.at {
			lead = " " + signCursor + " "
		}
		lines = append(lines, lead+st.label.Render(fit(w.Say(label), 18))+" "+values[i])
	}
	lines = append(lines, "")
	for _, line := range wrap(w.Say("start.explain"), max(f.width-3, 8)) {
		lines = append(lines, "   "+st.muted.Render(line))
	}
	return strings.Join(lines, "\n")
}

func (f *firstStart) ShortHelp() []key.Binding {
	k := f.s.keys
	return []key.Binding{k.accept, k.choice, k.field, k.fieldBack, k.cancel}
}

func (f *firstStart) FullHelp() [][]key.Binding { return [][]key.Binding{f.ShortHelp()} }
