package ui

import (
	"github.com/charmbracelet/bubbles/help"
	tea "github.com/charmbracelet/bubbletea"
)

// screen is one full-window state. The root draws the top one and gives it the keys; results of commands go to every
// screen of the stack, each exactly once, and a screen drops what it did not ask for.
type screen interface {
	Init() tea.Cmd
	Update(tea.Msg) (step, tea.Cmd)
	View() string
	SetSize(width, height int)
	// Capturing says that a text field or a question owns the keys.
	Capturing() bool
	help.KeyMap
}

// panel is a screen that takes only the lowest lines; the one beneath stays in sight above it.
type panel interface {
	screen
	// Lines returns how many lines the panel wants in a window of the width.
	Lines(width int) int
}

// busy is a screen that has a write under way. The root does not quit before it is done.
type busy interface{ Busy() bool }

// several is a screen that can work on many cases. Stop ends that after the write that is under way and says so; its
// step is zero where nothing of the kind is under way.
type several interface{ Stop() step }

// takesBack is the screen at the bottom of the stack: it knows what the account has decided.
type takesBack interface{ TakeBack() step }

// step says what the root does next. The zero step stays. Only the top screen's open, afresh, close, start and visit count.
type step struct {
	open   screen
	over   []screen // opened over it, one after the other
	afresh bool     // what is open takes the place of every screen above the tabs
	close  bool
	start  screen // takes the place of the whole stack
	quit   bool
	relay  bool   // the language has changed: every screen lays itself out again
	visit  *visit // every screen above the tabs goes, and this tab opens
	say    notice
}

// notice is a line for the status: the sign tells how it is meant, also without colour.
type notice struct {
	kind noticeKind
	text string // several lines when there are several problems
}

type noticeKind int

const (
	informs noticeKind = iota
	succeeded
	refused
	welcomes // informs, and takes all the room that it needs
)

func tell(text string) step   { return step{say: notice{informs, text}} }
func refuse(text string) step { return step{say: notice{refused, text}} }

// doneMsg ends every write. The root shows it whichever screen is on top.
type doneMsg struct {
	id   string // reference or number of what was written
	text string // what happened, and how to take it back
	err  error
	// made is what the screen that asked needs to know of the write, nil when it failed.
	made any
}

// toldMsg is something that whoever runs the desk has to say, such as that it will end.
type toldMsg struct{ text string }

// quitMsg asks the root to end as soon as no write is under way.
type quitMsg struct{}
