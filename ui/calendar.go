package ui

import (
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// calendar is a month in which a day is picked.
type calendar struct{ day review.Date }

// move goes to another day: arrows by days and weeks, pages by months, brackets by years.
func (c *calendar) move(msg tea.KeyMsg) bool {
	switch msg.String() {
	case "left":
		c.day = c.day.AddDays(-1)
	case "right":
		c.day = c.day.AddDays(1)
	case "up":
		c.day = c.day.AddDays(-7)
	case "down":
		c.day = c.day.AddDays(7)
	case "pgup", "-":
		c.day = c.months(-1)
	case "pgdown", "+":
		c.day = c.months(1)
	case "[":
		c.day = c.day.AddYears(-1)
	case "]":
		c.day = c.day.AddYears(1)
	default:
		return false
	}
	return true
}

// months keeps the day of the month as far as the other month has it.
func (c *calendar) months(by int) review.Date {
	first := time.Date(c.day.Year(), c.day.Month()+time.Month(by), 1, 0, 0, 0, 0, review.Zone)
	last := first.AddDate(0, 1, -1).Day()
	return review.NewDate(first.Year(), first.Month(), min(c.day.Day(), last))
}

// view draws the month, the picked day reversed and in brackets, so that it is seen without colour too.
func (c *calendar) view(s *session) []string {
	first := review.NewDate(c.day.Year(), c.day.Month(), 1)
	lines := []string{
		s.styles.strong.Render(fmt.Sprintf("%04d-%02d", c.day.Year(), int(c.day.Month()))) + "  " + s.styles.muted.Render(s.words.Say("calendar.keys")),
		s.styles.muted.Render(s.words.Say("calendar.weekdays")),
	}
	offset := (int(first.Time().Weekday()) + 6) % 7 // a week begins on Monday
	line := strings.Repeat("    ", offset)
	for day := first; day.Month() == first.Month(); day = day.AddDays(1) {
		cell := fmt.Sprintf(" %2d ", day.Day())
		if day == c.day {
			cell = s.styles.selected.Render(fmt.Sprintf("[%2d]", day.Day()))
		}
		line += cell
		if offset = (offset + 1) % 7; offset == 0 {
			lines, line = append(lines, line), ""
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
