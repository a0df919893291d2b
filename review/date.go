package review

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// Zone is the time zone in which every calendar day of the domain is meant: Asia/Shanghai, which has kept one offset
// without summer time since 1991. It is fixed here so that no machine needs a time zone database.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date is a calendar day in Asia/Shanghai. The zero Date is no day; it is written as the empty string.
type Date struct {
	year  int16
	month time.Month
	day   int8
}

// ErrDate is returned by ParseDate for text that names no existing calendar day.
var ErrDate = errors.New("not a calendar day")

// NewDate returns the day with the given numbers, normalised as time.Date does (31 April is 1 May).
func NewDate(year int, month time.Month, day int) Date {
	return dateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the day on which the instant t falls in Asia/Shanghai.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return dateOf(t.In(Zone))
}

func dateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{int16(year), month, int8(day)}
}

// ParseDate reads a day written as 2006-01-02. The empty string is the zero Date. Anything else is ErrDate.
func ParseDate(text string) (Date, error) {
	if text == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return Date{}, ErrDate
	}
	return dateOf(t), nil
}

// Year returns the year of d, 0 for the zero Date.
func (d Date) Year() int { return int(d.year) }

// Month returns the month of d.
func (d Date) Month() time.Month { return d.month }

// Day returns the day of the month of d.
func (d Date) Day() int { return int(d.day) }

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Time returns the first instant of d in Asia/Shanghai, the zero time for the zero Date.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(int(d.year), d.month, int(d.day), 0, 0, 0, 0, Zone)
}

// Weekday returns the day of the week of d.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// AddDays returns the day n calendar days after d, before it for a negative n.
func (d Date) AddDays(n int) Date {
	return NewDate(int(d.year), d.month, int(d.day)+n)
}

// AddYears returns the same day of the year n years later; 29 February becomes 28 February where the year has none.
func (d Date) AddYears(n int) Date {
	last := NewDate(int(d.year)+n, d.month+1, 0)
	return NewDate(int(d.year)+n, d.month, min(int(d.day), int(last.day)))
}

// DaysUntil returns the number of calendar days from d to e, negative when e is earlier.
func (d Date) DaysUntil(e Date) int {
	return int(e.Time().Sub(d.Time()) / (24 * time.Hour))
}

// Compare returns -1, 0 or 1 as d is before, equal to or after e. The zero Date is before every day.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.year, e.year), cmp.Compare(d.month, e.month), cmp.Compare(d.day, e.day))
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// String returns d as 2006-01-02, the empty string for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, int(d.month), d.day)
}

// MarshalText implements encoding.TextMarshaler with String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler with ParseDate.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
