package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// rejectScreen picks the coded reasons of a refusal, each with the fields or attachments that it names and a note.
type rejectScreen struct {
	desk    *desk
	file    *caseFile  // as it was on the screen when the picker was opened
	about   review.Key // field or attachment that the cursor stood on
	reasons []review.ReasonText
	marked  map[string]bool
	targets map[string][]review.Key
	notes   map[string]string
	cursor  int
	jump    jump
	pane    pane
	many    int // how many marked cases it is for, 0 for the one on the screen
	then    func([]review.Reason) step

	width, height int
}

func newReject(d *desk, file *caseFile, about review.Key) *rejectScreen {
	return &rejectScreen{
		desk: d, file: file, about: about, reasons: d.s.policy.Reasons, pane: pane{s: d.s},
		marked: map[string]bool{}, targets: map[string][]review.Key{}, notes: map[string]string{},
	}
}

func (r *rejectScreen) Init() tea.Cmd {
	r.pane.show(r.file)
	return nil
}

func (r *rejectScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	var next step
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.KeyMsg:
		next, cmd = r.pressed(msg)
	case tea.MouseMsg:
		next, cmd = r.pointed(msg)
	}
	if !next.close {
		r.keep()
	}
	return next, cmd
}

func (r *rejectScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := r.desk.s.keys
	if to, ok := r.jump.to(msg, r.cursor, r.numbers()); ok {
		r.cursor = to
		return step{}, nil
	}
	switch {
	case key.Matches(msg, k.mark):
		return r.toggle(), nil
	case key.Matches(msg, k.note):
		return r.askNote(r.reasons[r.cursor].Code), nil
	case msg.Type == tea.KeyRunes && len(msg.Runes) == 1 && review.IsHan(msg.Runes[0]):
		return r.beginNote(r.reasons[r.cursor].Code, string(msg.Runes)), nil
	case key.Matches(msg, k.target):
		return r.askTargets(r.reasons[r.cursor]), nil
	case key.Matches(msg, k.yes):
		return r.submit()
	case key.Matches(msg, k.discard):
		return r.discard(), nil
	}
	if to, ok := k.cursor(msg, r.cursor, len(r.reasons), r.rows()); ok {
		r.cursor = to
		return step{}, nil
	}
	return refuse(r.desk.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

// numbers are those in the codes of the reasons: 3 stands for Q03.
func (r *rejectScreen) numbers() []string {
	numbers := make([]string, len(r.reasons))
	for i, reason := range r.reasons {
		numbers[i] = strings.TrimLeft(reason.Code, "0ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
	}
	return numbers
}

// toggle marks the reason under the cursor or takes the mark away; what it must name or say is asked for at once.
func (r *rejectScreen) toggle() step {
	reason := r.reasons[r.cursor]
	switch {
	case reason.Needs != "":
		return r.askTargets(reason)
	case r.marked[reason.Code]:
		delete(r.marked, reason.Code)
		return step{}
	}
	r.marked[reason.Code] = true
	if reason.Note && r.notes[reason.Code] == "" {
		return r.askNote(reason.Code)
	}
	return step{}
}

func (r *rejectScreen) askNote(code string) step { return r.beginNote(code, "") }

// beginNote asks for the note of the reason, with what is typed already. Whoever types words at the list means a note.
func (r *rejectScreen) beginNote(code, begun string) step {
	w := r.desk.s.words
	return step{open: newAsk(r.desk.s, ask{
		kind: kindReason + code, title: code + " " + w.Reason(code), label: w.Say("reject.note_label"),
		value: r.notes[code] + begun,
		then: func(note string) (step, tea.Cmd) {
			r.notes[code], r.marked[code] = note, true
			r.keep()
			return step{}, nil
		},
	})}
}

// askTargets asks what the reason names: fields or attachments as it needs, both where it needs neither.
func (r *rejectScreen) askTargets(reason review.ReasonText) step {
	var options []option
	cursor := 0
	for _, f := range review.Fields() {
		asked, _ := f.Asked(r.file.application.Kind, r.file.application.Form, r.desk.s.policy)
		isFile := f.Type == review.File
		if !asked || reason.Needs == "attachment" && !isFile || reason.Needs == "field" && isFile {
			continue
		}
		if f.Key == r.about {
			cursor = len(options)
		}
		options = append(options, option{string(f.Key), r.desk.s.words.Label(f.Key)})
	}
	title := reason.Code + " " + r.desk.s.words.Reason(reason.Code) + " — " + r.desk.s.words.Say("reject.targets")
	chosen := map[string]bool{}
	for _, target := range r.targets[reason.Code] {
		chosen[string(target)] = true
	}
	p := newPicker(r.desk.s, picker{title: title, options: options, chosen: chosen, thenAll: func(codes []string) step {
		return r.named(reason, codes)
	}})
	p.cursor = cursor
	return step{open: p}
}

func (r *rejectScreen) named(reason review.ReasonText, codes []string) step {
	targets := make([]review.Key, len(codes))
	for i, code := range codes {
		targets[i] = review.Key(code)
	}
	defer r.keep()
	r.targets[reason.Code] = targets
	r.marked[reason.Code] = len(targets) > 0 || reason.Needs == "" && r.marked[reason.Code]
	if r.marked[reason.Code] && reason.Note && r.notes[reason.Code] == "" {
		return r.askNote(reason.Code)
	}
	return step{}
}

// chosen returns the reasons as they go into the decision: one for each thing that a reason names.
func (r *rejectScreen) chosen() []review.Reason {
	var chosen []review.Reason
	for _, reason := range r.reasons {
		if !r.marked[reason.Code] {
			continue
		}
		for _, target := range r.targets[reason.Code] {
			chosen = append(chosen, review.Reason{Code: reason.Code, Target: target, Note: r.notes[reason.Code]})
		}
		if len(r.targets[reason.Code]) == 0 {
			chosen = append(chosen, review.Reason{Code: reason.Code, Note: r.notes[reason.Code]})
		}
	}
	return chosen
}

func (r *rejectScreen) submit() (step, tea.Cmd) {
	d, chosen := r.desk, r.chosen()
	if problems := review.CheckReasons(d.s.policy, r.file.application.Kind, chosen); len(problems) > 0 {
		return refuse(d.s.words.problems(problems)), nil
	}
	if d.writing != "" {
		return refuse(d.s.words.Say("busy.writing")), nil
	}
	if d.file != nil && d.file.id() == r.file.id() && r.many == 0 {
		if why := d.claimedBy(review.Reject); why != "" {
			return refuse(why), nil
		}
	}
	if r.then != nil {
		next := r.then(chosen)
		next.close = true
		return next, nil
	}
	return step{close: true}, d.rejectWith(r.file.application, chosen)
}

func (r *rejectScreen) pointed(msg tea.MouseMsg) (step, tea.Cmd) {
	if msg.Action == tea.MouseActionPress && msg.Button == tea.MouseButtonLeft {
		at := scrolled(r.cursor, len(r.reasons), r.rows()) + msg.Y - 2
		if at < 0 || at >= len(r.reasons) || msg.Y < 2 || msg.X >= r.listWidth() {
			return step{}, nil
		}
		r.cursor = at
		return r.toggle(), nil
	}
	if msg.X >= r.listWidth() {
		r.pane.scroll(3 * (wheel(msg, 1, 3) - 1))
		return step{}, nil
	}
	r.cursor = wheel(msg, r.cursor, len(r.reasons))
	return step{}, nil
}

func (r *rejectScreen) rows() int { return max(r.height-3, 1) }

func (r *rejectScreen) listWidth() int {
	if r.width >= besideFrom {
		return r.width / 2
	}
	return r.width
}

func (r *rejectScreen) SetSize(width, height int) {
	r.width, r.height = width, height
	r.pane.setSize(max(width-r.listWidth()-3, 0), height)
}

func (r *rejectScreen) Capturing() bool { return false }

func (r *rejectScreen) View() string {
	left := block(r.lines(r.listWidth()), r.listWidth(), r.height)
	if r.listWidth() == r.width {
		return strings.Join(left, "\n")
	}
	right := block(r.pane.view(), r.width-r.listWidth()-3, r.height)
	side := r.desk.s.styles.muted.Render(" " + signSide + " ")
	for i := range left {
		left[i] += side + right[i]
	}
	return strings.Join(left, "\n")
}

func (r *rejectScreen) lines(width int) []string {
	st, w, a := r.desk.s.styles, r.desk.s.words, r.file.application
	title := w.Say("reject.title", a.Reference, r.file.masked(), w.Level(a.Level))
	if r.many > 0 {
		title = w.Say("many.title.reject", r.many)
	}
	lines := []string{" " + st.strong.Render(title), rule(st, width)}
	first := scrolled(r.cursor, len(r.reasons), r.rows())
	for i, reason := range r.reasons[first:min(first+r.rows(), len(r.reasons))] {
		lines = append(lines, pointer(st, first+i == r.cursor, r.reason(reason), width))
	}
	lines = append(block(lines, width, max(r.height-1, 1)), " "+r.summary())
	return lines
}

// reason is one line of the list: mark, code, text, what it names, note.
func (r *rejectScreen) reason(reason review.ReasonText) string {
	w := r.desk.s.words
	line := "[ ] "
	if r.marked[reason.Code] {
		line = "[x] "
	}
	line += reason.Code + " " + w.Reason(reason.Code)
	if targets := r.targets[reason.Code]; len(targets) > 0 {
		labels := make([]string, len(targets))
		for i, target := range targets {
			labels[i] = w.Label(target)
		}
		line += " → " + strings.Join(labels, w.Say("join"))
	} else if reason.Needs != "" {
		line += r.desk.s.styles.label.Render("  " + w.Say("reject.needs_"+reason.Needs))
	}
	if note := r.notes[reason.Code]; note != "" {
		line += w.Say("colon") + Plain(note)
	} else if reason.Note {
		line += "  " + w.Say("reject.needs_note")
	}
	return line
}

func (r *rejectScreen) summary() string {
	n := len(r.chosen())
	if n == 0 {
		return r.desk.s.styles.muted.Render(r.desk.s.words.Say("reject.choose"))
	}
	return r.desk.s.styles.warn.Render(r.desk.s.words.Say("reject.confirm", n))
}

func (r *rejectScreen) ShortHelp() []key.Binding {
	k := r.desk.s.keys
	return []key.Binding{k.yes, k.mark, k.number, k.note, k.target, k.discard, k.down, k.up, k.back}
}

func (r *rejectScreen) FullHelp() [][]key.Binding {
	return [][]key.Binding{slices.Clone(r.ShortHelp())}
}

// takeUp goes on with the reasons that were ticked for the case before, and returns how many are.
func (r *rejectScreen) takeUp() int {
	n := 0
	for _, reason := range r.desk.keep.half[r.file.id()].Reasons {
		if _, known := r.desk.s.policy.Reason(reason.Code); !known {
			continue
		}
		r.marked[reason.Code] = reason.Ticked
		r.targets[reason.Code], r.notes[reason.Code] = slices.Clone(reason.Targets), reason.Note
		n += oneIf(reason.Ticked)
	}
	return n
}

// keep notes what is ticked, so that it is not lost when the picker is left. For marked cases nothing is kept.
func (r *rejectScreen) keep() {
	if r.many > 0 {
		return
	}
	var half []review.HalfReason
	for _, reason := range r.reasons {
		code := reason.Code
		if r.marked[code] || r.notes[code] != "" || len(r.targets[code]) > 0 {
			half = append(half, review.HalfReason{
				Code: code, Ticked: r.marked[code], Targets: slices.Clone(r.targets[code]), Note: r.notes[code],
			})
		}
	}
	r.desk.halve(r.file.application, half)
	r.desk.adorn()
}

// discard asks whether to take away what is ticked and typed.
func (r *rejectScreen) discard() step {
	w := r.desk.s.words
	ask, said := w.Say("keep.drop", r.file.id()), w.Say("keep.dropped", r.file.id())
	switch {
	case len(r.marked)+len(r.notes)+len(r.targets) == 0:
		return refuse(w.Say("keep.nothing"))
	case r.many > 0:
		ask, said = w.Say("keep.clear"), w.Say("keep.cleared")
	}
	return step{open: newConfirm(r.desk.s, ask, func() tea.Cmd {
		clear(r.marked)
		clear(r.targets)
		clear(r.notes)
		r.keep()
		return saying(said)
	})}
}
