package review

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var days = cmpopts.EquateComparable(Date{})

// asked returns an application that rejected queries and matching ones can be written for: level 1 approved it, level 2
// refused it.
func asked() Application {
	f := flawless(Renewal)
	f.mailed()
	a := *f.application()
	a.Reference, a.Revision, a.Follows, a.Version = "SQ202611160001", 2, "SQ202501170001", 5
	a.State, a.Level, a.Levels, a.Area = Rejected, 2, 3, "510106"
	a.EnteredBy, a.ChangedAt = "chen.counter", noon
	a.Decisions = []Decision{
		{Level: 1, Action: Approve, By: "zhou.wuhou", At: noon.AddDate(0, 0, -2), Revision: 2},
		{Level: 2, Action: Reject, By: "li.city", At: noon.AddDate(0, 0, -1), Revision: 2, Reasons: []Reason{{Code: "Q03", Target: "application_form"}}},
	}
	a.Earlier = []Decision{{Level: 1, Action: Reject, By: "he.wuhou", Revision: 1}}
	return a
}

// waiting returns an application that waits for level 1, on hold, due in four days by an estimate.
func waiting() Application {
	f := flawless(First)
	a := *f.application()
	a.Reference, a.Revision, a.Level, a.Levels, a.Area = "SQ202611160002", 1, 1, 3, "510107"
	a.Held, a.HeldNote = true, "等补充材料"
	a.DueOn, a.DueEstimated = askedOn.AddDays(4), true
	a.EnteredBy = "portal"
	return a
}

