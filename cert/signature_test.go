package cert

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rongzheng/cert/sign"
	"rongzheng/cert/sign/signtest"
	screen "rongzheng/review/picture"
)

// signing returns options with which files are signed by the office.
func signing(t testing.TB, o *signtest.Office) Options {
	t.Helper()
	id, err := sign.Read(o.PEM(t), "")
	if err != nil {
		t.Fatal(err)
	}
	return Options{Seal: testSeal(t, 300), Signer: func() (*sign.Identity, error) { return id, nil }}
}

func TestFileIsSigned(t *testing.T) {
	p := newPrinter(t, signing(t, signtest.New(t, nil, nil)))
	f := newFixture(t, "王𬭎")
	data := f.draw(t, p)
	if state, holder := Signature(data); state != Intact || holder != "演示登记机关" {
		t.Errorf("state %d, holder %q", state, holder)
	}
	if !bytes.Equal(data, f.draw(t, p)) {
		t.Error("drawn again, the bytes differ")
	}
	if !bytes.Contains(data, []byte("/M (D:20250220103005+08'00')")) {
		t.Error("the file does not say when it was signed, or takes the clock's time")
	}
	if size := len(data); size > 100_000 {
		t.Errorf("%d bytes", size)
	}
	plain := f.draw(t, newPrinter(t, Options{Seal: testSeal(t, 300)}))
	if state, _ := Signature(plain); state != Unsigned {
		t.Errorf("without a signer: state %d", state)
	}
}

// TestAnyChangedByteBreaksTheSignature: the whole file is signed, but for the room in which the signature stands.
func TestAnyChangedByteBreaksTheSignature(t *testing.T) {
	data := newFixture(t, "王芳").draw(t, newPrinter(t, signing(t, signtest.New(t, nil, nil))))
	room := bytes.Index(data, []byte("/Contents <3082"))
	after := room + bytes.IndexByte(data[room:], '>')
	for at := 0; at < len(data); at += 97 {
		if at >= room && at <= after {
			at = after + 1
		}
		changed := bytes.Clone(data)
		changed[at] ^= 1
		if state, _ := Signature(changed); state == Intact {
			t.Errorf("byte %d of %d changed, and the signature is said to hold", at, len(data))
		}
	}
	if state, _ := Signature(append(bytes.Clone(data), "\n% more"...)); state != Broken {
		t.Error("a file that was added to is said to be whole")
	}
	if state, _ := Signature(data[:len(data)-200]); state != Broken {
		t.Error("half a file is said to be whole")
	}
}

// TestSignerWhoseDaysAreOver signs nothing: readers would show a fault.
func TestSignerWhoseDaysAreOver(t *testing.T) {
	p := newPrinter(t, signing(t, signtest.New(t, nil, nil)))
	for _, at := range []time.Time{signtest.From.Add(-time.Second), signtest.Until.Add(time.Second)} {
		f := newFixture(t, "王芳")
		f.version.IssuedAt = at
		if state, _ := Signature(f.draw(t, p)); state != Unsigned {
			t.Errorf("issued at %s: state %d", at, state)
		}
	}
}

func TestLockedSignerDrawsNothing(t *testing.T) {
	locked := errors.New("locked")
	p := newPrinter(t, Options{Signer: func() (*sign.Identity, error) { return nil, locked }})
	f := newFixture(t, "王芳")
	if err := p.Write(&bytes.Buffer{}, &f.certificate, &f.version, f.portrait); !errors.Is(err, locked) {
		t.Errorf("%v", err)
	}
}

// TestSignedPageIsDrawn as the same page without a signature.
func TestSignedPageIsDrawn(t *testing.T) {
	f := newFixture(t, "王芳")
	var pages [2][]byte
	for i, o := range []Options{{Seal: testSeal(t, 300)}, signing(t, signtest.New(t, nil, nil))} {
		sheet, err := screen.OpenPage(f.draw(t, newPrinter(t, o)), 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		pages[i] = sheet.Draw(image.Rectangle{Max: sheet.Size()}, 400, 280).Pix
	}
	if !bytes.Equal(pages[0], pages[1]) {
		t.Error("the signature shows on the page")
	}
}

// TestJoinedFilesAreNotSigned: what is printed in one go is no file that somebody signed.
func TestJoinedFilesAreNotSigned(t *testing.T) {
	p := newPrinter(t, signing(t, signtest.New(t, nil, nil)))
	var out bytes.Buffer
	if err := Join(&out, [][]byte{newFixture(t, "王芳").draw(t, p), newFixture(t, "张䶮").draw(t, p)}); err != nil {
		t.Fatal(err)
	}
	for _, trace := range []string{"/ByteRange", "/AcroForm", "/Widget", "/Annots"} {
		if bytes.Contains(out.Bytes(), []byte(trace)) {
			t.Errorf("%s is left in the file", trace)
		}
	}
	if state, _ := Signature(out.Bytes()); state != Unsigned {
		t.Errorf("state %d", state)
	}
}

// TestReadersShowTheSignatureAsIntact: poppler, which trusts the authority above, and qpdf.
func TestReadersShowTheSignatureAsIntact(t *testing.T) {
	pdfsig, certutil := tool(t, "pdfsig"), tool(t, "certutil")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []crypto.Signer{nil, rsaKey} {
		o := signtest.New(t, key, nil)
		p := newPrinter(t, signing(t, o))
		f := newFixture(t, "王𬭎")
		f.renewed(t, 1)
		path := f.save(t, p)
		base := t.TempDir()
		root := filepath.Join(base, "root.pem")
		if err := os.WriteFile(root, signtest.Certificate(o.Above), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"-N", "-d", "sql:" + base, "--empty-password"}, {"-A", "-d", "sql:" + base, "-n", "above", "-t", "C,C,C", "-i", root},
		} {
			if out, err := exec.Command(certutil, args...).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		}
		out, err := exec.Command(pdfsig, "-nssdir", "sql:"+base, path).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		for _, want := range []string{"演示登记机关", "Signature is Valid.", "Certificate is Trusted.", "ETSI.CAdES.detached", "Total document signed"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("pdfsig does not say %q:\n%s", want, out)
			}
		}
		if out, err := exec.Command(tool(t, "qpdf"), "--check", path).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
}

// BenchmarkWriteSigned draws certificates in a run and signs each, with both kinds of key; BenchmarkWrite is the same without
// a signature.
func BenchmarkWriteSigned(b *testing.B) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{"ECDSA": nil, "RSA 2048": key} {
		b.Run(name, func(b *testing.B) {
			p, f := newPrinter(b, signing(b, signtest.New(b, key, nil))), newFixture(b, "王𬭎")
			size := len(f.draw(b, p))
			for b.Loop() {
				f.draw(b, p)
			}
			b.ReportMetric(float64(size), "bytes/file")
		})
	}
}
