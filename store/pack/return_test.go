package pack

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"
)

func openReturn(t testing.TB, data []byte) (*Return, error) {
	t.Helper()
	return OpenReturn(bytes.NewReader(data), int64(len(data)), testKey(t, "desk"))
}

func TestReturnComesBackWhole(t *testing.T) {
	b, err := openReturn(t, returned(t, acts()))
	if err != nil {
		t.Fatal(err)
	}
	if !HasKey(officer(t).Keys, b.Officer) || HasKey(officer(t).Keys, testKey(t, "desk").Public()) {
		t.Error("not known for the officer's key, or the desk's taken for it")
	}
	if err := b.Check(); err != nil {
		t.Error(err)
	}
	want, i := acts(), 0
	ids := map[string]bool{}
	for act, proof := range b.Acts() {
		want[i].Number = i + 1
		if diff := cmp.Diff(want[i], act); diff != "" {
			t.Error(diff)
		}
		ids[proof.ID()] = true
		i++
	}
	if i != len(want) || len(ids) != len(want) {
		t.Errorf("%d acts with %d names, want %d", i, len(ids), len(want))
	}
}

// TestEveryActProvesItself keeps one act as the desk does and holds it to the signature without the others.
func TestEveryActProvesItself(t *testing.T) {
	for n := range 9 {
		var all []Act
		for i := range n {
			act := acts()[1]
			act.Reference = fmt.Sprint("SQ", i)
			all = append(all, act)
		}
		b, err := openReturn(t, returned(t, all))
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for act, proof := range b.Acts() {
			stored, err := json.Marshal(proof)
			if err != nil {
				t.Fatal(err)
			}
			var kept Proof
			if err := json.Unmarshal(stored, &kept); err != nil {
				t.Fatal(err)
			}
			got, s, key, err := kept.Verify()
			if err != nil || got.Reference != act.Reference || s.Acts != n || !HasKey(officer(t).Keys, key) {
				t.Fatalf("act %d of %d: %+v, %v", seen+1, n, got, err)
			}
			forged := kept
			forged.Act = strings.Replace(kept.Act, "approve", "reject", 1)
			if _, _, _, err := forged.Verify(); code(err) != "pack_signature" {
				t.Fatalf("a forged act: %v", err)
			}
			seen++
		}
		if seen != n {
			t.Errorf("%d of %d acts", seen, n)
		}
	}
}

func TestChangedReturn(t *testing.T) {
	whole := returned(t, acts())
	for at := 0; at < len(whole); at += 11 {
		changed := bytes.Clone(whole)
		changed[at] ^= 1 << (at % 8)
		for _, data := range [][]byte{changed, whole[:at]} {
			b, err := openReturn(t, data)
			if err == nil {
				err = b.Check()
			}
			if c := code(err); c != "pack_none" && c != "pack_damaged" && c != "pack_other_key" && c != "pack_signature" {
				t.Fatalf("of %d bytes, changed at %d: %v", len(data), at, err)
			}
		}
	}
}

func TestReturnOfAnotherPackInside(t *testing.T) {
	all := acts()
	all[1].Pack = "WP-2026-000002"
	b, err := openReturn(t, returned(t, all))
	if err == nil {
		err = b.Check()
	}
	if code(err) != "pack_damaged" {
		t.Errorf("got %v", err)
	}
}

func TestReturnVector(t *testing.T) {
	data := vector(t, "done.return", func() []byte { return returned(t, acts()) })
	key, err := ParseKey(vector(t, "desk", func() []byte { return keyFile(t, "desk") }), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := OpenReturn(bytes.NewReader(data), int64(len(data)), key)
	if err == nil {
		err = b.Check()
	}
	if err != nil || b.Statement.Acts != 3 {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestKeys(t *testing.T) {
	protected, err := ssh.MarshalPrivateKeyWithPassphrase(edKey(t), "", []byte("长城"))
	if err != nil {
		t.Fatal(err)
	}
	file := pem.EncodeToMemory(protected)
	if _, err := ParseKey(file, nil); code(err) != "pack_key_protected" {
		t.Errorf("without a passphrase: %v", err)
	}
	if _, err := ParseKey(file, func() ([]byte, error) { return []byte("错"), nil }); code(err) != "pack_key_passphrase" {
		t.Errorf("wrong passphrase: %v", err)
	}
	if _, err := ParseKey(file, func() ([]byte, error) { return []byte("长城"), nil }); err != nil {
		t.Errorf("right passphrase: %v", err)
	}
	gone := errors.New("nobody there")
	if _, err := ParseKey(file, func() ([]byte, error) { return nil, gone }); !errors.Is(err, gone) {
		t.Errorf("nobody to ask: %v", err)
	}
	if _, err := ParseKey([]byte("no key"), nil); code(err) != "pack_key_unreadable" {
		t.Errorf("no key: %v", err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseKey(openssh(t, curve), nil); code(err) != "pack_key_kind" {
		t.Errorf("ECDSA: %v", err)
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseKey(openssh(t, long), nil); err != nil {
		t.Errorf("RSA: %v", err)
	}
}

func edKey(t *testing.T) any {
	raw, err := ssh.ParseRawPrivateKey(keyFile(t, "protected"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func openssh(t *testing.T, key any) []byte {
	t.Helper()
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(block)
}
