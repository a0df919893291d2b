package ui

import (
	"math"
	"strconv"
	"strings"

	"github.com/NimbleMarkets/ntcharts/canvas"
	"github.com/NimbleMarkets/ntcharts/canvas/graph"
	"github.com/NimbleMarkets/ntcharts/canvas/runes"
	"github.com/NimbleMarkets/ntcharts/linechart"
	"github.com/charmbracelet/lipgloss"
)

// Charts are drawn without colours of their own and coloured by the line, since a colour for each cell would cost a slow line
// ten times the bytes. Labels beside them are ours: the library counts a Chinese character as three columns.

// bar draws a part of the whole as a bar of at most width columns, in eighths of a column.
func bar(part, whole, width int, plain lipgloss.Style) string {
	if width < 1 || part <= 0 || whole <= 0 {
		return ""
	}
	c := canvas.New(width, 1)
	length := float64(width) * math.Min(float64(part)/float64(whole), 1)
	graph.DrawRowLeftToRight(&c, canvas.Point{}, math.Max(length, 0.125), plain)
	return strings.TrimRight(c.View(), " ")
}

// lineChart draws values as a line over an axis with the labels of some of them, which must be ASCII. Where there is no room
// for a chart it is nil.
func lineChart(values []int, label func(i int) string, width, height int, plain lipgloss.Style) []string {
	if width < 16 || height < 4 || len(values) == 0 {
		return nil
	}
	room := height
	height -= height % 2 // so that the label at the end of the axis has the line of its end
	most := 0
	for _, v := range values {
		most = max(most, v)
	}
	last := max(len(values)-1, 1)
	top := float64(niceTop(most))
	name := func(_ int, x float64) string {
		if at := int(math.Round(x)); at >= 0 && at < len(values) {
			return label(at)
		}
		return ""
	}
	chart := linechart.New(width, height, 0, float64(last), 0, top,
		linechart.WithXYSteps(max(width/4, 8), max((height-2)/2, 1)),
		linechart.WithXLabelFormatter(name),
		linechart.WithYLabelFormatter(func(_ int, y float64) string { return strconv.Itoa(int(math.Round(y))) }),
		linechart.WithStyles(plain, plain, plain))
	chart.DrawXYAxisAndLabel()
	for i := range last {
		from := canvas.Float64Point{X: float64(i), Y: float64(values[i])}
		to := canvas.Float64Point{X: float64(i + 1), Y: float64(values[min(i+1, len(values)-1)])}
		chart.DrawLineWithStyle(from, to, runes.ThinLineStyle, plain)
	}
	lines := strings.Split(chart.View(), "\n")
	return append(lines, make([]string, room-len(lines))...)
}

// niceTop is the end of an axis: the next of 2, 4, 10, 20, 40, 100, …, so that the labels at its halves are whole.
func niceTop(most int) int {
	for top := 1; ; top *= 10 {
		for _, step := range []int{2, 4, 10} {
			if step*top >= most {
				return step * top
			}
		}
	}
}
