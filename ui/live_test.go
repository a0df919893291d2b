package ui

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// colleague works at the level and in the area of wuhou.
const colleague = "wuhou2"

// withColleague is a store with the people and a second reviewer of 武侯区.
func withColleague(t testing.TB) *store.Store {
	t.Helper()
	s := withPeople(t)
	a := review.Account{Name: colleague, Role: review.Reviewer, Level: 1, Areas: []string{"510107"}, Office: "武侯区委社会工作部"}
	if err := s.AddAccount(admin, a, noon); err != nil {
		t.Fatal(err)
	}
	return s
}

func rejects(s *store.Store) decision {
	return func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
		return a.Reject(by, s.Policy(), []review.Reason{{Code: "Q03"}}, "", now)
	}
}

// TestRowsGoByThemselves: what another decides leaves the list and the counts without a key.
func TestRowsGoByThemselves(t *testing.T) {
	s := withColleague(t)
	d := open(t, s, wuhou)
	d.press("j")
	d.selects("SQ202600000002")
	decideAs(t, s, colleague, "SQ202600000001", approves(s))
	decideAs(t, s, colleague, "SQ202600000004", approves(s))
	d.hear()
	d.misses("SQ202600000001", "SQ202600000004")
	d.sees("[待审核 3]", "审核中 2")
	d.selects("SQ202600000002")
	submit(t, s, applicant{n: 7, name: "新来", area: "510107", days: 18})
	d.hear()
	d.sees("SQ202600000007", "[待审核 4]")
	d.selects("SQ202600000002")
	d.press("a")
	d.says("SQ202600000002")
}

// TestOpenCaseSaysWhoDecided: the case stays under the cursor, says who did what and when, and goes when the cursor does.
func TestOpenCaseSaysWhoDecided(t *testing.T) {
	s := withColleague(t)
	d := open(t, s, wuhou)
	d.press("j")
	decideAs(t, s, colleague, "SQ202600000002", rejects(s))
	d.hear()
	d.selects("SQ202600000002")
	d.sees("! 12:00 wuhou2 不通过 · 区（市）县初审", "- 已变动", "[待审核 4]")
	d.press("a")
	d.says("SQ202600000002刚有变化，请看过后再按")
	d.elapse()
	d.press("a")
	d.says("申请未通过")
	d.press("j")
	d.selects("SQ202600000003")
	d.misses("SQ202600000002")
	if a := stateOf(t, s, "SQ202600000002"); a.ChangedBy != colleague {
		t.Errorf("changed by %s", a.ChangedBy)
	}
}

// TestCaseIsWithdrawnWhileANoteIsTyped: the applicant's wish waits for nobody, and what is typed stays.
func TestCaseIsWithdrawnWhileANoteIsTyped(t *testing.T) {
	s := withColleague(t)
	d := open(t, s, wuhou)
	d.press("n")
	d.typeText("电话核实")
	decideAs(t, s, portal, "SQ202600000001", func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
		return a.Withdraw(by, s.Policy(), now)
	})
	d.hear()
	d.sees("> 电话核实")
	d.says("SQ202600000001刚有变化：12:00portal撤回")
	d.press("enter")
	d.sees("电话核实", "- 已变动")
}

// TestKeyTypedAheadMeetsNoCaseThatCameByItself: neither a case that was resubmitted under the cursor nor the first one of
// an empty list.
func TestKeyTypedAheadMeetsNoCaseThatCameByItself(t *testing.T) {
	s := withColleague(t)
	d := open(t, s, jinniu)
	d.press("a")
	d.sees("[待审核 0]")
	submit(t, s, applicant{n: 8, name: "新来", area: "510106", days: 2})
	d.hear()
	d.selects("SQ202600000008")
	d.press("a")
	d.says("请看过后再按")
	sub, files := applicant{n: 8, name: "新来", area: "510106", days: 1}.submission()
	decideAs(t, s, portal, "SQ202600000008", func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
		return a.Withdraw(by, s.Policy(), now)
	})
	sub.Revision = 2
	if _, err := s.Submit(portal, sub, files, noon); err != nil {
		t.Fatal(err)
	}
	d.elapse()
	d.hear()
	d.press("a")
	d.says("请看过后再按")
	d.elapse()
	d.press("a")
	d.says("SQ202600000008")
	if a := stateOf(t, s, "SQ202600000008"); a.Level != 2 || a.Revision != 2 {
		t.Errorf("level %d of revision %d", a.Level, a.Revision)
	}
}

// reads is what a desk has read.
type reads struct{ pages, counts, cases int }

// countedReads counts what a desk reads.
func countedReads(s *store.Store) (*double, *reads) {
	d, r := doubled(s), &reads{}
	d.page = func(q store.Queue, at store.Cursor, forward bool, n int) (store.Page, error) {
		r.pages++
		return s.Page(q, at, forward, n)
	}
	d.counts = func(by review.Actor) (map[store.QueueName]int, error) {
		r.counts++
		return s.Counts(by)
	}
	d.application = func(by review.Actor, reference string) (review.Application, error) {
		r.cases++
		return s.Application(by, reference)
	}
	return d, r
}

