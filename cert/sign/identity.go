package sign

import (
	"bytes"
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"slices"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

// What may be wrong with a file that is to sign.
var (
	// ErrForm says that a file is neither PKCS #12 nor PEM with a private key.
	ErrForm = errors.New("neither PKCS #12 nor PEM with a private key")
	// ErrPassphrase says that the passphrase does not open the file.
	ErrPassphrase = errors.New("wrong passphrase")
	// ErrEncrypted says that the private key of a PEM file is encrypted: such a key has to come as PKCS #12.
	ErrEncrypted = errors.New("the private key within the PEM file is encrypted")
	// ErrKind says that the key is neither RSA of 2048 bits or more nor ECDSA, which are what readers of PDF files check.
	ErrKind = errors.New("neither an RSA key of 2048 bits or more nor an ECDSA key")
	// ErrCertificate says that no certificate in the file belongs to the private key.
	ErrCertificate = errors.New("no certificate belongs to the private key")
	// ErrUse says that the certificate is not for signatures: it is an authority's, or its key usage is another.
	ErrUse = errors.New("the certificate is not for signing documents")
)

const (
	pemCertificate = "CERTIFICATE"
	pemPrivate     = "PRIVATE KEY"
	minRSA         = 2048
	// MaxFile is how many bytes a file may have that Read is given.
	MaxFile = 256 << 10
)

// Identity is who signs: a private key, its certificate, and those of the authorities above. It does not change and may be
// used by many goroutines at once.
type Identity struct {
	key   crypto.Signer
	chain []*x509.Certificate // its own first, then each issuer's as far as they were given
}

// Read reads a key with its chain of certificates, as PKCS #12 (.p12, .pfx) under the passphrase or as PEM, in any order.
// Certificates that are not of the chain are left out. It does not look at the time: Covers does. The errors are those above.
func Read(data []byte, passphrase string) (*Identity, error) {
	var key any
	var certificates []*x509.Certificate
	var err error
	if bytes.Contains(data, []byte("-----BEGIN ")) {
		key, certificates, err = readPEM(data)
	} else {
		key, certificates, err = readPKCS12(data, passphrase)
	}
	if err != nil {
		return nil, err
	}
	signer, err := usable(key)
	if err != nil {
		return nil, err
	}
	id := &Identity{key: signer, chain: chainOf(signer, certificates)}
	switch own := id.own(); {
	case own == nil:
		return nil, ErrCertificate
	case own.IsCA, own.KeyUsage != 0 && own.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return nil, ErrUse
	}
	return id, nil
}

func readPKCS12(data []byte, passphrase string) (any, []*x509.Certificate, error) {
	key, own, others, err := pkcs12.DecodeChain(data, passphrase)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return nil, nil, ErrPassphrase
	case err != nil:
		return nil, nil, errors.Join(ErrForm, err)
	}
	return key, append([]*x509.Certificate{own}, others...), nil
}

func readPEM(data []byte) (key any, certificates []*x509.Certificate, err error) {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == pemCertificate:
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, nil, errors.Join(ErrForm, err)
			}
			certificates = append(certificates, c)
		case block.Type == "ENCRYPTED PRIVATE KEY", block.Headers["Proc-Type"] != "":
			return nil, nil, ErrEncrypted
		case key == nil:
			key = privateOf(block)
		}
	}
	if key == nil {
		return nil, nil, ErrForm
	}
	return key, certificates, nil
}

// privateOf is the private key of a block, nil where there is none.
func privateOf(block *pem.Block) any {
	switch block.Type {
	case pemPrivate:
		if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			return key
		}
	case "RSA PRIVATE KEY":
		if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
			return key
		}
	case "EC PRIVATE KEY":
		if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
			return key
		}
	}
	return nil
}

func usable(key any) (crypto.Signer, error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if k.N.BitLen() >= minRSA {
			return k, nil
		}
	case *ecdsa.PrivateKey:
		if _, ok := ecdsaHash[k.Curve.Params().BitSize]; ok {
			return k, nil
		}
	}
	return nil, ErrKind
}

// chainOf puts the certificate of the key first and then each one's issuer; nil when none is the key's.
func chainOf(key crypto.Signer, certificates []*x509.Certificate) []*x509.Certificate {
	public := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	at := slices.IndexFunc(certificates, func(c *x509.Certificate) bool { return public.Equal(c.PublicKey) })
	if at < 0 {
		return nil
	}
	chain := []*x509.Certificate{certificates[at]}
	for {
		last := chain[len(chain)-1]
		at := slices.IndexFunc(certificates, func(c *x509.Certificate) bool {
			return last.CheckSignatureFrom(c) == nil && !slices.ContainsFunc(chain, c.Equal)
		})
		if at < 0 {
			return chain
		}
		chain = append(chain, certificates[at])
	}
}

func (id *Identity) own() *x509.Certificate {
	if len(id.chain) == 0 {
		return nil
	}
	return id.chain[0]
}

// Holder is whom the certificate names.
func (id *Identity) Holder() string { return called(id.own().Subject) }

// Issuer is who vouches for the certificate.
func (id *Identity) Issuer() string { return called(id.own().Issuer) }

// called is how people call who has the name: without a common name, by all of it.
func called(name pkix.Name) string { return cmp.Or(name.CommonName, name.String()) }

// Until is the moment at which the certificate ends.
func (id *Identity) Until() time.Time { return id.own().NotAfter }

// Covers reports whether the certificate is valid at the moment.
func (id *Identity) Covers(at time.Time) bool {
	return !at.Before(id.own().NotBefore) && !at.After(id.own().NotAfter)
}

// Alone reports whether the certificate of an authority above is missing, so that a reader of PDF can only know it by itself.
func (id *Identity) Alone() bool {
	return len(id.chain) == 1 && !bytes.Equal(id.own().RawIssuer, id.own().RawSubject)
}

// Fingerprint is the SHA-256 of the certificate in hexadecimal digits.
func (id *Identity) Fingerprint() string {
	sum := sha256.Sum256(id.own().Raw)
	return hex.EncodeToString(sum[:])
}

// PEM returns key and chain in the form that Read takes. It is secret.
func (id *Identity) PEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(id.key)
	if err != nil {
		return nil, err
	}
	out := pem.EncodeToMemory(&pem.Block{Type: pemPrivate, Bytes: der})
	for _, c := range id.chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: c.Raw})...)
	}
	return out, nil
}
