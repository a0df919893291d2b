package review

import "time"

// RenewalOpens returns the first day on which a certificate valid until the given day may be renewed (domain §1, rule 4);
// the zero Date when validUntil is.
func (p *Policy) RenewalOpens(validUntil Date) Date {
	if validUntil.IsZero() {
		return Date{}
	}
	return validUntil.AddDays(-p.Renewal.OpensDays)
}

// FirstDeadline returns the last day on which a first registration is within the years that the policy allows after
// passing the examination (民发〔2009〕44号, art. 4: one year). The form states only the year of the examination, so the
// reading most lenient to the applicant holds: the last day of the year that lies so many years after it.
func (p *Policy) FirstDeadline(examYear int) Date {
	return NewDate(examYear+p.First.WithinYears, time.December, 31)
}

// ValidityFirst returns the first and the last day of a validity that begins on the day of approval: years later less
// one day (domain §8). What begins on 29 February counts to 28 February of a year without one, and ends the day before.
func ValidityFirst(day Date, years int) (from, until Date) {
	return day, day.AddYears(years).AddDays(-1)
}

// ValidityRenewed returns the first and the last day of the new validity of a certificate that was valid until oldUntil
// (domain §8). A renewal is on time when it was submitted on oldUntil or before, however long its review took: the new
// validity joins the old one. A late renewal, or one of a certificate whose last day is not known, runs from the day of
// approval like a first registration.
func ValidityRenewed(oldUntil, submitted, approved Date, years int) (from, until Date) {
	if oldUntil.IsZero() || submitted.After(oldUntil) {
		return ValidityFirst(approved, years)
	}
	return oldUntil.AddDays(1), oldUntil.AddYears(years)
}
