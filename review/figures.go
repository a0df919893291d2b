package review

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Figures are kept numbers of what happened at the levels, slot by slot (SlotOf), and of what waits there now. They hold no
// personal data but the names of the accounts that decided.
type Figures struct {
	Cells []FigureCell
	// Waiting is what waits now, by area, level and the slot in which it came there.
	Waiting []WaitingCell
}

// FigureCell is what happened in one slot at one level in one area.
type FigureCell struct {
	Slot      Date
	Area      string
	Level     int
	Came      int
	Withdrawn int
	Approved  map[string]int // by account
	Rejected  map[string]int
	Took      Times // of what was decided
	Reasons   map[string]int
}

// WaitingCell is how many applications wait in an area at a level since a slot.
type WaitingCell struct {
	Area  string
	Level int
	Since Date
	N     int
}

// Sum is what cells come to. Of a part without a level, Came counts what was submitted and Approved what passed the last
// level; everything else counts each stay at a level.
type Sum struct {
	Came, Approved, Rejected, Withdrawn int
	Waiting                             int // at the end of the period
	Took                                Times
}

// Decided is how many were approved or rejected.
func (s *Sum) Decided() int { return s.Approved + s.Rejected }

func (s *Sum) add(c *FigureCell, part Part) {
	if part.Level > 0 || c.Level == 1 {
		s.Came += c.Came
	}
	if part.Level > 0 || c.Level == part.Levels {
		s.Approved += total(c.Approved)
	}
	s.Withdrawn += c.Withdrawn
	s.Rejected += total(c.Rejected)
	if s.Took == nil {
		s.Took = Times{}
	}
	s.Took.Add(c.Took)
}

func total(by map[string]int) int {
	n := 0
	for _, m := range by {
		n += m
	}
	return n
}

// Part narrows figures to a level and an area; without them it takes all. Levels is how many there are.
type Part struct {
	Level  int
	Area   string
	Levels int
}

func (p Part) holds(level int, area string) bool {
	return (p.Level == 0 || p.Level == level) && (p.Area == "" || p.Area == area)
}

// Period is a span of days, both included.
type Period struct{ From, To Date }

// Holds reports whether the day lies in the period.
func (p Period) Holds(d Date) bool { return !d.Before(p.From) && !d.After(p.To) }

// Sum adds up what happened in the period, and what waited at its end: what waits now, without what came and with what left
// since. The period must end with a slot, and the figures must reach from its beginning to the present.
func (f *Figures) Sum(part Part, in Period) Sum {
	var s Sum
	for i := range f.Waiting {
		if w := &f.Waiting[i]; part.holds(w.Level, w.Area) {
			s.Waiting += w.N
		}
	}
	for i := range f.Cells {
		c := &f.Cells[i]
		if !part.holds(c.Level, c.Area) {
			continue
		}
		switch {
		case in.Holds(c.Slot):
			s.add(c, part)
		case c.Slot.After(in.To):
			s.Waiting += total(c.Approved) + total(c.Rejected) + c.Withdrawn - c.Came
		}
	}
	return s
}

// Areas lists the areas of the figures.
func (f *Figures) Areas() []string {
	found := map[string]bool{}
	for i := range f.Cells {
		found[f.Cells[i].Area] = true
	}
	for i := range f.Waiting {
		found[f.Waiting[i].Area] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// Reviewed is what one account decided at one level.
type Reviewed struct {
	Account            string
	Level              int
	Approved, Rejected int
}

// Reviewers lists who decided in the period, by level, those who decided most first.
func (f *Figures) Reviewers(part Part, in Period) []Reviewed {
	type who struct {
		level   int
		account string
	}
	by := map[who]*Reviewed{}
	of := func(c *FigureCell, account string) *Reviewed {
		key := who{c.Level, account}
		if by[key] == nil {
			by[key] = &Reviewed{Account: account, Level: c.Level}
		}
		return by[key]
	}
	for i := range f.Cells {
		c := &f.Cells[i]
		if !part.holds(c.Level, c.Area) || !in.Holds(c.Slot) {
			continue
		}
		for account, n := range c.Approved {
			of(c, account).Approved += n
		}
		for account, n := range c.Rejected {
			of(c, account).Rejected += n
		}
	}
	list := make([]Reviewed, 0, len(by))
	for _, r := range by {
		list = append(list, *r)
	}
	slices.SortFunc(list, func(a, b Reviewed) int {
		return cmp.Or(a.Level-b.Level, b.Approved+b.Rejected-a.Approved-a.Rejected, cmp.Compare(a.Account, b.Account))
	})
	return list
}

// Reasons lists the codes of reasons with how often they were given in the period, the most frequent first.
func (f *Figures) Reasons(part Part, in Period) []ReasonCount {
	by := map[string]int{}
	for i := range f.Cells {
		if c := &f.Cells[i]; part.holds(c.Level, c.Area) && in.Holds(c.Slot) {
			for code, n := range c.Reasons {
				by[code] += n
			}
		}
	}
	list := make([]ReasonCount, 0, len(by))
	for code, n := range by {
		list = append(list, ReasonCount{code, n})
	}
	slices.SortFunc(list, func(a, b ReasonCount) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Code, b.Code)) })
	return list
}

