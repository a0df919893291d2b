package ui

import (
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// styles are all colours and emphases of the desk. They come from the renderer of the session's own terminal, use the
// terminal's own sixteen colours, so that they look right on light and dark grounds alike, and never ask it anything.
type styles struct {
	profile termenv.Profile

	product, header, muted, strong lipgloss.Style
	tab, tabActive                 lipgloss.Style
	selected, heading, label       lipgloss.Style
	good, warn, bad, info          lipgloss.Style
	key                            lipgloss.Style
}

func newStyles(r *lipgloss.Renderer) styles {
	plain := r.NewStyle()
	colour := func(n string) lipgloss.Style { return plain.Foreground(lipgloss.Color(n)) }
	return styles{
		profile:   r.ColorProfile(),
		product:   colour("6"),
		header:    plain,
		muted:     plain.Faint(true),
		strong:    plain.Bold(true),
		tab:       plain,
		tabActive: plain.Bold(true).Reverse(true),
		selected:  plain.Reverse(true),
		heading:   plain.Bold(true), // bold cyan is too light on a light ground
		label:     plain.Faint(true),
		good:      colour("2"),
		warn:      colour("5").Bold(true), // yellow cannot be read on a light ground, blue on a dark one
		bad:       colour("1").Bold(true),
		info:      colour("6"),
		key:       plain.Bold(true),
	}
}

// Signs stand beside every colour. All are one column wide and in every terminal's font.
const (
	signGood   = "✓"
	signBad    = "✗"
	signWarn   = "!"
	signInfo   = "i"
	signCursor = "▸"
	signUnseen = "○"
	signSoon   = "»"
	signRule   = "─"
	signSide   = "│"
)
