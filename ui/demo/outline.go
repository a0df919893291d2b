package demo

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"rongzheng/review"
)

// An outline is what must be known of all people before the first record is made: which application of the demo each
// story begins with, and the numbers of all certificates, which follow the order of their issue.
type outline struct {
	total  int
	size   int   // stories in a part
	first  []int // number of the first application of each part
	begin  []int32
	number []int32
	year   []int16
	prefix string
}

// issue is one number given out.
type issue struct {
	at    int64 // seconds
	index int32 // of the number in the outline
}

// Parts are small where few must keep all processors busy, and large where there are many.
const (
	smallPart  = 2
	largePart  = 64
	manyPeople = 5000
)

// sketch is the outline of one part.
type sketch struct {
	filings []int
	issues  [][]time.Time
}

func (b *builder) outline(ctx context.Context, total int) outline {
	o := outline{total: total, size: smallPart, prefix: b.policy.Issue.Prefix}
	if total > manyPeople {
		o.size = largePart
	}
	var issues []issue
	done := 0
	for s := range inOrder(ctx, math.MaxInt32, func(n int) sketch { return b.sketch(n, o.size) }) {
		o.first = append(o.first, done)
		for i, filings := range s.filings {
			o.begin = append(o.begin, int32(len(issues)))
			given := s.issues[i]
			if done+filings > total { // the last story ends early
				last := b.plan(len(o.begin) - 1)
				given = last.issued(total - done)
			}
			for _, at := range given {
				issues = append(issues, issue{at.Unix(), int32(len(issues))})
				o.year = append(o.year, int16(review.DateOf(at).Year()))
			}
			if done += filings; done >= total {
				o.number = numbered(issues, o.year)
				return o
			}
		}
	}
	return o // ctx has ended
}

// numbered counts the issues of each year in the order in which they happened.
func numbered(issues []issue, year []int16) []int32 {
	slices.SortFunc(issues, func(x, y issue) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.index, y.index)) })
	last := map[int16]int32{}
	number := make([]int32, len(issues))
	for _, i := range issues {
		y := year[i.index]
		last[y]++
		number[i.index] = last[y]
	}
	return number
}

func (b *builder) sketch(n, size int) sketch {
	var k sketch
	for index := n * size; index < (n+1)*size; index++ {
		s := b.plan(index)
		k.filings = append(k.filings, len(s.filings))
		k.issues = append(k.issues, s.issued(len(s.filings)))
	}
	return k
}

// issued lists when the first filings of the story are given certificate numbers, in the order in which they take them.
func (s *story) issued(filings int) []time.Time {
	var times []time.Time
	if s.legacy != nil && !s.legacy.hidden {
		times = append(times, s.legacy.first.Time())
	}
	for _, f := range s.filings[:filings] {
		for _, step := range f.steps {
			if step.issue {
				times = append(times, step.at)
			}
		}
	}
	return times
}

// numbers returns the certificate numbers of a story.
func (o *outline) numbers(index int) []string {
	end := int32(len(o.number))
	if index+1 < len(o.begin) {
		end = o.begin[index+1]
	}
	var list []string
	for i := o.begin[index]; i < end; i++ {
		list = append(list, review.FormatNumber(o.prefix, int(o.year[i]), int(o.number[i])))
	}
	return list
}