// ReasonCount is how often a coded reason was given.
type ReasonCount struct {
	Code string
	N    int
}

// AgeLimits are the days that divide what waits by its age, counted from the first day of the slot in which it came.
func AgeLimits() []int { return []int{7, 14, 30, 60} }

// Ages counts what waits on the day by how long it has: up to each of AgeLimits, and longer.
func (f *Figures) Ages(part Part, on Date) []int {
	limits := AgeLimits()
	ages := make([]int, len(limits)+1)
	for i := range f.Waiting {
		w := &f.Waiting[i]
		if !part.holds(w.Level, w.Area) {
			continue
		}
		at, _ := slices.BinarySearch(limits, w.Since.DaysUntil(on))
		ages[at] += w.N
	}
	return ages
}

// SeesFigures tells whether the account may see figures at all: everybody who works at a desk, within their areas; the
// portal does not.
func (by *Account) SeesFigures() error {
	if err := by.May(View); err != nil {
		return err
	}
	if by.Role == Portal {
		return deny(View, "role_portal", nil)
	}
	return nil
}

// Oversees tells whether figures of the area are the account's to see.
func (by *Account) Oversees(area string) bool {
	areas := by.Overseen()
	return len(areas) == 0 || slices.Contains(areas, area)
}

// Overseen are the areas whose figures are the account's to see, none for all of them.
func (by *Account) Overseen() []string {
	if by.Role == Administrator || by.Role == Auditor {
		return nil
	}
	return by.Areas
}

// Unit is what a period is made of.
type Unit string

// The units of periods. Each is divided into columns for a chart.
const (
	Week    Unit = "week"
	Month   Unit = "month"
	Quarter Unit = "quarter"
	Year    Unit = "year"
)

// Units lists the units from the shortest on.
func Units() []Unit { return []Unit{Week, Month, Quarter, Year} }

// PeriodOf returns the period of the unit that holds the day, moved by a number of them.
func PeriodOf(u Unit, d Date, by int) Period {
	switch u {
	case Week:
		monday := d.Monday().AddDays(7 * by)
		return Period{monday, monday.AddDays(6)}
	case Quarter:
		return months(d.Year(), int(d.Month()-1)/3*3+3*by, 3)
	case Year:
		return months(d.Year()+by, 0, 12)
	}
	return months(d.Year(), int(d.Month())-1+by, 1)
}

// months returns n months from the one that lies so many after January of the year.
func months(year, after, n int) Period {
	day := func(after int) Date {
		return dateOf(time.Date(year, time.January+time.Month(after), 1, 0, 0, 0, 0, time.UTC))
	}
	return Period{day(after), day(after + n).AddDays(-1)}
}

// Columns divides the period for a chart: a year into months, what is shorter into weeks, cut at its ends. A single week is
// shown among the weeks before it.
func (p Period) Columns(u Unit) []Period {
	var list []Period
	switch u {
	case Year:
		for d := p.From; !d.After(p.To); d = PeriodOf(Month, d, 1).From {
			list = append(list, PeriodOf(Month, d, 0))
		}
	case Week:
		for i := -11; i <= 0; i++ {
			list = append(list, PeriodOf(Week, p.From, i))
		}
	default:
		for d := p.From; !d.After(p.To); d = d.Monday().AddDays(7) {
			to := d.Monday().AddDays(6)
			if to.After(p.To) {
				to = p.To
			}
			list = append(list, Period{d, to})
		}
	}
	return list
}
