package ui

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// outside is what the desk knows of work packs: its own term where it works on one, and what came back of others.
type outside interface {
	Term() (store.Term, error)
	Lease(by review.Actor, reference string, now time.Time) (*review.Lease, error)
	Conflicts(by review.Actor) ([]review.Handed, error)
	LatestPacks(by review.Actor, most int) ([]review.Pack, error)
	CasesBack(by review.Actor, number string) (review.Pack, []store.CaseBack, error)
	CallBack(account, number, reason string, now time.Time) error
	Ways(id string, now time.Time) (store.Ways, error)
	Settle(account, id string, as review.Settlement, now time.Time) error
}

// offline reports whether the desk works on a pack: what is not in it is not there to be found.
func (s *session) offline() bool { return s.term.Pack != "" }

// notFound says that nothing was found: the sentence of the key at the desk, and on a pack that there may be something at the
// desk.
func (s *session) notFound(key string) string {
	if s.offline() {
		return s.words.Say("outside.only", s.term.Pack)
	}
	return s.words.Say(key)
}

// countdown is the time left of the pack that the desk works on.
type countdown struct {
	pack string
	left time.Duration
	over bool
	// refused is why nothing can be decided: the term is over, or the clock is impossible; nil while it runs.
	refused error
}

// countdownEvery is how often the time left is told.
const countdownEvery = time.Minute

// count makes the command that reads how much time is left, nil on a desk that works on no pack.
func (s *session) count() tea.Cmd {
	if s.term.Pack == "" {
		return nil
	}
	term, clock := s.term, s.clock
	return func() tea.Msg {
		now := clock()
		left := term.Until.Sub(now)
		return countdown{pack: term.Pack, left: left, over: left <= 0, refused: term.Check(now)}
	}
}

// counted shows the time left and asks for the next time.
func (r *root) counted(msg countdown) tea.Cmd {
	r.s.packLeft = msg
	return r.s.later(countdownEvery, countdownTick{})
}

// countdownTick says that the time left is to be told again.
type countdownTick struct{}

// packMark is the end of the header on a desk that works on a pack: which, and how long.
func (s *session) packMark() string {
	c := s.packLeft
	switch {
	case c.pack == "":
		return ""
	case c.over:
		return s.styles.bad.Render(signBad+" "+s.words.Say("pack.ended", c.pack)) + " "
	}
	return s.styles.warn.Render(s.words.Say("pack.left", c.pack, s.span(c.left))) + " "
}

// span says a time as days and hours, hours and minutes, or minutes.
func (s *session) span(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return s.words.Say("span.days", int(d.Hours())/24, int(d.Hours())%24)
	case d >= time.Hour:
		return s.words.Say("span.hours", int(d.Hours()), int(d.Minutes())%60)
	}
	return s.words.Say("span.minutes", int(d.Minutes()))
}

// outsideLine adds the line that says with whom the case is, and until when.
func (sh *sheet) outsideLine() {
	if l := sh.file.lease; l != nil {
		text := sh.s.words.Code("outside", review.Args{
			"pack": l.Pack, "with": strings.Join(l.With, " "), "until": l.Until.In(review.Zone).Format("2006-01-02 15:04"),
		})
		sh.paragraph(signWarn, text, sh.s.styles.warn, 2, -1)
	}
}

// conflictSection is the tab 冲突: what came back from work packs and does not fit. It is the administrators'; officers see
// what became of theirs among their packs (:packs), so that nobody else's tab line gets longer.
func conflictSection() section {
	return section{
		name: "conflicts", waits: true,
		may:  func(by review.Actor) bool { return by.Role == review.Administrator && by.May(review.HandBack) == nil },
		open: func(s *session) screen { return &conflictScreen{listScreen: listScreen[conflict]{s: s}} },
		count: func(from Register, by review.Actor, _ time.Time) (int, error) {
			list, err := from.Conflicts(by)
			return len(list), err
		},
	}
}

// conflictScreen lists the acts that came back from packs and do not fit what the desk says; beneath, what the pack says, what
// the desk says, and where both began.
type conflictScreen struct {
	listScreen[conflict]
	visible bool // its tab is open: what nobody looks at is not read again
}

// conflict is one act beside the case as it is now.
type conflict struct {
	review.Handed
	now  review.Application
	gone bool // the case is not to be seen any more
	ways store.Ways
}

func (c *conflictScreen) Init() tea.Cmd { return nil }

// Shown reads again whenever the tab is opened.
func (c *conflictScreen) Shown() tea.Cmd {
	c.visible = true
	return c.read()
}

func (c *conflictScreen) Hidden() { c.visible = false }

func (c *conflictScreen) read() tea.Cmd {
	from, by := c.s.store, c.s.by
	return c.fetch(func(now time.Time) ([]conflict, error) { return readConflicts(from, by, now) })
}

