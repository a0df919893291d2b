// Package signtest makes up authorities and their certificates, for tests of what signs.
package signtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

// The days between which the made-up certificates are valid.
var (
	From  = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	Until = time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Office is a made-up office with a key, its certificate, the authority between and the one above.
type Office struct {
	Key                 crypto.Signer
	Own, Between, Above *x509.Certificate
}

// New makes up an office that signs with the key, a new one of ECDSA for nil. change, where it is not nil, changes the
// office's certificate before it is signed.
func New(t testing.TB, key crypto.Signer, change func(*x509.Certificate)) *Office {
	t.Helper()
	if key == nil {
		key = newKey(t)
	}
	aboveKey, betweenKey := newKey(t), newKey(t)
	o := &Office{Key: key}
	o.Above = issue(t, authority("Authority Above", 1), nil, aboveKey, aboveKey)
	o.Between = issue(t, authority("Authority Between", 2), o.Above, betweenKey, aboveKey)
	own := &x509.Certificate{
		SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "演示登记机关", Country: []string{"CN"}},
		NotBefore: From, NotAfter: Until, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		BasicConstraintsValid: true,
	}
	if change != nil {
		change(own)
	}
	o.Own = issue(t, own, o.Between, key, betweenKey)
	return o
}

func authority(name string, serial int64) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotBefore: From, NotAfter: Until,
		KeyUsage: x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
	}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue signs a certificate for the key, by itself where by is nil.
func issue(t testing.TB, c, by *x509.Certificate, key, with crypto.Signer) *x509.Certificate {
	t.Helper()
	if by == nil {
		by = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, by, key.Public(), with)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// PKCS12 returns key and chain under a passphrase, as authorities hand them out.
func (o *Office) PKCS12(t testing.TB, passphrase string) []byte {
	t.Helper()
	data, err := pkcs12.Modern2023.Encode(o.Key, o.Own, []*x509.Certificate{o.Between, o.Above}, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// PEM returns the certificates, the authorities' first, and then the key, as people put them together.
func (o *Office) PEM(t testing.TB) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(o.Key)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, c := range []*x509.Certificate{o.Above, o.Between, o.Own} {
		out = append(out, Certificate(c)...)
	}
	return append(out, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...)
}

// Certificate returns a certificate as PEM.
func Certificate(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}
