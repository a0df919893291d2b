package sign_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sassoftware/relic/v7/lib/pkcs7"

	"rongzheng/cert/sign"
	"rongzheng/cert/sign/signtest"
)

// keys makes one key of each kind that signs.
func keys(t *testing.T) map[string]crypto.Signer {
	t.Helper()
	all := map[string]crypto.Signer{}
	for name, curve := range map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = key
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	all["RSA"] = key
	return all
}

func read(t *testing.T, o *signtest.Office) *sign.Identity {
	t.Helper()
	id, err := sign.Read(o.PEM(t), "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestSignatureHolds(t *testing.T) {
	for name, key := range keys(t) {
		t.Run(name, func(t *testing.T) {
			id := read(t, signtest.New(t, key, nil))
			signature, err := id.Sign([]byte("before"), []byte("after"))
			if err != nil {
				t.Fatal(err)
			}
			if len(signature) > id.Size() {
				t.Errorf("%d bytes, and Size says %d", len(signature), id.Size())
			}
			if again, err := id.Sign([]byte("before"), []byte("after")); err != nil || !bytes.Equal(again, signature) {
				t.Errorf("signed again, the bytes differ (%v)", err)
			}
			if holder, err := sign.Check(signature, []byte("before"), []byte("after")); err != nil || holder != "演示登记机关" {
				t.Errorf("%q, %v", holder, err)
			}
			if _, err := sign.Check(signature, []byte("before"), []byte("After")); !errors.Is(err, sign.ErrBroken) {
				t.Errorf("other bytes: %v", err)
			}
		})
	}
}

// TestAnotherCertificateOfTheKey: whoever is named in a signature is whom its certificate named when it was made, and not
// another one of the same key, issuer and number that was put in its place.
func TestAnotherCertificateOfTheKey(t *testing.T) {
	own := signtest.New(t, nil, nil)
	signature, err := read(t, own).Sign([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	other := own
	for range 100 { // until both are of one length, as the lengths around them are kept
		other = signtest.New(t, own.Key, func(c *x509.Certificate) { c.Subject.CommonName = "冒名登记机关" })
		if len(other.Own.Raw) == len(own.Own.Raw) {
			break
		}
	}
	forged := bytes.Replace(signature, own.Own.Raw, other.Own.Raw, 1)
	if bytes.Equal(forged, signature) || len(forged) != len(signature) {
		t.Fatal("its certificate is not in the signature, or no other one of its length was made")
	}
	if holder, err := sign.Check(forged, []byte("x")); !errors.Is(err, sign.ErrBroken) {
		t.Errorf("got %q, %v, want ErrBroken", holder, err)
	}
}

// TestSignedAttributes: EN 319 142-1 asks for content type, digest and certificate and forbids the time; DER wants them in
// the order of their bytes.
func TestSignedAttributes(t *testing.T) {
	signature, err := read(t, signtest.New(t, nil, nil)).Sign([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := pkcs7.Unmarshal(signature)
	if err != nil {
		t.Fatal(err)
	}
	attributes := signed.Content.SignerInfos[0].AuthenticatedAttributes
	if attributes.Exists(pkcs7.OidAttributeSigningTime) || !attributes.Exists(pkcs7.OidAttributeContentType) || len(attributes) != 3 {
		t.Errorf("attributes: %v", attributes)
	}
	var encoded [][]byte
	for _, a := range attributes {
		one, err := (&pkcs7.AttributeList{a}).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		encoded = append(encoded, one[2:]) // without the set around it
	}
	if !slices.IsSortedFunc(encoded, bytes.Compare) {
		t.Error("the attributes are not in the order of their bytes")
	}
	if len(signed.Content.Certificates) != 3 {
		t.Errorf("%d certificates, want the whole chain", len(signed.Content.Certificates))
	}
}

// TestOpenSSLTakesTheSignature, chain and all.
func TestOpenSSLTakesTheSignature(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil && os.Getenv("RONGZHENG_NO_SKIP") != "" {
		t.Fatal("openssl is not installed")
	}
	if err != nil {
		t.Skip("openssl is not installed: what it says of signatures is checked where it is")
	}
	for name, key := range keys(t) {
		t.Run(name, func(t *testing.T) {
			o := signtest.New(t, key, nil)
			signature, err := read(t, o).Sign([]byte("what is signed"))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for file, data := range map[string][]byte{"sig": signature, "data": []byte("what is signed"), "root": signtest.Certificate(o.Above)} {
				if err := os.WriteFile(filepath.Join(dir, file), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(openssl, "cms", "-verify", "-inform", "DER", "-in", "sig", "-content", "data", "-binary", "-CAfile", "root",
				"-purpose", "any", "-attime", "1767225600", "-cades", "-out", os.DevNull)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

func TestReadTakesBothForms(t *testing.T) {
	o := signtest.New(t, nil, nil)
	fromPEM := read(t, o)
	fromPKCS12, err := sign.Read(o.PKCS12(t, "geheim"), "geheim")
	if err != nil {
		t.Fatal(err)
	}
	text, err := fromPKCS12.PEM()
	if err != nil {
		t.Fatal(err)
	}
	again, err := sign.Read(text, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []*sign.Identity{fromPEM, fromPKCS12, again} {
		if id.Holder() != "演示登记机关" || id.Issuer() != "Authority Between" || id.Fingerprint() != fromPEM.Fingerprint() || !id.Until().Equal(signtest.Until) {
			t.Errorf("%s of %s, %s, until %s", id.Holder(), id.Issuer(), id.Fingerprint(), id.Until())
		}
	}
	if fromPEM.Covers(signtest.From.Add(-1)) || !fromPEM.Covers(signtest.From) || fromPEM.Covers(signtest.Until.Add(1)) {
		t.Error("covers what it does not, or not what it does")
	}
}

func TestReadRefuses(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o, other := signtest.New(t, nil, nil), signtest.New(t, nil, nil)
	foreign := signtest.Office{Key: other.Key, Own: o.Own, Between: o.Between, Above: o.Above}
	is := func(change func(*x509.Certificate)) []byte { return signtest.New(t, nil, change).PEM(t) }
	for _, test := range []struct {
		name       string
		data       []byte
		passphrase string
		want       error
	}{
		{"nothing", nil, "", sign.ErrForm},
		{"something else", []byte("%PDF-1.4"), "", sign.ErrForm},
		{"a certificate alone", signtest.Certificate(o.Own), "", sign.ErrForm},
		{"a key of PEM under a passphrase", []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"), "x", sign.ErrEncrypted},
		{"another passphrase", o.PKCS12(t, "one"), "two", sign.ErrPassphrase},
		{"half a file", o.PKCS12(t, "one")[:400], "one", sign.ErrForm},
		{"somebody else's certificate", foreign.PEM(t), "", sign.ErrCertificate},
		{"an authority's", is(func(c *x509.Certificate) { c.IsCA = true }), "", sign.ErrUse},
		{"one for servers", is(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }), "", sign.ErrUse},
		{"a small key", signtest.New(t, small, nil).PEM(t), "", sign.ErrKind},
		{"a key that readers do not know", signtest.New(t, edwards, nil).PEM(t), "", sign.ErrKind},
	} {
		if _, err := sign.Read(test.data, test.passphrase); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

// TestNameWithoutCommonName: then the whole name is told.
func TestNameWithoutCommonName(t *testing.T) {
	id := read(t, signtest.New(t, nil, func(c *x509.Certificate) { c.Subject = pkix.Name{Organization: []string{"Office"}} }))
	if id.Holder() != "O=Office" {
		t.Errorf("%q", id.Holder())
	}
}

func FuzzCheck(f *testing.F) {
	id, err := sign.Read(signtest.New(f, nil, nil).PEM(f), "")
	if err != nil {
		f.Fatal(err)
	}
	signature, err := id.Sign([]byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signature)
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := sign.Check(data, []byte("y")); err == nil {
			t.Error("holds for what was never signed")
		}
	})
}

func FuzzRead(f *testing.F) {
	o := signtest.New(f, nil, nil)
	f.Add(o.PEM(f), "")
	f.Fuzz(func(t *testing.T, data []byte, passphrase string) {
		if id, err := sign.Read(data, passphrase); err == nil && id.Holder() == "" && id.Fingerprint() == "" {
			t.Error("who is it?")
		}
	})
}

// A file without the authorities above still signs, but readers may not know whose signature it is.
func TestAlone(t *testing.T) {
	o := signtest.New(t, nil, nil)
	if read(t, o).Alone() {
		t.Error("alone with its chain")
	}
	whole := o.PEM(t)
	id, err := sign.Read(whole[bytes.LastIndex(whole, []byte("-----BEGIN CERTIFICATE-----")):], "") // its own, and the key
	if err != nil {
		t.Fatal(err)
	}
	if !id.Alone() {
		t.Error("not alone without its chain")
	}
}
