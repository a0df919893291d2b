package ui

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
)

// signing is a key for tests, with the codes of a made-up certificate.
func signing(t *testing.T) (*code.Private, *review.Certificate) {
	t.Helper()
	key, err := code.FromSeed(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	c := &review.Certificate{Number: "CD-2025-000123", Versions: []review.CertificateVersion{{
		Version: 1, ValidFrom: review.NewDate(2025, 2, 20), ValidUntil: review.NewDate(2028, 2, 19),
		IssuedAt:   time.Date(2025, 2, 20, 2, 30, 5, 0, time.UTC),
		Form:       review.Form{"name": {"王𬭎"}, "id_number": {"11010519491231002X"}},
		LevelLabel: "社会工作师", Issuer: "中共成都市委社会工作部",
	}}}
	if c.Versions[0].Code, err = key.Code(c, &c.Versions[0]); err != nil {
		t.Fatal(err)
	}
	return key, c
}

// checks answers every question about a certificate with one standing.
func checks(key *code.Private, standing store.Standing, err error) func(*Options) {
	ask := func(string) (store.Standing, error) { return standing, err }
	return func(o *Options) {
		o.Verify = func(review.Actor) Verifier {
			return Verifier{Keys: code.Keys{&key.Public}, Standing: ask, On: review.DateOf(noon)}
		}
	}
}

func TestVerifyScreen(t *testing.T) {
	key, c := signing(t)
	text, check := c.Versions[0].Code.Text, c.Versions[0].Code.Check
	for name, tt := range map[string]struct {
		standing store.Standing
		err      error
		scanned  string
		want     string
	}{
		"valid":      {store.Standing{Version: 1, Last: 1}, nil, text, "✓ 有效"},
		"superseded": {store.Standing{Version: 2, Last: 2}, nil, text, "✗ 已被第 2 版取代"},
		"revoked":    {store.Standing{Version: 1, RevokedOn: review.NewDate(2026, 1, 15)}, nil, text, "✗ 已于 2026-01-15 注销"},
		"void":       {store.Standing{Last: 1}, nil, text, "✗ 已作废"},
		"unknown":    {store.Standing{}, review.ErrNotFound, text, "✗ 登记册中没有这一证书"},
		"cut off":    {store.Standing{}, nil, text[:100], "✗ 验证码不完整或已改动"},
		"no code":    {store.Standing{}, nil, "CD-2025-000123", "✗ 没有找到可读的验证码"},
		"disk":       {store.Standing{}, errors.New("disk gone"), text, "未预料的错误"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, register(t), third, checks(key, tt.standing, tt.err))
			d.press(":")
			d.typeText("verify")
			d.press("enter")
			d.typeText(tt.scanned)
			d.press("enter")
			d.sees(tt.want)
		})
	}
	d := open(t, register(t), third, checks(key, store.Standing{Version: 1, Last: 1}, nil))
	d.press(":")
	d.typeText("verify")
	d.press("enter")
	d.golden("verify_empty")
	d.typeText(text)
	d.press("enter")
	d.press("tab")
	d.typeText("王𬭎")
	d.press("tab")
	d.typeText("11010519491231002x")
	d.press("tab")
	d.typeText(strings.ToLower(check))
	d.press("enter")
	d.sees("✓ 姓名、证件号码与验证码相符")
	d.golden("verify_valid")
	d.typeText("0")
	d.press("enter")
	d.sees("✗ 验证码有效，但不是为此持证人签发的")
}

// TestVerifyPapers checks files: a picture of the code, a text, and what is neither.
func TestVerifyPapers(t *testing.T) {
	key, c := signing(t)
	v := Verifier{Keys: code.Keys{&key.Public}, On: review.DateOf(noon)}
	rows, err := code.Modules(c.Versions[0].Code.Text)
	if err != nil {
		t.Fatal(err)
	}
	const size, quiet = 6, 4
	side := (len(rows) + 2*quiet) * size
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		x, y := i%side/size-quiet, i/side/size-quiet
		if x < 0 || y < 0 || x >= len(rows) || y >= len(rows) || !rows[y][x] {
			img.Pix[i] = 255
		}
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, img, &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		data []byte
		want code.Verdict
	}{
		"picture":     {photo.Bytes(), code.Valid},
		"text":        {[]byte(c.Versions[0].Code.Text + "\r\n"), code.Valid},
		"no picture":  {[]byte("hello"), code.NoCode},
		"nothing":     {nil, code.NoCode},
		"half a JPEG": {photo.Bytes()[:photo.Len()/3], code.NoCode},
		"half a PDF":  {[]byte("%PDF-1.4\n1 0 obj"), code.NoCode},
		"PDF tells":   {[]byte("%PDF-1.4\n/Verification (" + c.Versions[0].Code.Text + ")\n%%EOF"), code.Valid},
	} {
		found, err := v.Paper(tt.data, "", "", "")
		if err != nil || found.Verdict != tt.want {
			t.Errorf("%s: %s, %v, want %s", name, found.Verdict, err, tt.want)
		}
	}
}

