package demo

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"rongzheng/review"
)

// A story is what happened to one person: applications with everything that was done to them, planned with all its times
// before a line of it is carried out, since certificate numbers follow the order of approvals among all people.
type story struct {
	person  person
	legacy  *legacy
	filings []filing
	oddity  *oddity
	level   string // of the professional certificate
	exam    int    // year of the examination
	revoked bool   // the certificate was struck off afterwards
}

// legacy is a certificate from the time before the register.
type legacy struct {
	first, until review.Date
	lacking      bool // the record is incomplete
	late         bool // it came into the register after the application
	hidden       bool // it is in nobody's register: only the applicant's paper tells of it
}

// filing is one application.
type filing struct {
	kind    review.Kind
	follows bool // it follows the rejected application before it
	counter bool // a clerk filed it
	steps   []step
}

// step is one thing done, the first of a filing its submission.
type step struct {
	do    review.Action
	level int // that did it
	at    time.Time
	issue bool // it gives out a new certificate number
}

// A scenario is a kind of story. Its filings are scripts, one letter for each thing done: a approves (at the last level only
// what was taken back there), A approves at every
// level that is left, r rejects, h holds, l releases the hold, m moves to another area, t takes the decision back,
// w withdraws, s submits again, p prints the certificate, d hands it to the portal.
type scenario struct {
	weight  int // of all
	kind    review.Kind
	origin  origin
	filings []string
}

// origin says where the certificate comes from that a story begins with.
type origin int

const (
	newcomer  origin = iota // holds none
	recorded                // a complete legacy record
	lacking                 // an incomplete legacy record
	elsewhere               // the register does not know it
)

// scenarios are met in these proportions. A second filing follows a rejected first one, or renews what the first one
// brought.
var scenarios = []scenario{
	{120, review.First, newcomer, []string{""}}, {64, review.First, newcomer, []string{"a"}}, {46, review.First, newcomer, []string{"aa"}},
	{42, review.Renewal, recorded, []string{""}}, {35, review.Renewal, recorded, []string{"a"}}, {30, review.Renewal, recorded, []string{"aa"}},
	{20, review.Renewal, elsewhere, []string{""}}, {10, review.Renewal, elsewhere, []string{"a"}},
	{25, review.Renewal, newcomer, []string{"Ap", ""}}, {14, review.Renewal, newcomer, []string{"Apd", "a"}}, {10, review.Renewal, newcomer, []string{"Ad", "aa"}},
	{30, review.Completion, lacking, []string{""}}, {18, review.Completion, lacking, []string{"a"}}, {14, review.Completion, lacking, []string{"aa"}},
	{70, review.First, newcomer, []string{"Ap"}}, {45, review.First, newcomer, []string{"Ad"}}, {30, review.First, newcomer, []string{"A"}},
	{35, review.Renewal, recorded, []string{"Ap"}}, {25, review.Renewal, newcomer, []string{"Ap", "Ad"}}, {10, review.Renewal, elsewhere, []string{"A"}},
	{30, review.Completion, lacking, []string{"Ap"}}, {12, review.Completion, lacking, []string{"A"}},
	{30, review.First, newcomer, []string{"r"}}, {14, review.First, newcomer, []string{"ar"}}, {8, review.First, newcomer, []string{"aar"}},
	{12, review.Renewal, recorded, []string{"r"}}, {6, review.Renewal, recorded, []string{"ar"}}, {6, review.Completion, lacking, []string{"r"}},
	{14, review.First, newcomer, []string{"r", ""}}, {8, review.First, newcomer, []string{"ar", "Ap"}}, {10, review.First, newcomer, []string{"rs"}},
	{6, review.First, newcomer, []string{"rsA"}}, {18, review.First, newcomer, []string{"w"}}, {6, review.Renewal, recorded, []string{"w"}},
	{10, review.First, newcomer, []string{"ws"}}, {16, review.First, newcomer, []string{"h"}}, {8, review.First, newcomer, []string{"ah"}},
	{8, review.Renewal, recorded, []string{"aah"}}, {8, review.First, newcomer, []string{"hl"}}, {8, review.First, newcomer, []string{"m"}},
	{6, review.First, newcomer, []string{"mA"}}, {6, review.First, newcomer, []string{"at"}}, {6, review.First, newcomer, []string{"Ata"}},
	{5, review.First, newcomer, []string{"At"}},
}