func readConflicts(from Register, by review.Actor, now time.Time) ([]conflict, error) {
	handed, err := from.Conflicts(by)
	if err != nil {
		return nil, err
	}
	list := make([]conflict, len(handed))
	for i, h := range handed {
		list[i].Handed = h
		list[i].now, err = from.Application(by, h.Act.Reference)
		switch {
		case errors.Is(err, review.ErrNotFound), errors.Is(err, review.ErrDenied):
			list[i].gone = true
		case err != nil:
			return nil, err
		}
		if list[i].ways, err = from.Ways(h.ID, now); err != nil && !errors.Is(err, review.ErrAlready) {
			return nil, err
		}
	}
	return list, nil
}

func (c *conflictScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case listRead[conflict]:
		was := c.under().ID
		cmd, _ := c.taken(msg)
		c.stay(func(one *conflict) bool { return one.ID == was })
		return step{}, tea.Batch(cmd, c.catchUp(c.read))
	case newsMsg:
		return step{}, c.told(&msg.News)
	case doneMsg:
		c.writing = false
		return step{}, c.read()
	case tea.KeyMsg:
		return c.pressed(msg)
	case tea.MouseMsg:
		c.cursor = wheel(msg, c.cursor, len(c.list))
	}
	return step{}, nil
}

// told reads again what others have done to the conflicts, or to the cases that they are about.
func (c *conflictScreen) told(n *store.News) tea.Cmd {
	about := func(change store.RecordChange) bool {
		return slices.ContainsFunc(c.list, func(one conflict) bool { return one.Act.Reference == change.Reference })
	}
	if !c.visible || !ofPacks(n) && !slices.ContainsFunc(n.Records, about) {
		return nil
	}
	return c.heard(n, c.read)
}

func (c *conflictScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := c.s.keys
	for _, one := range []struct {
		key key.Binding
		as  review.Settlement
	}{{k.takePack, review.TakePack}, {k.takeDesk, review.TakeDesk}, {k.redo, review.Redo}} {
		if key.Matches(msg, one.key) {
			return c.ask(one.as)
		}
	}
	switch {
	case key.Matches(msg, k.refresh):
		return step{}, c.read()
	case key.Matches(msg, k.attachment):
		return step{open: newPacks(c.s)}, nil
	}
	to, ok := k.cursor(msg, c.cursor, len(c.list), c.rows())
	if !ok {
		return refuse(c.s.words.Say("key.unknown", Plain(msg.String()))), nil
	}
	c.cursor = to
	return step{}, nil
}

// ask names what is about to become of the conflict, and waits for y.
func (c *conflictScreen) ask(as review.Settlement) (step, tea.Cmd) {
	w := c.s.words
	switch {
	case c.writing:
		return refuse(w.Say("busy.writing")), nil
	case c.reading():
		return refuse(w.Say("busy.reading")), nil
	case len(c.list) == 0:
		return refuse(w.Say("nothing.selected")), nil
	}
	one := c.list[c.cursor]
	if as == review.TakePack && one.ways.Pack != nil {
		return refuse(w.Say("conflict.no_pack", w.Explain(one.ways.Pack))), nil
	}
	question, said := w.Say("conflict.confirm."+string(as), one.Act.Reference), w.Say("conflict.settled."+string(as), one.Act.Reference)
	if as == review.Redo && one.ways.Queue != nil {
		why := c.draftOnly(&one)
		question, said = w.Say("conflict.confirm.draft", one.Act.Reference, why), w.Say("conflict.settled.draft", one.Act.Reference, why)
	}
	return step{open: newConfirm(c.s, question, func() tea.Cmd { return c.settle(one.ID, one.Act.Reference, said, as) })}, nil
}

// draftOnly says why the case does not wait for the officer any more.
func (c *conflictScreen) draftOnly(one *conflict) string {
	w, a := c.s.words, &one.now
	if !one.gone && (a.ChangedTo == review.Approve || a.ChangedTo == review.Reject) {
		return w.Say("conflict.decided", Plain(c.s.nameOf(a.ChangedBy)), w.Say("action."+string(a.ChangedTo)))
	}
	return w.Explain(one.ways.Queue)
}

func (c *conflictScreen) settle(id, reference, said string, as review.Settlement) tea.Cmd {
	c.writing = true
	from, account, clock := c.s.store, c.s.by.Name, c.s.clock
	return func() tea.Msg {
		return doneMsg{id: reference, text: said, err: from.Settle(account, id, as, clock())}
	}
}

func (c *conflictScreen) rows() int        { return max(c.height-c.detailLines()-2, 1) }
func (c *conflictScreen) detailLines() int { return min(8, c.height/2) }

func (c *conflictScreen) View() string {
	st, w := c.s.styles, c.s.words
	lines := []string{" " + st.strong.Render(w.Say("conflict.title", len(c.list)))}
	lines = append(lines, c.instead(w.Say("conflict.none"))...)
	lines = append(lines, c.lines(c.rows(), c.line)...)
	if len(c.list) > 0 {
		lines = append(lines, rule(st, c.width))
		lines = append(lines, c.beside(&c.list[c.cursor])...)
	}
	return strings.Join(lines, "\n")
}

// line is one conflict: whose, what, and why it does not fit.
func (c *conflictScreen) line(one *conflict) string {
	w := c.s.words
	return fit(Plain(one.Act.Reference), 16) + " " + fit(w.Say("action."+string(one.Act.Action)), 8) + " " +
		fit(Plain(one.Act.Account), 12) + " " + Plain(w.Code(one.Code, one.Args))
}

