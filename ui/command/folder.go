package command

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/pack"
	"rongzheng/ui"
	"rongzheng/ui/serve"
)

// folderError is a data folder that could not be opened, or not be read through, with its path.
type folderError struct {
	dir string
	err error
}

func (e *folderError) Error() string { return e.err.Error() }
func (e *folderError) Unwrap() error { return e.err }

// unreadable marks the error of opening or checking a folder: for what is damaged there, a check is no help.
func unreadable(dir string, err error) error {
	if err == nil {
		return nil
	}
	return &folderError{dir, err}
}

// explainFolder is the sentence of an error of the data folder, with its path. A run that came from elsewhere is not told
// where this machine keeps it.
func (p *program) explainFolder(err error) (string, bool) {
	if unknown, ok := errors.AsType[*accountError](err); ok {
		return p.explainAccount(unknown), true
	}
	if p.bound != nil {
		return "", false
	}
	dir, unknown := p.folder()
	opened, atOpen := errors.AsType[*folderError](err)
	if atOpen {
		dir = opened.dir
	} else if unknown != nil {
		return "", false
	}
	if here := packsIn(dir); len(here) > 0 && errors.Is(err, store.ErrNoData) {
		return p.words.Say("fault.only_packs", ui.Plain(dir), strings.Join(here, p.words.Say("join"))), true
	}
	for _, known := range []struct {
		err  error
		key  string
		args []any
	}{
		{serve.ErrOpenFolder, "serve.open_folder", []any{ui.Plain(dir), shellWord(dir)}},
		{store.ErrFileMissing, "fault.blob_missing_in", []any{ui.Plain(dir), shellWord(dir)}},
		{store.ErrNewer, "fault.newer_in", []any{ui.Plain(dir)}},
		{store.ErrNoData, "fault.no_data_in", []any{ui.Plain(dir), shellWord(dir)}},
	} {
		if errors.Is(err, known.err) {
			return p.words.Say(known.key, known.args...), true
		}
	}
	switch {
	case !errors.Is(err, store.ErrDamaged):
		return "", false
	case atOpen:
		return p.words.Say("fault.unreadable_in", ui.Plain(dir)), true
	}
	return p.words.Say("fault.damaged_in", ui.Plain(dir), shellWord(dir)), true
}

// packsIn are the numbers of the work packs that lie in the folder, on an officer's laptop. A folder that cannot be read has
// none to tell of: what is wrong with it is told by who opens it.
func packsIn(dir string) []string {
	begun, err := pack.Begun(filepath.Join(dir, packFolder), "")
	if err != nil {
		return nil
	}
	var numbers []string
	for _, path := range begun {
		number, _, _ := strings.Cut(filepath.Base(path), ".")
		numbers = append(numbers, ui.Plain(number))
	}
	return slices.Compact(numbers)
}

// shellWord is the path as a shell takes it for one word.
func shellWord(path string) string {
	plain := func(r rune) bool {
		return r > 0x7f || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:@", r)
	}
	if path != "" && strings.IndexFunc(path, func(r rune) bool { return !plain(r) }) < 0 {
		return ui.Plain(path)
	}
	return ui.Plain("'" + strings.ReplaceAll(path, "'", `'\''`) + "'")
}

// accountError says that nobody, or an account that does not exist, was named to act as.
type accountError struct {
	name  string // "" for nobody
	known []review.Account
}

func (e *accountError) Error() string { return "account " + e.name + ": " + e.Unwrap().Error() }

func (e *accountError) Unwrap() error {
	if e.name == "" {
		return ui.ErrNoAccount
	}
	return review.ErrNotFound
}

// named is the account that the command line or the environment names, "" for none.
func (p *program) named() string { return cmp.Or(p.as, os.Getenv("RONGZHENG_AS")) }

// unnamed makes the error of an account that is missing, with those that could be named.
func unnamed(s accountReader, name string) error {
	all, err := s.Accounts()
	if err != nil {
		return err
	}
	known := slices.DeleteFunc(all, func(a review.Account) bool { return a.Disabled })
	return &accountError{name, known}
}

// mostAccounts is how many accounts a sentence lists.
const mostAccounts = 8

func (p *program) explainAccount(e *accountError) string {
	w := p.words
	if len(e.known) == 0 {
		return w.Say("fault.no_account")
	}
	var names []string
	for _, a := range e.known[:min(len(e.known), mostAccounts)] {
		names = append(names, w.Say("account.and_role", a.Name, w.Say("role."+string(a.Role))))
	}
	list := strings.Join(names, w.Say("join"))
	if len(e.known) > mostAccounts {
		list = w.Say("account.and_more", list, len(e.known))
	}
	if e.name == "" {
		return w.Say("fault.account_which", list)
	}
	return w.Say("fault.account_unknown", ui.Plain(e.name), list)
}
