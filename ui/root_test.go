package ui

import "testing"

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