// beside shows what the pack says beside what the desk says, and the common start.
func (c *conflictScreen) beside(one *conflict) []string {
	w, st := c.s.words, c.s.styles
	half := max((c.width-3)/2, 1)
	column := func(title string, says []string) []string { // nothing is cut: these are the words that are chosen between
		lines := []string{st.strong.Render(title)}
		for _, line := range says {
			lines = append(lines, wrap(line, half)...)
		}
		return lines
	}
	left := column(w.Say("conflict.pack", Plain(one.Act.Pack)), c.packSays(&one.Act))
	right := column(w.Say("conflict.desk"), c.deskSays(one))
	var lines []string
	for i := range max(len(left), len(right)) {
		lines = append(lines, " "+fit(nth(left, i), half)+" "+fit(nth(right, i), half))
	}
	start := w.Say("conflict.start", one.Act.Revision, one.Act.Version)
	return append(lines, " "+st.muted.Render(start))
}

// nth returns a line of a list that may be shorter.
func nth(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func (c *conflictScreen) packSays(a *review.Act) []string {
	w := c.s.words
	lines := []string{
		w.Say("action."+string(a.Action)) + "  " + a.At.In(review.Zone).Format("2006-01-02 15:04") + "  " + Plain(c.s.nameOf(a.Account)),
	}
	for _, r := range a.Reasons {
		lines = append(lines, w.ReasonGiven(&r))
	}
	if a.Note != "" {
		lines = append(lines, Plain(a.Note))
	}
	return lines
}

func (c *conflictScreen) deskSays(one *conflict) []string {
	w := c.s.words
	if one.gone {
		return []string{w.Say("conflict.gone")}
	}
	a := &one.now
	lines := []string{
		w.Standing(a, c.s.policy),
		w.Say("action."+string(a.ChangedTo)) + "  " + a.ChangedAt.In(review.Zone).Format("2006-01-02 15:04") + "  " + Plain(c.s.nameOf(a.ChangedBy)),
	}
	if last, ok := a.LastDecision(); ok && a.State == review.Rejected {
		for _, r := range last.Reasons {
			lines = append(lines, w.ReasonGiven(&r))
		}
	}
	return lines
}

func (c *conflictScreen) ShortHelp() []key.Binding {
	k := c.s.keys
	if len(c.list) > 0 && c.list[c.cursor].ways.Pack != nil {
		return []key.Binding{k.takeDesk, k.redo, withHelp(k.attachment, c.s.words.Say("key.packs")), k.refresh, k.down, k.up}
	}
	return []key.Binding{k.takePack, k.takeDesk, k.redo, withHelp(k.attachment, c.s.words.Say("key.packs")), k.refresh, k.down, k.up}
}

func (c *conflictScreen) FullHelp() [][]key.Binding { return [][]key.Binding{c.ShortHelp()} }

// TakeOut makes a work pack for the accounts and writes it where the desk's files go.
type TakeOut func(by review.Actor, accounts, references []string) (TakenOut, error)

// TakenOut is a pack that was made.
type TakenOut struct {
	Pack review.Pack
	Path string
	Left []store.NotTaken // what could not be taken along
}

// pack makes a work pack of the marked rows, for the named accounts or, for a reviewer, for themselves.
func (c *commandLine) pack(accounts []string) (step, tea.Cmd) {
	w := c.s.words
	q, ok := c.under.(*queueScreen)
	if len(accounts) == 0 && c.s.by.Role == review.Reviewer {
		accounts = []string{c.s.by.Name}
	}
	switch {
	case c.s.offline():
		return refuse(w.Say("outside.at_the_desk", c.s.term.Pack)), nil
	case !ok || len(accounts) == 0:
		return refuse(w.Say("command.pack")), nil
	case c.s.takeOut == nil:
		return refuse(w.Say("command.pack_elsewhere")), nil
	case len(q.desk.marks.list) == 0:
		return refuse(w.Say("many.none")), nil
	}
	references := make([]string, len(q.desk.marks.list))
	for i, m := range q.desk.marks.list {
		references[i] = m.id
	}
	text := w.Say("pack.confirm", len(references), Plain(strings.Join(accounts, " ")))
	return step{close: true, open: newConfirm(c.s, text, func() tea.Cmd { return c.s.takingOut(accounts, references) })}, nil
}

func (s *session) takingOut(accounts, references []string) tea.Cmd {
	do, by, words := s.takeOut, s.by, s.words
	return func() tea.Msg {
		made, err := do(by, accounts, references)
		if err != nil {
			return doneMsg{id: "pack", err: err}
		}
		p := made.Pack
		text := words.Say("pack.created", p.Number, len(p.Cases), strings.Join(p.Accounts, " "), p.Until.In(review.Zone).Format("2006-01-02 15:04"), made.Path)
		if n := len(made.Left); n > 0 {
			text += words.Say("pack.left_behind", n, made.Left[0].Reference, words.Explain(made.Left[0].Err))
		}
		return doneMsg{id: "pack", text: text}
	}
}
