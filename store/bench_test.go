package store

import (
	"bytes"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// The benchmarks run at 10 000 and 100 000 applications, and at 1 000 000 where RONGZHENG_BENCH_MAX allows it. The data is
// made once and kept in the folder of temporary files.

func sizes(b *testing.B) []int {
	most := 100_000
	if text := os.Getenv("RONGZHENG_BENCH_MAX"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		most = n
	}
	var list []int
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		if n <= most && (n <= 10_000 || !testing.Short()) {
			list = append(list, n)
		}
	}
	return list
}

// atSizes runs the benchmark at each size on an open store.
func atSizes(b *testing.B, run func(b *testing.B, s *Store, n int)) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, err := Open(benchFolder(b, n), Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			run(b, s, n)
		})
	}
}

// benchFolder returns a data folder of so many applications. Its name holds the format of this file's records.
func benchFolder(b *testing.B, n int) string {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("rongzheng-bench-%d-%d", format, n))
	if _, err := os.Stat(filepath.Join(dir, "complete")); err == nil {
		return dir
	}
	if err := os.RemoveAll(dir); err != nil {
		b.Fatal(err)
	}
	s, err := Open(dir, Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	by := ""
	for _, a := range deskAccounts {
		if err := s.AddAccount(by, a, clock); err != nil {
			b.Fatal(err)
		}
		by = deskAccounts[0].Name
	}
	began := time.Now()
	if err := s.Load("li.admin", crowd(n), clock, nil); err != nil {
		b.Fatal(err)
	}
	b.Logf("loaded %d applications in %v", n, time.Since(began).Round(time.Millisecond))
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "complete"), nil, fileMode); err != nil {
		b.Fatal(err)
	}
	return dir
}

// crowd yields n applications: one in fifty in review, most approved with a certificate, in all areas.
func crowd(n int) iter.Seq2[Record, error] {
	p := review.DefaultPolicy()
	areas := p.Options["area"]
	return func(yield func(Record, error) bool) {
		for i := range n {
			if !yield(member(i, areas[i%len(areas)].Code, n), nil) {
				return
			}
		}
	}
}

func member(i int, area string, n int) Record {
	at := clock.Add(-time.Duration(n-i) * time.Minute)
	sub, data := smallSubmission(i)
	form := crowdForm(sub.Form, i, area)
	a := review.Application{
		Reference: fmt.Sprintf("SQ%012d", i), Version: 1, Revision: 1, Kind: review.First, State: review.Approved,
		Level: 3, Levels: 3, Area: area, SubmittedAt: at, EnteredBy: "portal", EnteredRole: review.Portal, Form: form,
		Consent: sub.Consent, Attachments: sub.Attachments, Policy: "2026-01-01", ChangedAt: at, ChangedBy: "portal", ChangedTo: review.Submit,
	}
	decided := 3
	switch {
	case i%50 == 0:
		decided = i / 50 % 3
		a.State, a.Level = review.InReview, decided+1
		a.DueOn = review.DateOf(at.AddDate(0, 0, 14*a.Level))
	case i%10 == 1:
		a.State, a.Level, decided = review.Rejected, 1, 1
	}
	return Record{Application: a, Events: decide(&a, decided), Certificate: certify(&a, i), Files: data}.with(&a)
}

// smallSubmission has only attachments that lie in the file, half of them the same for all.
func smallSubmission(i int) (review.Submission, map[string][]byte) {
	sub := review.Submission{Form: firstForm(i), Consent: review.Consent{Privacy: clock, Truth: clock}}
	data := map[string][]byte{}
	for n, slot := range firstSlots {
		attach(&sub, data, slot, bytes.Repeat(fmt.Appendf(nil, "%s %d ", slot, i*(n%2)), 20))
	}
	return sub, data
}

func (r Record) with(a *review.Application) Record {
	r.Application = *a
	return r
}

func decide(a *review.Application, levels int) []review.Event {
	events := []review.Event{{At: a.SubmittedAt, By: "portal", Role: review.Portal, Action: review.Submit, Reference: a.Reference, Revision: 1, State: review.InReview}}
	for level := 1; level <= levels; level++ {
		d := review.Decision{
			Level: level, Action: review.Approve, By: deskAccounts[2+level].Name, Office: deskAccounts[2+level].Office, Role: review.Reviewer,
			At: a.SubmittedAt.AddDate(0, 0, 5*level), Policy: "2026-01-01", Revision: 1,
		}
		if a.State == review.Rejected {
			d.Action, d.Reasons = review.Reject, []review.Reason{{Code: "Q03"}}
		}
		a.Decisions = append(a.Decisions, d)
		a.Version, a.ActedLevel, a.ChangedAt, a.ChangedBy, a.ChangedTo = a.Version+1, level, d.At, d.By, d.Action
		events = append(events, review.Event{At: d.At, By: d.By, Office: d.Office, Role: d.Role, Action: d.Action, Reference: a.Reference, Revision: 1, Level: level, State: a.State})
	}
	return events
}

