package code

import (
	"bytes"
	"compress/zlib"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/veraison/go-cose"

	"rongzheng/review"
)

// Prefix begins every code. Of all characters of base45 it uses those that a QR code holds without a change of mode.
const Prefix = "RZ1:"

const (
	maxText    = 4 << 10  // characters of a code that are looked at; those we write have some 320
	maxInflate = 8 << 10  // bytes of a message after inflating
	maxList    = 64 << 20 // bytes of a list of revocations after inflating
)

// What may be wrong with a code.
var (
	// ErrNoCode says that the text is no verification code at all.
	ErrNoCode = errors.New("not a verification code")
	// ErrDamaged says that the text began as a code, but was cut off or changed on its way.
	ErrDamaged = errors.New("the verification code is damaged")
	// ErrForged says that the code is whole and was not signed by the key that it names.
	ErrForged = errors.New("the signature does not hold")
	// ErrOtherRecord says that a code is the register's and was not made of the record that carries it.
	ErrOtherRecord = errors.New("the code says something else than the record")
)

// UnknownKeyError says that a code names a key that is not among those at hand.
type UnknownKeyError struct{ Key string }

func (e UnknownKeyError) Error() string { return "signed with the unknown key " + e.Key }

// claims are those of RFC 8392, with one of the range for private use. Numbers take less room than names.
type claims struct {
	Issuer    string  `cbor:"1,keyasint"`
	Until     int64   `cbor:"4,keyasint"` // exp: the first second after the validity
	From      int64   `cbor:"5,keyasint"` // nbf
	Issued    int64   `cbor:"6,keyasint"` // iat
	Statement private `cbor:"-65537,keyasint"`
}

type private struct {
	Number  string `cbor:"1,keyasint"`
	Version int    `cbor:"2,keyasint"`
	Level   string `cbor:"3,keyasint"`
	Holder  []byte `cbor:"4,keyasint"`
}

var (
	encoding = must(cbor.CoreDetEncOptions().EncMode())
	decoding = must(cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden,
		MaxNestedLevels: 8, MaxArrayElements: 1 << 20, MaxMapPairs: 1 << 10, UTF8: cbor.UTF8RejectInvalid,
	}.DecMode())
)

func must[T any](mode T, err error) T {
	if err != nil {
		panic(err) // the options are constants
	}
	return mode
}

// Sign returns the code of the statement: the same text for the same statement and key.
func (k *Private) Sign(s Statement) (string, error) {
	payload, err := encoding.Marshal(claims{
		Issuer: s.Issuer, From: s.ValidFrom.Time().Unix(), Until: s.ValidUntil.AddDays(1).Time().Unix(), Issued: s.IssuedAt.Unix(),
		Statement: private{s.Number, s.Version, s.Level, s.Holder},
	})
	if err != nil {
		return "", err
	}
	message, err := k.seal(payload)
	if err == nil {
		message, err = stored(message)
	}
	if err != nil {
		return "", err
	}
	return Prefix + encode45(message), nil
}

// seal signs the payload as COSE_Sign1.
func (k *Private) seal(payload []byte) ([]byte, error) {
	signer, err := cose.NewSigner(k.algorithm, k.private)
	if err != nil {
		return nil, err
	}
	return sealed(payload, k.Public, signer)
}

func sealed(payload []byte, k Public, signer cose.Signer) ([]byte, error) {
	m := cose.NewSign1Message()
	m.Headers.Protected.SetAlgorithm(k.algorithm)
	m.Headers.Protected[cose.HeaderLabelKeyID] = k.id
	m.Payload = payload
	if err := m.Sign(rand.Reader, nil, signer); err != nil {
		return nil, err
	}
	return m.MarshalCBOR()
}

// writers are large and kept for the next code. A message of hash and signature does not shrink, so it is stored as it is:
// that takes less time, and gives the same text with any version of zlib.
var writers = sync.Pool{New: func() any { return must(zlib.NewWriterLevel(nil, zlib.NoCompression)) }}

