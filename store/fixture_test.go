package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// clock is noon of a working day, the day of the samples.
var clock = time.Date(2026, time.November, 16, 12, 0, 0, 0, review.Zone)

// desk accounts: one of each role, and reviewers of the three levels.
var deskAccounts = []review.Account{
	{Name: "li.admin", Role: review.Administrator},
	{Name: "portal", Role: review.Portal},
	{Name: "zhou.wuhou", Role: review.Reviewer, Level: 1, Areas: []string{"510107"}, Office: "武侯区委社会工作部"},
	{Name: "he.jinjiang", Role: review.Reviewer, Level: 1, Areas: []string{"510104"}, Office: "锦江区委社会工作部"},
	{Name: "wu.city", Role: review.Reviewer, Level: 2, Office: "成都市社会工作协会"},
	{Name: "deng.city", Role: review.Reviewer, Level: 3, Office: "市委社会工作部"},
	{Name: "ma.clerk", Role: review.Clerk, Areas: []string{"510107"}},
	{Name: "xu.audit", Role: review.Auditor},
}

// newStore makes a store with the accounts of the desk. At the end of the test the file and everything in it is checked.
func newStore(t testing.TB) *Store {
	t.Helper()
	return newStoreIn(t, t.TempDir())
}

func newStoreIn(t testing.TB, dir string) *Store {
	t.Helper()
	data, err := deskFile()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, fileName), data, fileMode)
	}
	if err != nil {
		t.Fatal(err)
	}
	return openStore(t, dir, Options{})
}

// deskFile is the file of a store with the accounts of the desk. It is made once: each account is a commit on the disk.
var deskFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "rongzheng-store-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := Open(dir, Options{Create: true, Renderer: inked("first look")})
	if err != nil {
		return nil, err
	}
	by := ""
	for _, a := range deskAccounts {
		if err := s.AddAccount(by, a, clock); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		by = deskAccounts[0].Name
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, fileName))
})

func openStore(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	if o.Renderer == nil {
		o.Renderer = inked("first look")
	}
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		wantClean(t, s)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// reopen closes the store and opens it again, so that what is read afterwards comes from the disk.
func reopen(t testing.TB, s *Store) {
	t.Helper()
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := openFile(s.dir+"/"+fileName, s.options)
	if err != nil {
		t.Fatal(err)
	}
	s.db = db
	s.roster.Store(nil)
}

// wantClean checks bbolt's structure and our own invariants.
func wantClean(t testing.TB, s *Store) {
	t.Helper()
	if err := s.db.View(func(*bolt.Tx) error { return nil }); err != nil {
		return // closed by the test itself
	}
	findings, err := s.Check(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error("check:", f)
	}
}

func actor(t testing.TB, s *Store, name string) review.Actor {
	t.Helper()
	a, err := s.Account(name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// identity returns the identity number of the nth made-up woman, born on the nth day after 1 January 1980.
func identity(n int) string {
	birth := time.Date(1980, 1, 1+n%7000, 0, 0, 0, 0, time.UTC).Format("20060102")
	number := fmt.Sprintf("510107%s%03d", birth, (n/7000*2+2)%1000)
	weights := [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += w * int(number[i]-'0')
	}
	return number + string("10X98765432"[sum%11])
}

var (
	surnames = []string{"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "单", "司马", "欧阳", "尉迟", "曾"}
	given    = []string{"芳", "秀英", "敏", "静", "丽娟", "强", "小芳", "桂兰", "建国", "志明", "𬭎", "雅琴", "玉兰", "霞", "文博", "晓东"}
)

func nameOf(n int) string {
	return surnames[n%len(surnames)] + given[n/len(surnames)%len(given)]
}

func firstForm(n int) review.Form {
	return review.Form{
		"name": {nameOf(n)}, "mobile": {fmt.Sprintf("138%08d", n)}, "id_type": {review.ResidentCard}, "id_number": {identity(n)},
		"sex": {review.Female}, "ethnicity": {"01"}, "political_status": {"13"}, "education": {"21"}, "major": {"社会工作"},
		"address": {"四川省成都市武侯区浆洗街 1 号"}, "employer_type": {"07"}, "post_category": {"02"},
		"years_in_social_work": {"6"}, "fields": {"05", "21"}, "delegate_roles": {review.NoDelegate}, "honours": {review.NoHonour},
		"level": {"2"}, "exam_year": {"2026"}, "management_number": {fmt.Sprintf("2026065101%010d", n)}, "review_area": {"510107"},
	}
}

// attach adds a made-up attachment to the submission and its bytes to data.
func attach(sub *review.Submission, data map[string][]byte, slot review.Key, content []byte) {
	at := review.Attachment{
		Slot: slot, File: string(slot) + ".jpg", SHA256: hashOf(content), Size: int64(len(content)), Type: review.TypeJPEG,
		Width: 1000, Height: 1400,
	}
	if slot == "portrait" {
		prepared := append([]byte("prepared "), content...)
		at.Prepared = hashOf(prepared)
		data[at.Prepared] = prepared
	}
	data[at.SHA256] = content
	sub.Attachments = append(sub.Attachments, at)
}

var firstSlots = []review.Key{"id_card_front", "id_card_back", "credential_scan", "application_form", "portrait"}

// firstSubmission is the nth person's first registration. Its attachments are small, but for the scan, which is a file.
func firstSubmission(n int) (review.Submission, map[string][]byte) {
	sub := review.Submission{
		Reference: fmt.Sprintf("SQ20261116%04d", n), Revision: 1, Kind: review.First, SubmittedAt: clock.Add(-time.Hour),
		Form: firstForm(n), Consent: review.Consent{Privacy: clock.Add(-2 * time.Hour), Truth: clock.Add(-2 * time.Hour)},
	}
	data := map[string][]byte{}
	for _, slot := range firstSlots {
		content := fmt.Appendf(nil, "%s of %d", slot, n)
		if slot == "credential_scan" {
			content = bytes.Repeat(content, 100)
		}
		attach(&sub, data, slot, content)
	}
	return sub, data
}

// submit files the nth first registration through the portal.
func submit(t testing.TB, s *Store, n int) review.Application {
	t.Helper()
	sub, data := firstSubmission(n)
	a, err := s.Submit("portal", sub, data, clock)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func approval(s *Store, now time.Time) Decide {
	return func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		f.SeenStated = true
		return a.Approve(by, s.policy, f, "", now)
	}
}

func rejection(s *Store, now time.Time) Decide {
	return func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		return a.Reject(by, s.policy, []review.Reason{{Code: "Q03"}}, "", now)
	}
}

func takingBack(s *Store, now time.Time) Decide {
	return func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		return a.TakeBack(by, s.policy, f, "", now)
	}
}

func withdrawal(s *Store, now time.Time) Decide {
	return func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		return a.Withdraw(by, s.policy, now)
	}
}

// change does what must succeed.
func change(t testing.TB, s *Store, account, reference string, decide Decide) review.Application {
	t.Helper()
	a, err := s.Change(account, reference, 0, clock, decide)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// approved files the nth first registration and approves it at all levels.
func approved(t testing.TB, s *Store, n int) review.Application {
	t.Helper()
	a := submit(t, s, n)
	for _, reviewer := range []string{"zhou.wuhou", "wu.city", "deng.city"} {
		a = change(t, s, reviewer, a.Reference, approval(s, clock))
	}
	return a
}

func replaceOnce(t testing.TB, text, old, now string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q stands there %d times", old, strings.Count(text, old))
	}
	return strings.Replace(text, old, now, 1)
}
