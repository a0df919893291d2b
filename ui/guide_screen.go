package ui

import (
	"bytes"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/cert"
	"rongzheng/review"
)

// guideScreen shows the guide page of a kind. A key writes the paper form, blank or filled in with what is known.
type guideScreen struct {
	s       *session
	kind    review.Kind
	filled  *cert.FormSheet // what the form is filled in with, nil for nothing
	of      string          // reference or certificate that it was taken from, "" for what is being typed
	guide   Guide
	err     error
	awaited int
	writing int
	first   int
	width   int
	height  int
}

// newGuide shows the guide page of the kind. filled is what is known of the person for the paper form, nil when only a
// blank one can be had; of is the reference of the application or the number of the certificate that the data came from,
// whose print is then recorded.
func newGuide(s *session, kind review.Kind, filled *cert.FormSheet, of string) *guideScreen {
	return &guideScreen{s: s, kind: kind, filled: filled, of: of}
}

type guideRead struct {
	request int
	guide   Guide
	err     error
}

func (g *guideScreen) Init() tea.Cmd {
	g.awaited = g.s.next()
	from, kind, lang, request := g.s.guides, g.kind, g.s.words.Lang(), g.awaited
	return func() tea.Msg {
		guide, err := from.Read(kind, lang)
		return guideRead{request, guide, err}
	}
}

func (g *guideScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case guideRead:
		if msg.request == g.awaited {
			g.awaited, g.guide, g.err = 0, msg.guide.Filled(g.s.words), msg.err
			return step{}, g.s.logged(msg.err)
		}
	case doneMsg:
		if by, ok := msg.made.(formWritten); ok && int(by) == g.writing {
			g.writing = 0
		}
	case tea.KeyMsg:
		return g.pressed(msg)
	case tea.MouseMsg:
		g.first = wheel(msg, g.first, g.last()+1)
	}
	return step{}, nil
}

func (g *guideScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, w := g.s.keys, g.s.words
	switch {
	case key.Matches(msg, k.formBlank):
		return g.write(cert.FormSheet{Kind: g.kind, Policy: g.s.policy}, "")
	case key.Matches(msg, k.formFilled) && g.filled == nil:
		return refuse(w.Say("guide.nothing_known")), nil
	case key.Matches(msg, k.formFilled):
		return g.write(*g.filled, g.of)
	}
	to, ok := k.cursor(msg, g.first, g.last()+1, g.height)
	if !ok {
		return refuse(w.Say("key.unknown", Plain(msg.String()))), nil
	}
	g.first = to
	return step{}, nil
}

// fetch says by which command the form is to be had where there is no printer. The number of the person is left to whoever
// types it: it stands on no screen that masks it.
func (g *guideScreen) fetch(sheet cert.FormSheet) string {
	w := g.s.words
	switch {
	case len(sheet.Form) == 0:
		return w.Say("guide.fetch", g.kind, "")
	case sheet.Reference != "" && g.of == sheet.Reference:
		return w.Say("guide.fetch", g.kind, " --ref "+g.of)
	}
	return w.Say("guide.fetch", g.kind, " --person "+w.Say("guide.fetch_person"))
}

// formWritten ends the write of a paper form.
type formWritten int

// write brings the form to the outlet. One that is filled in from the register shows personal data in clear, which is
// recorded before it leaves.
func (g *guideScreen) write(sheet cert.FormSheet, of string) (step, tea.Cmd) {
	w, to := g.s.words, g.s.outlet
	switch {
	case g.writing != 0:
		return refuse(w.Say("busy.writing")), nil
	case to == nil:
		return tell(g.fetch(sheet)), nil
	}
	g.writing = g.s.next()
	by, register, clock, number := g.s.by, changes(g.s.store), g.s.clock, g.writing
	name := "form-" + string(g.kind)
	if len(sheet.Form) > 0 {
		name += "-" + g.s.clock().In(review.Zone).Format("20060102-150405")
	}
	return step{}, func() tea.Msg {
		var pdf bytes.Buffer
		err := cert.WriteForm(&pdf, sheet)
		where := ""
		if err == nil {
			where, err = to.Print(name, pdf.Bytes(), func() error {
				if of == "" {
					return nil
				}
				return register.Record(by.Name, FormShown(of), clock())
			})
		}
		return doneMsg{text: w.Say("guide.form_done", Plain(where)), err: err, made: formWritten(number)}
	}
}

func (g *guideScreen) Busy() bool { return g.writing != 0 }

