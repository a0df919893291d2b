package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
)

// anew says that a command is about all certificates whose signing key was withdrawn, or about those of one such key.
type anew struct {
	all bool
	key string
	// count is the number that the second person names, 0 where it is to be asked for.
	count int
}

func (a anew) asked() bool { return a.all || a.key != "" }

// anewFlags are what the command takes in the place of a certificate; all is the name of the flag for every key.
func (p *program) anewFlags(cmd *cobra.Command, a *anew, all, described string) {
	cmd.Flags().BoolVar(&a.all, all, false, described)
	cmd.Flags().StringVar(&a.key, "key", "", p.words.Say("flag.reissue_key"))
	cmd.MarkFlagsMutuallyExclusive(all, "key")
}

// answerFlags are those of who answers what was proposed.
func (p *program) answerFlags(cmd *cobra.Command, a *anew) {
	p.anewFlags(cmd, a, "reissues", p.words.Say("flag.reissues"))
	cmd.Flags().IntVar(&a.count, "count", 0, p.words.Say("flag.reissue_count"))
}

// aboutOne is the certificate that the command names where it is not about many; wrong usage where it says both, or
// neither.
func (p *program) aboutOne(args []string, a anew) (string, error) {
	if a.asked() == (len(args) > 0) || a.count != 0 && !a.asked() {
		return "", p.misused("usage.reissue")
	}
	return strings.Join(args, ""), nil
}

// countError says that many were to be confirmed without their number being named, or with another one.
type countError struct{ given, waiting int }

func (e *countError) Error() string { return fmt.Sprintf("%d wait, %d were named", e.waiting, e.given) }

// errNoReissue says that no certificate waits to be issued anew.
var errNoReissue = errors.New("nothing waits to be issued anew")

// ofKey refuses a key that is not one of the register's, or that is trusted.
func (d *desk) ofKey(a anew) error {
	if a.key == "" || d.ring == nil {
		return nil
	}
	i := slices.IndexFunc(d.ring.List(), func(k code.Info) bool { return k.ID == a.key })
	switch {
	case i < 0:
		return code.ErrUnknownID
	case d.ring.List()[i].Withdrawn.IsZero():
		return errKeyTrusted
	}
	return nil
}

// errKeyTrusted says that the key was never withdrawn, so that nothing it signed is to be issued anew.
var errKeyTrusted = errors.New("the key is trusted")

// proposeReissues proposes every certificate of withdrawn keys that is not proposed yet, so that a run that was stopped
// goes on where it was.
func (d *desk) proposeReissues(a anew, note string) error {
	if err := d.mayReissue(a, review.Propose); err != nil {
		return err
	}
	note, err := review.RequiredNote(note)
	if err != nil {
		return err
	}
	bar := newProgress(d.stderr, d.words.Say("revocations.reading"))
	all, err := d.store.Distrusted(d.by, a.key, func(done int) { bar.step(done, 0) })
	bar.end()
	if err != nil {
		return err
	}
	open := slices.DeleteFunc(slices.Clone(all), func(r store.Reissue) bool { return r.Waits })
	run := reissuing{d: d, working: "reissue.proposing"}
	err = run.each(open, func(ctx context.Context, list []store.Reissue, took func(store.Reissue, error)) error {
		return d.store.ProposeReissues(ctx, d.by.Name, note, list, d.now, took)
	})
	if err != nil {
		return err
	}
	said := d.words.Say("reissue.none")
	if waiting := len(all) - len(open) + run.done; waiting > 0 {
		said = d.words.Say("reissue.proposed", run.done, waiting)
	}
	if _, err := fmt.Fprintln(d.stdout, said); err != nil {
		return err
	}
	return d.batch(len(open), run.refused)
}

func (d *desk) mayReissue(a anew, do review.Action) error {
	if err := d.by.MayStandAny(do, d.store.Policy()); err != nil {
		return err
	}
	return d.ofKey(a)
}

