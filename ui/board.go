package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// board is what the screens of figures have in common: pages of a table under charts, read again when there is news.
type board struct {
	s             *session
	pages         []string // names of the pages
	words         string   // what the keys of its words begin with
	page, cursor  int
	shown         figurePage
	awaited       int
	fresh         *fresh
	writing       bool
	err           error
	width, height int
}

func newBoard(s *session, words string, pages []string) board {
	return board{s: s, words: words, pages: pages, fresh: &fresh{s: s}}
}

func (b *board) Init() tea.Cmd { return nil }

// Hidden keeps news from being read for nobody.
func (b *board) Hidden() { b.fresh.visible = false }

func (b *board) Capturing() bool { return false }
func (b *board) Busy() bool      { return b.writing }

// name is the page that is shown; the first one has the charts.
func (b *board) name() string { return b.pages[b.page] }

func (b *board) charted() bool { return b.page == 0 }

// turn goes so many pages on, and round at the ends.
func (b *board) turn(by int) {
	n := len(b.pages)
	b.page, b.cursor = (b.page+by+n)%n, 0
}

// settle keeps the cursor among the rows that have just been laid.
func (b *board) settle() { b.cursor = max(min(b.cursor, len(b.shown.rows)-1), 0) }

// pickArea asks for one of the areas that the account oversees, or for all of them, "".
func (b *board) pickArea(then func(code string) (step, tea.Cmd)) step {
	options := []option{{"", b.s.words.Say("overview.all_areas")}}
	for _, a := range b.s.policy.Options["area"] {
		if b.s.by.Oversees(a.Code) {
			options = append(options, option{a.Code, b.s.words.Area(a.Code)})
		}
	}
	return step{open: newPicker(b.s, picker{title: b.s.words.Say(b.words + ".pick_area"), options: options, then: then})}
}

// chartHeight is the height of the charts over the table, 0 where there is no room for them.
func (b *board) chartHeight() int {
	if !b.charted() || b.height < 15 || b.width < 60 {
		return 0
	}
	return min(max(b.height*2/5, 7), 14)
}

// rows is how many rows of the table there is room for.
func (b *board) rows() int {
	top := 3
	if h := b.chartHeight(); h > 0 {
		top += h + 1
	}
	return max(b.height-top, 1)
}

// draw puts the screen together; charts are drawn only when there is something read. bars are those of the table's rows.
func (b *board) draw(title string, read bool, charts func(height int) []string, bars bool) string {
	st, w := b.s.styles, b.s.words
	lines := []string{title, pagesLine(b.s, b.words+".page.", b.pages, b.page, b.width)}
	switch {
	case b.err != nil:
		return strings.Join(append(lines, " "+st.bad.Render(cut(signBad+" "+w.Explain(b.err), max(b.width-2, 1)))), "\n")
	case !read:
		return strings.Join(append(lines, "  "+st.muted.Render(w.Say("list.reading"))), "\n")
	}
	if height := b.chartHeight(); height > 0 {
		lines = append(lines, charts(height)...)
	}
	return strings.Join(append(lines, b.shown.draw(b.s, b.cursor, b.width, b.rows(), bars)...), "\n")
}

// pagesLine names the pages of a section, the open one in brackets.
func pagesLine(s *session, prefix string, pages []string, open, width int) string {
	line := " "
	for i, name := range pages {
		text := s.words.Say(prefix + name)
		if i == open {
			line += s.styles.tabActive.Render("["+text+"]") + " "
		} else {
			line += text + " "
		}
	}
	return cut(line, width)
}
