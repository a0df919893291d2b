package ui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// TestLettersThatSpellAKey: letters that arrive in one read are letters also where they spell the name of a key.
func TestLettersThatSpellAKey(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	for _, name := range []string{"tab", "enter", "esc", "up", "home", "shift+tab"} {
		d.press(":")
		d.typeText(name)
		d.sees(":" + name)
		d.press("esc")
	}
}

// TestEscTwiceInOneReadLeavesATextField: the first ends the field, the second what lies beneath.
func TestEscTwiceInOneReadLeavesATextField(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("?", "/")
	d.typeText("n")
	d.send(tea.KeyMsg{Type: tea.KeyEsc, Alt: true})
	d.misses("此处可用的按键")
	d.sees("[待审核")
}

// TestEscAndAKeyInOneRead: over a slow line esc and the key after it arrive together, and both count.
func TestEscAndAKeyInOneRead(t *testing.T) {
	d := open(t, withPeople(t), wuhou)
	d.press("enter")
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("j"), Alt: true})
	d.selects("SQ202600000002")
	d.press(":")
	d.send(tea.KeyMsg{Type: tea.KeyCtrlC, Alt: true})
	if !d.quit {
		t.Error("esc and ctrl+c in one read do not leave")
	}
}