// TestVerifyAfterATheft: a withdrawn key's code is worth something only where the register, or its list, knows the
// very text.
func TestVerifyAfterATheft(t *testing.T) {
	key, c := signing(t)
	v := &c.Versions[0]
	other := *c
	other.Versions = []review.CertificateVersion{*v}
	other.Versions[0].Form = review.Form{"name": {"张三"}, "id_number": {"110101199003070038"}}
	forged, err := key.Code(&other, &other.Versions[0])
	if err != nil {
		t.Fatal(err)
	}
	withdrawn := func(since review.Date) code.Keys {
		dir := t.TempDir()
		ring, err := code.OpenRing(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(ring.Take(key, "", v.IssuedAt), ring.Rotate("", noon), ring.Withdraw(key.ID(), since)); err != nil {
			t.Fatal(err)
		}
		return ring.Keys()
	}
	issued := review.DateOf(v.IssuedAt)
	later, sameDay := withdrawn(issued.AddDays(1)), withdrawn(issued)
	listed := code.NewRevocations("x", noon, nil, code.Withdrawal{
		Key: key.ID(), Since: issued.AddDays(1), Vouched: []code.Fingerprint{code.FingerprintOf(v.Code.Text)},
	})
	kept := func(string) (store.Standing, error) {
		return store.Standing{Number: c.Number, Version: 1, Last: 1, Codes: []string{v.Code.Text}}, nil
	}
	for name, tt := range map[string]struct {
		by   Verifier
		text string
		want code.Verdict
		says string
	}{
		"register, own":                  {Verifier{Keys: later, Standing: kept}, v.Code.Text, code.Valid, "✓"},
		"register, forged":               {Verifier{Keys: later, Standing: kept}, forged.Text, code.Withdrawn, "登记册不为此码作证"},
		"register, forged, not noticed":  {Verifier{Keys: code.Keys{&key.Public}, Standing: kept}, forged.Text, code.Unknown, "登记册中没有"},
		"register, own, made afterwards": {Verifier{Keys: sameDay, Standing: kept}, v.Code.Text, code.Withdrawn, "登记册不为此码作证"},
		"list, own":                      {Verifier{Keys: later, List: listed}, v.Code.Text, code.Valid, "✓"},
		"list, forged":                   {Verifier{Keys: later, List: listed}, forged.Text, code.Withdrawn, "登记册不为此码作证"},
		"list alone tells, own":          {Verifier{Keys: code.Keys{&key.Public}, List: listed}, v.Code.Text, code.Valid, "✓"},
		"list alone tells, forged":       {Verifier{Keys: code.Keys{&key.Public}, List: listed}, forged.Text, code.Withdrawn, "登记册不为此码作证"},
		"code alone":                     {Verifier{Keys: later}, v.Code.Text, code.Withdrawn, "无法判定"},
	} {
		tt.by.On = review.DateOf(noon)
		found, err := tt.by.Text(tt.text, "", "", "")
		said := strings.Join(NewWords("zh").Found(found), "\n")
		if err != nil || found.Verdict != tt.want || found.Stands() != (tt.want == code.Valid) || !strings.Contains(said, tt.says) {
			t.Errorf("%s: %s, %v, want %s\n%s", name, found.Verdict, err, tt.want, said)
		}
	}
}

// TestVerifyByAList: a desk without a register says how old the list is that it has checked with.
func TestVerifyByAList(t *testing.T) {
	key, c := signing(t)
	list, err := key.SignList(code.NewRevocations("", noon.AddDate(0, 0, -3), nil))
	if err != nil {
		t.Fatal(err)
	}
	keys := code.Keys{&key.Public}
	revoked, err := keys.OpenList(list)
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, withPeople(t), wuhou, func(o *Options) {
		o.Verify = func(review.Actor) Verifier { return Verifier{Keys: keys, List: revoked, On: review.DateOf(noon)} }
	})
	d.press(":")
	d.typeText("verify")
	d.press("enter")
	d.typeText(c.Versions[0].Code.Text)
	d.press("enter")
	d.sees("✓ 有效", "注销名单：2026-11-13", "（3 天前），0 项")
}
