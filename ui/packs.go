package ui

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// mostPacks is how many packs are listed, the latest first.
const mostPacks = 200

// packsScreen lists the work packs that the account may see: which are out, with whom, until when, how much is still to come
// back.
type packsScreen struct{ listScreen[review.Pack] }

func newPacks(s *session) *packsScreen { return &packsScreen{listScreen[review.Pack]{s: s}} }

func (p *packsScreen) Init() tea.Cmd { return p.read() }

func (p *packsScreen) read() tea.Cmd {
	from, by := p.s.store, p.s.by
	return p.fetch(func(time.Time) ([]review.Pack, error) { return from.LatestPacks(by, mostPacks) })
}

func (p *packsScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case listRead[review.Pack]:
		was := p.under().Number
		cmd, _ := p.taken(msg)
		p.stay(func(one *review.Pack) bool { return one.Number == was })
		return step{}, tea.Batch(cmd, p.catchUp(p.read))
	case newsMsg:
		if ofPacks(&msg.News) {
			return step{}, p.heard(&msg.News, p.read)
		}
	case doneMsg:
		p.writing = false
		return step{}, p.read()
	case tea.KeyMsg:
		return p.pressed(msg)
	case tea.MouseMsg:
		p.cursor = wheel(msg, p.cursor, len(p.list))
	}
	return step{}, nil
}

func (p *packsScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, w := p.s.keys, p.s.words
	if to, ok := k.cursor(msg, p.cursor, len(p.list), p.rows()); ok {
		p.cursor = to
		return step{}, nil
	}
	switch {
	case key.Matches(msg, k.refresh):
		return step{}, p.read()
	case !key.Matches(msg, k.open, k.takeBack):
		return refuse(w.Say("key.unknown", Plain(msg.String()))), nil
	case p.writing:
		return refuse(w.Say("busy.writing")), nil
	case len(p.list) == 0:
		return refuse(w.Say("nothing.selected")), nil
	}
	one := p.list[p.cursor]
	if key.Matches(msg, k.open) {
		return step{open: newPack(p.s, one.Number)}, nil
	}
	return p.s.askCallBack(&one, p.at, &p.writing)
}

// askCallBack asks why a pack is called back, where it can be.
func (s *session) askCallBack(p *review.Pack, now time.Time, writing *bool) (step, tea.Cmd) {
	if err := s.by.MayCallBack(p); err != nil {
		return refuse(s.words.Explain(err)), nil
	}
	if state := p.State(now); state != review.PackOut && state != review.PackExpired {
		return refuse(s.words.Say("callback.over", p.Number, s.words.Say("pack.state."+string(state)))), nil
	}
	return step{open: newAsk(s, s.callBackQuestion(p.Number, p.Accounts, func(reason string) tea.Cmd {
		*writing = true
		do := s.calledBack(p.Number, reason)
		return func() tea.Msg { return do() }
	}))}, nil
}

func (s *session) callBackQuestion(number string, with []string, then func(reason string) tea.Cmd) ask {
	return ask{
		title: s.words.Say("callback.title", number, Plain(strings.Join(with, " "))), label: s.words.Say("callback.label"), required: true,
		then: func(reason string) (step, tea.Cmd) { return step{}, then(reason) },
	}
}

// calledBack makes the write of a call-back.
func (s *session) calledBack(number, reason string) func() doneMsg {
	from, account, clock, said := s.store, s.by.Name, s.clock, s.words.Say("pack.called_back", number)
	return func() doneMsg {
		if err := from.CallBack(account, number, strings.TrimSpace(reason), clock()); err != nil {
			return doneMsg{id: number, err: err}
		}
		return doneMsg{id: number, text: said}
	}
}

// callBack calls the pack back that the open case is outside with.
func (d *desk) callBack() (step, tea.Cmd) {
	if why, ok := d.ready(); !ok {
		return refuse(why), nil
	}
	lease, reference := d.file.lease, d.file.id()
	return step{open: newAsk(d.s, d.s.callBackQuestion(lease.Pack, lease.With, func(reason string) tea.Cmd {
		return d.write(reference, true, d.s.calledBack(lease.Pack, reason))
	}))}, nil
}

// mayCallBack reports whether the key that takes a decision back means the pack here: administrators decide nothing.
func (d *desk) mayCallBack() bool {
	return d.file != nil && d.file.application != nil && d.file.lease != nil && d.s.by.Role == review.Administrator
}

func (p *packsScreen) rows() int { return max(p.height-2, 1) }

