package pack

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
)

func openPack(t testing.TB, data []byte, key string) (*Pack, error) {
	t.Helper()
	return Open(bytes.NewReader(data), int64(len(data)), testKey(t, key))
}

func TestPackComesBackWhole(t *testing.T) {
	p, err := openPack(t, written(t, contents(t)), "officer")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := Fingerprint(p.Desk), Fingerprint(testKey(t, "desk").Public()); got != want {
		t.Errorf("signed by %s, want %s", got, want)
	}
	if err := p.Check(nil); err != nil {
		t.Error(err)
	}
	for i, want := range []Case{testCase("SQ1"), testCase("SQ2")} {
		got, err := p.Case(p.Manifest.Cases[i])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(review.Date{})); diff != "" {
			t.Error(diff)
		}
	}
	for sha, want := range pictures {
		if got, err := p.Blob(sha); err != nil || !bytes.Equal(got, want) {
			t.Errorf("attachment %s: %q, %v", sha, got, err)
		}
	}
	if got, err := p.Certificate(p.Manifest.Certificates[0]); err != nil || got.Certificate.Versions[0].File != hashOf([]byte("%PDF-")) {
		t.Errorf("certificate: %+v, %v", got, err)
	}
	if _, err := p.Blob(hashOf([]byte("other"))); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("an attachment that is not there: %v", err)
	}
	if _, err := p.Revocations(); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("revocations that are not there: %v", err)
	}
}

func TestSomebodyElsesPack(t *testing.T) {
	_, err := openPack(t, written(t, contents(t)), "stranger")
	if code(err) != "pack_other_key" {
		t.Errorf("got %v", err)
	}
}

func TestPackForNobody(t *testing.T) {
	c := contents(t)
	c.Manifest.Accounts = nil
	if err := Write(io.Discard, c, testKey(t, "desk")); code(err) != "pack_nobody" {
		t.Errorf("got %v", err)
	}
	c.Manifest.Accounts = []review.Account{{Name: "wu.key"}}
	if err := Write(io.Discard, c, testKey(t, "desk")); code(err) != "pack_no_key" {
		t.Errorf("got %v", err)
	}
}

// TestChangedPack changes one bit anywhere, or cuts anywhere: nothing of such a file is ever taken for what was written.
func TestChangedPack(t *testing.T) {
	whole := written(t, contents(t))
	for at := 0; at < len(whole); at += 23 {
		changed := bytes.Clone(whole)
		changed[at] ^= 1 << (at % 8)
		spoiled(t, changed)
		spoiled(t, whole[:at])
	}
}

func spoiled(t *testing.T, data []byte) {
	t.Helper()
	p, err := openPack(t, data, "officer")
	if err == nil {
		err = p.Check(nil)
	}
	switch code(err) {
	case "pack_none", "pack_damaged", "pack_other_key", "pack_signature":
	default:
		t.Fatalf("of %d bytes: %v", len(data), err)
	}
}

func TestNewerPack(t *testing.T) {
	var m Manifest
	err := document([]byte(`{"format":"rongzheng-pack/2","number":7}`), packFormat, &m)
	if code(err) != "pack_format" {
		t.Errorf("got %v", err)
	}
}

// TestDeskOfAnother shows that whoever can seal to an officer still cannot sign as the desk.
func TestDeskOfAnother(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out, contents(t), testKey(t, "stranger")); err != nil {
		t.Fatal(err)
	}
	p, err := openPack(t, out.Bytes(), "officer")
	if err != nil {
		t.Fatal(err)
	}
	if Fingerprint(p.Desk) == Fingerprint(testKey(t, "desk").Public()) {
		t.Error("taken for the desk's")
	}
}

func TestContentsThatMove(t *testing.T) {
	c := contents(t)
	asked := 0
	c.Cases = func(yield func(Case, error) bool) {
		if asked++; asked == 1 {
			yield(testCase("SQ1"), nil)
			return
		}
		yield(testCase("SQ2"), nil)
	}
	if err := Write(io.Discard, c, testKey(t, "desk")); code(err) != "pack_moved" {
		t.Errorf("got %v", err)
	}
}

func TestPackVector(t *testing.T) {
	data := vector(t, "taken.pack", func() []byte { return written(t, contents(t)) })
	key, err := ParseKey(vector(t, "officer", func() []byte { return keyFile(t, "officer") }), nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Open(bytes.NewReader(data), int64(len(data)), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(nil); err != nil {
		t.Error(err)
	}
	if p.Manifest.Number != "WP-2026-000001" || len(p.Manifest.Cases) != 2 {
		t.Errorf("manifest %+v", p.Manifest)
	}
}

// full is a stick that takes so many bytes.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

var errFull = errors.New("no space left")

// TestFullStick: whatever of a pack or a return did not fit is told, wherever it happens.
func TestFullStick(t *testing.T) {
	whole := len(written(t, contents(t)))
	for room := 0; room < whole; room += 97 {
		if err := Write(&full{room}, contents(t), testKey(t, "desk")); !errors.Is(err, errFull) {
			t.Fatalf("a pack of %d bytes in %d: %v", whole, room, err)
		}
	}
	whole = len(returned(t, acts()))
	for room := 0; room < whole; room += 97 {
		err := WriteReturn(&full{room}, statement(), acts(), testKey(t, "officer"), testKey(t, "desk").Public())
		if !errors.Is(err, errFull) {
			t.Fatalf("a return of %d bytes in %d: %v", whole, room, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	key := testKey(f, "officer")
	f.Add(written(f, contents(f)))
	f.Add([]byte("age-encryption.org/v1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Open(bytes.NewReader(data), int64(len(data)), key)
		if err == nil {
			p.Check(nil)
		}
	})
}

// FuzzDocument gives the reader of documents what a forged zip file could hold.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"format":"rongzheng-pack/1","files":[{"name":"policy.yaml","size":-1}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m Manifest
		if document(data, packFormat, &m) == nil && m.Format != packFormat {
			t.Error("another format was taken")
		}
		var s Statement
		if document(data, returnFormat, &s) == nil {
			proves(&s, 0, data, data)
		}
	})
}
