package ui

import (
	"bytes"
	"compress/zlib"
	"io"
	"strings"
	"testing"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
)

// signedTwice is a store with a certificate of two versions, each with its code.
func signedTwice(t *testing.T) (*store.Store, *code.Private, []string) {
	t.Helper()
	s := withPeople(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	key, err := code.FromSeed(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	s, err = store.Open(s.Dir(), store.Options{Policy: asksNothing(), Renderer: pen{}, Code: key.Code})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for _, account := range []string{wuhou, second, third} {
		decideAs(t, s, account, "SQ202600000001", approves(s))
	}
	what := review.Proposal{Action: review.Correct, Form: review.Form{"name": {"王方"}}, Note: "录入错误"}
	if _, err := s.Propose(third, "CD-2026-000001", 0, what, noon); err != nil {
		t.Fatal(err)
	}
	c, err := s.Confirm(admin, "CD-2026-000001", 0, noon)
	if err != nil || len(c.Versions) != 2 {
		t.Fatalf("%d versions, %v", len(c.Versions), err)
	}
	return s, key, []string{c.Versions[0].Code.Text, c.Versions[1].Code.Text}
}

func checksBy(s *store.Store, key *code.Private, o *Options) {
	o.Verify = func(by review.Actor) Verifier {
		ask := func(number string) (store.Standing, error) { return s.Standing(by, number) }
		return Verifier{Keys: code.Keys{&key.Public}, Standing: ask, On: review.DateOf(noon)}
	}
}

// A scan of either version leads to the certificate, whatever was scanned or typed before it, and says what stands.
func TestReprintByCode(t *testing.T) {
	s, key, codes := signedTwice(t)
	d := open(t, s, third, func(o *Options) {
		checksBy(s, key, o)
		o.Outlet = Folder(t.TempDir())
	})
	d.press("P")
	d.typeText(codes[0])
	d.sees("✗ 扫描的是 CD-2026-000001 第 1 版：已被第 2 版取代", "第 2 版", "王*")
	d.golden("reprint_code_zh_80x24")
	d.typeText(codes[1])
	d.sees("✓ 扫描的是 CD-2026-000001 第 2 版：有效")
	d.press("enter")
	d.sees("打印证书 CD-2026-000001")
	d.press("y")
	d.says("✓", "第 1 份")
	d.hold = true // a scanner does not wait
	d.typeText(codes[0])
	d.press("enter")
	d.hold = false
	d.flush()
	d.sees("CD-2026-000001 已发出过，为什么再发一份？")
}

const base45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// forge changes the signature of a code and leaves it whole.
func forge(t *testing.T, text string) string {
	t.Helper()
	var message []byte
	for rest := strings.TrimPrefix(text, code.Prefix); rest != ""; {
		group := rest[:min(3, len(rest))]
		rest = rest[len(group):]
		n := strings.IndexByte(base45, group[0]) + 45*strings.IndexByte(base45, group[1])
		if len(group) == 2 {
			message = append(message, byte(n))
			continue
		}
		n += 45 * 45 * strings.IndexByte(base45, group[2])
		message = append(message, byte(n>>8), byte(n))
	}
	r, err := zlib.NewReader(bytes.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	signed[len(signed)-20] ^= 1
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(signed); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	text = code.Prefix
	for data := b.Bytes(); len(data) > 0; {
		n, digits := int(data[0]), 2
		if len(data) > 1 {
			n, digits = n<<8|int(data[1]), 3
		}
		data = data[digits-1:]
		for ; digits > 0; digits-- {
			text += base45[n%45 : n%45+1]
			n /= 45
		}
	}
	return text
}

// A code that leads nowhere says why and makes room for the next scan.
func TestReprintRefusesCodes(t *testing.T) {
	s, key, codes := signedTwice(t)
	foreign, err := code.FromSeed([]byte(strings.Repeat("x", 32)))
	if err != nil {
		t.Fatal(err)
	}
	_, other := signing(t)
	unknown, err := foreign.Code(other, &other.Versions[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ scan, want string }{
		"cut off":     {codes[0][:150], "验证码不完整或已改动"},
		"changed":     {codes[0][:120] + "000" + codes[0][123:], "验证码不完整或已改动"},
		"forged":      {forge(t, codes[0]), "伪造：签名不符"},
		"unknown key": {unknown.Text, "未知：可能是伪造"},
		"not ours":    {other.Versions[0].Code.Text, "登记册中没有这一证书"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, s, third, func(o *Options) {
				checksBy(s, key, o)
				o.Outlet = Folder(t.TempDir())
			})
			d.press("P")
			d.typeText(tt.scan)
			d.sees(tt.want)
			d.press("enter")
			d.says("✗", tt.want)
			d.typeText(codes[1])
			d.sees("✓ 扫描的是 CD-2026-000001 第 2 版：有效")
		})
	}
}

// An account of another area learns what the paper is worth, and that it is not the one to print it.
func TestReprintByCodeElsewhere(t *testing.T) {
	s, key, codes := signedTwice(t)
	if err := s.AddAccount(admin, review.Account{Name: "jin", Role: review.Reviewer, Level: 1, Areas: []string{"510106"}}, noon); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, "jin", func(o *Options) { checksBy(s, key, o) })
	d.press("P")
	d.typeText(codes[1])
	d.sees("CD-2026-000001 不在您负责的范围内")
}
