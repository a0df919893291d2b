package demo

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
)

const (
	// Most is the largest number of applications of a demo.
	Most = 1_000_000
	// Seed is the seed of the demo that everybody sees.
	Seed = 20261116
)

// Options say what is built.
type Options struct {
	Applications int // 1 to Most
	Seed         uint64
	Now          time.Time
	Policy       *review.Policy // nil: review.DefaultPolicy()
	// Progress is called now and then with the applications that are made, from one goroutine at a time; nil is allowed.
	Progress func(done, total int)
}

// Build makes a data folder at dir with the accounts of Accounts and so many made-up applications: the same options give
// the same records and files. A folder that did not exist is removed again when building fails or ctx ends; one that
// holds applications already is store.ErrNotEmpty.
func Build(ctx context.Context, dir string, o Options) (err error) {
	if o.Applications < 1 || o.Applications > Most {
		return fmt.Errorf("demo of %d applications: must be 1 to %d", o.Applications, Most)
	}
	b, err := newBuilder(o)
	if err != nil {
		return err
	}
	if _, missing := os.Stat(dir); errors.Is(missing, os.ErrNotExist) {
		defer func() {
			if err != nil {
				err = errors.Join(err, os.RemoveAll(dir))
			}
		}()
	}
	s, err := store.Open(dir, store.Options{Policy: b.policy, Drawable: b.studio.font.Has, Create: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := b.open(s); err != nil {
		return err
	}
	if err := b.keep(dir); err != nil {
		return err
	}
	if err := s.Load(Administrator, b.records(ctx, o.Applications, o.Progress), o.Now, nil); err != nil {
		return err
	}
	if err := b.ledger(s); err != nil {
		return err
	}
	return b.counter(s, dir)
}

// builder makes everything from the seed; it is not changed once it is made.
type builder struct {
	seed     uint64
	offset   float64 // of the spread of stories
	policy   *review.Policy
	since    review.Date            // when the present policy began
	earlier  map[int]*review.Policy // the policies of the years before
	lenient  *review.Policy         // one of them
	now      time.Time
	today    review.Date
	workdays []review.Date // before today, the oldest first
	areas    []string      // as often as their part of the people
	all      []string
	accounts map[string]review.Account
	list     []review.Account
	slots    []review.Field // of attachments
	oddities []oddity
	studio   *studio
	key      *code.Private // of the verification codes
}

func newBuilder(o Options) (*builder, error) {
	policy := o.Policy
	if policy == nil {
		policy = review.DefaultPolicy()
	}
	studio, err := newStudio(policy)
	if err != nil {
		return nil, err
	}
	b := &builder{
		seed: o.Seed, offset: random(o.Seed, -1, 0).Float64(), policy: policy,
		now: o.Now, today: review.DateOf(o.Now), all: areasOf(policy), list: Accounts(policy),
		accounts: map[string]review.Account{}, slots: review.FieldsOf(review.Attachments), oddities: listOddities(), studio: studio,
	}
	if b.key, err = demoKey(o.Seed); err != nil {
		return nil, err
	}
	if len(b.all) < 2 {
		return nil, errors.New("demo: the policy has fewer than two review areas")
	}
	for _, a := range b.list {
		b.accounts[a.Name] = a
	}
	b.areas = weighAreas(b.all)
	const years = 12
	b.policies(years)
	for day := b.today.AddYears(-years); day.Before(b.today); day = day.AddDays(1) {
		if working, _ := policy.Calendar.IsWorkday(day); working {
			b.workdays = append(b.workdays, day)
		}
	}
	return b, nil
}

// demoKey is no secret: everybody can make it.
func demoKey(seed uint64) (*code.Private, error) {
	sum := sha256.Sum256(fmt.Appendf(nil, "rongzheng-demo/%d", seed))
	return code.FromSeed(sum[:])
}

// keep puts the key where the register looks for it.
func (b *builder) keep(dir string) error {
	ring, err := code.OpenRing(filepath.Join(dir, code.Folder))
	if err != nil {
		return err
	}
	return ring.Take(b.key, "", b.opened())
}

// policies makes up those of the years before, which differ in their version alone, and a lenient one, which asked
// nobody below the deputies of a community for a proof.
func (b *builder) policies(years int) {
	day, _, _ := strings.Cut(b.policy.Version, ".")
	b.since, _ = review.ParseDate(day) // a version that begins with no day has always been in force
	b.earlier = map[int]*review.Policy{}
	for year := b.today.Year() - years; year <= b.today.Year(); year++ {
		p := *b.policy
		p.Version = strconv.Itoa(year) + "-01-01"
		b.earlier[year] = &p
	}
	lenient := *b.policy
	lenient.Version = strconv.Itoa(b.today.Year()-1) + "-01-01.2"
	lenient.Options = maps.Clone(lenient.Options)
	posts := slices.Clone(lenient.Options["community_post"])
	for i := range posts {
		posts[i].Proof = posts[i].Proof && posts[i].Code != committeeMember
	}
	lenient.Options["community_post"] = posts
	b.lenient = &lenient
}

// committeeMember is 社区“两委”委员 in the list of community posts.
const committeeMember = "31"

// areaWeights are the parts of the districts in a hundred applicants; one that is not listed has one.
var areaWeights = map[string]int{
	"510107": 13, "510104": 9, "510105": 9, "510106": 9, "510108": 9, "510172": 8, "510116": 6, "510117": 5, "510114": 5,
	"510112": 5, "510115": 4, "510171": 4, "510113": 2, "510118": 2, "510181": 2, "510182": 2, "510184": 2, "510183": 2,
	"510185": 2, "510121": 2, "510129": 2,
}

func weighAreas(all []string) []string {
	var list []string
	for _, area := range all {
		list = append(list, slices.Repeat([]string{area}, max(areaWeights[area], 1))...)
	}
	return list
}

// areaOf gives the first people one area each, so that none is empty.
func (b *builder) areaOf(index int) string {
	if index < len(b.all) {
		return b.all[index]
	}
	return b.areas[int(spread(index, b.offset+0.37)*float64(len(b.areas)))]
}

func (b *builder) label(list, code string) string {
	option, _ := b.policy.Option(list, code)
	return option.Label
}

// opened is when the desk was set up, before anything else happened.
func (b *builder) opened() time.Time {
	const days = 2000
	return b.ago(days).Time().Add(9 * time.Hour)
}

// open adds the accounts.
func (b *builder) open(s *store.Store) error {
	by := ""
	for _, a := range b.list {
		if err := s.AddAccount(by, a, b.opened()); err != nil {
			return fmt.Errorf("demo: account %s: %w", a.Name, err)
		}
		by = Administrator
	}
	return nil
}

// records yields everything in the order of the people.
func (b *builder) records(ctx context.Context, total int, progress func(done, total int)) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		out := b.outline(ctx, total)
		done := 0
		for part := range inOrder(ctx, len(out.first), func(n int) part { return b.part(out, n) }) {
			for _, record := range part.records {
				if record.Application.Reference != "" {
					done++
				}
				if !yield(record, nil) {
					return
				}
			}
			if part.err != nil {
				yield(store.Record{}, part.err)
				return
			}
			if progress != nil {
				progress(done, total)
			}
		}
		if err := ctx.Err(); err != nil {
			yield(store.Record{}, err)
		}
	}
}

// part is what one goroutine makes at a time.
type part struct {
	records []store.Record
	err     error
}

func (b *builder) part(out outline, n int) part {
	var p part
	nth := out.first[n]
	for index := n * out.size; index < (n+1)*out.size && nth < out.total; index++ {
		s := b.plan(index)
		records, err := b.tell(&s, nth, out.total-nth, out.numbers(index))
		if err != nil {
			p.err = err
			return p
		}
		p.records = append(p.records, records...)
		nth += len(s.filings)
	}
	return p
}

// inOrder computes do(0) … do(n-1) on all processors and yields the results in order, a few of them ahead at most.
func inOrder[T any](ctx context.Context, n int, do func(int) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		pending := make(chan chan T, 2*runtime.GOMAXPROCS(0))
		slots := make(chan struct{}, runtime.GOMAXPROCS(0))
		go func() {
			defer close(pending)
			for i := range n {
				result := make(chan T, 1)
				select {
				case pending <- result:
				case <-ctx.Done():
					return
				}
				slots <- struct{}{}
				go func() {
					result <- do(i)
					<-slots
				}()
			}
		}()
		for result := range pending {
			if !yield(<-result) {
				return
			}
		}
	}
}