func certify(a *review.Application, i int) *review.Certificate {
	if a.State != review.Approved {
		return nil
	}
	year := 2016 + i%10
	number := review.FormatNumber("CD", year, i/10+1)
	c := review.Issue(a, nil, number, review.DefaultPolicy(), deskAccounts[5], a.ChangedAt)
	a.Certificate, a.CertificateVersion = number, 1
	return &c
}

const (
	hundredSurnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
	givenCharacters = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建国文博晓东雅琴玉兰志红梅林海燕春雪峰宇轩子涵浩然欣怡梓晨佳琪思远嘉俊婷雯鑫鹏飞龙凤云天月星辰雨露阳光旭日升永康福禄寿喜财宝"
)

// crowdForm gives each of a crowd a name of two or three characters, an identity number and an area.
func crowdForm(form review.Form, i int, area string) review.Form {
	s, g := []rune(hundredSurnames), []rune(givenCharacters)
	h := uint32(i) * 2654435761
	name := string(s[int(h>>8)*int(h>>8&0xf+1)%len(s)]) + string(g[int(h>>4)%len(g)])
	if h%5 != 0 {
		name += string(g[int(h>>16)%len(g)])
	}
	form.Set("name", name)
	form.Set("id_number", fmt.Sprintf("510107%08d%04d", i/10000+19500000, i%10000))
	form.Set("review_area", area)
	return form
}