// TestNewsReadNoMoreThanTheyMust: nothing for what is out of scope, only counts where the list is not concerned, once for
// many changes, and nothing again for the desk's own writes.
func TestNewsReadNoMoreThanTheyMust(t *testing.T) {
	s := withColleague(t)
	counted, got := countedReads(s)
	d := open(t, counted, wuhou)
	step := func(what string, pages, counts, cases int) {
		t.Helper()
		*got = reads{}
		d.hear()
		if want := (reads{pages, counts, cases}); *got != want {
			t.Errorf("%s: %+v, want %+v", what, *got, want)
		}
	}
	decideAs(t, s, jinniu, "SQ202600000006", approves(s))
	step("another area", 0, 0, 0)
	decideAs(t, s, colleague, "SQ202600000004", approves(s))
	decideAs(t, s, colleague, "SQ202600000005", approves(s))
	step("two decisions", 1, 1, 0)
	decideAs(t, s, second, "SQ202600000004", rejects(s))
	step("a later level", 0, 1, 0)
	if err := s.Record(colleague, review.Event{Action: review.Note, Reference: "SQ202600000001", Note: "来电"}, noon); err != nil {
		t.Fatal(err)
	}
	step("a note on the open case", 0, 0, 1)
	d.sees("12:00 wuhou2 内部记录")
	d.press("a")
	d.says("SQ202600000001")
	step("the desk's own decision", 0, 0, 0)
	if err := s.Repair(admin, noon, nil); err != nil {
		t.Fatal(err)
	}
	step("a rebuilt file", 1, 1, 1)
}

// TestNewsWhileTheDeskWrites wait for the end of the write.
func TestNewsWhileTheDeskWrites(t *testing.T) {
	s := withColleague(t)
	d := open(t, s, wuhou)
	d.hold = true
	d.press("a")
	decideAs(t, s, colleague, "SQ202600000003", approves(s))
	d.hear()
	d.flush()
	d.misses("SQ202600000003", "王*")
	d.selects("SQ202600000002")
	d.sees("[待审核 3]")
}

// TestNewsWhileTheCursorMoves: an answer that comes late moves nothing but the rows.
func TestNewsWhileTheCursorMoves(t *testing.T) {
	s := withColleague(t)
	d := open(t, s, wuhou)
	decideAs(t, s, colleague, "SQ202600000003", approves(s))
	d.hold = true
	d.hear()
	d.press("j", "j", "j")
	d.flush()
	d.selects("SQ202600000004")
	d.misses("SQ202600000003")
	d.press("space", "/")
	d.typeText("王")
	decideAs(t, s, colleague, "SQ202600000001", approves(s))
	d.hear()
	d.sees("> 王")
	d.press("esc")
	d.selects("SQ202600000005")
	d.sees("*SQ202600000004")
	d.misses("SQ202600000001")
}

// TestNewsInALongQueue: the window stays on its case in the middle, and at the beginning of the queue.
func TestNewsInALongQueue(t *testing.T) {
	s := withColleague(t)
	for n := 10; n < 40; n++ {
		submit(t, s, applicant{n: n, name: "众人", area: "510107", days: 1})
	}
	d := open(t, s, wuhou)
	d.press("ctrl+d", "ctrl+d", "ctrl+d", "ctrl+d")
	here := d.selected()
	decideAs(t, s, colleague, "SQ202600000001", approves(s))
	d.hear()
	d.selects(here)
	decideAs(t, s, colleague, here, approves(s))
	d.hear()
	d.selects(here)
	d.press("k", "j")
	if got := d.selected(); got == here {
		t.Errorf("%s is still in the list", got)
	}
	d.press("3")
	d.sees("[已通过 0]")
}

// TestCaseOutsideTheScope: a case that is re-routed away while it is open says so.
func TestCaseOutsideTheScope(t *testing.T) {
	s := withColleague(t)
	d := open(t, s, wuhou)
	decideAs(t, s, colleague, "SQ202600000001", func(a *review.Application, by review.Actor, _ review.Facts, now time.Time) (review.Event, error) {
		return a.Reroute(by, s.Policy(), "510106", "单位在金牛区", now)
	})
	d.hear()
	d.elapse()
	d.press("a")
	d.says("审核区域")
	d.press("j")
	d.misses("SQ202600000001")
}

// TestListen: news come at once, then together after a while, and the listener ends with the desk.
func TestListen(t *testing.T) {
	s := withColleague(t)
	news := s.Subscribe()
	defer news.Close()
	got, left, over := make(chan newsMsg), make(chan struct{}), make(chan struct{})
	go func() {
		listen(news, func(msg tea.Msg) { got <- msg.(newsMsg) }, left)
		close(over)
	}()
	decideAs(t, s, wuhou, "SQ202600000001", approves(s))
	if n := <-got; len(n.Records) != 1 {
		t.Errorf("got %+v", n)
	}
	decideAs(t, s, wuhou, "SQ202600000002", approves(s))
	decideAs(t, s, wuhou, "SQ202600000003", approves(s))
	if n := <-got; len(n.Records) != 2 {
		t.Errorf("got %d records, want both together", len(n.Records))
	}
	close(left)
	<-over
}