func (p *packsScreen) View() string {
	st, w := p.s.styles, p.s.words
	out := 0
	for i := range p.list {
		out += oneIf(p.list[i].State(p.at) == review.PackOut)
	}
	lines := []string{" " + st.strong.Render(w.Say("packs.title", out, len(p.list))), rule(st, p.width)}
	lines = append(lines, p.instead(w.Say("packs.none"))...)
	lines = append(lines, p.lines(p.rows(), p.line)...)
	return strings.Join(lines, "\n")
}

// line is one pack: its number and state, with whom, how many of its cases are still to come back, until when.
func (p *packsScreen) line(one *review.Pack) string {
	w := p.s.words
	state := one.State(p.at)
	left := w.Say("pack.cases", len(one.Cases))
	if state == review.PackOut || state == review.PackExpired {
		left = w.Say("packs.left", one.Left(), len(one.Cases))
	}
	with := Plain(strings.Join(one.Accounts, " "))
	return fit(one.Number, 15) + " " + fit(w.Say("pack.state."+string(state)), 12) + " " + fit(with, 14) + " " +
		fit(left, 18) + " " + w.Say("pack.until", p.s.shortTime(one.Until))
}

// shortTime is a time without its year.
func (s *session) shortTime(t time.Time) string { return t.In(review.Zone).Format("01-02 15:04") }

func (p *packsScreen) ShortHelp() []key.Binding {
	k := p.s.keys
	return []key.Binding{k.open, withHelp(k.takeBack, p.s.words.Say("key.call_back")), k.refresh, k.down, k.up, k.back}
}

func (p *packsScreen) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }

// packScreen shows one pack: each case, and what has become of what was decided on it.
type packScreen struct {
	listScreen[store.CaseBack]
	number string
	pack   review.Pack
}

// packRead is the answer of reading a pack.
type packRead struct {
	listRead[store.CaseBack]
	pack review.Pack
}

func newPack(s *session, number string) *packScreen {
	return &packScreen{listScreen: listScreen[store.CaseBack]{s: s}, number: number}
}

func (p *packScreen) Init() tea.Cmd { return p.read() }

func (p *packScreen) read() tea.Cmd {
	from, by, number, pack := p.s.store, p.s.by, p.number, review.Pack{}
	cases := p.fetch(func(time.Time) (list []store.CaseBack, err error) {
		pack, list, err = from.CasesBack(by, number)
		return list, err
	})
	return func() tea.Msg { return packRead{cases().(listRead[store.CaseBack]), pack} }
}

func (p *packScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case packRead:
		cmd, ok := p.taken(msg.listRead)
		if ok {
			p.pack = msg.pack
		}
		return step{}, tea.Batch(cmd, p.catchUp(p.read))
	case newsMsg:
		if msg.Again || slices.Contains(msg.Packs, p.number) {
			return step{}, p.heard(&msg.News, p.read)
		}
	case doneMsg:
		p.writing = false
		return step{}, p.read()
	case tea.KeyMsg:
		return p.pressed(msg)
	case tea.MouseMsg:
		p.cursor = wheel(msg, p.cursor, len(p.list))
	}
	return step{}, nil
}

func (p *packScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k, w := p.s.keys, p.s.words
	if to, ok := k.cursor(msg, p.cursor, len(p.list), p.rows()); ok {
		p.cursor = to
		return step{}, nil
	}
	switch {
	case key.Matches(msg, k.refresh):
		return step{}, p.read()
	case !key.Matches(msg, k.takeBack):
		return refuse(w.Say("key.unknown", Plain(msg.String()))), nil
	case p.writing:
		return refuse(w.Say("busy.writing")), nil
	case p.reading() || p.err != nil:
		return refuse(w.Say("busy.reading")), nil
	}
	return p.s.askCallBack(&p.pack, p.at, &p.writing)
}

// detailLines are for the act under the cursor, in full.
func (p *packScreen) detailLines() int { return min(4, max(p.height/4, 1)) }
func (p *packScreen) rows() int        { return max(p.height-p.detailLines()-4, 1) }

func (p *packScreen) View() string {
	st, w := p.s.styles, p.s.words
	if p.err != nil {
		return " " + st.bad.Render(cut(signBad+" "+w.Explain(p.err), max(p.width-2, 1)))
	}
	if p.pack.Number == "" {
		return "  " + st.muted.Render(w.Say("list.reading"))
	}
	lines := []string{" " + st.strong.Render(p.title()), " " + p.about(), rule(st, p.width)}
	lines = append(lines, p.lines(p.rows(), p.line)...)
	if len(p.list) > 0 {
		lines = append(lines, rule(st, p.width))
		lines = append(lines, p.below(&p.list[p.cursor])...)
	}
	return strings.Join(lines, "\n")
}

