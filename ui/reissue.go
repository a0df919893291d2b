package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// reissuing is the work on many certificates that are issued anew, proposed or confirmed: a few in each write, every one of
// them a change of its own with its own check. What could not be done is left as it was, with its reason.
type reissuing struct {
	do     review.Action // Propose or Confirm
	run    func(list []store.Reissue, took func(store.Reissue, error)) error
	left   []store.Reissue
	total  int
	done   int
	failed []mishap
	stop   bool // after the write that is under way
}

// reissueBatch is how many are confirmed in one write: esc is heard after each.
const reissueBatch = 16

// reissued is what became of one write.
type reissued struct {
	done   int
	failed []refusal
	fault  error // that stopped it
}

// refusal is a certificate that was not issued anew.
type refusal struct {
	number string
	err    error
}

// readWaiting reads what waits for a second person: single proposals, and as one line those to be issued anew. One that
// stands alone among these is a proposal like others, and so is one that was tried and failed.
func (r *reprintScreen) readWaiting(answer found) tea.Cmd {
	from, certificates, by, most := standings(r.s.store), cases(r.s.store), r.s.by, r.most()
	failed := r.failed
	return func() tea.Msg {
		var all []store.Reissue
		if answer.rows, all, answer.err = from.Waiting(by, most); answer.err != nil {
			return answer
		}
		var single []string
		for _, one := range all {
			if failed[one.Number] != "" && len(single) < most || len(all) == 1 {
				single = append(single, one.Number)
			}
		}
		if len(all) > 1 {
			answer.anew = all
		}
		for _, number := range single {
			c, err := certificates.Certificate(by, number)
			if err != nil {
				answer.err = err
				break
			}
			answer.rows = append(answer.rows, c)
		}
		return answer
	}
}

// ahead is how many lines stand before those of single certificates.
func (r *reprintScreen) ahead() int { return oneIf(len(r.anew) > 0) }

// mine are those that the account may confirm.
func (r *reprintScreen) mine() []store.Reissue {
	return slices.DeleteFunc(slices.Clone(r.anew), func(one store.Reissue) bool { return one.Refused != nil })
}

func (r *reprintScreen) anewLine() string {
	return r.s.words.Say("reissue.line", len(r.anew))
}

// anewFacts tell of all those together what a second person has to know.
func (r *reprintScreen) anewFacts() []string {
	w := r.s.words
	var by, signers []string
	for _, one := range r.anew {
		by, signers = append(by, Plain(one.By)), append(signers, one.Key)
	}
	first, last := r.anew[0].At.In(review.Zone), r.anew[len(r.anew)-1].At.In(review.Zone)
	when := span(first.Format("2006-01-02 15:04"), last.Format("2006-01-02 15:04"))
	lines := []string{
		signWarn + " " + w.Say("reissue.why", joined(w, signers)),
		w.Say("standing.proposed_by", joined(w, by)) + "  " + when,
		w.Say("reissue.each"),
	}
	if n := len(r.anew) - len(r.mine()); n > 0 {
		lines = append(lines, signInfo+" "+w.Say("reissue.others", n))
	}
	return lines
}

// joined lists texts, each once.
func joined(w Words, list []string) string {
	slices.Sort(list)
	return strings.Join(slices.Compact(list), w.Say("join"))
}

func span(from, until string) string {
	if from == until {
		return from
	}
	return from + " – " + until
}

// confirmReissues asks once, in a sentence that names the number; the number typed is yes.
func (r *reprintScreen) confirmReissues() step {
	w, list := r.s.words, r.mine()
	switch {
	case len(list) == 0:
		return refuse(w.Explain(r.anew[0].Refused))
	case r.s.signing != nil:
		return refuse(w.Explain(r.s.signing))
	}
	text := w.Say("reissue.sure", len(list))
	if r.s.unsealed {
		text += "\n" + w.Say("seal.none")
	}
	to, account, clock := standings(r.s.store), r.s.by.Name, r.s.clock
	return r.sureOf(text, reissuing{do: review.Confirm, left: list,
		run: func(list []store.Reissue, took func(store.Reissue, error)) error {
			return to.ConfirmReissues(context.Background(), account, list, clock, took)
		}})
}

// sureOf begins the work once its number was typed.
func (r *reprintScreen) sureOf(text string, run reissuing) step {
	run.total = len(run.left)
	return step{open: newNumber(r.s, text, run.total, func() tea.Cmd {
		if r.writing {
			return nil
		}
		r.run, r.failed = &run, map[string]string{}
		return r.nextReissues()
	})}
}

