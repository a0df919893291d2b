package ui

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"rongzheng/cert"
	"rongzheng/cert/code"
	"rongzheng/review"
)

// twoPapers are certificates of two people, the second of whom has renewed theirs, so that it has a back.
func twoPapers(t *testing.T) (key *code.Private, files [][]byte) {
	t.Helper()
	key, one := signing(t)
	other := one.Clone()
	other.Number = "CD-2025-000124"
	later := other.Versions[0]
	later.Version, later.Form = 2, review.Form{"name": {"张䶮"}, "id_number": {"110101199003070038"}}
	later.ValidFrom, later.ValidUntil = review.NewDate(2028, 2, 20), review.NewDate(2031, 2, 19)
	other.Versions[0].Form = later.Form
	var err error
	if later.Code, err = key.Code(&other, &later); err != nil {
		t.Fatal(err)
	}
	other.Versions = append(other.Versions, later)
	portrait := photo(295, 413, 1)
	for _, c := range []*review.Certificate{one, &other} {
		v := c.Current()
		v.AreaLabel, v.SexLabel, v.Portrait = "武侯区", "女", hash(portrait)
		v.Form["management_number"] = []string{"20240651010000001234"}
		c.FirstRegistered = review.NewDate(2025, 2, 20)
		file, err := drawer.Draw(drawer.Look(), *c, *v, portrait)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return key, files
}

func joinedFile(t *testing.T, files ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := cert.Join(&out, files); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// unnoticed is the file without the texts of its codes, as other programs join them: what is left is the pictures.
func unnoticed(data []byte) []byte {
	return bytes.ReplaceAll(data, []byte("/Verification ("), []byte("/Xerification ("))
}

// TestVerifyManyLooksAtEveryPage: fronts and backs, with the codes beside the pictures and without, each by itself.
func TestVerifyManyLooksAtEveryPage(t *testing.T) {
	key, files := twoPapers(t)
	v := Verifier{Keys: code.Keys{&key.Public}, On: review.DateOf(noon)}
	one, two := files[0], files[1]
	valid := "CD-2025-000123 valid matches"
	renewed := "CD-2025-000124 valid matches"
	batch := joinedFile(t, two, one)
	texts := inDocument.FindAllSubmatch(batch, -1)
	if len(texts) != 2 {
		t.Fatalf("%d codes in the joined file", len(texts))
	}
	swapped := bytes.ReplaceAll(batch, texts[0][1], []byte("?"))
	swapped = bytes.ReplaceAll(swapped, texts[1][1], texts[0][1])
	twice := joinedFile(t, one, one)
	last := bytes.LastIndex(twice, texts[1][1])
	damaged := slices.Concat(twice[:last], []byte("?"), twice[last+len(texts[1][1]):])
	for name, tt := range map[string]struct {
		data []byte
		want []string
	}{
		"no code on the second": {damaged, []string{"1 " + valid, "2  no_code "}},
		"joined":                {batch, []string{"1 " + renewed, "3 " + valid}},
		"pictures alone":        {unnoticed(batch), []string{"1 " + renewed, "3 " + valid}},
		"a back in the middle":  {joinedFile(t, one, two, one), []string{"1 " + valid, "2 " + renewed, "4 " + valid}},
		"one with a back":       {two, []string{"1 " + renewed}},
		"another's code":        {swapped, []string{"1  no_code ", "3 CD-2025-000124 valid differs"}},
	} {
		many := v.Many(tt.data, 3)
		if many == nil {
			t.Errorf("%s: not several pages", name)
			continue
		}
		var got []string
		looked := 0
		err := many.Each("", "", "", func(int) error { looked++; return nil }, func(f Found) error {
			got = append(got, fmt.Sprintf("%d %s %s %s", f.Page, f.Statement.Number, f.Verdict, f.Holder))
			return nil
		})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(tt.want) || looked != many.Pages() {
			t.Errorf("%s: %q, %v, want %q; looked at %d pages", name, got, err, tt.want, looked)
		}
		if state, _ := many.Signature(); state != cert.Unsigned || many.More() || many.Cut() {
			t.Errorf("%s: signature %v, more %t, cut %t", name, state, many.More(), many.Cut())
		}
	}
	stop := errors.New("stopped")
	err := v.Many(batch, 3).Each("", "", "", func(int) error { return stop }, func(Found) error { return nil })
	if !errors.Is(err, stop) {
		t.Errorf("stopped with %v", err)
	}
	for name, data := range map[string][]byte{"one page": one, "text": []byte("RZ1:"), "none": nil, "cut": two[:len(two)-300]} {
		if v.Many(data, 3) != nil {
			t.Errorf("%s is taken for several pages", name)
		}
	}
	few, found := v.Many(unnoticed(batch), 1), 0 // a server does not draw without end
	err = few.Each("", "", "", func(int) error { return nil }, func(Found) error { found++; return nil })
	if err != nil || found != 1 || few.Looked() != 2 || !few.More() {
		t.Errorf("%v: %d found on %d pages, more %t", err, found, few.Looked(), few.More())
	}
	if f, err := v.Paper(batch[:len(batch)-600], "", "", ""); err != nil || f.Verdict != code.NoCode || !f.Cut {
		t.Errorf("a joined file that is cut off: %s, %v", f.Verdict, err)
	}
}
