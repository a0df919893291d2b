package review

import "slices"

// EndingCell is how many certificates of an area that stand end on a day.
type EndingCell struct {
	Area string
	Day  Date
	N    int
}

// Endings are kept numbers of certificates by their last days. Who has renewed is not among them: a renewal moves the last
// day of the certificate.
type Endings []EndingCell

// Sum counts those of an area, "" for all, that end in the period.
func (e Endings) Sum(area string, in Period) int {
	n := 0
	for i := range e {
		if (area == "" || area == e[i].Area) && in.Holds(e[i].Day) {
			n += e[i].N
		}
	}
	return n
}

// Areas lists the areas that have any.
func (e Endings) Areas() []string {
	var found []string
	for i := range e {
		if !slices.Contains(found, e[i].Area) {
			found = append(found, e[i].Area)
		}
	}
	return found
}

// Renewable is the period of last days whose renewal window is open on the day: from the day itself to the last one that has
// opened (domain §1, rule 4).
func (p *Policy) Renewable(on Date) Period { return Period{on, on.AddDays(p.Renewal.OpensDays)} }

// Overdue is the period of last days that have passed on the day.
func Overdue(on Date) Period { return Period{To: on.AddDays(-1)} }

// Renewals estimates how many renewals of an area, "" for all, are submitted in each of n weeks from the one of the day on,
// as if those whose certificates end came evenly over the time in which their window is open, and none after it.
func (e Endings) Renewals(p *Policy, area string, on Date, n int) []float64 {
	weeks := make([]float64, n)
	first := on.Monday()
	for i := range e {
		cell := &e[i]
		if area != "" && area != cell.Area || cell.Day.Before(on) {
			continue
		}
		opens := p.RenewalOpens(cell.Day)
		if opens.Before(on) {
			opens = on // those who have come have another last day already; the rest comes in the time that is left
		}
		days := opens.DaysUntil(cell.Day) + 1
		for w := range weeks {
			from, to := first.AddDays(7*w), first.AddDays(7*w+6)
			if from.Before(opens) {
				from = opens
			}
			if to.After(cell.Day) {
				to = cell.Day
			}
			if common := from.DaysUntil(to) + 1; common > 0 {
				weeks[w] += float64(cell.N) * float64(common) / float64(days)
			}
		}
	}
	return weeks
}
