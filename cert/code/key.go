package code

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/veraison/go-cose"

	"rongzheng/review"
)

const (
	idBytes = 8  // of our own key ids
	maxID   = 64 // bytes of a key id that is looked at
	maxKeys = 1000
)

// ErrKeys says that a file of keys holds none that can be used: COSE_Key, COSE_KeySet or PEM with keys of Ed25519 or P-256.
var ErrKeys = errors.New("no usable keys: want COSE_Key, COSE_KeySet or PEM with keys of Ed25519 or P-256")

// Public is a key that checks codes.
type Public struct {
	id        []byte
	algorithm cose.Algorithm
	public    crypto.PublicKey
	withdrawn review.Date // zero: trusted
}

// Private is a key that signs codes.
type Private struct {
	Public
	private ed25519.PrivateKey
	secret  []byte // from which the printed characters are derived
}

// Keys are the keys that checks are made with.
type Keys []*Public

// coseKey is a COSE_Key (RFC 9052, section 7) with the parameters of OKP and EC2 keys (RFC 9053, section 7).
type coseKey struct {
	Type      int    `cbor:"1,keyasint"`
	ID        []byte `cbor:"2,keyasint,omitempty"`
	Algorithm int    `cbor:"3,keyasint,omitempty"`
	Curve     int    `cbor:"-1,keyasint"`
	X         []byte `cbor:"-2,keyasint"`
	Y         []byte `cbor:"-3,keyasint,omitempty"`
	Withdrawn int    `cbor:"-65539,keyasint,omitempty"` // days since 1970-01-01
}

// Numbers of the registry "COSE Key Types" and "COSE Elliptic Curves".
const (
	typeOKP, typeEC2      = 1, 2
	curveEd25519, curve25 = 6, 1
)

// NewPrivate makes a key.
func NewPrivate() (*Private, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := rand.Read(seed); err != nil {
		return nil, err
	}
	return FromSeed(seed)
}

// FromSeed returns the key with the seed of 32 bytes (RFC 8032).
func FromSeed(seed []byte) (*Private, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, ErrKeys
	}
	private := ed25519.NewKeyFromSeed(seed)
	public, err := newPublic(private.Public())
	if err != nil {
		return nil, err
	}
	secret, err := hkdf.Key(sha256.New, seed, nil, "rongzheng-check/1", sha256.Size)
	if err != nil {
		return nil, err
	}
	return &Private{*public, private, secret}, nil
}

func newPublic(key crypto.PublicKey) (*Public, error) {
	p := &Public{public: key}
	switch k := key.(type) {
	case ed25519.PublicKey:
		p.algorithm = cose.AlgorithmEdDSA
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() {
			return nil, ErrKeys
		}
		p.algorithm = cose.AlgorithmES256
	default:
		return nil, ErrKeys
	}
	parameters, err := p.cose()
	if err != nil {
		return nil, err
	}
	// The id is the beginning of the key's thumbprint (RFC 9679): SHA-256 of its required parameters alone.
	thumbprint, err := encoding.Marshal(coseKey{Type: parameters.Type, Curve: parameters.Curve, X: parameters.X, Y: parameters.Y})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(thumbprint)
	p.id = sum[:idBytes]
	return p, nil
}

// ID returns the key's id as 16 hexadecimal digits.
func (p *Public) ID() string { return hex.EncodeToString(p.id) }

// Algorithm returns the name of the key's algorithm: EdDSA or ES256.
func (p *Public) Algorithm() string { return p.algorithm.String() }

func (p *Public) cose() (coseKey, error) {
	k := coseKey{ID: p.id, Algorithm: int(p.algorithm)}
	if !p.withdrawn.IsZero() {
		k.Withdrawn = epoch.DaysUntil(p.withdrawn)
	}
	switch key := p.public.(type) {
	case ed25519.PublicKey:
		k.Type, k.Curve, k.X = typeOKP, curveEd25519, key
	case *ecdsa.PublicKey:
		point, err := key.Bytes() // 4, x, y
		if err != nil {
			return coseKey{}, ErrKeys
		}
		k.Type, k.Curve, k.X, k.Y = typeEC2, curve25, point[1:33], point[33:]
	}
	return k, nil
}

