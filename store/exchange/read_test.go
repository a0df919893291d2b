package exchange

import (
	"bytes"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

func TestReadFolderAndZip(t *testing.T) {
	p := first(t, "SQ1")
	dir := t.TempDir()
	paths := map[string]string{
		"folder":      p.folder(t, dir, "SQ1"),
		"document":    filepath.Join(dir, "SQ1", documentName),
		"zip, top":    zipFile(t, dir, "top.zip", p.entries(t, "")),
		"zip, folder": zipFile(t, dir, "in.ZIP", p.entries(t, "batch/SQ1")),
		"zip, dot":    zipFile(t, dir, "dot.zip", p.entries(t, "./SQ1")),
	}
	for name, path := range paths {
		t.Run(name, func(t *testing.T) {
			pkg, err := Read(only(t, path), policy())
			if err != nil {
				t.Fatal(err)
			}
			s := pkg.Submission
			if s.Reference != "SQ1" || s.Revision != 1 || s.Kind != review.First || s.Form.Get("sex") != review.Female {
				t.Errorf("got %s/%d %s, sex %q", s.Reference, s.Revision, s.Kind, s.Form.Get("sex"))
			}
			if diff := cmp.Diff([]string{"05", "21"}, s.Form["fields"]); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if problems := review.Validate(s.Kind, s.Form, s.Consent, s.Attachments, policy(), review.DateOf(today)); problems != nil {
				t.Errorf("problems: %v", problems)
			}
			if len(s.Attachments) != 5 || len(pkg.Files) != 6 {
				t.Errorf("got %d attachments and %d files, want 5 and 6", len(s.Attachments), len(pkg.Files))
			}
			for _, at := range s.Attachments {
				if hashOf(pkg.Files[at.SHA256]) != at.SHA256 || at.Size != int64(len(pkg.Files[at.SHA256])) {
					t.Errorf("%s: bytes and facts differ", at.Slot)
				}
			}
			portrait := s.Attachments[4]
			if portrait.Width != 300 || portrait.Height != 420 || hashOf(pkg.Files[portrait.Prepared]) != portrait.Prepared {
				t.Errorf("portrait: %+v", portrait)
			}
		})
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	first(t, "SQ1").folder(t, dir, "a/SQ1")
	first(t, "SQ2").folder(t, dir, "a/SQ1/inner") // an application inside another's folder is its own
	withdrawal("SQ3", "2026-11-16T15:00:00+08:00").folder(t, dir, "b/SQ3-withdrawal")
	zipFile(t, dir, "c/two.zip", slices.Concat(first(t, "SQ4").entries(t, "x/SQ4"), second(t, "SQ5").entries(t, "x/SQ5")))
	write(t, filepath.Join(dir, "d/alone.json"), []byte("{}"))
	write(t, filepath.Join(dir, "e/forgotten/idfront.jpg"), jpegOf(t, 8, 8, 1))
	write(t, filepath.Join(dir, "e/.DS_Store"), []byte("x"))
	write(t, filepath.Join(dir, "readme.txt"), []byte("x"))
	var got []string
	for s := range Find([]string{dir, filepath.Join(dir, "missing")}) {
		name, _ := filepath.Rel(dir, s.Name)
		got = append(got, filepath.ToSlash(name))
	}
	want := []string{
		"a/SQ1", "a/SQ1/inner", "b/SQ3-withdrawal", "c/two.zip/x/SQ4", "c/two.zip/x/SQ5", "d/alone.json", "e/forgotten",
		"missing",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	for range Find([]string{dir}) {
		break // stopping early must not go on
	}
}

func TestReadWithdrawal(t *testing.T) {
	dir := withdrawal("SQ3", "2026-11-16T15:00:00+08:00").folder(t, t.TempDir(), "w")
	pkg, err := Read(only(t, dir), policy())
	if err != nil {
		t.Fatal(err)
	}
	if w := pkg.Withdrawal; w == nil || w.Reference != "SQ3" || w.At.Hour() != 15 || pkg.Reference() != "SQ3" {
		t.Errorf("got %+v", w)
	}
}

// TestReadNamesInOldZips reads what Windows in China writes: names in GB 18030, not said to be.
func TestReadNamesInOldZips(t *testing.T) {
	p := first(t, "SQ1")
	p.files["\xc9\xed\xb7\xdd\xd6\xa4.jpg"] = p.files["id_card_front.jpg"] // 身份证.jpg
	delete(p.files, "id_card_front.jpg")
	p.document["attachments"].([]any)[0].(map[string]any)["file"] = "身份证.jpg"
	if _, err := Read(only(t, zipFile(t, t.TempDir(), "a.zip", p.entries(t, "SQ1"))), policy()); err != nil {
		t.Error(err)
	}
}

// TestReadDecomposedNames reads a folder from macOS, where é is two characters in file names.
func TestReadDecomposedNames(t *testing.T) {
	p := first(t, "SQ1")
	p.files["e\u0301.jpg"] = p.files["id_card_front.jpg"]
	delete(p.files, "id_card_front.jpg")
	p.document["attachments"].([]any)[0].(map[string]any)["file"] = "\u00e9.jpg"
	if _, err := Read(only(t, p.folder(t, t.TempDir(), "SQ1")), policy()); err != nil {
		t.Error(err)
	}
}

// TestReadTypes: each wrong answer is named with its field, all of them at once, together with what Validate says.
func TestReadTypes(t *testing.T) {
	p := first(t, "SQ1")
	form := p.form()
	form["years_in_social_work"] = "6"
	form["exam_year"] = 2024.5
	form["mail_paper"] = "否"
	form["fields"] = "社区建设"
	form["name"] = 7
	form["mobile"] = "123"
	form["ethnicity"] = "火星族"
	form["nmae"] = "王芳"
	p.document["extra"] = true
	p.document["consent"].(map[string]any)["truth"] = "yesterday"
	_, err := Read(only(t, p.folder(t, t.TempDir(), "SQ1")), policy())
	want := []string{
		"consent_truth consent_missing", "ethnicity option_unknown", "exam_year type_number", "fields type_list",
		"mail_paper type_flag", "mobile mobile_form", "name type_text", "years_in_social_work type_number",
		"key_unknown extra", "key_unknown form.nmae", "time_form consent.truth",
	}
	if diff := cmp.Diff(want, problemsOf(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// TestReadWithoutATime: of a form whose time of submission cannot be read, nothing is said that a day is needed for.
func TestReadWithoutATime(t *testing.T) {
	for name, spoil := range map[string]func(p parcel){
		"the declarations have one": func(parcel) {},
		"no time at all":            func(p parcel) { delete(p.document, "consent") },
	} {
		p := first(t, "SQ1")
		p.document["submitted_at"] = "yesterday"
		spoil(p)
		_, err := Read(only(t, p.folder(t, t.TempDir(), "SQ1")), policy())
		if diff := cmp.Diff([]string{"time_form submitted_at"}, problemsOf(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// problemsOf lists target and code of every problem, those with a target first.
func problemsOf(t *testing.T, err error) []string {
	t.Helper()
	form, ok := errors.AsType[*review.FormError](err)
	if !ok {
		t.Fatalf("got %v, want a FormError", err)
	}
	var with, without []string
	for _, p := range form.Problems {
		if p.Target != "" {
			with = append(with, string(p.Target)+" "+p.Code)
		} else {
			without = append(without, strings.TrimSpace(p.Code+" "+p.Args["key"]+p.Args["file"]))
		}
	}
	slices.Sort(with)
	slices.Sort(without)
	return slices.Concat(with, without)
}

func TestEmptyIsAbsent(t *testing.T) {
	p := first(t, "SQ1")
	form := p.form()
	for _, key := range []string{"recipient", "region", "certificate_valid_until", "first_registered_on"} {
		form[key] = ""
	}
	form["recipient_phone"], form["follows"] = nil, nil
	delete(form, "follows")
	delete(p.document, "follows")
	full, err := Read(only(t, p.folder(t, t.TempDir(), "SQ1")), policy())
	if err != nil {
		t.Fatal(err)
	}
	plain, err := Read(only(t, first(t, "SQ1").folder(t, t.TempDir(), "SQ1")), policy())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plain.Submission, full.Submission, dates); diff != "" {
		t.Errorf("with and without empty answers (-without +with):\n%s", diff)
	}
}

var dates = cmp.Comparer(func(a, b review.Date) bool { return a == b })

// TestOptionsByCode: a code means the same as its label.
func TestOptionsByCode(t *testing.T) {
	p := first(t, "SQ1")
	form := p.form()
	form["sex"], form["level"], form["fields"], form["review_area"] = "2", "2", []any{"05", "老年人服务"}, "武侯区"
	byCode, err := Read(only(t, p.folder(t, t.TempDir(), "SQ1")), policy())
	if err != nil {
		t.Fatal(err)
	}
	byLabel, err := Read(only(t, first(t, "SQ1").folder(t, t.TempDir(), "SQ1")), policy())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(byLabel.Submission.Form, byCode.Submission.Form); diff != "" {
		t.Errorf("form (-label +code):\n%s", diff)
	}
}

// TestWriteApplication: what is written reads as the same submission, and writes as the same bytes.
func TestWriteApplication(t *testing.T) {
	p := first(t, "SQ1")
	form := p.form()
	form["mail_paper"], form["recipient"], form["recipient_phone"] = true, "王芳 <收>", "028-86512345"
	form["region"], form["street_address"] = "四川省成都市武侯区", "浆洗街 1 号 & 2 号"
	pkg, err := Read(only(t, p.folder(t, t.TempDir(), "SQ1")), policy())
	if err != nil {
		t.Fatal(err)
	}
	written := writeApplication(t, pkg.Submission)
	if !bytes.Contains(written, []byte(`"sex": "女"`)) || !bytes.Contains(written, []byte("<收>")) {
		t.Errorf("options by label, text as it is; got:\n%s", written)
	}
	again := parcel{raw: string(written), files: p.files}
	back, err := Read(only(t, again.folder(t, t.TempDir(), "SQ1")), policy())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(pkg.Submission, back.Submission, dates); diff != "" {
		t.Errorf("submission (-read +read again):\n%s", diff)
	}
	if got := writeApplication(t, back.Submission); !bytes.Equal(got, written) {
		t.Errorf("written again:\n%s\nwant\n%s", got, written)
	}
}

func writeApplication(t testing.TB, s review.Submission) []byte {
	t.Helper()
	var out bytes.Buffer
	a := review.Application{
		Reference: s.Reference, Revision: s.Revision, Follows: s.Follows, Kind: s.Kind, SubmittedAt: s.SubmittedAt,
		Form: s.Form, Consent: s.Consent, Attachments: s.Attachments,
	}
	if err := WriteApplication(&out, &a, policy()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// FuzzDocument: nothing makes the parser panic, and what it accepts reads the same when it is written.
func FuzzDocument(f *testing.F) {
	f.Add(first(f, "SQ1").text(f))
	f.Add(withdrawal("SQ1", "2026-11-16T15:00:00+08:00").text(f))
	f.Add([]byte(`{"format":"rongzheng-application/1","form":{"fields":[[],{}],"exam_year":1e9}}`))
	f.Add([]byte(strings.Repeat(`{"a":[`, 40)))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := parseDocument("f", data, policy())
		if err != nil {
			if own, ok := errors.AsType[*Error](err); !ok || own.Code == "" {
				t.Fatalf("error without a code: %v", err)
			}
			return
		}
		if len(d.problems) > 0 || d.withdrawal != nil {
			return
		}
		for _, n := range d.files {
			d.submission.Attachments = append(d.submission.Attachments, review.Attachment{Slot: n.slot, File: n.file, SHA256: n.sha256})
		}
		s := *d.submission
		for _, values := range s.Form {
			if slices.ContainsFunc(values, func(v string) bool { return review.CheckText(v) != nil }) {
				return // Validate refuses it
			}
		}
		if !slices.Contains(review.Kinds(), s.Kind) || len(review.Validate(s.Kind, s.Form, s.Consent, nil, policy(), review.DateOf(today))) > 20 {
			return
		}
		written := writeApplication(t, s)
		back, err := parseDocument("f", written, policy())
		if err != nil || len(back.problems) > 0 {
			t.Fatalf("written document refused: %v %v\n%s", err, back.problems, written)
		}
		if !maps.EqualFunc(s.Form, back.submission.Form, slices.Equal) || !s.SubmittedAt.Equal(back.submission.SubmittedAt) {
			t.Errorf("read %v\nagain %v", s.Form, back.submission.Form)
		}
	})
}
