package ui

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// recordsScreen lists a person's applications (申请记录) as the applicant sees them: those that wait for a decision, and
// those that have one.
type recordsScreen struct {
	s       *session
	known   review.Known
	now     time.Time
	rows    []review.Application // in the order shown
	cursor  int
	awaited int

	width, height int
}

func newRecords(s *session, known review.Known, now time.Time) *recordsScreen {
	r := &recordsScreen{s: s}
	r.show(known, now)
	return r
}

// show lists what waits first.
func (r *recordsScreen) show(known review.Known, now time.Time) {
	r.known, r.now = known, now
	r.rows = slices.Clone(known.Applications)
	slices.SortStableFunc(r.rows, func(a, b review.Application) int {
		return oneIf(settled(&a)) - oneIf(settled(&b))
	})
	r.cursor = max(min(r.cursor, len(r.rows)-1), 0)
}

// settled tells 已审核 from 待审核.
func settled(a *review.Application) bool {
	return a.State == review.Approved || a.State == review.Rejected
}

func (r *recordsScreen) Init() tea.Cmd { return nil }

func (r *recordsScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return r.pressed(msg)
	case tea.MouseMsg:
		r.cursor = wheel(msg, r.cursor, len(r.rows))
	case doneMsg, newsMsg:
		r.awaited = r.s.next()
		return step{}, r.s.look(r.known.Person, r.awaited)
	case knownRead:
		if msg.request == r.awaited && msg.err == nil {
			r.show(msg.known, msg.now)
		}
	}
	return step{}, nil
}