// usable returns the key as crypto knows it.
func (k coseKey) usable() (crypto.PublicKey, error) {
	switch {
	case k.Type == typeOKP && k.Curve == curveEd25519 && len(k.X) == ed25519.PublicKeySize:
		return ed25519.PublicKey(k.X), nil
	case k.Type == typeEC2 && k.Curve == curve25 && len(k.X) == 32 && len(k.Y) == 32:
		return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, k.X...), k.Y...))
	}
	return nil, ErrKeys
}

func (ks Keys) find(id []byte) *Public {
	for _, k := range ks {
		if bytes.Equal(k.id, id) {
			return k
		}
	}
	return nil
}

// COSE returns the keys as a COSE_KeySet.
func (ks Keys) COSE() ([]byte, error) {
	set := make([]coseKey, len(ks))
	for i, k := range ks {
		var err error
		if set[i], err = k.cose(); err != nil {
			return nil, err
		}
	}
	return encoding.Marshal(set)
}

// PEM returns the keys as SubjectPublicKeyInfo, one block each, with its id in a header.
func (ks Keys) PEM() ([]byte, error) {
	var b bytes.Buffer
	for _, k := range ks {
		der, err := x509.MarshalPKIXPublicKey(k.public)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "# kid %s %s\n", k.ID(), k.Algorithm())
		if err := pem.Encode(&b, &pem.Block{Type: pemPublic, Headers: k.headers(), Bytes: der}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

const (
	pemPublic       = "PUBLIC KEY"
	withdrawnHeader = "Withdrawn"
)

// headers say of a key as PEM that it is withdrawn; a key that is not has none, since some readers refuse them.
func (p *Public) headers() map[string]string {
	if p.withdrawn.IsZero() {
		return nil
	}
	return map[string]string{withdrawnHeader: p.withdrawn.String()}
}

// readHeaders takes over what headers wrote.
func (p *Public) readHeaders(headers map[string]string) (err error) {
	if day, ok := headers[withdrawnHeader]; ok {
		p.withdrawn, err = review.ParseDate(day)
	}
	return err
}

// ReadKeys reads public keys in any of the forms in which they are published: COSE_Key, COSE_KeySet, PEM. The error is
// ErrKeys. Ids that the file states are taken as they are, so that keys of other houses work too.
func ReadKeys(data []byte) (Keys, error) {
	if bytes.Contains(data, []byte("-----BEGIN ")) {
		return readPEM(data)
	}
	var set []coseKey
	if err := decoding.Unmarshal(data, &set); err != nil {
		var one coseKey
		if err := decoding.Unmarshal(data, &one); err != nil {
			return nil, ErrKeys
		}
		set = []coseKey{one}
	}
	if len(set) == 0 || len(set) > maxKeys {
		return nil, ErrKeys
	}
	keys := make(Keys, len(set))
	for i, k := range set {
		public, err := k.usable()
		if err != nil || len(k.ID) > maxID || k.Withdrawn < 0 || k.Withdrawn > maxDay {
			return nil, ErrKeys
		}
		if keys[i], err = newPublic(public); err != nil {
			return nil, ErrKeys
		}
		if len(k.ID) > 0 {
			keys[i].id = k.ID
		}
		if k.Withdrawn > 0 {
			keys[i].withdrawn = epoch.AddDays(k.Withdrawn)
		}
	}
	return keys, nil
}

func readPEM(data []byte) (Keys, error) {
	var keys Keys
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != pemPublic {
			continue
		}
		public, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return nil, ErrKeys
		}
		key, err := newPublic(public)
		if err != nil {
			return nil, err
		}
		if key.readHeaders(block.Headers) != nil {
			return nil, ErrKeys
		}
		if keys = append(keys, key); len(keys) > maxKeys {
			return nil, ErrKeys
		}
	}
	if len(keys) == 0 {
		return nil, ErrKeys
	}
	return keys, nil
}