// stored wraps a message for a code.
func stored(data []byte) ([]byte, error) {
	w := writers.Get().(*zlib.Writer)
	defer writers.Put(w)
	return deflate(w, data)
}

// deflated shrinks a message, for files.
func deflated(data []byte) ([]byte, error) { return deflate(zlib.NewWriter(nil), data) }

func deflate(w *zlib.Writer, data []byte) ([]byte, error) {
	var b bytes.Buffer
	w.Reset(&b)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Clean takes from a text what scanners, terminals and people add around a code: spaces at its ends, line breaks within.
// Spaces within belong to the code, and none ever ends in one: the last digit of base45 is too small.
func Clean(text string) string {
	return strings.NewReplacer("\r", "", "\n", "", "\t", "").Replace(strings.TrimSpace(text))
}

// Is tells whether the text begins as a code does, whatever follows.
func Is(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), Prefix) }

// Verify reads a code and checks its signature against the keys. The second result is the key that signed. The error is
// ErrNoCode, ErrDamaged, an UnknownKeyError or ErrForged. It says nothing about what became of the certificate since: see
// Judge.
func (ks Keys) Verify(text string) (Statement, *Public, error) {
	text = Clean(text)
	if !strings.HasPrefix(text, Prefix) {
		return Statement{}, nil, ErrNoCode
	}
	if len(text) > maxText {
		return Statement{}, nil, ErrDamaged
	}
	message, err := decode45(text[len(Prefix):])
	if err != nil {
		return Statement{}, nil, ErrDamaged
	}
	payload, key, err := ks.open(message, maxInflate)
	if err != nil {
		return Statement{}, nil, err
	}
	s, err := readClaims(payload)
	if err != nil {
		return Statement{}, nil, ErrDamaged
	}
	return s, key, nil
}

// open inflates a message, finds its key and checks the signature.
func (ks Keys) open(message []byte, most int64) ([]byte, *Public, error) {
	data, err := inflate(message, most)
	if err != nil {
		return nil, nil, ErrDamaged
	}
	var m cose.Sign1Message
	if err := m.UnmarshalCBOR(data); err != nil {
		return nil, nil, ErrDamaged
	}
	id, ok := m.Headers.Protected[cose.HeaderLabelKeyID].([]byte)
	if !ok || len(id) > maxID {
		return nil, nil, ErrDamaged
	}
	key := ks.find(id)
	if key == nil {
		return nil, nil, UnknownKeyError{fmt.Sprintf("%x", id)}
	}
	verifier, err := cose.NewVerifier(key.algorithm, key.public)
	if err != nil {
		return nil, nil, err
	}
	if err := m.Verify(nil, verifier); err != nil {
		return nil, nil, ErrForged
	}
	return m.Payload, key, nil
}

// inflate refuses what becomes larger than most, and anything behind the stream.
func inflate(data []byte, most int64) ([]byte, error) {
	source := bytes.NewReader(data)
	r, err := zlib.NewReader(source)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(plain)) > most || source.Len() > 0 {
		return nil, ErrDamaged
	}
	return plain, r.Close()
}

// readClaims reads a signed payload. Days are those of Asia/Shanghai.
func readClaims(payload []byte) (Statement, error) {
	var c claims
	if err := decoding.Unmarshal(payload, &c); err != nil {
		return Statement{}, err
	}
	p := c.Statement
	if p.Number == "" || p.Version < 1 || len(p.Holder) != digestBytes {
		return Statement{}, ErrDamaged
	}
	from, until := review.DateOf(time.Unix(c.From, 0)), review.DateOf(time.Unix(c.Until, 0)).AddDays(-1)
	return Statement{
		Issuer: c.Issuer, Number: p.Number, Version: p.Version, Level: p.Level, ValidFrom: from, ValidUntil: until,
		IssuedAt: time.Unix(c.Issued, 0).UTC(), Holder: p.Holder,
	}, nil
}
