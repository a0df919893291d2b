package store

import (
	"slices"
	"testing"

	"rongzheng/review"
)

// named files a first registration under the name.
func submitNamed(t *testing.T, s *Store, n int, name string) {
	t.Helper()
	sub, data := firstSubmission(n)
	sub.Form.Set("name", name)
	if _, err := s.Submit("portal", sub, data, clock); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	s := newStore(t)
	names := []string{
		"王𬭎", "李𫖯", "司马𬱖", "张䶮", "徐㼆", "其美", "买买提·吐尔逊", "阿卜杜热合曼·阿卜杜克里木·买买提依明", "王小芳", "单雄信", "尉迟恭",
		"吕布", "曾国藩", "Anna Maria O'Neill", "仇英",
	}
	for n, name := range names {
		submitNamed(t, s, n, name)
	}
	a := approved(t, s, 200)
	by := actor(t, s, "li.admin")
	for _, test := range []struct {
		text string
		want []string
	}{
		{"王", []string{"王小芳", "王𬭎"}},
		{"王小芳", []string{"王小芳"}},
		{"小芳", []string{"王小芳"}},
		{"王芳", nil},
		{"王 芳", []string{"王小芳"}},
		{"𬭎", []string{"王𬭎"}},
		{"买买提", []string{"阿卜杜热合曼·阿卜杜克里木·买买提依明", "买买提·吐尔逊"}},
		{"买买提吐尔逊", []string{"买买提·吐尔逊"}},
		{"买买提·吐尔逊", []string{"买买提·吐尔逊"}},
		{"wangxiaofang", []string{"王小芳"}},
		{"wang xiaofang", []string{"王小芳"}},
		{"xiaofang", []string{"王小芳"}},
		{"Wang", []string{"王小芳", "王𬭎"}},
		{"wxf", []string{"王小芳"}},
		{"wanghong", []string{"王𬭎"}},
		{"simadi", []string{"司马𬱖"}},
		{"shanxiongxin", []string{"单雄信"}},
		{"danxiong", []string{"单雄信"}},
		{"yuchigong", []string{"尉迟恭"}},
		{"lvbu", []string{"吕布"}},
		{"lübu", []string{"吕布"}},
		{"zengguofan", []string{"曾国藩"}},
		{"qiuying", []string{"仇英"}},
		{"oneill", []string{"Anna Maria O'Neill"}},
		{"anna maria", []string{"Anna Maria O'Neill"}},
		{identity(8), []string{"王小芳"}},
		{identity(8)[:17], nil},
		{identity(8)[14:], []string{"王小芳"}},
		{"138-0000-0008", []string{"王小芳"}},
		{"138 0000 0008", []string{"王小芳"}},
		{"1380000", nil},
		{"20260651010000000008", []string{"王小芳"}},
		{reference(8), []string{"王小芳"}},
		{"sq202611160008", []string{"王小芳"}},
		{a.Certificate, []string{nameOf(200), nameOf(200)}},
		{"cd2026", []string{nameOf(200), nameOf(200)}},
		{"ＣＤ－２０２６－０００００１", []string{nameOf(200), nameOf(200)}},
		{"", nil},
		{"王小芳 李", nil},
	} {
		rows, err := s.Find(by, test.text, 10)
		if err != nil {
			t.Fatal(err)
		}
		if got := namesOf(rows); !slices.Equal(got, test.want) {
			t.Errorf("Find(%q) = %v, want %v", test.text, got, test.want)
		}
	}
}

func namesOf(rows []Row) []string {
	var names []string
	for _, row := range rows {
		if row.Certificate != nil {
			names = append(names, row.Certificate.Current().Form.Get("name"))
		} else {
			names = append(names, row.Application.Form.Get("name"))
		}
	}
	return names
}

// A queue filtered by a text holds exactly the rows of the queue that match, in its order, however the search goes about
// it, in pages of any size and in both directions.
func TestFilteredQueue(t *testing.T) {
	s := busyDesk(t)
	for _, name := range Queues() {
		for _, account := range []string{"zhou.wuhou", "wu.city", "li.admin", "portal"} {
			for _, text := range []string{"王", "wang", "fang", "CD", "SQ2026", "王芳", identity(3)[14:], "2026065101"} {
				q := Queue{Name: name, By: actor(t, s, account)}
				want := matchingRows(t, s, q, text)
				q.Text = text
				for _, size := range []int{1, 3, 100} {
					for _, forward := range []bool{true, false} {
						if got := readAll(t, s, q, size, forward); !slices.Equal(got, want) {
							t.Errorf("%s of %s with %q: got %v, want %v", name, account, text, got, want)
						}
					}
				}
				if n, exact, err := s.Count(q); n != len(want) || !exact || err != nil {
					t.Errorf("Count of %s with %q = %d, %v, %v, want %d", name, text, n, exact, err, len(want))
				}
			}
		}
	}
}

// matchingRows filters the whole queue record by record.
func matchingRows(t *testing.T, s *Store, q Queue, text string) []string {
	t.Helper()
	var found []string
	page, err := s.Page(q, "", true, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range page.Rows {
		h, name := rowHead(row)
		if matchesAll(words(text), &h) {
			found = append(found, name)
		}
	}
	return found
}

func rowHead(row Row) (head, string) {
	if row.Certificate != nil {
		return certificateHead(&certificate{Certificate: *row.Certificate}), row.Certificate.Number
	}
	return applicationHead(row.Application), row.Application.Reference
}

// What the index leads to covers what matches: no record that a word describes is missed by its terms.
func FuzzTermsCoverMatches(f *testing.F) {
	f.Add("王小芳", "小芳")
	f.Add("单雄信", "shan")
	f.Add("买买提·吐尔逊", "maimai")
	f.Add("Anna O'Neill", "oneill")
	f.Add("王", "SQ1")
	f.Fuzz(func(t *testing.T, name, text string) {
		h := applicationHead(&review.Application{Reference: "SQ1", Form: review.Form{
			"name": {name}, "id_number": {identity(1)}, "id_type": {"1"}, "mobile": {"13800000001"}, "management_number": {"2026"},
		}})
		var parsed head
		if err := parsed.parse(h.append(nil)); err != nil || parsed != h {
			t.Fatalf("head does not survive writing: %v", err)
		}
		for _, w := range words(text) {
			if w.matches(&h) && !covered(&w, termsOf(&h)) {
				t.Errorf("%q matches %q, but no term leads to it", text, name)
			}
		}
	})
}

func covered(w *word, list []string) bool {
	for _, prefixes := range w.prefixes() {
		leads := slices.ContainsFunc(list, func(term string) bool {
			return slices.ContainsFunc(prefixes, func(p string) bool { return len(term)+1 >= len(p) && (term + "\x00")[:len(p)] == p })
		})
		if !leads {
			return false
		}
	}
	return true
}
