package ui

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// made-up accounts of the tests.
const (
	admin  = "admin"
	portal = "portal"
	wuhou  = "wuhou"  // level 1, 武侯区
	jinniu = "jinniu" // level 1, 金牛区
	second = "second" // level 2
	third  = "third"  // level 3
	clerk  = "clerk"
	audit  = "audit"
)

// folder is what TestMain makes for the data folders that tests copy.
var folder string

// emptyStore is a new store in a folder of the test.
func emptyStore(t testing.TB) *store.Store {
	t.Helper()
	return openFolder(t, filepath.Join(t.TempDir(), "data"), true)
}

// prepared is a data folder of the test: a copy of the one of that name, which is made when it is first asked for, by filling
// what from opens.
func prepared(t testing.TB, name string, from func(testing.TB) *store.Store, fill func(*store.Store)) string {
	t.Helper()
	original := filepath.Join(folder, name)
	if _, err := os.Stat(original); err != nil {
		s := from(t)
		fill(s)
		if err := errors.Join(s.Close(), os.Rename(s.Dir(), original)); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(original)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// register is a store with the accounts.
func register(t testing.TB) *store.Store {
	t.Helper()
	return openFolder(t, prepared(t, "accounts", emptyStore, func(s *store.Store) {
		for _, a := range []review.Account{
			{Name: admin, Role: review.Administrator, Office: "市委社会工作部"},
			{Name: portal, Role: review.Portal, Office: "市民门户"},
			{Name: wuhou, Role: review.Reviewer, Level: 1, Areas: []string{"510107"}, Office: "武侯区委社会工作部", Title: "周老师"},
			{Name: jinniu, Role: review.Reviewer, Level: 1, Areas: []string{"510106"}, Office: "金牛区委社会工作部", Title: "吴老师"},
			{Name: second, Role: review.Reviewer, Level: 2, Office: "成都市社会工作协会", Title: "郑老师"},
			{Name: third, Role: review.Reviewer, Level: 3, Office: "市委社会工作部", Title: "冯老师"},
			{Name: clerk, Role: review.Clerk, Areas: []string{"510107"}, Office: "武侯区政务服务中心", Title: "陈老师"},
			{Name: audit, Role: review.Auditor, Office: "市审计局"},
		} {
			by := admin
			if a.Name == admin {
				by = ""
			}
			if err := s.AddAccount(by, a, noon.AddDate(0, -2, 0)); err != nil {
				t.Fatal(err)
			}
		}
	}), false)
}

// applicant is one made-up person with what the tests vary of the form.
type applicant struct {
	n       int // tells references, identity numbers and management numbers apart
	name    string
	area    string
	days    int // working days before noon's day on which it was submitted, counted as calendar days
	form    map[review.Key]string
	portait int // width of the portrait in pixels, 0 for one that is large enough
}

func (p applicant) reference() string { return fmt.Sprintf("SQ2026%08d", p.n) }

// submit sends the person's first registration through the portal.
func submit(t testing.TB, s *store.Store, p applicant) review.Application {
	t.Helper()
	sub, files := p.submission()
	a, err := s.Submit(portal, sub, files, noon)
	if err != nil {
		t.Fatalf("submit %s: %v", p.reference(), err)
	}
	return a
}

func (p applicant) submission() (review.Submission, map[string][]byte) {
	at := noon.AddDate(0, 0, -p.days).Add(-time.Hour)
	form := review.Form{}
	for key, value := range map[review.Key]string{
		"name": p.name, "mobile": "13800001234", "id_type": "1", "id_number": identity(p.n), "sex": "2", "ethnicity": "01",
		"political_status": "13", "education": "21", "major": "社会工作", "address": "四川省成都市武侯区浆洗街 1 号",
		"employer_type": "07", "post_category": "02", "years_in_social_work": "2", "fields": "05", "delegate_roles": "0", "honours": "0",
		"level": "2", "exam_year": "2025", "management_number": fmt.Sprintf("2025065101%010d", p.n), "review_area": p.area,
	} {
		form.Set(key, value)
	}
	for key, value := range p.form {
		form.Set(key, value)
	}
	sub := review.Submission{
		Reference: p.reference(), Revision: 1, Kind: review.First, SubmittedAt: at, Form: form,
		Consent: review.Consent{Privacy: at, Truth: at},
	}
	files := map[string][]byte{}
	width := 413
	if p.portait > 0 {
		width = p.portait
	}
	for i, slot := range []review.Key{"id_card_front", "id_card_back", "credential_scan", "application_form", "portrait"} {
		w, h := 320, 240
		if slot == "portrait" {
			w, h = width, width*7/5
		}
		data := photo(w, h, p.n*10+i)
		at := review.Attachment{
			Slot: slot, File: string(slot) + ".jpg", SHA256: hash(data), Size: int64(len(data)), Type: review.TypeJPEG, Width: w, Height: h,
		}
		files[at.SHA256] = data
		if slot == "portrait" {
			prepared := photo(review.PortraitWidth, review.PortraitHeight, p.n*10+i)
			at.Prepared = hash(prepared)
			files[at.Prepared] = prepared
		}
		sub.Attachments = append(sub.Attachments, at)
	}
	return sub, files
}

// identity makes a woman's valid identity number of 武侯区, born in 1991.
func identity(n int) string {
	text := fmt.Sprintf("510107199104%02d%02d%d", n/500%28+1, n/5%100, n%5*2)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		digit, _ := strconv.Atoi(text[i : i+1])
		sum += digit * weight
	}
	return text + "10X98765432"[sum%11:][:1]
}

// photos are the pictures that photo has drawn, by what was asked for: most tests ask for the same ones.
var photos sync.Map

// photo draws a picture that differs from every other by its seed: light on the left, dark on the right. The hashes of all
// begin alike, so that a store keeps them in one folder: copies of data folders take tests longest where they have many.
func photo(w, h, seed int) []byte {
	wanted := [...]int{w, h, seed}
	if drawn, ok := photos.Load(wanted); ok {
		return bytes.Clone(drawn.([]byte))
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(255 - 200*x/w), uint8(40 + 150*y/h), uint8(seed * 37), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 40}); err != nil {
		panic(err)
	}
	data := fmt.Append(out.Bytes(), seed, " ")
	for n := 0; ; n++ {
		if whole := fmt.Append(data, n); sha256.Sum256(whole)[0] == 0 {
			photos.Store(wanted, whole)
			return bytes.Clone(whole)
		}
	}
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// people are the first applications of every test: 武侯区 has five, 金牛区 one.
func people() []applicant {
	return []applicant{
		{n: 1, name: "王芳", area: "510107", days: 20},
		{n: 2, name: "李𫖯", area: "510107", days: 12, form: map[review.Key]string{"exam_year": "2022", "education": "90"}},
		{n: 3, name: "司马𬱖", area: "510107", days: 7},
		{n: 4, name: "买买提·吐尔逊", area: "510107", days: 5},
		{n: 5, name: "徐㼆", area: "510107", days: 3},
		{n: 6, name: "其美", area: "510106", days: 2},
	}
}

// withPeople is a store with the accounts and the people.
func withPeople(t testing.TB) *store.Store {
	t.Helper()
	return openFolder(t, peopleFolder(t), false)
}

func peopleFolder(t testing.TB) string {
	t.Helper()
	return prepared(t, "people", register, func(s *store.Store) {
		for _, p := range people() {
			submit(t, s, p)
		}
	})
}

// asksNothing is the default policy but for what must be seen before an approval, which most tests are not about.
func asksNothing() *review.Policy {
	p := *review.DefaultPolicy()
	p.Seen = nil
	return &p
}

func openFolder(t testing.TB, dir string, create bool) *store.Store {
	t.Helper()
	return openDrawn(t, dir, create, drawer)
}

func openDrawn(t testing.TB, dir string, create bool, r store.Renderer) *store.Store {
	t.Helper()
	s, err := store.Open(dir, store.Options{Create: create, Policy: asksNothing(), Renderer: r})
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

// decideAs changes an application behind the desk's back.
func decideAs(t testing.TB, s *store.Store, account, reference string, run decision) review.Application {
	t.Helper()
	a, err := s.Change(account, reference, 0, noon, func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		return run(a, by, f, noon)
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func approves(s *store.Store) decision {
	return func(a *review.Application, by review.Actor, f review.Facts, now time.Time) (review.Event, error) {
		f.SeenStated = true
		return a.Approve(by, s.Policy(), f, "", now)
	}
}
