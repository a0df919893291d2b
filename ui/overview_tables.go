package ui

import (
	"strconv"

	"rongzheng/review"
	"rongzheng/store/exchange"
)

// OverviewOf says which figures an overview shows.
type OverviewOf struct {
	Unit   review.Unit
	Period review.Period
	Part   review.Part
	Today  review.Date
}

// From is the first day whose figures it needs.
func (o *OverviewOf) From() review.Date { return o.Period.Columns(o.Unit)[0].From }

// overviewPages are the pages of an overview in the order shown.
func overviewPages() []string {
	return []string{"trend", "levels", "areas", "reviewers", "ages", "reasons"}
}

// overviewReport makes pages from figures.
type overviewReport struct {
	OverviewOf
	words   Words
	policy  *review.Policy
	figures *review.Figures
	seen    []string // areas that are the account's to see
}

// OverviewTables returns the tables of an overview, as the screen shows them.
func OverviewTables(words Words, by review.Actor, policy *review.Policy, f *review.Figures, of OverviewOf) []exchange.Table {
	r := newReport(words, by, policy, f, of)
	tables := make([]exchange.Table, 0, len(overviewPages()))
	for _, name := range overviewPages() {
		page := r.page(name)
		t := exchange.Table{Title: words.Say("overview.page." + name), Head: of.head(words, by), Columns: page.columns}
		for _, row := range page.rows {
			t.Rows = append(t.Rows, row.cells)
		}
		tables = append(tables, t)
	}
	return tables
}

// newReport lists the areas of the account: those of the policy, and those that only old figures have.
func newReport(words Words, by review.Actor, policy *review.Policy, f *review.Figures, of OverviewOf) *overviewReport {
	of.Part.Levels = len(policy.Levels)
	r := &overviewReport{OverviewOf: of, words: words, policy: policy, figures: f}
	known := map[string]bool{}
	for _, o := range policy.Options["area"] {
		if by.Oversees(o.Code) && (of.Part.Area == "" || of.Part.Area == o.Code) && !o.Disabled {
			r.seen, known[o.Code] = append(r.seen, o.Code), true
		}
	}
	for _, area := range f.Areas() {
		if !known[area] && (of.Part.Area == "" || of.Part.Area == area) {
			r.seen = append(r.seen, area)
		}
	}
	return r
}

func (r *overviewReport) page(name string) figurePage {
	switch name {
	case "trend":
		return r.trend()
	case "levels":
		return r.levels()
	case "areas":
		return r.areas()
	case "reviewers":
		return r.reviewers()
	case "ages":
		return r.ages()
	}
	return r.reasons()
}

// heads are the columns of a page.
func (r *overviewReport) heads(names ...string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = r.words.Say("overview.column." + name)
	}
	return list
}

func sumHeads(first string) []string {
	return []string{first, "came", "approved", "rejected", "withdrawn", "waiting", "median", "ninety"}
}

func (r *overviewReport) sumRow(label string, part review.Part, in review.Period) figureRow {
	s := r.figures.Sum(part, in)
	cells := []exchange.Cell{
		exchange.Text(label), exchange.Count(s.Came), exchange.Count(s.Approved), exchange.Count(s.Rejected),
		exchange.Count(s.Withdrawn), exchange.Count(s.Waiting),
	}
	for _, share := range []float64{0.5, 0.9} {
		cell := exchange.Text("–")
		if days, ok := s.Took.Quantile(share); ok {
			cell = exchange.Decimal(days, 1)
		}
		cells = append(cells, cell)
	}
	return figureRow{cells: cells, bar: s.Waiting}
}

// columnLabel names a column of the chart: the week by its days, the month by its number.
func columnLabel(p review.Period, u review.Unit) string {
	if u == review.Year {
		return p.From.String()[:7]
	}
	return p.From.String()[5:] + "~" + p.To.String()[5:]
}

func (r *overviewReport) trend() figurePage {
	page := figurePage{columns: r.heads(sumHeads("when")...)}
	for _, column := range r.Period.Columns(r.Unit) {
		if column.From.After(r.Today) {
			break
		}
		row := r.sumRow(columnLabel(column, r.Unit), r.Part, column)
		row.leads = r.leads("submitted>=" + column.From.String() + " submitted<=" + column.To.String())
		page.rows = append(page.rows, row)
	}
	return page
}