func TestQueryMatch(t *testing.T) {
	rejected, held := asked(), waiting()
	late := waiting()
	late.Held, late.HeldNote, late.DueOn = false, "", askedOn.AddDays(-1)
	today := waiting()
	today.DueOn = askedOn
	approved := asked()
	approved.State, approved.Certificate = Approved, "CD-2020-000001"
	empty := Application{}
	tests := []struct {
		query   string
		yes, no []Application
	}{
		{"", []Application{rejected, held, empty}, nil},
		{"kind:renewal", []Application{rejected}, []Application{held, empty}},
		{"kind:renewal,first", []Application{rejected, held}, []Application{empty}},
		{"kind:renewal kind:first", nil, []Application{rejected, held}},
		{"-kind:renewal", []Application{held, empty}, []Application{rejected}},
		{"state:rejected", []Application{rejected}, []Application{held, approved}},
		{"level:1", []Application{held}, []Application{rejected}},
		{"level>=2", []Application{rejected}, []Application{held}},
		{"area:武侯区", []Application{held}, []Application{rejected}},
		{"review_area:武侯区", []Application{held, rejected}, []Application{empty}},
		{"due<5d", []Application{held, late, today}, []Application{rejected, empty}},
		{"due<4d", []Application{late, today}, []Application{held}},
		{"due<=4d", []Application{held}, []Application{rejected}},
		{"due:4d", []Application{held}, []Application{late, today}},
		{"due>3d", []Application{held}, []Application{late, rejected}},
		{"due:2026-11", []Application{held, late, today}, []Application{rejected}},
		{"due>2026-11", nil, []Application{held}},
		{"due<2027", []Application{held}, []Application{rejected}},
		{"due:-1d,today", []Application{late, today}, []Application{held}},
		{"-due<5d", []Application{rejected, empty}, []Application{held}},
		{"submitted:2026-11-16", []Application{rejected}, []Application{empty}},
		{"submitted>-7d", nil, []Application{rejected, empty}},
		{"submitted>=-7d", []Application{rejected}, []Application{empty}},
		{"decided:2026-11-19", []Application{rejected}, []Application{held}},
		{"changed:2026-11-20", []Application{rejected}, []Application{held}},
		{"name:王", []Application{rejected}, []Application{empty}},
		{"name:芳,李", []Application{rejected}, []Application{empty}},
		{"name:王小芳", nil, []Application{rejected}},
		{"id:510107199104180263", []Application{rejected}, []Application{empty}},
		{"id:0263", []Application{rejected}, []Application{empty}},
		{"id:1041", nil, []Application{rejected}},
		{"mobile:13800001234", []Application{rejected}, []Application{empty}},
		{"mobile:13800001235", nil, []Application{rejected}},
		{"number:20250651", []Application{rejected}, []Application{empty}},
		{"number:0651", nil, []Application{rejected}},
		{"ref:sq2026", []Application{rejected, held}, []Application{empty}},
		{"certificate:cd-2020", []Application{approved}, []Application{rejected}},
		{"by:zhou.wuhou", []Application{rejected}, []Application{held}},
		{"by:he.wuhou", nil, []Application{rejected}},
		{"by:@me", nil, []Application{rejected, held}},
		{"entered:chen.counter", []Application{rejected}, []Application{held}},
		{"entered:me", nil, []Application{rejected}},
		{"reason:Q03", []Application{rejected}, []Application{held}},
		{"reason:Q01,Q04", nil, []Application{rejected}},
		{"revision>1", []Application{rejected}, []Application{held}},
		{"hold", []Application{held}, []Application{rejected, late}},
		{"-hold", []Application{rejected, late}, []Application{held}},
		{"overdue", []Application{late}, []Application{held, today, rejected}},
		{"estimated", []Application{held}, []Application{rejected}},
		{"mail", []Application{rejected}, []Application{held}},
		{"mail_paper:否", []Application{held}, []Application{rejected}},
		{"resubmitted", []Application{rejected}, []Application{held}},
		{"follows", []Application{rejected}, []Application{held}},
		{"has:note", []Application{held}, []Application{rejected, late}},
		{"has:certificate", []Application{approved}, []Application{rejected}},
		{"has:hold,mail", []Application{held, rejected}, []Application{late}},
		{"has:previous_certificate", []Application{rejected}, []Application{held}},
		{"has:recipient", []Application{rejected}, []Application{held}},
		{"民族:汉族 学历:大学本科", []Application{rejected}, []Application{empty}},
		{"fields:社区建设 fields:老年人服务", []Application{rejected}, []Application{empty}},
		{"fields:社区建设 fields:社会救助", nil, []Application{rejected}},
		{"age:35 exam_year<=2025 years_in_social_work>5", []Application{rejected}, []Application{empty}},
		{"age<36", []Application{held}, []Application{empty}},
		{"-age<36", []Application{empty}, []Application{held}},
		{"certificate_valid_until<30d", []Application{rejected}, []Application{held}},
		{"first_registered_on:2020", []Application{rejected}, []Application{held}},
		{"major:工作", []Application{rejected}, []Application{empty}},
		// Of what is masked only what the mask shows is found by parts.
		{"address:武侯区", []Application{rejected}, []Application{empty}},
		{"address:浆洗街", nil, []Application{rejected}},
		{"address:“四川省成都市武侯区浆洗街 1 号”", []Application{rejected}, []Application{empty}},
		{"recipient:芳", nil, []Application{rejected}},
		{"recipient:王芳", []Application{rejected}, []Application{held}},
		// Words are left to the search index.
		{"李明 -张三 kind:first", []Application{held}, []Application{rejected}},
	}
	for _, test := range tests {
		q := parseQuery(t, test.query)
		for want, list := range map[bool][]Application{true: test.yes, false: test.no} {
			for _, a := range list {
				if got := q.Match(&a, at(1), nil, askedOn); got != want {
					t.Errorf("%s of %s %s: got %v, want %v", q, a.State, a.Reference, got, want)
				}
			}
		}
	}
}

func TestQueryAsksForTheAccount(t *testing.T) {
	a := asked()
	for query, who := range map[string][]string{
		"by:@me":      {"zhou.wuhou", "li.city"},
		"entered:@me": {"chen.counter"},
		"mine":        {"zhou.wuhou", "li.city", "chen.counter", "he.wuhou"},
	} {
		for _, name := range []string{"zhou.wuhou", "li.city", "chen.counter", "he.wuhou", "nobody"} {
			q := parseQuery(t, query)
			if got, want := q.Match(&a, Actor{Name: name}, nil, askedOn), slices.Contains(who, name); got != want {
				t.Errorf("%s for %s: got %v, want %v", query, name, got, want)
			}
		}
	}
}

