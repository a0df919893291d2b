package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui/graphics"
)

// Options are what a desk is opened with. The local desk and a session over SSH start through the same Run.
type Options struct {
	Store Register
	// Scans is where files are picked at the counter; the zero Scans reads none. A desk that is served has Uploads at most.
	Scans Scans
	// Account is the name of the account to work as. Without one the desk asks: for a new account in an empty folder, for
	// one of those that there are otherwise. Whoever lets others in names the account that they authenticated as.
	Account string
	Lang    review.Lang      // Chinese when empty
	Clock   func() time.Time // time.Now when nil
	Input   io.Reader
	Output  io.Writer
	Environ []string // of the terminal: TERM, COLORTERM, NO_COLOR
	// Renderer gives the styles; one for Output and Environ when nil.
	Renderer *lipgloss.Renderer
	// Outlet takes the certificates that are printed; without one the desk tells how to fetch them instead.
	Outlet Outlet
	// Guides are the folders of guide pages that stand in the place of those that the program carries.
	Guides Guides
	// Sheets is the folder of this machine for exported tables; without one the desk tells how to fetch them instead.
	Sheets string
	// TakeOut makes work packs of marked rows; nil where the desk's files would not be at hand.
	TakeOut TakeOut
	Demo    bool // made-up people: the account may be switched
	Log     *slog.Logger
	// Images says how pictures are shown: auto, kitty, iterm2, sixel, blocks or none; nothing is auto.
	Images string
	// Ask asks the terminal what it can do before the desk reads from it; nil asks nothing.
	Ask graphics.Ask
	// Cell is the size of a character cell for a terminal that does not say it when it is asked.
	Cell graphics.CellSize
	// Album keeps decoded pictures; desks of one process share one. Without it the desk has its own.
	Album *graphics.Album
	// OpenFile opens a file with the system's own viewer. Only a desk of this machine has it, never one that is served.
	OpenFile func(path string) error
	// Service is the server that the desk is served by; ParseKey reads the keys of accounts, which are not managed without it.
	Service  Service
	ParseKey ParseKey
	// Patience is how long the terminal has for saying what it can do; 0 is enough for one of this machine.
	Patience time.Duration
	// Width and Height are the size of the window where the output cannot be asked; 0 waits for the first message.
	Width, Height int
	// Notices are texts that the desk shows at once; Ending is closed when it is to finish what it writes and leave. The end
	// of the context does not wait for that.
	Notices <-chan string
	Ending  <-chan struct{}
	// Warning is a sentence that the desk begins with, before anything else that it has to say; "" for none.
	Warning string
	// FrameRate is how often in a second the terminal is brought up to date at most; 0 is the usual 60. Each desk that does
	// nothing wakes as often.
	FrameRate int
	// Windows yields the sizes that such a window takes later; nil where the output tells them itself.
	Windows <-chan Window
	// Verify gives what verification codes are checked with, as the account; nil checks none.
	Verify func(by review.Actor) Verifier
	// Signing is what keeps certificates from being issued as long as the desk is open, code.ErrLocked say; nil for
	// nothing. Those whom it concerns are told before they approve.
	Signing error
	// Unsealed says that the office's seal is missing, so that what is issued carries a specimen for good. The same people
	// are told.
	Unsealed bool
	// FilesUntil tells when the certificate ends that signs what is issued, zero where none does. nil is for none. The same
	// people are told before that, and after.
	FilesUntil func() time.Time
}

// Window is the size of a window in columns and rows.
type Window struct{ Width, Height int }