func (p *packScreen) title() string {
	one, w := &p.pack, p.s.words
	state, left := one.State(p.at), "packs.left"
	if p.over() {
		left = "packs.undecided"
	}
	return w.Say("packs.one", one.Number, w.Say("pack.state."+string(state)), w.Say(left, one.Left(), len(one.Cases)), p.s.shortTime(one.Until))
}

// over reports whether nothing more is to come: what has not been decided on the pack never was.
func (p *packScreen) over() bool { return p.pack.State(p.at) == review.PackFinished }

// about says who made the pack for whom, and why it was called back.
func (p *packScreen) about() string {
	one, w, s := &p.pack, p.s.words, p.s
	with := make([]string, len(one.Accounts))
	for i, name := range one.Accounts {
		with[i] = s.nameOf(name)
	}
	text := w.Say("packs.made", strings.Join(with, " "), s.nameOf(one.MadeBy), s.shortTime(one.MadeAt))
	if !one.CalledBackAt.IsZero() {
		text = w.Say("packs.called_back", s.nameOf(one.CalledBackBy), s.shortTime(one.CalledBackAt), Plain(one.CalledBackFor))
	}
	return cut(text, max(p.width-2, 1))
}

// line is one case, with what has become of the latest decision on it.
func (p *packScreen) line(one *store.CaseBack) string {
	text := p.s.words.Say("packs.nothing")
	if p.over() {
		text = p.s.words.Say("packs.nothing_done")
	}
	if n := len(one.Acts); n > 0 {
		text = p.s.became(&one.Acts[n-1])
	}
	return fit(Plain(one.Reference), 18) + " " + text
}

// became says what has become of a decision that was handed back.
func (s *session) became(h *review.Handed) string {
	w := s.words
	text := w.Say("action."+string(h.Act.Action)) + "  " + w.Say("pack.outcome."+string(h.Outcome))
	if h.Outcome == review.Settled {
		text += w.Say("packs.settled", w.Say("packs.settled."+string(h.Settlement)), s.nameOf(h.SettledBy), s.shortTime(h.SettledAt))
	}
	if h.Code != "" && h.Outcome != review.Settled {
		text += w.Say("packs.because", Plain(w.Code(h.Code, h.Args)))
	}
	return text
}

// below tells every decision on the case, with both times.
func (p *packScreen) below(one *store.CaseBack) []string {
	st, w := p.s.styles, p.s.words
	if len(one.Acts) == 0 {
		return []string{" " + st.muted.Render(cut(w.Say("packs.nothing_below"), max(p.width-2, 1)))}
	}
	var lines []string
	for i := range one.Acts {
		h := &one.Acts[i]
		text := w.Say("packs.times", h.Act.At.In(review.Zone).Format("2006-01-02 15:04"), p.s.shortTime(h.At)) + p.s.became(h)
		if h.Outcome == review.Settled {
			text += w.Say("packs.because", Plain(w.Code(h.Code, h.Args)))
		}
		lines = append(lines, wrap(text, max(p.width-2, 1))...)
	}
	if open := one.Acts[len(one.Acts)-1].Outcome == review.Conflict; open {
		lines = append(lines, wrap(w.Say("pack.waiting_for"), max(p.width-2, 1))...)
	}
	lines = lines[:min(len(lines), p.detailLines())]
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return lines
}

func (p *packScreen) ShortHelp() []key.Binding {
	k := p.s.keys
	return []key.Binding{withHelp(k.takeBack, p.s.words.Say("key.call_back")), k.refresh, k.down, k.up, k.back}
}

func (p *packScreen) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }

// ownConflicts is the answer of reading how many decisions of the account do not fit and wait for somebody to settle them.
type ownConflicts struct {
	account string
	n       int
}

// countConflicts makes the command that reads them, nil for who has a tab for conflicts or makes no decisions.
func (s *session) countConflicts() tea.Cmd {
	if s.by.Role != review.Reviewer || s.term.Pack != "" {
		return nil
	}
	from, by := s.store, s.by
	return func() tea.Msg {
		list, err := from.Conflicts(by)
		if err != nil {
			return ownConflicts{by.Name, 0} // the mark is an aid; the list itself says what is wrong
		}
		return ownConflicts{by.Name, len(list)}
	}
}

// ofPacks tells news that may have changed a work pack, or the number of conflicts.
func ofPacks(n *store.News) bool { return n.Again || len(n.Packs) > 0 }

// conflictMark is the end of the header for who has handed back what does not fit.
func (s *session) conflictMark() string {
	if s.conflicts.n == 0 || s.conflicts.account != s.by.Name {
		return ""
	}
	return s.styles.warn.Render(s.words.Say("packs.conflicts", s.conflicts.n)) + " "
}
