package review

import (
	"slices"
	"time"
)

// Times is a histogram of how long things took, in buckets that are fine where it was short: six hours up to two days, one
// day up to ninety, thirty days beyond. It counts calendar time, since the working days of a year may become known later and
// kept figures must not change with them.
type Times map[TimeBucket]int

// TimeBucket numbers a bucket of Times.
type TimeBucket byte

const (
	quarterDays = 8  // buckets of six hours
	singleDays  = 88 // buckets of one day, from two days on
	lastBucket  = TimeBucket(127)
)

// BucketOf returns the bucket of a time.
func BucketOf(d time.Duration) TimeBucket {
	hours := int(max(d, 0) / time.Hour)
	switch days := hours / 24; {
	case days < 2:
		return TimeBucket(hours / 6)
	case days < 90:
		return TimeBucket(quarterDays + days - 2)
	default:
		return TimeBucket(min(quarterDays+singleDays+(days-90)/30, int(lastBucket)))
	}
}

// Span returns the bounds of the bucket in days.
func (b TimeBucket) Span() (from, to float64) {
	switch n := int(b); {
	case n < quarterDays:
		return float64(n) / 4, float64(n+1) / 4
	case n < quarterDays+singleDays:
		return float64(n - quarterDays + 2), float64(n - quarterDays + 3)
	default:
		n -= quarterDays + singleDays
		return float64(90 + 30*n), float64(120 + 30*n)
	}
}

// Add counts all of other in t.
func (t Times) Add(other Times) {
	for b, n := range other {
		t[b] += n
	}
}

// Count returns how many times there are.
func (t Times) Count() int {
	n := 0
	for _, m := range t {
		n += m
	}
	return n
}

// Quantile returns the number of days within which the share of all was done (0.5: the median, 0.9), as if the times of a
// bucket were spread evenly over it; false when there are none.
func (t Times) Quantile(share float64) (days float64, ok bool) {
	all := t.Count()
	if all == 0 {
		return 0, false
	}
	buckets := make([]TimeBucket, 0, len(t))
	for b := range t {
		buckets = append(buckets, b)
	}
	slices.Sort(buckets)
	rest := share * float64(all)
	for _, b := range buckets {
		n := float64(t[b])
		if rest <= n {
			from, to := b.Span()
			return from + (to-from)*max(rest, 0)/n, true
		}
		rest -= n
	}
	_, to := buckets[len(buckets)-1].Span()
	return to, true
}