var scenarioEnds = sumWeights()

func sumWeights() []int {
	sum, ends := 0, make([]int, len(scenarios))
	for i, s := range scenarios {
		sum += s.weight
		ends[i] = sum
	}
	return ends
}

// scenarioAt returns the scenario at the part u of the whole, 0 ≤ u < 1.
func scenarioAt(u float64) scenario {
	i, _ := slices.BinarySearch(scenarioEnds, int(u*float64(scenarioEnds[len(scenarioEnds)-1]))+1)
	return scenarios[i]
}

// plan makes the story of a person.
func (b *builder) plan(index int) story {
	r := random(b.seed, index, streamStory)
	s := story{person: b.newPerson(index), oddity: b.oddityOf(index)}
	tale := scenarioAt(spread(index, b.offset))
	if s.oddity != nil {
		tale = s.oddity.tale
	} else if next := b.oddityOf(index + 1); next != nil && next.pair {
		tale = scenario{kind: review.First, filings: []string{""}}
	}
	if s.oddity != nil && s.oddity.person != nil {
		s.oddity.person(b, &s.person)
	}
	b.schedule(&s, tale, r)
	s.learn()
	if s.oddity != nil && s.oddity.story != nil {
		s.oddity.story(b, &s)
	}
	return s
}

// schedule gives the filings their steps and times, the last filing first.
func (b *builder) schedule(s *story, tale scenario, r *rand.Rand) {
	s.filings = make([]filing, len(tale.filings))
	s.revoked = tale.kind == review.First && len(tale.filings) == 1 && tale.filings[0] == "A" && r.IntN(8) == 0
	end := 1 + int(r.Float64()*r.Float64()*720) // working days ago
	if tale.kind == review.First && len(tale.filings) == 1 && r.IntN(8) == 0 {
		end += 760 // its certificate has expired since
	}
	for i := len(tale.filings) - 1; i >= 0; i-- {
		f := &s.filings[i]
		f.kind, f.counter = tale.kind, r.IntN(8) == 0
		if i == 0 && tale.origin == newcomer {
			f.kind = review.First
		}
		f.follows = i > 0 && s.filings[i].kind == review.First
		f.steps = b.steps(b.stretched(tale.filings[i], s.person.index), f.kind == review.First || tale.origin == elsewhere)
		began := b.time(f, end, r)
		end = began + 3 + r.IntN(18)
		if i > 0 && tale.kind == review.Renewal {
			end = b.agoOf(b.expiry(b.ago(began), r).AddYears(-b.policy.Issue.Years).AddDays(1))
		}
		if i == 0 && tale.origin != newcomer {
			s.legacy = b.newLegacy(&s.person, tale, b.ago(began), r)
		}
	}
}

// stretched lets applications wait at the further levels of a policy that has more than three.
func (b *builder) stretched(script string, index int) string {
	if levels := len(b.policy.Levels); script == "aa" && levels > 3 {
		return strings.Repeat("a", 2+index%(levels-2))
	}
	return script
}

// expiry chooses the last day of a validity that is renewed on the day: most people come in time.
func (b *builder) expiry(renewed review.Date, r *rand.Rand) review.Date {
	if r.IntN(12) == 0 {
		return renewed.AddDays(-1 - r.IntN(50))
	}
	return renewed.AddDays(r.IntN(max(b.policy.Renewal.OpensDays, 1)))
}

func (b *builder) newLegacy(p *person, tale scenario, filed review.Date, r *rand.Rand) *legacy {
	l := &legacy{until: b.expiry(filed, r), lacking: tale.origin == lacking, hidden: tale.origin == elsewhere}
	if tale.kind == review.Completion {
		l.until = filed.AddDays(r.IntN(900) - 60)
	}
	years := b.policy.Issue.Years
	terms := 1 + r.IntN(3)
	for terms > 1 && l.until.AddYears(-years*terms).Year() < max(p.birth.Year()+23, 2011) {
		terms--
	}
	l.first = l.until.AddYears(-years * terms).AddDays(1)
	return l
}