func TestQueryChecks(t *testing.T) {
	warned := []Problem{{Warn, "name", "name_private", nil}, {Info, "level", "register_differs", nil}}
	tests := []struct {
		query  string
		checks []Problem
		want   bool
		calls  int
	}{
		{"has:warning", warned, true, 1},
		{"has:block", warned, false, 1},
		{"has:block,info", warned, true, 1},
		{"-has:block", warned, true, 1},
		{"-has:warning,block", warned, false, 1},
		{"has:warning has:info -has:block", warned, true, 1},
		{"has:warning", nil, false, 1},
		{"-has:warning", nil, true, 1},
		// What costs nothing is asked first.
		{"has:warning kind:completion", warned, false, 0},
		{"has:mail,warning", warned, true, 0},
		{"mail", warned, true, 0},
	}
	for _, test := range tests {
		q, a, calls := parseQuery(t, test.query), asked(), 0
		checks := func() []Problem { calls++; return test.checks }
		if got := q.Match(&a, at(1), checks, askedOn); got != test.want || calls != test.calls {
			t.Errorf("%s: got %v after %d calls, want %v after %d", q, got, calls, test.want, test.calls)
		}
		if got, want := q.NeedsFacts(), test.query != "mail"; got != want {
			t.Errorf("%s needs facts: got %v, want %v", q, got, want)
		}
	}
}

func TestQueryWords(t *testing.T) {
	q := parseQuery(t, "王芳 -李明 wang name:fang kind:first -name:li")
	if diff := cmp.Diff([]string{"王芳", "wang", "fang"}, q.Words()); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"李明", "li"}, q.Without()); diff != "" {
		t.Errorf("without (-want +got):\n%s", diff)
	}
}

func TestQueryPlan(t *testing.T) {
	day := func(month time.Month, day int) Date { return NewDate(2026, month, day) }
	tests := []struct {
		query string
		want  Plan
	}{
		{"", Plan{Exact: true}},
		{"王芳", Plan{Words: []string{"王芳"}, Exact: true}},
		{"-王芳", Plan{Exact: true}},
		{"state:rejected,approved kind:first level:1,2 area:武侯区", Plan{
			States: []State{Rejected, Approved}, Kinds: []Kind{First}, Levels: []int{1, 2}, Areas: []string{"510107"}, Exact: true}},
		{"-state:draft,withdrawn -state:rejected", Plan{States: []State{InReview, Approved}, Exact: true}},
		{"level>=2", Plan{Levels: []int{2, 3, 4, 5}, Exact: true}},
		{"-area:武侯区", Plan{}},
		{"area:武侯区,锦江区 area:锦江区", Plan{Areas: []string{"510104"}, Exact: true}},
		{"kind:first kind:renewal", Plan{Kinds: []Kind{}, Nothing: true, Exact: true}},
		{"hold", Plan{States: []State{InReview}, Held: Yes, Exact: true}},
		{"-hold", Plan{Held: No, Exact: true}},
		{"unchanged", Plan{Unchanged: Yes, Exact: true}},
		{"-无变化 hold", Plan{States: []State{InReview}, Held: Yes, Unchanged: No, Exact: true}},
		{"hold -hold", Plan{States: []State{InReview}, Held: No, Nothing: true, Exact: true}},
		{"due<3d", Plan{States: []State{InReview}, Due: DayRange{Until: day(11, 25)}, Exact: true}},
		{"due<=3d due>today", Plan{States: []State{InReview}, Due: DayRange{day(11, 24), day(11, 26)}, Exact: true}},
		{"due:3d,7d", Plan{States: []State{InReview}, Due: DayRange{day(11, 26), NewDate(2026, 12, 2)}}},
		{"-due:3d", Plan{}},
		{"due>3d due<today", Plan{States: []State{InReview}, Due: DayRange{day(11, 27), day(11, 22)}, Nothing: true, Exact: true}},
		{"overdue", Plan{States: []State{InReview}, Due: DayRange{Until: day(11, 22)}, Exact: true}},
		{"submitted:2026-10 decided>=-7d", Plan{Submitted: DayRange{day(10, 1), day(10, 31)}, Decided: DayRange{From: day(11, 16)}, Exact: true}},
		{"changed:2026", Plan{}},
		{"name:王 ref:SQ2025 name:李,张 -id:1234", Plan{Words: []string{"王", "SQ2025"}}},
		{"has:warning", Plan{}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, parseQuery(t, test.query).Plan(askedOn), days); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.query, diff)
		}
	}
}

