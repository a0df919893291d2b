package cert

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rongzheng/cert/code"
	"rongzheng/review"
)

// picture draws the first page as a picture of so many dots per inch.
func (f *fixture) picture(t *testing.T, p *Printer, resolution string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "page")
	if text, err := exec.Command(tool(t, "pdftoppm"), "-png", "-r", resolution, "-singlefile", f.save(t, p), out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return out + ".png"
}

// TestCodeIsReadFromThePage reads the code from a picture of the page, as a scanner sees it: with our own reader and with
// zbarimg.
func TestCodeIsReadFromThePage(t *testing.T) {
	p := newPrinter(t, Options{Seal: testSeal(t, 300)})
	for _, issuer := range []string{"中共成都市委社会工作部", strings.Repeat("市", 60)} {
		f := newFixture(t, "王𬭎")
		f.version.Issuer = issuer
		f.sign(t)
		path := f.picture(t, p, "150")
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		page, err := png.Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := code.ReadPicture(page); err != nil || got != f.version.Code.Text {
			t.Errorf("our own reader: %q, %v", got, err)
		}
		out, err := exec.Command(tool(t, "zbarimg"), "--raw", "--quiet", path).Output()
		if err != nil || strings.TrimRight(string(out), "\n") != f.version.Code.Text {
			t.Errorf("zbarimg: %q, %v", out, err)
		}
	}
}

func TestFileTellsItsCode(t *testing.T) {
	f := newFixture(t, "王芳")
	found := regexp.MustCompile(`/Verification \(([^)]*)\)`).FindSubmatch(f.draw(t, newPrinter(t, Options{})))
	if found == nil || string(found[1]) != f.version.Code.Text {
		t.Errorf("the file tells %q", found)
	}
}

// renewed gives the certificate earlier versions, one every three years.
func (f *fixture) renewed(t *testing.T, times int) {
	t.Helper()
	last := f.version
	last.Version = times + 1
	for n := range times {
		years := -3 * (times - n)
		v := last
		v.Version = n + 1
		v.ValidFrom, v.ValidUntil = last.ValidFrom.AddYears(years), last.ValidUntil.AddYears(years)
		v.IssuedAt = last.IssuedAt.AddDate(years, 0, 0)
		f.certificate.Versions = append(f.certificate.Versions, v)
	}
	f.certificate.Versions = append(f.certificate.Versions, last)
	f.version = last
	f.sign(t)
}

func TestBackTellsOfRenewals(t *testing.T) {
	p := newPrinter(t, Options{})
	f := newFixture(t, "王芳")
	if got := len(textOf(t, f.draw(t, p))); got != 1 {
		t.Errorf("a first registration has %d pages", got)
	}
	f.renewed(t, 2)
	f.certificate.Versions[1].Void = true
	pages := textOf(t, f.draw(t, p))
	if len(pages) != 2 {
		t.Fatalf("a renewal has %d pages", len(pages))
	}
	mustHold(t, pages[1], "登记记录", "首次登记", "再次登记", "2019年2月20日 至 2022年2月19日", "2025年2月20日 至 2028年2月19日")
	if strings.Contains(pages[1], "2022年2月20日 至") {
		t.Error("the back tells of a void version")
	}
}

func TestBackHoldsALongHistory(t *testing.T) {
	f := newFixture(t, "王芳")
	f.version.ValidFrom, f.version.ValidUntil = review.NewDate(2090, 2, 20), review.NewDate(2093, 2, 19)
	f.version.IssuedAt = time.Date(2090, 2, 20, 2, 30, 5, 0, time.UTC)
	f.renewed(t, 24)
	pages := textOf(t, f.draw(t, newPrinter(t, Options{})))
	mustHold(t, pages[1], "2018年2月20日 至", "2090年2月20日 至 2093年2月19日")
	if got := strings.Count(pages[1], " 至 "); got != backMost {
		t.Errorf("%d lines, want %d", got, backMost)
	}
}

func textOf(t *testing.T, pdf []byte) []string {
	t.Helper()
	return open(t, pdf).pages(t)
}

