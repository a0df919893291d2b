// Package ui is the desk on the screen: the queues, the case in hand, the questions that a decision asks, and every text
// of the product in Chinese and English.
//
// # Terms
//
//	screen   one full-window state; the root keeps them in a stack and gives the keys to the top one
//	panel    a screen that takes only the lowest lines and leaves the one beneath in sight
//	step     what a screen's Update says about the stack: open, close, say; never a message
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
// Drawing pictures is the business of ui/graphics, the command line that of ui/command.
package ui