// steps carries the script out on paper: levels and states, without times. fresh says that an approval at the last level
// gives out a number.
func (b *builder) steps(script string, fresh bool) []step {
	levels := len(b.policy.Levels)
	list := []step{{do: review.Submit}}
	level, decided, state, again := 1, 0, review.InReview, false
	approve := func() {
		last := level == levels
		list = append(list, step{do: review.Approve, level: level, issue: last && fresh})
		decided = level
		if last {
			state = review.Approved
		} else {
			level++
		}
	}
	for _, letter := range script {
		open := state == review.InReview
		switch {
		case letter == 'A':
			for state == review.InReview {
				approve()
			}
		case letter == 'a' && open && (level < levels || again):
			approve()
		case letter == 't' && decided > 0:
			list = append(list, step{do: review.TakeBack, level: decided})
			level, decided, state, again = decided, decided-1, review.InReview, true
		case letter == 's' && !open:
			list = append(list, step{do: review.Submit})
			level, decided, state = 1, 0, review.InReview
		case letter == 'r' && open:
			list = append(list, step{do: review.Reject, level: level})
			decided, state = level, review.Rejected
		case letter == 'w' && open:
			list = append(list, step{do: review.Withdraw})
			state = review.Withdrawn
		case letter == 'p' || letter == 'd':
			list = append(list, step{do: outside[letter]})
		case open && inside[letter] != "":
			list = append(list, step{do: inside[letter], level: level})
		}
	}
	return list
}

var (
	inside  = map[rune]review.Action{'h': review.Hold, 'l': review.Release, 'm': review.Reroute}
	outside = map[rune]review.Action{'p': review.Print, 'd': review.Export}
)

// waits returns the level that the filing waits for, 0 when nothing is to be decided any more.
func (f *filing) waits(levels int) int {
	level := 1
	for _, s := range f.steps {
		switch {
		case s.do == review.Submit:
			level = 1
		case s.do == review.Approve:
			level = s.level + 1
		case s.do == review.TakeBack:
			level = s.level
		case s.do == review.Reject || s.do == review.Withdraw:
			level = 0
		}
	}
	if level > levels {
		return 0
	}
	return level
}

// time spreads the steps over working days and returns how many working days ago the filing began. end is how many ago
// the last thing happened, for filings that are over.
func (b *builder) time(f *filing, end int, r *rand.Rand) int {
	began := end + 6 + r.IntN(22)
	if level := f.waits(len(b.policy.Levels)); level > 0 {
		began = b.age(level, r)
		if len(f.steps) > 1 {
			began = max(began, 1)
		}
		end = 1 + r.IntN(max(began/(level+1), 1))
	}
	n := len(f.steps) - 1
	for k := range f.steps {
		ago := began
		minute := 8*60 + r.IntN(50)
		if k > 0 {
			ago = max(began-(began-end)*k/n, 1)
			minute = 9*60 + k*420/(n+1) + r.IntN(35)
		}
		f.steps[k].at = b.ago(ago).Time().Add(time.Duration(minute)*time.Minute + time.Duration(r.IntN(60))*time.Second)
	}
	if began == 0 {
		f.steps[0].at = b.now.Add(-time.Duration(2+r.IntN(120)) * time.Minute).Truncate(time.Second)
	}
	return began
}

// age is how many working days ago an application came that waits for the level: most are in time, some are due these
// days, a few are late.
func (b *builder) age(level int, r *rand.Rand) int {
	due := 0
	for _, l := range b.policy.Levels[:level] {
		due += l.WorkingDays
	}
	switch n := r.IntN(100); {
	case n < 10:
		return due + 1 + r.IntN(4)
	case n < 28:
		return max(due-r.IntN(3), 0)
	}
	least := min(2*(level-1), due)
	return least + r.IntN(max(due-3-least, 1))
}

// learn works out what the person learned before the first registration.
func (s *story) learn() {
	first := review.DateOf(s.filings[0].steps[0].at)
	if s.legacy != nil {
		first = s.legacy.first
	}
	s.exam = first.Year()
	if first.Month() < time.October { // results come out in autumn
		s.exam--
	}
	s.level = s.person.level
	const firstSenior = 2019
	if s.level == review.SeniorLevel && s.exam < firstSenior {
		s.level = "2"
	}
}

// today or a working day before it.
func (b *builder) ago(n int) review.Date {
	if n <= 0 {
		return b.today
	}
	return b.workdays[max(len(b.workdays)-n, 0)]
}

// agoOf returns how many working days ago the day was, counted from the working day on or before it.
func (b *builder) agoOf(day review.Date) int {
	i, found := slices.BinarySearchFunc(b.workdays, day, review.Date.Compare)
	if !found {
		i--
	}
	return len(b.workdays) - max(i, 0)
}
