package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"rongzheng/store/exchange"
)

// figureRow is a row of a page: its cells, what its bar shows, and where it leads.
type figureRow struct {
	cells []exchange.Cell
	bar   int
	leads visit
}

// figurePage is a page of figures: what the screen shows and an export writes.
type figurePage struct {
	columns []string
	rows    []figureRow
}

// draw draws the rows of the page: numbers to the right, and a bar where one is wanted and has room.
func (p *figurePage) draw(s *session, cursor, width, height int, bars bool) []string {
	st := s.styles
	if len(p.rows) == 0 {
		return []string{"", "  " + st.muted.Render(s.words.Say("overview.none"))}
	}
	widths, numeric, most := p.widths()
	used := 4
	for _, w := range widths {
		used += w + 1
	}
	room := min(width-used-1, 40)
	head := "  "
	for i, column := range p.columns {
		head += aligned(column, widths[i], numeric[i]) + " "
	}
	lines := []string{st.muted.Render(fit(head, width))}
	first := scrolled(cursor, len(p.rows), height)
	for i := first; i < min(first+height, len(p.rows)); i++ {
		row, text := &p.rows[i], ""
		for j, cell := range row.cells {
			text += aligned(Plain(cell.String()), widths[j], numeric[j]) + " "
		}
		if !bars || room < 6 {
			lines = append(lines, pointer(st, i == cursor, text, width))
			continue
		}
		// The bar stays as it is in the row of the cursor: turned round, its end would be what is not there.
		lines = append(lines, pointer(st, i == cursor, text, used-2)+st.info.Render(bar(row.bar, most, room, st.header)))
	}
	return lines
}

// widths are those of the columns, which of them hold numbers, and the largest value of a bar.
func (p *figurePage) widths() (widths []int, numeric []bool, most int) {
	widths, numeric = make([]int, len(p.columns)), make([]bool, len(p.columns))
	for i, column := range p.columns {
		widths[i] = ansi.StringWidth(column)
	}
	for _, row := range p.rows {
		most = max(most, row.bar)
		for i, cell := range row.cells {
			widths[i] = min(max(widths[i], ansi.StringWidth(cell.String())), 26)
			numeric[i] = numeric[i] || cell.Numeric
		}
	}
	return widths, numeric, most
}

func aligned(text string, width int, right bool) string {
	if right {
		return strings.Repeat(" ", max(width-ansi.StringWidth(text), 0)) + cut(text, width)
	}
	return fit(text, width)
}

// chartOf is one of several charts.
type chartOf struct {
	title  string
	values []int
}

// chartsBeside draws charts with one axis of time beside each other, each with a scale of its own and all with the same
// labels, in height lines and an empty one.
func chartsBeside(s *session, width, height int, label func(i int) string, charts ...chartOf) []string {
	each := (width - len(charts) - 1) / len(charts)
	lines := make([]string, height)
	n, scale := 0, 0
	for _, c := range charts {
		n = len(c.values)
		if n > 0 {
			scale = max(scale, scaleRoom(slices.Max(c.values)))
		}
	}
	places := labelled(n, each-scale)
	for at, c := range charts {
		drawn := lineChart(c.values, places, label, each, height-1, s.styles.header)
		gap := strings.Repeat(" ", oneIf(at < len(charts)-1))
		lines[0] += fit(" "+s.styles.heading.Render(c.title), each) + gap
		for i := 1; i < height; i++ {
			line := ""
			if i-1 < len(drawn) {
				line = s.styles.info.Render(strings.TrimRight(drawn[i-1], " "))
			}
			lines[i] += fit(line, each) + gap
		}
	}
	return append(lines, "")
}
