package ui

import (
	"maps"
	"math"
	"slices"
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

// The columns that a label takes under an axis with its gap, and those of the last one, which does not reach over the edge.
const (
	labelRoom = 7
	lastRoom  = 9
)

// scaleRoom is what the scale of a chart that reaches so high takes beside it, with its axis.
func scaleRoom(most int) int { return len(strconv.Itoa(niceTop(most))) + 1 }

// labelled are the places of n values that are labelled under a plot of the width: spread as evenly as it goes, the first and
// the last always.
func labelled(n, width int) []int {
	if n < 2 {
		return make([]int, n)
	}
	for steps := n - 1; ; steps-- {
		places := make([]int, steps+1)
		fits := true
		for i := range places {
			places[i] = i * (n - 1) / steps
			room := labelRoom
			if i == steps {
				room = lastRoom
			}
			fits = fits && (i == 0 || (places[i]-places[i-1])*width >= room*(n-1))
		}
		if fits || steps == 1 {
			return places
		}
	}
}

// labelLine puts the labels under their columns; none stands on another, and the last one has its place first.
func labelLine(labels map[int]string, width int) string {
	line := []byte(strings.Repeat(" ", width))
	left := width + 1 // where the label to the right begins, with a gap
	for _, column := range slices.Backward(slices.Sorted(maps.Keys(labels))) {
		text := labels[column]
		at := min(max(column-len(text)/2, 0), width-len(text))
		if at < 0 || at+len(text) >= left {
			continue
		}
		copy(line[at:], text)
		left = at
	}
	return strings.TrimRight(string(line), " ")
}

// lineChart draws values as a line over an axis with the labels of the places, which must be ASCII. Where there is no room
// for a chart it is nil.
func lineChart(values, places []int, label func(i int) string, width, height int, plain lipgloss.Style) []string {
	if width < 16 || height < 4 || len(values) == 0 {
		return nil
	}
	room := height
	height -= height % 2 // so that the label at the end of the axis has the line of its end
	last := max(len(values)-1, 1)
	top := float64(niceTop(slices.Max(values)))
	chart := linechart.New(width, height, 0, float64(last), 0, top,
		linechart.WithXYSteps(1, max((height-2)/2, 1)),
		linechart.WithXLabelFormatter(func(int, float64) string { return "" }), // ours, in the line beneath
		linechart.WithYLabelFormatter(func(_ int, y float64) string { return strconv.Itoa(int(math.Round(y))) }),
		linechart.WithStyles(plain, plain, plain))
	chart.DrawXYAxisAndLabel()
	for i := range last {
		from := canvas.Float64Point{X: float64(i), Y: float64(values[i])}
		to := canvas.Float64Point{X: float64(i + 1), Y: float64(values[min(i+1, len(values)-1)])}
		chart.DrawLineWithStyle(from, to, runes.ThinLineStyle, plain)
	}
	labels := map[int]string{}
	for _, i := range places {
		labels[chart.Origin().X+1+int(math.Round(float64(i*(chart.GraphWidth()-1))/float64(last)))] = label(i)
	}
	lines := strings.Split(chart.View(), "\n")
	lines[len(lines)-1] = labelLine(labels, width)
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
