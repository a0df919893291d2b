package review

import "time"

// Passage is the stay of one revision of an application at one level: when it came there, and how and when it left.
type Passage struct {
	Level int
	// Area is the area of the application as of now: re-routing takes the whole way along.
	Area string
	// Came is the submission for the first level (the term of the law counts from it), the approval of the level before for
	// the others.
	Came time.Time
	// Left is the zero time while it waits.
	Left time.Time
	// Outcome is Approve, Reject or Withdraw, "" while it waits.
	Outcome Action
	By      string // who decided, "" for a withdrawal
	Reasons []Reason
}

// Waits reports whether the application is still there.
func (p *Passage) Waits() bool { return p.Outcome == "" }

// Took is the time between coming and leaving, never negative; 0 while it waits.
func (p *Passage) Took() time.Duration {
	if p.Waits() {
		return 0
	}
	return max(p.Left.Sub(p.Came), 0)
}

// Passages returns the way of the present revision through the levels, from what stands now: a decision that was taken back
// has left no trace in it. A draft has none.
func (a *Application) Passages() []Passage {
	if a.State == Draft {
		return nil
	}
	way := make([]Passage, 0, len(a.Decisions)+1)
	came := a.SubmittedAt
	for _, d := range a.Decisions {
		way = append(way, Passage{
			Level: d.Level, Area: a.Area, Came: came, Left: d.At, Outcome: d.Action, By: d.By, Reasons: d.Reasons,
		})
		came = d.At
	}
	switch a.State {
	case InReview:
		way = append(way, Passage{Level: a.Level, Area: a.Area, Came: came})
	case Withdrawn:
		way = append(way, Passage{Level: a.Level, Area: a.Area, Came: came, Left: a.ChangedAt, Outcome: Withdraw})
	}
	return way
}

// SlotOf returns the first day of the slot of d: the Monday of its week, or the first day of its month where that is later.
// Slots are what figures are kept by: weeks, months, quarters and years are all made of whole slots.
func SlotOf(d Date) Date {
	if d.IsZero() {
		return d
	}
	monday := d.Monday()
	if first := NewDate(d.Year(), d.Month(), 1); first.After(monday) {
		return first
	}
	return monday
}

// Monday returns the first day of the week of d.
func (d Date) Monday() Date {
	if d.IsZero() {
		return d
	}
	return d.AddDays(-(int(d.Weekday()) + 6) % 7)
}