// condition is a term with what it means, written down a second time.
type condition struct {
	text  string
	means func(w *world) bool
}

type world struct {
	a      Application
	by     Actor
	checks []Problem
}

func conditions() []condition {
	list := []condition{
		{"hold", func(w *world) bool { return w.a.Held }},
		{"unchanged", func(w *world) bool { return w.a.Unchanged }},
		{"overdue", func(w *world) bool { return w.a.State == InReview && !w.a.DueOn.IsZero() && w.a.DueOn.Before(askedOn) }},
		{"estimated", func(w *world) bool { return w.a.DueEstimated }},
		{"resubmitted", func(w *world) bool { return w.a.Revision >= 2 }},
		{"has:warning", func(w *world) bool {
			return slices.ContainsFunc(w.checks, func(p Problem) bool { return p.Severity == Warn })
		}},
		{"entered:@me", func(w *world) bool { return w.a.EnteredBy == w.by.Name }},
		{"area:武侯区,锦江区", func(w *world) bool { return w.a.Area == "510107" || w.a.Area == "510104" }},
		{"fields:05,99", func(w *world) bool { return w.a.Form.Has("fields", "05") || w.a.Form.Has("fields", "99") }},
		{"form.level:2", func(w *world) bool { return w.a.Form.Get("level") == "2" }},
		{"level:1,3", func(w *world) bool { return w.a.Level == 1 || w.a.Level == 3 }},
		{"kind:first,completion", func(w *world) bool { return w.a.Kind != Renewal }},
		{"state:in_review", func(w *world) bool { return w.a.State == InReview }},
		{"state:rejected,approved", func(w *world) bool { return w.a.State == Rejected || w.a.State == Approved }},
	}
	dates := map[string]func(w *world) Date{
		"due":                     func(w *world) Date { return w.a.DueOn },
		"submitted":               func(w *world) Date { return DateOf(w.a.SubmittedAt) },
		"certificate_valid_until": func(w *world) Date { return w.a.Form.Date("certificate_valid_until") },
	}
	for key, of := range dates {
		for _, offset := range []int{-9, -2, 0} {
			with := askedOn.AddDays(offset)
			values := []string{number(offset) + "d", with.String()}
			if key == "due" && offset != 0 {
				values = values[1:] // working days: TestDueCountsWorkingDays
			}
			for _, value := range values {
				add := func(op string, holds func(d Date) bool) {
					list = append(list, condition{key + op + value, func(w *world) bool { d := of(w); return !d.IsZero() && holds(d) }})
				}
				add("<", func(d Date) bool { return d.Before(with) })
				add("<=", func(d Date) bool { return !d.After(with) })
				add(">", func(d Date) bool { return d.After(with) })
				add(">=", func(d Date) bool { return !d.Before(with) })
				add(":", func(d Date) bool { return d == with })
			}
		}
		list = append(list,
			condition{key + ":2026-10,2027", func(w *world) bool { d := of(w); return d.Year() == 2027 || d.Year() == 2026 && d.Month() == 10 }},
			condition{key + ">2026-10", func(w *world) bool { d := of(w); return d.Year() > 2026 || d.Year() == 2026 && d.Month() > 10 }},
		)
	}
	for n := 1; n <= 3; n++ {
		list = append(list,
			condition{"level<" + number(n), func(w *world) bool { return w.a.Level < n }},
			condition{"revision>=" + number(n), func(w *world) bool { return w.a.Revision >= n }},
		)
	}
	return list
}