func BenchmarkOpenFirstPage(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := benchFolder(b, n)
			for b.Loop() {
				s, err := Open(dir, Options{})
				if err != nil {
					b.Fatal(err)
				}
				by := actor(b, s, "zhou.wuhou")
				if _, err := s.Counts(by); err != nil {
					b.Fatal(err)
				}
				wantRows(b, s, Queue{Name: Pending, By: by}, "", 60)
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func wantRows(b *testing.B, s *Store, q Queue, at Cursor, n int) Page {
	page, err := s.Page(q, at, true, n)
	if err != nil {
		b.Fatal(err)
	}
	if len(page.Rows) == 0 {
		b.Fatal("no rows")
	}
	return page
}

// BenchmarkNextPage pages through what is the longest list, merged from all areas.
func BenchmarkNextPage(b *testing.B) {
	for _, name := range []QueueName{Waiting, Approved, All, Certificates} {
		b.Run(string(name), func(b *testing.B) {
			atSizes(b, func(b *testing.B, s *Store, _ int) {
				q := Queue{Name: name, By: actor(b, s, "li.admin")}
				at := Cursor("")
				for b.Loop() {
					page := wantRows(b, s, q, at, 60)
					if at = page.Next; !page.More {
						at = ""
					}
				}
			})
		})
	}
}

func BenchmarkCounts(b *testing.B) {
	atSizes(b, func(b *testing.B, s *Store, _ int) {
		by := actor(b, s, "wu.city")
		for b.Loop() {
			if _, err := s.Counts(by); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	atSizes(b, func(b *testing.B, s *Store, n int) {
		admin, district := actor(b, s, "li.admin"), actor(b, s, "zhou.wuhou")
		var h head
		a, err := s.Application(admin, fmt.Sprintf("SQ%012d", n/2+2))
		if err != nil {
			b.Fatal(err)
		}
		h.answers(a.Form)
		name := []rune(h.name)
		sounds := spellings(h.name)[0]
		initials := ""
		for _, syllable := range sounds {
			initials += syllable[:1]
		}
		texts := []struct{ kind, text string }{
			{"name", h.name}, {"part", string(name[1:])}, {"surname", "王"}, {"two", string(name[:1]) + " " + string(name[len(name)-1:])},
			{"pinyin", strings.Join(sounds, "")}, {"syllable", "wang"}, {"initials", initials}, {"identity", h.idNumber}, {"four", h.lastFour()},
			{"certificate", a.Certificate}, {"number", "CD-2020-0001"}, {"none", "龘"},
		}
		for _, find := range texts {
			b.Run(find.kind, func(b *testing.B) {
				for b.Loop() {
					if _, err := s.Find(admin, find.text, 60); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(find.kind+"/queue", func(b *testing.B) {
				for b.Loop() {
					if _, err := s.Page(Queue{Name: Approved, By: district, Text: find.text}, "", true, 60); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

// BenchmarkQuery asks the longest queues in the language of the filter line: one page of 60, as the first that is shown.
func BenchmarkQuery(b *testing.B) {
	atSizes(b, func(b *testing.B, s *Store, n int) {
		admin := actor(b, s, "li.admin")
		today := review.DateOf(clock)
		for _, ask := range []struct {
			kind, text string
			queue      QueueName
		}{
			{"kind", "kind:first", All}, {"area", "area:武侯区", Approved}, {"level", "level:2", Waiting}, {"due", "due<3d", Waiting},
			{"hold", "-hold", Waiting}, {"state", "state:rejected", All}, {"submitted", "submitted>=-30d", All}, {"name", "name:王", Approved},
			{"reference", fmt.Sprintf("ref:SQ%012d", n/2), All}, {"identity", "id:" + identity(n/2), All}, {"unchanged", "unchanged", Waiting},
			{"warning", "has:warning", Waiting}, {"rare", "education:博士研究生", Waiting}, {"several", "kind:first area:武侯区 王 -hold", Approved},
			{"nothing", "unchanged", All}, {"no-kind", "kind:completion", All}, {"due-of-all", "due<3d", All}, {"hold-of-all", "hold", All}, {"nobody", "education:博士研究生 -education:博士研究生", All}, {"block", "has:block", Approved},
		} {
			query, err := review.ParseQuery(ask.text, s.policy, today)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(ask.kind, func(b *testing.B) {
				for b.Loop() {
					if _, err := s.Page(Queue{Name: ask.queue, By: admin, Query: query, Today: today}, "", true, 60); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

// BenchmarkCountDue counts the groups of the longest queue.
func BenchmarkCountDue(b *testing.B) {
	atSizes(b, func(b *testing.B, s *Store, _ int) {
		today := review.DateOf(clock)
		for _, account := range []string{"zhou.wuhou", "li.admin"} {
			q := Queue{Name: Waiting, By: actor(b, s, account)}
			b.Run(account, func(b *testing.B) {
				for b.Loop() {
					if _, _, err := s.CountDue(q, today, today.AddDays(5)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

// BenchmarkDecisionsTogether: so many reviewers decide at once, each on cases of their own, beside as many bare commits that
// each sync one small value. What is compared is decisions with syncs per second.
func BenchmarkDecisionsTogether(b *testing.B) {
	for _, people := range []int{1, 20, 200} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			s := newStore(b)
			for n := range people {
				submit(b, s, n)
			}
			together(b, people, "decisions/s", func(who, n int) error {
				decide := func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
					if n%2 == 0 {
						return a.Hold(by, s.policy, "待核实", clock)
					}
					return a.Release(by, s.policy, clock)
				}
				_, err := s.Change("zhou.wuhou", reference(who), 0, clock, decide)
				return err
			})
			together(b, people, "bare-commits/s", func(who, _ int) error {
				return s.db.Update(func(tx *bolt.Tx) error {
					return tx.Bucket([]byte("meta")).Put(fmt.Appendf(nil, "bare %d", who), make([]byte, 1000))
				})
			})
		})
	}
}

// together lets so many work at once for a while and reports how much they did in a second.
func together(b *testing.B, people int, unit string, do func(who, n int) error) {
	const each = 6
	began := time.Now()
	var work sync.WaitGroup
	for who := range people {
		work.Go(func() {
			for n := range each {
				if err := do(who, n); err != nil {
					b.Error(err)
				}
			}
		})
	}
	work.Wait()
	b.ReportMetric(float64(people*each)/time.Since(began).Seconds(), unit)
}

// BenchmarkPaper hands out the kept bytes of a certificate.
func BenchmarkPaper(b *testing.B) {
	atVault(b, func(b *testing.B, s *Store, number string) {
		by := actor(b, s, "li.admin")
		for b.Loop() {
			if p, err := s.Paper(by, number, review.OnPaper); err != nil || len(p.PDF) == 0 {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkReprint is what enter does at the counter: find, take the bytes, enter the copy into the ledger.
func BenchmarkReprint(b *testing.B) {
	atVault(b, func(b *testing.B, s *Store, number string) {
		by := actor(b, s, "li.admin")
		ask := review.CopyAsk{Way: review.OnPaper, Reason: "lost"}
		for b.Loop() {
			rows, err := s.FindCertificates(by, number, 10)
			if err != nil || len(rows) != 1 {
				b.Fatalf("%d rows, %v", len(rows), err)
			}
			if _, err := s.Paper(by, number, review.OnPaper); err != nil {
				b.Fatal(err)
			}
			if _, err := s.Copy("li.admin", number, ask, clock); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFindCertificates types part of a name.
func BenchmarkFindCertificates(b *testing.B) {
	atVault(b, func(b *testing.B, s *Store, _ string) {
		by := actor(b, s, "li.admin")
		for _, text := range []string{"芳", "wang", "司马建国"} {
			b.Run(text, func(b *testing.B) {
				for b.Loop() {
					if _, err := s.FindCertificates(by, text, 10); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

// atVault runs the benchmark at each size with the number of one certificate that can be printed.
func atVault(b *testing.B, run func(b *testing.B, s *Store, number string)) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, err := Open(benchFolder(b, n), Options{Renderer: inked("first look")})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			page, err := s.Page(Queue{Name: Certificates, By: actor(b, s, "li.admin")}, "", true, 1)
			if err != nil || len(page.Rows) == 0 {
				b.Fatalf("no certificate: %v", err)
			}
			run(b, s, page.Rows[0].Certificate.Number)
		})
	}
}