func (r *recordsScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := r.s.keys
	if key.Matches(msg, k.open) && len(r.rows) > 0 {
		return step{open: newRecord(r.s, r.known, r.rows[r.cursor], r.now)}, nil
	}
	if to, ok := k.cursor(msg, r.cursor, len(r.rows), r.height); ok {
		r.cursor = to
		return step{}, nil
	}
	return refuse(r.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

func (r *recordsScreen) SetSize(width, height int) { r.width, r.height = width, height }
func (r *recordsScreen) Capturing() bool           { return false }

func (r *recordsScreen) View() string {
	var lines []string
	at := 0
	for i, a := range r.rows {
		if i == 0 || settled(&a) != settled(&r.rows[i-1]) {
			group := "records.waiting"
			if settled(&a) {
				group = "records.settled"
			}
			lines = append(lines, "", " "+r.s.styles.heading.Render(r.s.words.Say(group)))
		}
		if i == r.cursor {
			at = len(lines)
		}
		lines = append(lines, pointer(r.s.styles, i == r.cursor, r.line(&a), r.width))
	}
	first := scrolled(at, len(lines), max(r.height, 1))
	return strings.Join(lines[first:], "\n")
}

func (r *recordsScreen) line(a *review.Application) string {
	w := r.s.words
	filed := a.SubmittedAt.In(review.Zone).Format("2006-01-02")
	return both(fit(a.Reference, 16)+" "+w.Say("kind."+string(a.Kind))+"  "+w.state(a), filed, max(r.width-4, 1))
}

func (r *recordsScreen) ShortHelp() []key.Binding {
	k := r.s.keys
	return []key.Binding{k.open, k.down, k.up, k.back}
}

func (r *recordsScreen) FullHelp() [][]key.Binding { return [][]key.Binding{r.ShortHelp()} }

// recordScreen is one application as the applicant reads it: how far it is, level by level, why it was refused, what can be
// done now. What reviewers note for each other is not shown.
type recordScreen struct {
	s       *session
	known   review.Known
	a       review.Application
	now     time.Time
	first   int // line at the top
	awaited int // number of the request for a form
	reading int // number of the request for what is known
	writing bool

	width, height int
}

func newRecord(s *session, known review.Known, a review.Application, now time.Time) *recordScreen {
	return &recordScreen{s: s, known: known, a: a, now: now}
}

func (r *recordScreen) Init() tea.Cmd { return nil }

func (r *recordScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return r.pressed(msg)
	case doneMsg:
		r.writing = false
		r.reading = r.s.next()
		return step{}, r.s.look(r.known.Person, r.reading)
	case newsMsg: // another level may have decided
		r.reading = r.s.next()
		return step{}, r.s.look(r.known.Person, r.reading)
	case knownRead:
		if msg.request == r.reading && msg.err == nil {
			r.show(msg)
		}
	case filingReady:
		return r.ready(msg)
	}
	return step{}, nil
}

func (r *recordScreen) show(msg knownRead) {
	r.known, r.now = msg.known, msg.now
	for _, a := range r.known.Applications {
		if a.Reference == r.a.Reference {
			r.a = a
		}
	}
}

func (r *recordScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := r.s.keys
	switch {
	case r.writing:
		return tell(r.s.words.Say("busy.writing")), nil
	case key.Matches(msg, k.withdraw):
		return r.withdraw()
	case key.Matches(msg, k.editAgain):
		return r.again()
	case key.Matches(msg, k.print):
		return r.print()
	case key.Matches(msg, k.down, k.scrollDown):
		r.first++
		return step{}, nil
	case key.Matches(msg, k.up, k.scrollUp):
		r.first = max(r.first-1, 0)
		return step{}, nil
	}
	return refuse(r.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

// withdraw takes the application back on the applicant's wish, after a y.
func (r *recordScreen) withdraw() (step, tea.Cmd) {
	w := r.s.words
	if err := r.a.Can(r.s.by, review.Withdraw); err != nil {
		return refuse(w.Explain(err)), nil
	}
	return step{open: newConfirm(r.s, w.Say("records.withdraw", r.a.Reference), func() tea.Cmd {
		r.writing = true
		to, account, reference, seen, clock, policy := changes(r.s.store), r.s.by.Name, r.a.Reference, r.a.Version, r.s.clock, r.s.policy
		return func() tea.Msg {
			now := clock()
			_, err := to.Change(account, reference, seen, now, func(a *review.Application, by review.Actor, _ review.Facts) (review.Event, error) {
				return a.Withdraw(by, policy, now)
			})
			return doneMsg{id: reference, text: w.Say("records.withdrawn", reference), err: err}
		}
	})}, nil
}

// again opens the form to edit what was withdrawn, or to apply again after a refusal.
func (r *recordScreen) again() (step, tea.Cmd) {
	w := r.s.words
	if r.a.State != review.Withdrawn && r.a.State != review.Rejected {
		return refuse(w.Say("records.no_edit", w.state(&r.a))), nil
	}
	if err := r.a.Can(r.s.by, review.Submit); err != nil {
		return refuse(w.Explain(err)), nil
	}
	if why := review.WhyNot(r.a.Kind, r.known.Facts, r.s.policy, review.DateOf(r.now)); why != nil {
		return refuse(w.Code(why.Code, why.Args)), nil
	}
	r.awaited = r.s.next()
	return step{}, r.s.readyFiling(r.known.Person, r.a.Kind, r.a.Reference, r.awaited)
}

func (r *recordScreen) ready(msg filingReady) (step, tea.Cmd) {
	if msg.request != r.awaited {
		return step{}, nil
	}
	r.awaited = 0
	if msg.err != nil {
		return refuse(r.s.words.Explain(msg.err)), r.s.logged(msg.err)
	}
	return step{open: newEntry(r.s, msg)}, nil
}

// print writes the paper that goes with the state: the notice of a refusal, else the receipt.
func (r *recordScreen) print() (step, tea.Cmd) {
	if r.a.State != review.Rejected {
		return r.s.handing(r.s.receiptOf(&r.a, r.known.Name()))
	}
	notice, err := r.s.noticeOf(&r.a, r.known.Name())
	if err != nil {
		return refuse(r.s.words.Explain(err)), r.s.logged(err)
	}
	return r.s.handing(notice)
}

func (r *recordScreen) SetSize(width, height int) { r.width, r.height = width, height }
func (r *recordScreen) Capturing() bool           { return false }
func (r *recordScreen) Busy() bool                { return r.writing }

func (r *recordScreen) View() string {
	lines := r.lines()
	first := max(min(r.first, len(lines)-max(r.height, 1)), 0)
	return strings.Join(lines[first:], "\n")
}

func (r *recordScreen) lines() []string {
	w, st, a := r.s.words, r.s.styles, &r.a
	lines := []string{
		"", "  " + st.strong.Render(a.Reference) + "  " + w.Say("kind."+string(a.Kind)) + "  " + st.muted.Render(w.Say("case.revision", a.Revision)+" · "+w.Area(a.Area)),
		"  " + w.Say("records.filed", a.SubmittedAt.In(review.Zone).Format("2006-01-02 15:04")),
	}
	if a.Follows != "" {
		lines = append(lines, "  "+st.muted.Render(w.Say("case.follows", Plain(a.Follows))))
	}
	lines = append(lines, "", "  "+st.strong.Render(w.state(a)), "")
	for level := 1; level <= a.Levels; level++ {
		lines = append(lines, r.level(level)...)
	}
	lines = append(lines, r.todo()...)
	return lines
}

// level is how far one level of review is.
func (r *recordScreen) level(number int) []string {
	w, st, a := r.s.words, r.s.styles, &r.a
	decision, decided := a.Decided(number)
	sign, what := st.muted.Render(signUnseen), w.Say("records.later")
	var more []string
	switch {
	case decided && decision.Action == review.Approve:
		sign, what = st.good.Render(signGood), w.Say("records.approved", decision.At.In(review.Zone).Format("2006-01-02"))
	case decided:
		sign, what = st.bad.Render(signBad), w.Say("records.rejected", decision.At.In(review.Zone).Format("2006-01-02"))
		for _, reason := range decision.Reasons {
			more = append(more, indented(wrap(w.ReasonGiven(&reason), max(r.width-10, 8)), 8, st.bad)...)
		}
	case a.State == review.InReview && number == a.Level:
		due := a.DueOn.String()
		if a.DueEstimated {
			due = w.Say("counter.estimated", due)
		}
		sign, what = st.info.Render(signCursor), w.Say("records.now", due)
	case a.State != review.InReview:
		what = ""
	}
	return append([]string{"   " + sign + " " + fit(w.Level(number), max(min(r.width/3, 28), 14)) + "  " + what}, more...)
}

// todo says what can be done now.
func (r *recordScreen) todo() []string {
	w, st := r.s.words, r.s.styles
	text := ""
	switch {
	case r.a.State == review.InReview && r.a.Can(r.s.by, review.Withdraw) == nil:
		text = w.Say("records.may_withdraw")
	case r.a.State == review.Withdrawn:
		text = w.Say("records.may_edit")
	case r.a.State == review.Rejected:
		text = w.Say("records.may_again")
	case r.a.State == review.Approved && r.a.Certificate != "":
		text = w.Say("records.certificate", r.a.Certificate)
	}
	if text == "" {
		return nil
	}
	return append([]string{""}, indented(wrap(text, max(r.width-4, 8)), 2, st.muted)...)
}

func (r *recordScreen) ShortHelp() []key.Binding {
	k := r.s.keys
	var list []key.Binding
	if r.a.Can(r.s.by, review.Withdraw) == nil {
		list = append(list, k.withdraw)
	}
	switch r.a.State {
	case review.Withdrawn:
		list = append(list, k.editAgain)
	case review.Rejected:
		list = append(list, withHelp(k.editAgain, r.s.words.Say("records.key_again")), withHelp(k.print, r.s.words.Say("records.key_notice")))
	}
	if r.a.State != review.Rejected {
		list = append(list, withHelp(k.print, r.s.words.Say("counter.key_receipt")))
	}
	return append(list, k.back)
}

func (r *recordScreen) FullHelp() [][]key.Binding {
	k := r.s.keys
	return [][]key.Binding{{k.withdraw, k.editAgain, k.print, k.down, k.up, k.back}}
}