func randomWorld(r *rand.Rand) *world {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	someDay := func() Date {
		if r.IntN(4) == 0 {
			return Date{}
		}
		return askedOn.AddDays(r.IntN(80) - 70)
	}
	w := &world{by: Actor{Name: pick("a", "b")}}
	w.a = Application{
		Kind: Kinds()[r.IntN(3)], State: States()[r.IntN(5)], Level: r.IntN(4), Revision: r.IntN(4), Held: r.IntN(2) == 0,
		Unchanged: r.IntN(2) == 0, Area: pick("510104", "510105", "510107", "999999"), DueOn: someDay(), DueEstimated: r.IntN(2) == 0,
		SubmittedAt: someDay().Time().Add(time.Duration(r.IntN(24)) * time.Hour), EnteredBy: pick("a", "b", "c"),
		Form: Form{"level": {pick("1", "2")}, "fields": {pick("01", "05"), pick("02", "99")}},
	}
	if w.a.State != InReview { // as every decision leaves it
		w.a.DueOn, w.a.Held = Date{}, false
	}
	if w.a.SubmittedAt.Year() < 2000 {
		w.a.SubmittedAt = time.Time{}
	}
	w.a.Form.Set("certificate_valid_until", someDay().String())
	if r.IntN(2) == 0 {
		w.checks = []Problem{{Severity: Severity(pick("warn", "block", "info"))}}
	}
	return w
}

// TestQueryMeansWhatItSays holds queries of random terms against random applications, and the plan against both.
func TestQueryMeansWhatItSays(t *testing.T) {
	r, all := rand.New(rand.NewPCG(1, 2)), conditions()
	matched := 0
	for range 20_000 {
		w, want := randomWorld(r), true
		var terms []string
		for range r.IntN(4) {
			c, not := all[r.IntN(len(all))], r.IntN(3) == 0
			if text := c.text; not {
				terms = append(terms, "-"+text)
			} else {
				terms = append(terms, text)
			}
			want = want && c.means(w) != not
		}
		q := parseQuery(t, strings.Join(terms, " "))
		got := q.Match(&w.a, w.by, func() []Problem { return w.checks }, askedOn)
		if got != want {
			t.Fatalf("%s: got %v, want %v for %+v", q, got, want, w)
		}
		plan := q.Plan(askedOn)
		if admits := plan.Admits(&w.a); got && !admits || plan.Exact && got != admits {
			t.Fatalf("%s: match %v, plan %+v admits %v: %+v", q, got, plan, admits, w)
		}
		if got {
			matched++
		}
	}
	if matched < 2000 {
		t.Errorf("only %d matched: the test says little", matched)
	}
}

// TestDueCountsWorkingDays: due compares the number that the row of the case says, whatever days off lie between.
func TestDueCountsWorkingDays(t *testing.T) {
	policy := DefaultPolicy()
	asked := NewDate(2026, 9, 28) // the Monday before the National Day
	matches := func(query string, a *Application, today Date) bool {
		q, err := ParseQuery(query, policy, asked)
		if err != nil {
			t.Fatal(err)
		}
		return q.Match(a, Actor{}, nil, today)
	}
	for _, today := range []Date{asked, asked.AddDays(2)} { // a saved view is asked on another day than it was read
		for d := today.AddDays(-20); d.Before(today.AddDays(20)); d = d.AddDays(1) {
			a := waiting()
			a.DueOn = d
			left, _ := policy.Calendar.WorkdaysBetween(today, d)
			for query, want := range map[string]bool{
				"due<3d": left < 3, "due<=3d": left <= 3, "due:3d": left == 3, "due>3d": left > 3, "due>=3d": left >= 3, "due<-2d": left < -2,
				"due:tomorrow": d == today.AddDays(1), "due<1w": d.Before(today.AddDays(7)), "due:today": d == today,
			} {
				if got := matches(query, &a, today); got != want {
					t.Errorf("%s asked on %s: %v for a case due on %s, %d working days away", query, today, got, d, left)
				}
			}
		}
	}
}

const typicalQuery = "kind:renewal area:武侯区 level:2 state:rejected,in_review due<3d -hold name:王 submitted>2025-01-01"

func BenchmarkParseQuery(b *testing.B) {
	p := DefaultPolicy()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseQuery(typicalQuery, p, askedOn); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkQueryMatch(b *testing.B) {
	a, by := asked(), at(1)
	for _, text := range []string{
		"kind:renewal state:rejected -hold", "民族:汉族 fields:05 age<40 name:王 submitted>=-7d by:li.city", "-reason:Q01 address:武侯区 number:2025",
	} {
		q, err := ParseQuery(text, DefaultPolicy(), askedOn)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !q.Match(&a, by, nil, askedOn) {
					b.Fatal("no match")
				}
			}
		})
	}
}