// lines lays the page out for the width.
func (g *guideScreen) lines() []string {
	st, w := g.s.styles, g.s.words
	if g.awaited != 0 {
		return []string{" " + st.muted.Render(w.Say("checks.reading"))}
	}
	if g.err != nil {
		var lines []string
		for _, line := range wrap(w.Explain(g.err), max(g.width-3, 1)) {
			lines = append(lines, " "+st.bad.Render(line))
		}
		return lines
	}
	lines := []string{" " + st.strong.Render(w.Say("guide.title", w.Say("kind."+string(g.kind)))), ""}
	for i, s := range g.guide.Sections {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, " "+st.heading.Render(Plain(s.Title)))
		for _, line := range s.Lines {
			lines = append(lines, hanging(Plain(line), g.width-1)...)
		}
	}
	return lines
}

// hanging breaks a line, whose further lines are indented as far as its own text.
func hanging(line string, width int) []string {
	text := strings.TrimLeft(line, " ")
	lead := "  " + line[:len(line)-len(text)]
	hang := lead
	if dot := strings.Index(text, ". "); dot > 0 && dot < 3 {
		hang += strings.Repeat(" ", dot+2)
	} else if strings.HasPrefix(text, "· ") || strings.HasPrefix(text, "- ") {
		hang += "  "
	}
	var lines []string
	for i, part := range wrap(text, max(width-len(hang), 8)) {
		if i == 0 {
			lines = append(lines, lead+part)
			continue
		}
		lines = append(lines, hang+part)
	}
	return lines
}

func (g *guideScreen) last() int { return max(len(g.lines())-g.height, 0) }

func (g *guideScreen) SetSize(width, height int) {
	g.width, g.height = width, height
	g.first = min(g.first, g.last())
}

func (g *guideScreen) Capturing() bool { return false }

func (g *guideScreen) View() string {
	lines := g.lines()
	first := min(g.first, g.last())
	shown := block(lines[first:], g.width, g.height)
	if rest := len(lines) - first - g.height; rest > 0 && g.height > 1 {
		shown[g.height-1] = fit("  "+g.s.styles.muted.Render(g.s.words.Say("guide.more", rest+1)), g.width)
	}
	return strings.Join(shown, "\n")
}

func (g *guideScreen) ShortHelp() []key.Binding {
	k := g.s.keys
	keys := []key.Binding{k.formBlank}
	if g.filled != nil {
		keys = append(keys, k.formFilled)
	}
	return append(keys, k.down, k.up, k.pageDown, k.back)
}

func (g *guideScreen) FullHelp() [][]key.Binding {
	k := g.s.keys
	return [][]key.Binding{{k.formBlank, k.formFilled}, {k.down, k.up, k.pageDown, k.pageUp, k.top, k.bottom, k.back}}
}

// guide opens the guide page of the kind that is named, or offers the kinds. Where the case under it is an application of
// the kind, the paper form can be had filled in.
func (c *commandLine) guide(words []string) step {
	if len(words) == 0 {
		return step{close: true, open: newPicker(c.s, picker{title: c.s.words.Say("guide.which"), options: c.kinds(), then: func(kind string) (step, tea.Cmd) {
			return step{open: c.guideOf(review.Kind(kind))}, nil
		}})}
	}
	for _, one := range c.kinds() {
		if words[0] == one.code || words[0] == one.label {
			return step{close: true, open: c.guideOf(review.Kind(one.code))}
		}
	}
	return refuse(c.s.words.Say("guide.unknown", Plain(words[0])))
}

func (c *commandLine) kinds() []option {
	var list []option
	for _, kind := range review.Kinds() {
		list = append(list, option{string(kind), c.s.words.Say("kind." + string(kind))})
	}
	return list
}

func (c *commandLine) guideOf(kind review.Kind) *guideScreen {
	q, ok := c.under.(*queueScreen)
	if !ok || q.hall.shown != "" || q.desk.file == nil || q.desk.file.application == nil || q.desk.file.application.Kind != kind || c.s.by.May(review.Reveal) != nil {
		return newGuide(c.s, kind, nil, "")
	}
	a := q.desk.file.application
	return newGuide(c.s, kind, &cert.FormSheet{
		Kind: kind, Policy: c.s.policy, Form: a.Form.Clone(), Day: review.DateOf(a.SubmittedAt), Consent: a.Consent, Reference: a.Reference,
	}, a.Reference)
}
