// Package ui is the desk on the screen: the queues, the case in hand, the questions that a decision asks, and every text
// of the product in Chinese and English.
//
// # Terms
//
//	screen   one full-window state; the root keeps them in a stack and gives the keys to the top one
//	panel    a screen that takes only the lowest lines and leaves the one beneath in sight
//	step     what a screen's Update says about the stack: open, close, say; never a message
//	section  a tab that is a screen of its own, such as 统计: one entry of sections in section.go
//	desk     the list and the case that is open in it, shared by the queue screen and the detail screen
//	case     an application or certificate with everything the screen shows of it
//
// # Rules of the package
//
// Update and View touch no store, file or clock: commands do, on copies of what they need. A write ends in one doneMsg,
// after which the list reads its page again; nothing guesses the new state. A decision names the version that was on
// the screen. Every line passes through fit, so that no frame is wider than its window, and every text that somebody
// typed passes through Plain, so that no byte of it commands the terminal. Colour is never the only sign.
//
// # The way of a key
//
// root.Update takes a message apart into keys (typed), root.act gives each to the screen on top, whose Update calls pressed,
// whose cases are one call each. What is written is a command, and ends in a doneMsg, which the root shows. A new key is a
// binding in keys.go with its word (key.…), a case in the pressed of its screen, and a place in its FullHelp, from which
// help and the lowest line are made. A new screen is one file with the methods of screen (screen.go), opened by the step of
// another; a new tab is an entry of sections besides (section.go).
//
// # Tabs
//
// The tab line holds, in this order, the section that an account begins at, the queues, the other sections and the
// saved views; accounts that decide nothing have no queue of what waits for them. Digits go to the first ten, tab and
// shift+tab to the neighbours, :tab to a name. The queue screen lies at the bottom of the stack, draws the line, and
// has the sections that were opened beneath it: each keeps its state while another tab is open and gets every result,
// but keys only while it is in sight. A section that needs tab or the arrows says so (owner) or is Capturing. Leaving a
// section by q leaves the desk, as in a queue. A step with a visit, from whatever screen, clears the stack and opens a
// tab: a section, or a queue with a filter. A desk that is opened again begins at the tab that it was left at.
//
// # News
//
// What others do reaches a desk by itself: one listener per desk takes the store's news, at most four times a second, and the
// root gives them to every screen. What is shown carries the number of the news that it was read after, so that a page is
// read only for news that concern it and never for the desk's own writes. Reading behind the reviewer's back takes no key
// away: the cursor stays on its case, marks, filter and half-typed text stay. A case that another has taken out of the
// queue stays under the cursor, says who did what and when, and goes when the cursor does. A case that came or changed
// without a key of the reviewer takes no decision until it has been on the screen for a second.
//
// # In hand
//
// A case is taken in hand when the reviewer opens it to review: in the whole window, at a proof, or at the beginning of a
// decision (reasons, a note). Moving the cursor takes nothing, although the case opens in the pane: who pages through a queue
// would hold all of it back. A decision by one key takes what is free by itself, in its transaction. The case stays in hand
// while the cursor stays on it, since what was looked at must still be decided, and as long as keys come; others see who
// has it, in the list and in the case. One of them may take it over after a y, and the desk that loses it says so.
//
// # Taking back
//
// A desk remembers the acts of its session (act), decisions and others; one command on many cases is one act. u takes
// back with one key the decision that was the last act and was made in the queue that is open; any other is named with
// its time and waits for y, and so does u on a screen that has no use of its own for the key: the root gives it to the
// screen with the tabs. A decision on many is named with its number, which must be typed, and goes back as marked rows
// are decided on (batch): one write for each case, with its own check, until esc, which the root gives to work on many
// before anything else. What the rules do not let be taken back stays marked, with its reason, and leaves the act.
// Where such a decision was the last act, the account's place on the desk keeps it (review.DoneMany), so that the next
// desk can name it.
//
// # The counter
//
// counter.go is the section 办事窗口, at which clerks begin: a number leads to person.go, the page with the four ways,
// which hangs a screen on each (counterWays). wedge.go keeps the digits of a card that is scanned on these pages from
// being keys, and the code of a certificate: the root holds the first character back until it is known what follows.
// entry*.go is the form: it knows no field by name, but what the registry says of each (type, options, condition, what
// fills it in, what names the person), so that a new field appears by itself. Every key that changes something is
// written at once, one write at a time; the name of a scan is never kept. A desk that is opened again comes back into
// the form, and to the calendar or the choice of files that was open over it, which knows scans again by their time and
// size (again_counter.go). Consent is the applicant's, so whatever changes after it was given takes the word that all
// is true away. records.go and record show applications as the applicant reads them. Files come from Scans: folders of
// this machine, or at a desk that is served what the account has sent.
//
// # The mail room
//
// mailroom.go and its neighbours are the section 待邮寄. A batch follows the order of the list, whatever the order of the marks.
// Certificates and labels are whole files, one inside the other's settling, before store.PrintLetters counts them in one
// transaction; only then do they appear. Addresses are masked on the screen and in clear on paper, which is recorded.
//
// # Guide pages
//
// guide.go reads the pages 办事指南 from text files: those in guide/ of the program, or of a folder that stands in their place.
// What policy and registry know is filled in between braces. A page that is broken is an error with its line, not a page less.
//
// Drawing pictures is the business of ui/graphics, the command line that of ui/command.
package ui