// confirmReissues confirms all that wait, once the second person has named their number. What cannot be is named and
// goes on waiting; a run that was stopped is gone on with by the same command, which asks for the number that is left.
func (d *desk) confirmReissues(a anew) error {
	list, err := d.waitingReissues(a, review.Confirm)
	if err != nil {
		return err
	}
	if err := d.unlock(); err != nil {
		return err
	}
	if d.ring != nil {
		if _, err := d.ring.Signer(); err != nil {
			return err
		}
	}
	d.warnOfIssued(true) // here before it is done: they would carry it for good, all of them
	if err := d.named(a, len(list), "reissue.confirm"); err != nil {
		return err
	}
	run := reissuing{d: d, said: "reissue.did.confirm", working: "reissue.working"}
	return run.answered(list, func(ctx context.Context, list []store.Reissue, took func(store.Reissue, error)) error {
		return d.store.ConfirmReissues(ctx, d.by.Name, list, d.now, took)
	})
}

// dismissReissues turns all down that wait, as confirmReissues confirms them.
func (d *desk) dismissReissues(a anew, note string) error {
	list, err := d.waitingReissues(a, review.Dismiss)
	if err != nil {
		return err
	}
	if err := review.CheckNote(note); err != nil {
		return err
	}
	if err := d.named(a, len(list), "reissue.dismiss"); err != nil {
		return err
	}
	run := reissuing{d: d, said: "reissue.dismissed", working: "reissue.dismissing"}
	return run.answered(list, func(ctx context.Context, list []store.Reissue, took func(store.Reissue, error)) error {
		return d.store.DismissReissues(ctx, d.by.Name, note, list, d.now, took)
	})
}

// waitingReissues are those that the account may answer. How many it may not, it says; where it may none, why.
func (d *desk) waitingReissues(a anew, do review.Action) ([]store.Reissue, error) {
	if err := d.mayReissue(a, do); err != nil {
		return nil, err
	}
	all, err := d.store.Reissues(d.by, a.key)
	if err != nil {
		return nil, err
	}
	var list []store.Reissue
	for _, r := range all {
		if do == review.Dismiss { // who proposed it may take it back
			r.Refused = nil
		}
		if r.Refused == nil {
			list = append(list, r)
		}
	}
	switch {
	case len(all) == 0:
		return nil, errNoReissue
	case len(list) == 0:
		return nil, all[0].Refused
	case len(list) < len(all):
		d.complain(d.words.Say("reissue.others", len(all)-len(list)))
	}
	return list, nil
}

// named makes sure that the person at the command line means that many: by --count, else by typing the number.
func (d *desk) named(a anew, n int, question string) error {
	given := a.count
	if file, ok := d.stdin.(*os.File); given == 0 && ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprint(d.stderr, d.words.Say(question, n))
		answer, _ := bufio.NewReader(file).ReadString('\n') // none is no number
		given, _ = strconv.Atoi(strings.TrimSpace(review.HalfWidth(answer)))
	}
	if given != n {
		return &countError{given, n}
	}
	return nil
}

// reissuing is one run over many certificates.
type reissuing struct {
	d             *desk
	said, working string // keys of what is said at the end, and meanwhile
	done          int
	refused       []refusal
}

// runOfReissues does the same to each of a list; took is told of every one.
type runOfReissues func(ctx context.Context, list []store.Reissue, took func(store.Reissue, error)) error

// answered does it to all and says how many were done; what was refused is named.
func (r *reissuing) answered(list []store.Reissue, do runOfReissues) error {
	if err := r.each(list, do); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(r.d.stdout, r.d.words.Say(r.said, r.done)); err != nil {
		return err
	}
	return r.d.batch(len(list), r.refused)
}

// each does it to all but those that are refused beforehand. What stops it is told with how many are left, and that the
// same command goes on with them.
func (r *reissuing) each(list []store.Reissue, do runOfReissues) error {
	bar := newProgress(r.d.stderr, r.d.words.Say(r.working))
	open := slices.DeleteFunc(slices.Clone(list), func(one store.Reissue) bool {
		if one.Refused != nil {
			r.refused = append(r.refused, refusal{one.Number, one.Refused})
		}
		return one.Refused != nil
	})
	err := do(r.d.ctx, open, func(one store.Reissue, err error) {
		if err != nil {
			r.refused = append(r.refused, refusal{one.Number, err})
		} else {
			r.done++
		}
		bar.step(r.done+len(r.refused), len(list))
	})
	bar.end()
	if err != nil {
		fmt.Fprintln(r.d.stdout, r.d.words.Say("reissue.stopped", r.done, len(list)-r.done))
	}
	if r.d.ctx.Err() != nil { // whoever stopped it knows why
		return errSaid
	}
	return err
}