func TestCheckPolicyMeasures(t *testing.T) {
	if err := CheckPolicy(review.DefaultPolicy()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*review.Policy){
		"statement too long": func(p *review.Policy) { p.Issue.Paper.Statement = strings.Repeat("准予登记，", 400) },
		"undrawable title":   func(p *review.Policy) { p.Issue.Paper.Title = "登记证书😀" },
		"issuer too long":    func(p *review.Policy) { p.Issue.Issuer = strings.Repeat("委", 2000) },
	} {
		p := *review.DefaultPolicy()
		spoil(&p)
		err := CheckPolicy(&p)
		refused, ok := errors.AsType[*review.PolicyError](err)
		if !ok || len(refused.Problems) == 0 || refused.Problems[0].Line == 0 {
			t.Errorf("%s: %v, want a line of the policy", name, err)
		}
	}
	// Two hundred characters are the most that can be read in the place of the program's policy.
	for n, fits := range map[int]bool{200: true, 208: false} {
		p := *review.DefaultPolicy()
		p.Issue.Issuer = strings.Repeat("成", n)
		err := CheckPolicy(&p)
		if fits != (err == nil) || err != nil && !strings.HasSuffix(err.Error(), "issuer: too long") {
			t.Errorf("an issuer of %d characters: %v", n, err)
		}
		if _, err := NewPrinter(For(&p, nil)); err != nil {
			t.Errorf("%d characters, issued before they were refused: %v", n, err)
		}
	}
	long := *review.DefaultPolicy()
	long.Issue.Issuer = strings.Repeat("中共成都市委社会工作部", 18) + "二百字" // 201 characters
	if err := CheckPolicy(&long); err != nil {
		t.Errorf("an issuer of 201 characters: %v", err)
	}
}

// TestAnotherImplementationVerifies reads the code from a picture of the page and checks it with a COSE library of another
// language, which lies in the folder RONGZHENG_COSE; without the register's key it must refuse.
func TestAnotherImplementationVerifies(t *testing.T) {
	node, reader := tool(t, "node"), tool(t, "zbarimg")
	if os.Getenv("RONGZHENG_COSE") == "" {
		if os.Getenv("RONGZHENG_NO_SKIP") != "" {
			t.Fatal("RONGZHENG_COSE names no folder with the library")
		}
		t.Skip("RONGZHENG_COSE names no folder with the library: checked where it does")
	}
	f := newFixture(t, "王𬭎")
	text, err := exec.Command(reader, "--raw", "--quiet", f.picture(t, newPrinter(t, Options{}), "150")).Output()
	if err != nil {
		t.Fatal(err)
	}
	out, err := verifiedBy(t, node, make([]byte, 32), text)
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var claims struct {
		Kid, Issuer, Number, Level, Holder string
		Version                            int
		From, Until                        int64
	}
	if err := json.Unmarshal(out, &claims); err != nil {
		t.Fatal(err)
	}
	c, v := &f.certificate, &f.version
	want := hex.EncodeToString(code.Digest(c.Number, v.Version, v.Form.Get("name"), v.Form.Get("id_number"), v.Code.Check))
	if claims.Number != c.Number || claims.Version != v.Version || claims.Level != v.LevelLabel || claims.Issuer != v.Issuer ||
		claims.Kid != v.Code.Key || claims.Holder != want || claims.From != v.ValidFrom.Time().Unix() ||
		claims.Until != v.ValidUntil.AddDays(1).Time().Unix() {
		t.Errorf("the other implementation reads %s", out)
	}
	if out, err := verifiedBy(t, node, bytes.Repeat([]byte{1}, 32), text); err == nil {
		t.Errorf("the other implementation takes another key: %s", out)
	}
}

// verifiedBy runs the other implementation with the public key of a seed.
func verifiedBy(t *testing.T, node string, seed, text []byte) ([]byte, error) {
	t.Helper()
	key, err := code.FromSeed(seed)
	if err != nil {
		t.Fatal(err)
	}
	set, err := code.Keys{&key.Public}.COSE()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "keys.cbor")
	if err := os.WriteFile(path, set, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(node, filepath.Join("testdata", "verify.mjs"), path)
	run.Stdin = bytes.NewReader(text)
	return run.Output()
}