// leads is the way to the list behind a row. The area of the report narrows it; what the list cannot ask, it leaves out.
func (r *overviewReport) leads(query string) visit {
	if r.Part.Area != "" {
		query += " area:" + r.Part.Area
	}
	return visit{queue: "all", filter: query}
}

func (r *overviewReport) levels() figurePage {
	page := figurePage{columns: r.heads(sumHeads("level")...)}
	for level := 1; level <= len(r.policy.Levels); level++ {
		if r.Part.Level != 0 && r.Part.Level != level {
			continue
		}
		row := r.sumRow(r.words.Level(level), review.Part{Level: level, Area: r.Part.Area}, r.Period)
		row.leads = r.leads("state:in_review level:" + strconv.Itoa(level))
		page.rows = append(page.rows, row)
	}
	return page
}

func (r *overviewReport) areas() figurePage {
	page := figurePage{columns: r.heads(sumHeads("area")...)}
	for _, area := range r.seen {
		part := r.Part
		part.Area = area
		row := r.sumRow(r.words.Area(area), part, r.Period)
		query := "state:in_review area:" + area
		if r.Part.Level > 0 {
			query += " level:" + strconv.Itoa(r.Part.Level)
		}
		row.leads = visit{queue: "all", filter: query}
		page.rows = append(page.rows, row)
	}
	return page
}

func (r *overviewReport) decided() string {
	return " decided>=" + r.Period.From.String() + " decided<=" + r.Period.To.String()
}

func (r *overviewReport) reviewers() figurePage {
	page := figurePage{columns: r.heads("reviewer", "level", "approved", "rejected", "decided", "share")}
	for _, one := range r.figures.Reviewers(r.Part, r.Period) {
		all := one.Approved + one.Rejected
		page.rows = append(page.rows, figureRow{
			cells: []exchange.Cell{
				exchange.Text(one.Account), exchange.Text(r.words.Level(one.Level)), exchange.Count(one.Approved),
				exchange.Count(one.Rejected), exchange.Count(all), exchange.Decimal(100*float64(one.Rejected)/float64(all), 1),
			},
			bar: all, leads: r.leads("by:" + one.Account + r.decided()),
		})
	}
	return page
}

// ages shows what waits now, whatever the period: by how long it has been at its level.
func (r *overviewReport) ages() figurePage {
	names := []string{"age"}
	parts := []review.Part{}
	page := figurePage{columns: r.heads(names...)}
	for level := 1; level <= len(r.policy.Levels); level++ {
		if r.Part.Level == 0 || r.Part.Level == level {
			page.columns = append(page.columns, r.words.Level(level))
			parts = append(parts, review.Part{Level: level, Area: r.Part.Area})
		}
	}
	page.columns = append(page.columns, r.heads("total")...)
	limits := review.AgeLimits()
	for i := range len(limits) + 1 {
		row := figureRow{cells: []exchange.Cell{exchange.Text(r.ageLabel(i, limits))}, leads: r.leads("state:in_review")}
		if r.Part.Level > 0 {
			row.leads.filter += " level:" + strconv.Itoa(r.Part.Level)
		}
		for _, part := range parts {
			n := r.figures.Ages(part, r.Today)[i]
			row.cells = append(row.cells, exchange.Count(n))
			row.bar += n
		}
		row.cells = append(row.cells, exchange.Count(row.bar))
		page.rows = append(page.rows, row)
	}
	return page
}

func (r *overviewReport) ageLabel(i int, limits []int) string {
	switch i {
	case 0:
		return r.words.Say("overview.age_to", limits[0])
	case len(limits):
		return r.words.Say("overview.age_over", limits[i-1])
	}
	return r.words.Say("overview.age_between", limits[i-1]+1, limits[i])
}

func (r *overviewReport) reasons() figurePage {
	page := figurePage{columns: r.heads("reason", "text", "times", "share_reasons")}
	list := r.figures.Reasons(r.Part, r.Period)
	all := 0
	for _, one := range list {
		all += one.N
	}
	for _, one := range list {
		page.rows = append(page.rows, figureRow{
			cells: []exchange.Cell{
				exchange.Text(one.Code), exchange.Text(r.words.Reason(one.Code)), exchange.Count(one.N),
				exchange.Decimal(100*float64(one.N)/float64(all), 1),
			},
			bar: one.N, leads: r.leads("reason:" + one.Code + r.decided()),
		})
	}
	return page
}
