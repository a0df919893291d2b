package exchange

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

// filed is the fixture as an application in review.
func filed(t testing.TB) review.Application {
	t.Helper()
	pkg, err := Read(only(t, first(t, "SQ202611160001").folder(t, t.TempDir(), "SQ1")), policy())
	if err != nil {
		t.Fatal(err)
	}
	s := pkg.Submission
	return review.Application{
		Reference: s.Reference, Revision: s.Revision, Kind: s.Kind, State: review.InReview, Level: 2, Levels: 3, Area: "510107",
		SubmittedAt: s.SubmittedAt, DueOn: review.NewDate(2026, 12, 14), Form: s.Form, Consent: s.Consent, Attachments: s.Attachments,
	}
}

func TestEncodeRow(t *testing.T) {
	a := filed(t)
	for reveal, want := range map[bool]string{
		false: `{"reference":"SQ202611160001","revision":1,"kind":"first","state":"in_review","level":2,"review_area":"510107",` +
			`"name":"王*","id_number":"510***********0263","submitted_at":"2026-11-16T09:30:00+08:00","due_on":"2026-12-14",` +
			`"held":false,"certificate":""}` + "\n",
		true: `{"reference":"SQ202611160001","revision":1,"kind":"first","state":"in_review","level":2,"review_area":"510107",` +
			`"name":"王芳","id_number":"510107199104180263","submitted_at":"2026-11-16T09:30:00+08:00","due_on":"2026-12-14",` +
			`"held":false,"certificate":""}` + "\n",
	} {
		var out bytes.Buffer
		if err := WriteLine(&out, EncodeRow(&a, reveal)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("reveal %v (-want +got):\n%s", reveal, diff)
		}
	}
}

func TestEncodeDetail(t *testing.T) {
	a := filed(t)
	checks := []review.Problem{{Severity: review.Warn, Target: "portrait", Code: "picture_small"}}
	events := []review.Event{{
		Seq: 7, At: today, By: "one", Role: review.Reviewer, Level: 1, Action: review.Reject, Revision: 1, Note: "来电 13800001234",
		Reasons: []review.Reason{{Code: "Q99", Note: "510107199104180263 不符"}},
	}}
	say := func(p review.Problem) string { return "text of " + p.Code }
	a.Attachments[0].File = "王芳510107199104180263x.jpg"
	a.Attachments[1].File = "王芳 13800001234.jpg"
	d, err := EncodeDetail(&a, checks, events, policy(), false, say)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := WriteLine(&out, d); err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"王芳", "510107199104180263", "13800001234", "浆洗街"} {
		if strings.Contains(out.String(), private) {
			t.Errorf("not masked: %s", private)
		}
	}
	var got struct {
		Form        map[string]any
		Consent     map[string]string
		Attachments []map[string]any
		Checks      []map[string]any
		Events      []map[string]any
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Form["sex"] != "女" || got.Form["years_in_social_work"] != 6.0 || got.Form["mail_paper"] != false {
		t.Errorf("form: %v", got.Form)
	}
	if first, second := got.Attachments[0]["file"], got.Attachments[1]["file"]; first != "王*510***********0263x.jpg" || second != "王* 138****1234.jpg" {
		t.Errorf("names of files: got %v and %v", first, second)
	}
	if len(got.Attachments) != 5 || got.Attachments[4]["width"] != 300.0 || got.Attachments[4]["type"] != review.TypeJPEG {
		t.Errorf("attachments: %v", got.Attachments)
	}
	want := []map[string]any{{"severity": "warn", "target": "portrait", "code": "picture_small", "text": "text of picture_small"}}
	if diff := cmp.Diff(want, got.Checks); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
	want = []map[string]any{{
		"at": "2026-11-16T16:00:00+08:00", "by": "one", "role": "reviewer", "level": 1.0, "action": "reject",
		"reasons": []any{map[string]any{"code": "Q99", "text": "其他", "target": "", "note": "510***********0263 不符"}},
		"note":    "来电 138****1234", "revision": 1.0,
	}}
	if diff := cmp.Diff(want, got.Events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestEncodeCertificate(t *testing.T) {
	a := filed(t)
	c := review.Issue(&a, nil, "CD-2026-000001", policy(), review.Actor{Name: "three"}, today)
	on := review.DateOf(today)
	want := CertificateRow{
		Number: "CD-2026-000001", Version: 1, State: review.Valid, Name: "王*", IDNumber: "510***********0263", Level: "社会工作师",
		ValidFrom: on, ValidUntil: review.NewDate(2029, 11, 15), ReviewArea: "510107", Reference: "SQ202611160001",
	}
	if diff := cmp.Diff(want, EncodeCertificateRow(&c, on, false), dates); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	d, err := EncodeCertificateDetail(&c, on, policy(), false)
	if err != nil || len(d.Versions) != 1 || d.Versions[0].IssuedAt != "2026-11-16T16:00:00+08:00" || strings.Contains(string(d.Form), "王芳") {
		t.Errorf("detail: %+v, %v", d, err)
	}
	back := review.Unissue(&c, a.Reference, policy())
	if row := EncodeCertificateRow(&back, on, true); row.State != review.Revoked || row.Name != "王芳" {
		t.Errorf("void number: %+v", row)
	}
}
