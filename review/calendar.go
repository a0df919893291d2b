package review

// Calendar holds the public holidays and the make-up working days by year, as the State Council publishes them each
// November. A year without an entry counts Monday to Friday and makes a due date an estimate (domain §9).
type Calendar map[int]CalendarYear

// CalendarYear is the list of one year.
type CalendarYear struct {
	Off  map[Date]bool // public holidays, weekends within them included
	Work map[Date]bool // make-up working days (调休上班), which fall on weekends
}
