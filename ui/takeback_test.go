package ui

import "testing"

// TestTakeBackOnEveryScreen: the key asks on the screens that have no use of their own for it.
func TestTakeBackOnEveryScreen(t *testing.T) {
	for name, keys := range map[string][]string{
		"attachments": {"o"}, "help": {"?"}, "comparison": {"d"}, "marked": {"space", "M"}, "reasons": {"r"},
		"expiry": {"shift+tab", "shift+tab"}, "overview": {"shift+tab"}, "certificates": {"6"},
	} {
		t.Run(name, func(t *testing.T) {
			s := withPeople(t)
			d := open(t, s, wuhou)
			d.press(keys...)
			d.press("u")
			d.says("✗", "没有可撤销的决定：打开审核台后没有作决定，或都已撤销；今日的决定按 U 查看。")
			d = open(t, s, wuhou)
			for d.root.top() != d.root.stack[0] { // what the desk before left open
				d.press("esc")
			}
			d.press("1", "-", "a")
			d.says("✓")
			decided := stateOf(t, s, reference(1)).Level + stateOf(t, s, reference(2)).Level
			d.press(keys...)
			d.press("u")
			d.sees("撤销您最近的决定 SQ20260000000", "按 y 确认")
			d.press("y")
			d.says("✓", "的决定已撤销")
			if got := stateOf(t, s, reference(1)).Level + stateOf(t, s, reference(2)).Level; got != decided-1 {
				t.Errorf("levels %d, want %d", got, decided-1)
			}
		})
	}
}

// TestNothingToTakeBackForThoseWhoNeverDecide says so of the role, and nothing about certificates.
func TestNothingToTakeBackForThoseWhoNeverDecide(t *testing.T) {
	d := open(t, withPeople(t), audit)
	d.press("6", "u")
	d.says("✗", "没有可撤销的决定：审计员不作审核决定。")
}
