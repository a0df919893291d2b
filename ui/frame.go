package ui

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/x/ansi"

	"rongzheng/cert/code"
	"rongzheng/review"
)

// The window: a header line, the body, a status line, a line of keys. A very low window gives them up one by one.

func (r *root) headerHeight() int { return oneIf(r.height >= 6) }
func (r *root) hintHeight() int   { return oneIf(r.height >= 4) }
func (r *root) statusHeight() int { return oneIf(r.height >= 3) }

func (r *root) bodyHeight() int {
	return max(r.height-r.headerHeight()-r.statusHeight()-r.hintHeight(), 1)
}

func oneIf(condition bool) int {
	if condition {
		return 1
	}
	return 0
}

// View draws the frame: never a line wider than the window, never a line more than it has.
func (r *root) View() string {
	if len(r.stack) == 0 {
		return ""
	}
	var lines []string
	if r.headerHeight() > 0 {
		lines = append(lines, r.header())
	}
	lines = append(lines, r.body()...)
	if r.statusHeight() > 0 {
		lines = append(lines, r.status()...)
	}
	if r.hintHeight() > 0 {
		lines = append(lines, r.hints())
	}
	lines = block(r.overlap(lines), r.width, r.height)
	for i := range lines { // blanks at the end of a line need not cross a slow one
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// overlap lets a notice of several lines cover the end of the body.
func (r *root) overlap(lines []string) []string {
	over := len(lines) - r.height
	if over <= 0 {
		return lines
	}
	end := r.headerHeight() + r.bodyHeight()
	return slices.Delete(lines, max(end-over, 0), end)
}

func (r *root) header() string {
	s := r.s
	left := " " + s.styles.product.Render(s.words.Say("product"))
	if s.by.Name != "" {
		left += "  " + s.styles.strong.Render(s.called(s.by)) + "  " + s.styles.header.Render(s.standing(s.by))
	}
	right := ""
	if s.demo {
		mark := "demo.mark"
		if r.width < besideFrom {
			mark = "demo.mark_short"
		}
		right = s.styles.warn.Render(s.words.Say(mark)) + " "
	}
	if mark := s.issueMark(); mark != "" {
		right = s.styles.warn.Render(signWarn+" "+s.words.Say(mark)) + " "
	}
	if mark := cmp.Or(s.packMark(), s.conflictMark()); mark != "" {
		right = mark
	}
	return both(left, right, r.width)
}

// issueMark is the word for what is wrong with issuing certificates, "" for nothing, or for an account that neither issues
// them nor can help it.
func (s *session) issueMark() string {
	issues := s.by.Role == review.Reviewer && s.by.Level == len(s.policy.Levels)
	switch {
	case !issues && s.by.May(review.Administer) != nil:
		return ""
	case errors.Is(s.signing, code.ErrLocked):
		return "signing.mark_locked"
	case s.signing != nil:
		return "signing.mark"
	case s.unsealed:
		return "seal.mark"
	case s.filesUntil != nil:
		return s.words.signerMark(s.filesUntil(), s.clock())
	}
	return ""
}

// issueTrouble are the sentences about it, with the way out.
func (s *session) issueTrouble() []string {
	var said []string
	if s.signing != nil {
		said = append(said, s.words.Explain(s.signing))
	}
	if s.unsealed {
		said = append(said, s.words.Say("seal.none"))
	}
	if s.filesUntil != nil {
		if trouble := s.words.SignerTrouble(s.filesUntil(), s.clock()); trouble != "" {
			said = append(said, trouble)
		}
	}
	return said
}

// signerEndsSoon is how long before its end the certificate that signs files is warned of: authorities take their time.
const signerEndsSoon = 30 * 24 * time.Hour

// signerMark is the word for what should be known of the certificate that signs files and ends then, "" for nothing.
func (w Words) signerMark(until, now time.Time) string {
	switch {
	case until.IsZero(), until.After(now.Add(signerEndsSoon)):
		return ""
	case until.After(now):
		return "signature.mark_ends"
	}
	return "signature.mark_over"
}

// SignerTrouble is the sentence about it, with the way out.
func (w Words) SignerTrouble(until, now time.Time) string {
	switch w.signerMark(until, now) {
	case "signature.mark_ends":
		return w.Say("signature.ends", review.DateOf(until))
	case "signature.mark_over":
		return w.Say("signature.over", review.DateOf(until))
	}
	return ""
}

// called is how the screen calls an account.
func (s *session) called(a review.Account) string {
	if a.Title != "" {
		return Plain(a.Title)
	}
	return Plain(a.Name)
}

// standing is the office of an account and what it does there.
func (s *session) standing(a review.Account) string {
	duty := s.words.Say("role." + string(a.Role))
	if a.Role == review.Reviewer {
		duty = s.words.Level(a.Level)
	}
	if a.Office == "" {
		return duty
	}
	return Plain(a.Office) + " · " + duty
}

func (r *root) body() []string {
	height := r.bodyHeight()
	p, ok := r.top().(panel)
	if !ok {
		return block(strings.Split(r.top().View(), "\n"), r.width, height)
	}
	low := min(p.Lines(r.width), height)
	lines := block(strings.Split(r.beneath(), "\n"), r.width, height-low)
	return append(lines, block(strings.Split(p.View(), "\n"), r.width, low)...)
}

// beneath draws the screen under the panels.
func (r *root) beneath() string {
	for _, s := range slices.Backward(r.stack) {
		if _, ok := s.(panel); !ok {
			return s.View()
		}
	}
	return ""
}

// status draws the notice, and until the first key what the desk begins with. Each of several problems has a line of its own,
// up to a third of the window; a welcome takes what it needs.
func (r *root) status() []string {
	text := r.notice.text
	if r.s.typed == 0 && r.s.warning != "" {
		text = strings.TrimSuffix(r.s.warning+"\n"+text, "\n")
	}
	if text == "" {
		return []string{""}
	}
	style, sign := r.s.styles.info, signInfo
	switch r.notice.kind {
	case succeeded:
		style, sign = r.s.styles.good, signGood
	case refused:
		style, sign = r.s.styles.bad, signBad
	}
	var lines []string
	for _, text := range strings.Split(text, "\n") {
		for i, part := range wrap(Plain(text), max(r.width-4, 1)) {
			lead := " " + sign + " "
			if i > 0 {
				lead = "   "
			}
			lines = append(lines, style.Render(lead+part))
		}
	}
	most := max(r.height/3, 1)
	if r.notice.kind == welcomes {
		most = max(r.bodyHeight(), most)
	}
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] = cut(lines[most-1], r.width-1) + "…"
	}
	return lines
}

// hints draws the keys that work here; help and the way back never give way to others.
func (r *root) hints() string {
	top := r.top()
	right := ""
	if !top.Capturing() {
		right = r.hint(r.s.keys.help) + "  " + r.hint(r.s.keys.leave) + " "
	}
	return " " + r.hintList(top, r.width-ansi.StringWidth(right)-2) + right
}

// hintList draws as many bindings as fit, filled to the width.
func (r *root) hintList(m help.KeyMap, width int) string {
	line := ""
	for _, b := range m.ShortHelp() {
		if !b.Enabled() {
			continue
		}
		more := r.hint(b)
		if line != "" {
			more = "  " + more
		}
		if ansi.StringWidth(line+more) > width {
			break
		}
		line += more
	}
	return fit(line, width+1)
}

func (r *root) hint(b key.Binding) string {
	return r.s.styles.key.Render(b.Help().Key) + " " + r.s.styles.muted.Render(b.Help().Desc)
}
