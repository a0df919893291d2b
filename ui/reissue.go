package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// reissuing is the confirmation of many certificates that are issued anew: a few in each write, every one of them a
// change of its own with its own check. What could not be done goes on waiting, with its reason.
type reissuing struct {
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
	return step{open: newNumber(r.s, text, len(list), func() tea.Cmd {
		if r.writing {
			return nil
		}
		r.run = &reissuing{left: list, total: len(list)}
		r.failed = map[string]string{}
		return r.nextReissues()
	})}
}

func (r *reprintScreen) nextReissues() tea.Cmd {
	n := min(reissueBatch, len(r.run.left))
	list := r.run.left[:n]
	r.run.left = r.run.left[n:]
	to, account, clock := standings(r.s.store), r.s.by.Name, r.s.clock
	return r.write(list[0].Number, func() doneMsg {
		var did reissued
		did.fault = to.ConfirmReissues(context.Background(), account, list, clock, func(one store.Reissue, err error) {
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
		why := w.Explain(fmt.Errorf("confirm %s: %w", one.number, one.err))
		run.failed, r.failed[one.number] = append(run.failed, mishap{one.number, why}), why
		logs = append(logs, r.s.logged(one.err))
	}
	if len(run.left) > 0 && !run.stop && did.fault == nil {
		said := w.Say("many.progress", w.Say("reissue.act"), run.total-len(run.left), run.total)
		return tell(said), tea.Batch(append(logs, r.nextReissues())...)
	}
	r.run, r.writing = nil, false
	return step{say: run.summary(w)}, tea.Batch(append(logs, r.search())...)
}

func (run *reissuing) summary(w Words) notice {
	if run.done == run.total {
		return notice{succeeded, w.Say("reissue.done", run.done)}
	}
	text := w.Say("reissue.done_some", run.done, len(run.failed), run.total-run.done-len(run.failed))
	return notice{refused, text + mishaps(w, run.failed, "reissue.which")}
}

// pressedMeanwhile hears esc, which stops the run after the write that is under way.
func (r *reprintScreen) pressedMeanwhile(msg tea.KeyMsg) step {
	if !key.Matches(msg, r.s.keys.cancel) {
		return refuse(r.s.words.Say("busy.writing"))
	}
	r.Stop()
	return tell(r.s.words.Say("reissue.stopping"))
}

// Stop ends the run after the write that is under way.
func (r *reprintScreen) Stop() {
	if r.run != nil {
		r.run.stop = true
	}
}