// Run shows the desk until it is left. It returns review.ErrNotFound for an account that does not exist,
// review.ErrDenied for one that may not work at a desk, a PanicError for a fault of the program, and nil when the context
// ends.
func Run(ctx context.Context, o Options) error {
	widthsOnce()
	shown, err := newPictures(&o)
	if err != nil {
		return err
	}
	s := newSession(o)
	s.welcome = true
	s.pictures = shown
	if shown.out != nil {
		o.Output = shown.out
	}
	first, err := s.first()
	if err != nil {
		return err
	}
	model := newRoot(s, first)
	watched := &guard{desk: model}
	program := tea.NewProgram(watched, tea.WithContext(ctx), tea.WithInput(o.Input), tea.WithOutput(o.Output),
		tea.WithEnvironment(o.Environ), tea.WithAltScreen(), tea.WithMouseCellMotion(), tea.WithFPS(o.FrameRate),
		tea.WithoutSignalHandler()) // whoever owns the process ends the desk through ctx, and can say so first
	watched.send = program.Send
	left := make(chan struct{})
	go o.resize(program, left)
	s.news = o.Store.Subscribe()
	defer s.news.Close()
	s.hear(&store.News{Again: true, Claims: o.Store.Claims()})
	go listen(s.news, program.Send, left)
	go o.attend(program.Send, left)
	_, err = program.Run()
	close(left)
	if watched.err != nil {
		return errors.Join(watched.err, shown.close())
	}
	s.ended(model)
	err = errors.Join(err, shown.close())
	if ctx.Err() != nil || errors.Is(err, tea.ErrInterrupted) {
		return nil
	}
	return err
}

// resize tells the program the sizes of a window that it cannot ask, until the desk is left.
func (o *Options) resize(program *tea.Program, left <-chan struct{}) {
	if o.Width > 0 && o.Height > 0 {
		program.Send(tea.WindowSizeMsg{Width: o.Width, Height: o.Height})
	}
	for {
		select {
		case <-left:
			return
		case w, open := <-o.Windows:
			if !open {
				return
			}
			program.Send(tea.WindowSizeMsg{Width: w.Width, Height: w.Height})
		}
	}
}

// attend passes on what whoever runs the desk has to say.
func (o *Options) attend(send func(tea.Msg), left <-chan struct{}) {
	for {
		select {
		case <-left:
			return
		case text := <-o.Notices:
			send(toldMsg{text})
		case <-o.Ending:
			send(quitMsg{})
			return
		}
	}
}

// ended keeps what a desk that was not left had half done: its line dropped, or its process stops. After a panic nothing
// that it holds is trusted.
func (s *session) ended(model *root) {
	if failed := carryOut(model.dropped()); failed != nil && s.log != nil {
		s.log.Error("desk not kept", "account", s.by.Name, "error", failed)
	}
}

// carryOut runs the writes of a command, one after the other, when no desk is there any more to take their results.
func carryOut(cmd tea.Cmd) error {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		var err error
		for _, one := range msg {
			err = errors.Join(err, carryOut(one))
		}
		return err
	case deskSaved:
		return msg.err
	case filingSaved:
		return msg.err
	}
	return nil
}

func newSession(o Options) *session {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Renderer == nil {
		o.Renderer = lipgloss.NewRenderer(o.Output, termenv.WithEnvironment(environ(o.Environ)))
	}
	s := &session{
		scans: o.Scans,
		store: o.Store, policy: o.Store.Policy(), styles: newStyles(o.Renderer), clock: o.Clock,
		outlet: o.Outlet, guides: o.Guides, sheets: o.Sheets, demo: o.Demo, log: o.Log, startup: o.Account, warning: o.Warning, later: later, takeOut: o.TakeOut, sections: sections(),
	}
	s.service, s.parseKey = o.Service, o.ParseKey
	s.speak(string(o.Lang))
	s.verify, s.signing, s.unsealed, s.filesUntil = o.Verify, o.Signing, o.Unsealed, o.FilesUntil
	return s
}

func later(after time.Duration, msg tea.Msg) tea.Cmd {
	return tea.Tick(after, func(time.Time) tea.Msg { return msg })
}

// first finds the first screen: the queue of the account, the first start in an empty folder, or the choice of an
// account.
func (s *session) first() (func() screen, error) {
	term, err := s.store.Term()
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return nil, err
	}
	s.term = term
	if s.startup != "" {
		account, err := s.store.Account(s.startup)
		if err != nil {
			return nil, fmt.Errorf("account %s: %w", s.startup, err)
		}
		if err := account.May(review.View); err != nil {
			return nil, err
		}
		s.by = account
		return func() screen { return newQueue(s) }, nil
	}
	all, err := s.store.Accounts()
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return func() screen { return newFirstStart(s) }, nil
	}
	return func() screen { return newAccountPicker(s, all) }, nil
}

// environ answers for a terminal that is not the process's own.
type environ []string

// Environ returns the whole environment.
func (e environ) Environ() []string { return e }

// Getenv returns one variable, "" when it is not set.
func (e environ) Getenv(name string) string {
	for _, pair := range e {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}