// askReissues asks why all certificates of withdrawn keys are to be issued anew, and looks for them; nothing is asked
// where the reason was given with the command.
func (s *session) askReissues(why string) (step, tea.Cmd) {
	if err := s.by.MayStandAny(review.Propose, s.policy); err != nil {
		return refuse(s.words.Explain(err)), nil
	}
	r := newReprint(s, "")
	if note, err := review.RequiredNote(why); err == nil {
		return step{close: true, open: r, say: notice{informs, s.words.Say("revocations.reading")}}, r.lookForDistrusted(note)
	}
	return step{close: true, open: r, over: []screen{newAsk(s, ask{
		title: s.words.Say("reissue.ask"), label: s.words.Say("standing.ask_note"), required: true,
		then: func(note string) (step, tea.Cmd) {
			return tell(s.words.Say("revocations.reading")), r.lookForDistrusted(note)
		},
	})}}, nil
}

// distrusted is what was found to be issued anew.
type distrusted struct {
	request int
	note    string
	list    []store.Reissue
	err     error
}

func (r *reprintScreen) lookForDistrusted(note string) tea.Cmd {
	r.looking = r.s.next()
	from, by, request := standings(r.s.store), r.s.by, r.looking
	return func() tea.Msg {
		list, err := from.Distrusted(by, "", nil)
		return distrusted{request, note, list, err}
	}
}

// proposeReissues asks once whether all that was found is proposed, but for what waits already.
func (r *reprintScreen) proposeReissues(found distrusted) (step, tea.Cmd) {
	if found.request != r.looking {
		return step{}, nil
	}
	r.looking = 0
	w, waiting := r.s.words, 0
	var list []store.Reissue
	for _, one := range found.list {
		waiting += oneIf(one.Waits)
		if !one.Waits { // what is refused beforehand is refused once more, by name
			list = append(list, one)
		}
	}
	switch {
	case found.err != nil:
		return refuse(w.Explain(found.err)), r.s.logged(found.err)
	case len(list) == 0 && waiting == 0:
		return tell(w.Say("reissue.none")), nil
	case len(list) == 0:
		return tell(w.Say("reissue.proposed", 0, waiting)), nil
	}
	to, account, clock, note := standings(r.s.store), r.s.by.Name, r.s.clock, found.note
	return r.sureOf(w.Say("reissue.sure_propose", len(list)), reissuing{do: review.Propose, left: list,
		run: func(list []store.Reissue, took func(store.Reissue, error)) error {
			return to.ProposeReissues(context.Background(), account, note, list, clock, took)
		}}), nil
}

func (r *reprintScreen) nextReissues() tea.Cmd {
	n := min(reissueBatch, len(r.run.left))
	list := r.run.left[:n]
	r.run.left = r.run.left[n:]
	run := r.run.run
	return r.write(list[0].Number, func() doneMsg {
		var did reissued
		did.fault = run(list, func(one store.Reissue, err error) {
			if err == nil {
				did.done++
			} else {
				did.failed = append(did.failed, refusal{one.Number, err})
			}
		})
		return doneMsg{made: did}
	})
}

// tookReissues goes on to the next few, or says what became of all of them.
func (r *reprintScreen) tookReissues(did reissued) (step, tea.Cmd) {
	run, w := r.run, r.s.words
	if run == nil {
		return step{}, nil
	}
	var logs []tea.Cmd
	run.done += did.done
	for _, one := range did.failed {
		why := w.Explain(fmt.Errorf("%s %s: %w", run.do, one.number, one.err))
		run.failed, r.failed[one.number] = append(run.failed, mishap{one.number, why}), why
		logs = append(logs, r.s.logged(one.err))
	}
	if len(run.left) > 0 && !run.stop && did.fault == nil {
		said := w.Say("many.progress", w.Say("reissue.act."+string(run.do)), run.total-len(run.left), run.total)
		return tell(said), tea.Batch(append(logs, r.nextReissues())...)
	}
	r.run, r.writing = nil, false
	return step{say: run.summary(w)}, tea.Batch(append(logs, r.search())...)
}

func (run *reissuing) summary(w Words) notice {
	if run.done == run.total {
		return notice{succeeded, w.Say("reissue.did."+string(run.do), run.done)}
	}
	text := w.Say("reissue.did_some."+string(run.do), run.done, len(run.failed), run.total-run.done-len(run.failed))
	return notice{refused, text + mishaps(w, run.failed, "reissue.which")}
}

var _ several = (*reprintScreen)(nil)

// Stop ends the run after the write that is under way, and says so.
func (r *reprintScreen) Stop() step {
	if r.run == nil {
		return step{}
	}
	r.run.stop = true
	return tell(r.s.words.Say("reissue.stopping"))
}
