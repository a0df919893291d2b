package review

import "time"

// Calendar holds the public holidays and the make-up working days by year, as the State Council publishes them each
// November. A year without an entry counts Monday to Friday and makes a due date an estimate (domain §9).
type Calendar map[int]CalendarYear

// CalendarYear is the list of one year.
type CalendarYear struct {
	Off  map[Date]bool // public holidays, weekends within them included
	Work map[Date]bool // make-up working days (调休上班), which fall on weekends
}

// IsWorkday reports whether d is a working day, and whether that is known: a year without a list is guessed to work
// from Monday to Friday.
func (c Calendar) IsWorkday(d Date) (working, known bool) {
	year, known := c[d.Year()]
	switch {
	case year.Work[d]:
		return true, known
	case year.Off[d]:
		return false, known
	}
	return !weekend(d), known
}

func weekend(d Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// AddWorkdays returns the nth working day after from, which itself does not count (domain §9); from for n below 1.
// Estimated says that a day of a year without a list was counted or passed over on the way.
func (c Calendar) AddWorkdays(from Date, n int) (due Date, estimated bool) {
	for due = from; n > 0; {
		due = due.AddDays(1)
		working, known := c.IsWorkday(due)
		if working {
			n--
		}
		estimated = estimated || !known
	}
	return due, estimated
}

// WorkdaysBetween counts the working days after from up to and including to, as a negative number when to lies before
// from: from today to a due day it is the number of working days that are left, 0 on the last day, -1 when the term ran
// out one working day ago. It is 0 when either is the zero Date. Estimated is as for AddWorkdays.
func (c Calendar) WorkdaysBetween(from, to Date) (n int, estimated bool) {
	if from.IsZero() || to.IsZero() {
		return 0, false
	}
	if to.Before(from) {
		n, estimated = c.WorkdaysBetween(to, from)
		return -n, estimated
	}
	for d := from; d.Before(to); {
		d = d.AddDays(1)
		working, known := c.IsWorkday(d)
		if working {
			n++
		}
		estimated = estimated || !known
	}
	return n, estimated
}

// Due returns the last day for the decision of a level, counted from the day of submission: the working days of all
// levels up to it together, so that a level that is quick leaves room for the next and the last one ends on the 30th
// working day (民发〔2009〕44号, art. 7). A level beyond the last has the last one's day, since an application may have
// been submitted when there were more; a level below 1, or no day of submission, has none. Estimated is as for
// AddWorkdays.
func (p *Policy) Due(submitted Date, level int) (due Date, estimated bool) {
	if submitted.IsZero() || level < 1 {
		return Date{}, false
	}
	days := 0
	for _, l := range p.Levels[:min(level, len(p.Levels))] {
		days += l.WorkingDays
	}
	return p.Calendar.AddWorkdays(submitted, days)
}

// DaysAway returns the first and the last day that lie n working days from today, as WorkdaysBetween counts them: days off
// belong to the working day before them when they are ahead, to the one after them when they have passed. Today alone is
// 0 days away.
func (c Calendar) DaysAway(today Date, n int) (first, last Date) {
	if n >= 0 {
		first, _ = c.AddWorkdays(today, n)
		last = first
		if n > 0 {
			last, _ = c.AddWorkdays(first, 1)
			last = last.AddDays(-1)
		}
		return first, last
	}
	working, _ := c.IsWorkday(today)
	last = today // the -nth working day back, today among them, is the first that is not away so far
	for left := -n - oneIf(working); left > 0; {
		last = last.AddDays(-1)
		if working, _ := c.IsWorkday(last); working {
			left--
		}
	}
	last = last.AddDays(-1)
	for first = last; ; first = first.AddDays(-1) {
		if working, _ := c.IsWorkday(first); working {
			return first, last
		}
	}
}

func oneIf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
