package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
	"rongzheng/review/picture"
	"rongzheng/store"
)

var noon = time.Date(2026, time.November, 16, 12, 0, 0, 0, review.Zone)

// many is the number of applications that shows everything.
const many = 300

func makeBuilder(t testing.TB, now time.Time) *builder {
	t.Helper()
	b, err := newBuilder(Options{Seed: Seed, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// recordsOf returns all records of a demo.
func recordsOf(t testing.TB, b *builder, total int) []store.Record {
	t.Helper()
	var list []store.Record
	for r, err := range b.records(t.Context(), total, nil) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

// demoRecords are those of one demo for all tests that only look: the first many applications and the crowd after them.
var demoRecords = sync.OnceValues(func() ([]store.Record, error) {
	b, err := newBuilder(Options{Seed: Seed, Now: noon})
	if err != nil {
		return nil, err
	}
	var list []store.Record
	for r, err := range b.records(context.Background(), 4*many, nil) {
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
})

// firstRecords returns the records of the first applications.
func firstRecords(t *testing.T, total int) []store.Record {
	t.Helper()
	list, err := demoRecords()
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range list {
		if r.Application.Reference == "" {
			continue
		}
		if total == 0 {
			return list[:i]
		}
		total--
	}
	return list
}

func applications(records []store.Record) []review.Application {
	var list []review.Application
	for _, r := range records {
		if r.Application.Reference != "" {
			list = append(list, r.Application)
		}
	}
	return list
}

func fingerprint(t testing.TB, records []store.Record) string {
	t.Helper()
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(records); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func TestSameSeedSameData(t *testing.T) {
	first := fingerprint(t, recordsOf(t, makeBuilder(t, noon), 40))
	if got := fingerprint(t, recordsOf(t, makeBuilder(t, noon), 40)); got != first {
		t.Error("the same options gave other data")
	}
	other, err := newBuilder(Options{Seed: Seed + 1, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	if got := fingerprint(t, recordsOf(t, other, 40)); got == first {
		t.Error("another seed gave the same data")
	}
}

func TestCountIsExact(t *testing.T) {
	b := makeBuilder(t, noon)
	for _, total := range []int{1, 2, 3, 7, 20, 33} {
		if got := len(applications(recordsOf(t, b, total))); got != total {
			t.Errorf("%d applications, want %d", got, total)
		}
	}
}

func TestPeopleDoNotDependOnTheNumberOfApplications(t *testing.T) {
	b := makeBuilder(t, noon)
	some, more := applications(recordsOf(t, b, 20)), applications(recordsOf(t, b, 40))
	for i := range some[:19] {
		if diff := cmp.Diff(some[i].Form, more[i].Form); diff != "" {
			t.Errorf("application %d (-20 +40):\n%s", i, diff)
		}
	}
}

func TestEverythingIsMet(t *testing.T) {
	b := makeBuilder(t, noon)
	kinds, states, areas, levels := map[review.Kind]int{}, map[string]int{}, map[string]int{}, map[int]int{}
	peoples := map[string]int{}
	for _, a := range applications(firstRecords(t, many)) {
		kinds[a.Kind]++
		states[string(a.State)]++
		areas[a.Area]++
		if a.State == review.InReview {
			levels[a.Level]++
		}
		if a.Held {
			states["held"]++
		}
		if a.Follows != "" {
			states["follows"]++
		}
		if a.Revision > 1 {
			states["resubmitted"]++
		}
		peoples[a.Form.Get("ethnicity")]++
	}
	t.Log(kinds, states, levels, len(peoples))
	for _, kind := range review.Kinds() {
		if kinds[kind] < 10 {
			t.Errorf("%d of kind %s", kinds[kind], kind)
		}
	}
	for _, state := range []string{"in_review", "approved", "rejected", "withdrawn", "held", "follows", "resubmitted"} {
		if states[state] < 2 {
			t.Errorf("%d are %s", states[state], state)
		}
	}
	for level := range b.policy.Levels {
		if levels[level+1] < 10 {
			t.Errorf("%d wait for level %d", levels[level+1], level+1)
		}
	}
	for _, area := range b.all {
		if areas[area] == 0 {
			t.Errorf("none in area %s", area)
		}
	}
	if len(peoples) < 10 {
		t.Errorf("%d peoples", len(peoples))
	}
}

func TestIdentityNumbersAreValidAndUnique(t *testing.T) {
	b := makeBuilder(t, noon)
	seen := map[string]int{}
	for index := range 50_000 {
		s := b.plan(index)
		p := &s.person
		id, err := review.ParseIdentity(p.idNumber, false, b.today)
		if err != nil {
			t.Fatalf("person %d: %v", index, err)
		}
		if id.Sex != p.sex || id.Birth != p.birth || id.DocumentType != p.idType {
			t.Fatalf("person %d does not agree with the number", index)
		}
		if other, ok := seen[p.idNumber]; ok && s.oddity == nil {
			t.Fatalf("people %d and %d share a number", other, index)
		}
		seen[p.idNumber] = index
	}
}

func TestNamesCanBeDrawn(t *testing.T) {
	b := makeBuilder(t, noon)
	for index := range 20_000 {
		p := b.newPerson(index)
		if missing := b.studio.font.Missing(p.name); missing != nil {
			t.Errorf("person %d: no glyph for %q", index, missing)
		}
		if review.CleanName(p.name) != p.name || review.CheckName(p.name) != nil {
			t.Errorf("person %d: name is not clean", index)
		}
	}
	for n, fixture := range fixtures {
		if p := b.newPerson(n*fixtureEvery + fixtureAt); p.name != fixture.name {
			t.Errorf("fixture %d is not met", n)
		}
	}
}

func TestSlotsOfIdentityNumbersAreEnough(t *testing.T) {
	if n := len(places) * serials * blocks; n < Most {
		t.Errorf("%d slots for %d people", n, Most)
	}
	if len(slices.Compact(slices.Sorted(slices.Values(places)))) != len(places) {
		t.Error("a place is listed twice")
	}
	a, b := len(places)*serials*blocks, slotStep
	for b > 0 {
		a, b = b, a%b
	}
	if a != 1 {
		t.Errorf("the step shares the divisor %d with the number of slots", a)
	}
}

func TestFormsPassValidation(t *testing.T) {
	b := makeBuilder(t, noon)
	for _, r := range firstRecords(t, 4*many) {
		for _, a := range append(slices.Clone(r.Earlier), r.Application) {
			if a.Reference == "" {
				continue
			}
			if diff := cmp.Diff(review.Clean(a.Form), a.Form); diff != "" {
				t.Errorf("%s is not clean:\n%s", a.Reference, diff)
			}
			policy := b.policyAt(a.SubmittedAt)
			if a.Policy == b.lenient.Version {
				policy = b.lenient
			}
			problems := review.Validate(a.Kind, a.Form, a.Consent, a.Attachments, policy, review.DateOf(a.SubmittedAt))
			for _, problem := range problems {
				t.Errorf("%s: %s", a.Reference, problem)
			}
		}
	}
}

func TestFourEyes(t *testing.T) {
	for _, a := range applications(firstRecords(t, many)) {
		levels := map[string]int{}
		for _, d := range slices.Concat(a.Earlier, a.Decisions) {
			if level, ok := levels[d.By]; ok && level != d.Level {
				t.Errorf("%s: %s decided at levels %d and %d", a.Reference, d.By, level, d.Level)
			}
			levels[d.By] = d.Level
			if d.By == a.EnteredBy || d.Person == a.Applicant() {
				t.Errorf("%s: %s decided on their own", a.Reference, d.By)
			}
		}
	}
}

func TestNothingHappensAheadOfTime(t *testing.T) {
	for _, now := range []time.Time{noon, noon.Add(-11*time.Hour - 59*time.Minute), time.Date(2026, 2, 20, 9, 0, 0, 0, review.Zone)} {
		b := makeBuilder(t, now)
		for _, r := range recordsOf(t, b, 100) {
			var last time.Time
			for _, e := range r.Events {
				if e.At.After(now) {
					t.Errorf("%s: %s at %s", r.Application.Reference, e.Action, e.At)
				}
				if e.Action != review.ViewFile && e.At.Before(last) {
					t.Errorf("%s: %s before what it follows", r.Application.Reference, e.Action)
				}
				last = e.At
			}
		}
	}
}

func TestCertificateNumbersAreConsecutive(t *testing.T) {
	numbers := map[int][]int{}
	issued := map[string]time.Time{}
	for _, r := range firstRecords(t, 4*many) {
		if r.Certificate == nil {
			continue
		}
		_, year, n, err := review.ParseNumber(r.Certificate.Number)
		if err != nil {
			t.Fatal(err)
		}
		if _, again := issued[r.Certificate.Number]; !again {
			numbers[year] = append(numbers[year], n)
		}
		issued[r.Certificate.Number] = r.Certificate.Versions[0].IssuedAt
	}
	for year, list := range numbers {
		slices.Sort(list)
		for i, n := range list {
			if n != i+1 {
				t.Fatalf("%d: number %d in place of %d", year, n, i+1)
			}
		}
	}
}

// TestFactsOfFiles holds what the records say about pictures against what the import would find in their bytes.
func TestFactsOfFiles(t *testing.T) {
	files := map[string][]byte{}
	for i, r := range firstRecords(t, many+100) {
		maps.Copy(files, r.Files)
		if i%4 > 0 && !odd(r.Application.Attachments) {
			continue
		}
		for _, at := range r.Application.Attachments {
			found, err := inspected(at.Slot, files[at.SHA256])
			if err != nil {
				t.Fatalf("%s %s: %v", r.Application.Reference, at.Slot, err)
			}
			want := found.at
			want.File = at.File
			if at.Slot == "portrait" {
				checkPrepared(t, files[at.Prepared])
				want.Prepared = at.Prepared
			}
			if diff := cmp.Diff(want, at); diff != "" {
				t.Errorf("%s %s (-bytes +record):\n%s", r.Application.Reference, at.Slot, diff)
			}
		}
	}
}

// TestFilesAreEachPersonsOwn: only oddities share files, so that the check for shared files means something.
func TestFilesAreEachPersonsOwn(t *testing.T) {
	b := makeBuilder(t, noon)
	borrowed := 0
	for index := range 2 * many {
		if o := b.oddityOf(index); o != nil && o.name == "a file of somebody else" && index > 0 {
			borrowed++
		}
	}
	owner := map[string]review.PersonKey{}
	shared := map[string]bool{}
	for _, a := range applications(firstRecords(t, 2*many)) {
		for _, at := range a.Attachments {
			if key, ok := owner[at.SHA256]; ok && key != a.Applicant() {
				shared[at.SHA256] = true
			}
			owner[at.SHA256] = a.Applicant()
		}
	}
	if len(shared) == 0 || len(shared) > borrowed {
		t.Errorf("%d files are shared, %d borrowed", len(shared), borrowed)
	}
}

// odd reports whether a file is not like the others.
func odd(list []review.Attachment) bool {
	return slices.ContainsFunc(list, func(at review.Attachment) bool {
		return at.Dark || at.Blank || at.Orientation != 1 || at.Width < 200 || at.Slot == "portrait" && at.Prepared != at.SHA256
	})
}

func checkPrepared(t *testing.T, data []byte) {
	t.Helper()
	facts, err := picture.Inspect(data)
	if err != nil || facts.Type != picture.JPEG || facts.Width != review.PortraitWidth || facts.Height != review.PortraitHeight {
		t.Errorf("prepared portrait: %+v, %v", facts, err)
	}
}

// unreachable are codes of checks that no accepted application meets: the border refuses the same.
var unreachable = []string{"exam_level"}

func TestBuild(t *testing.T) {
	dir := t.TempDir() + "/demo"
	o := Options{Applications: many, Seed: Seed, Now: noon}
	if err := Build(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	s := openDemo(t, dir)
	findings, err := s.Check(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Errorf("check: %+v", f)
	}
	counts, err := s.Counts(accountOf(t, s, Reviewer))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(counts)
	if counts[store.All] != many || counts[store.Pending] < 40 {
		t.Errorf("counts of the account that the demo opens with: %v", counts)
	}
	copies := 0
	for _, err := range s.LedgerOf(accountOf(t, s, Administrator), noon.AddDate(0, 0, -1), noon) {
		if err != nil {
			t.Fatal(err)
		}
		copies++
	}
	proposals, _, err := s.Waiting(accountOf(t, s, Administrator), 10)
	if err != nil || len(proposals) != 1 || copies != 8 {
		t.Errorf("%d proposals and %d copies, %v", len(proposals), copies, err)
	}
	codes := codesOf(t, s)
	t.Log(codes)
	for _, want := range checkCodes() {
		if codes[want] == 0 && !slices.Contains(unreachable, want) {
			t.Errorf("no application meets the check %s", want)
		}
	}
}

func openDemo(t testing.TB, dir string) *store.Store {
	t.Helper()
	pen, err := newPen()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(dir, store.Options{Drawable: pen.font.Has})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func accountOf(t testing.TB, s *store.Store, name string) review.Account {
	t.Helper()
	a, err := s.Account(name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// codesOf counts the codes that the automatic checks find in all applications.
func codesOf(t *testing.T, s *store.Store) map[string]int {
	t.Helper()
	codes := map[string]int{}
	q := store.Queue{Name: store.All, By: accountOf(t, s, Administrator)}
	page, err := s.Page(q, "", true, many)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range page.Rows {
		f, err := s.Facts(row.Application.Reference)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range review.Checks(row.Application, s.Policy(), f, review.DateOf(noon)) {
			codes[p.Code]++
		}
	}
	return codes
}

func checkCodes() []string {
	return strings.Fields(`undrawable register_differs birth_shared name_private name_lookalike name_space age_unusual education_low
		community_employer community_unproved exam_level first_late management_unusual management_shared
		first_registered_differs expiry_differs renewal_early renewal_expired recipient_incomplete portrait_small picture_small
		portrait_ratio picture_dark picture_blank file_shared file_repeated`)
}

func BenchmarkBuild300(b *testing.B) {
	for b.Loop() {
		if err := Build(b.Context(), b.TempDir()+"/demo", Options{Applications: many, Seed: Seed, Now: noon}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecords300 leaves the store out.
func BenchmarkRecords300(b *testing.B) {
	d := makeBuilder(b, noon)
	for b.Loop() {
		recordsOf(b, d, many)
	}
}

// BenchmarkCrowd is the time that one application of the crowd takes to make.
func BenchmarkCrowd(b *testing.B) {
	d := makeBuilder(b, noon)
	n := 0
	for b.Loop() {
		s := d.plan(fullPeople + n)
		numbers := slices.Repeat([]string{"CD-2026-000001"}, 4)
		if _, err := d.tell(&s, n, 10, numbers); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

func TestOtherNumbersOfLevels(t *testing.T) {
	for levels := 1; levels <= 5; levels++ {
		policy := *review.DefaultPolicy()
		policy.Levels = slices.Concat(policy.Levels, policy.Levels[1:])[:levels]
		b, err := newBuilder(Options{Seed: Seed, Now: noon, Policy: &policy})
		if err != nil {
			t.Fatal(err)
		}
		waiting := map[int]int{}
		for index := fullPeople; index < fullPeople+400; index++ { // the crowd is quick to make
			s := b.plan(index)
			records, err := b.tell(&s, index, 9, slices.Repeat([]string{"CD-2026-000001"}, 9))
			if err != nil {
				t.Fatalf("%d levels: %v", levels, err)
			}
			for _, a := range applications(records) {
				waiting[a.Level]++
			}
		}
		if len(waiting) != levels {
			t.Errorf("%d levels: applications by level %v", levels, waiting)
		}
	}
}

func TestBuildLeavesNothingBehind(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	dir := t.TempDir() + "/demo"
	err := Build(ctx, dir, Options{Applications: 2000, Seed: Seed, Now: noon, Progress: func(done, _ int) {
		if done > 5 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is there: %v", err)
	}
}

func TestBuildRefusesNumbers(t *testing.T) {
	for _, n := range []int{-1, 0, Most + 1} {
		if err := Build(t.Context(), t.TempDir(), Options{Applications: n, Now: noon}); err == nil {
			t.Errorf("%d applications are built", n)
		}
	}
}
