package pack

import (
	"bytes"
	"crypto/ed25519"
	"encoding/pem"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"rongzheng/review"
)

var update = flag.Bool("update", false, "write the test vectors anew")

var made = time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)

// keyFile makes the same private key file for the same name. Nobody uses these keys for anything else.
func keyFile(t testing.TB, name string) []byte {
	t.Helper()
	seed := make([]byte, ed25519.SeedSize)
	copy(seed, name)
	block, err := ssh.MarshalPrivateKey(ed25519.NewKeyFromSeed(seed), name)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(block)
}

func testKey(t testing.TB, name string) *Key {
	t.Helper()
	k, err := ParseKey(keyFile(t, name), nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func authorized(k *Key) string { return string(ssh.MarshalAuthorizedKey(k.Public())) }

func officer(t testing.TB) review.Account {
	return review.Account{
		Name: "zhou.wuhou", Role: review.Reviewer, Level: 1, Areas: []string{"510107"}, Keys: []string{authorized(testKey(t, "officer"))},
	}
}

var pictures = map[string][]byte{
	hashOf([]byte("front")): []byte("front"), hashOf([]byte("back")): []byte("back"), hashOf([]byte("small")): []byte("small"),
	hashOf([]byte("%PDF-")): []byte("%PDF-"),
}

func testCase(reference string) Case {
	return Case{
		Application: review.Application{
			Reference: reference, Version: 1, Revision: 1, Kind: review.First, State: review.InReview, Level: 1, Levels: 3,
			Area: "510107", SubmittedAt: made.Add(-time.Hour), Policy: "2026-01-01",
			Form: review.Form{"name": {"王𬭎"}, "id_number": {"11010519491231002X"}},
			Attachments: []review.Attachment{
				{Slot: "id_card_front", File: "front.jpg", SHA256: hashOf([]byte("front")), Size: 5, Type: "image/jpeg"},
				{Slot: "id_card_back", File: "back.jpg", SHA256: hashOf([]byte("back")), Size: 4, Type: "image/jpeg", Prepared: hashOf([]byte("small"))},
			},
		},
		Facts: review.Facts{InReview: reference, SameManagementNumber: []string{"SQ9"}},
	}
}

func each[T any](all ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

func contents(t testing.TB) Contents {
	return Contents{
		Manifest: Manifest{
			Number: "WP-2026-000001", MadeAt: made, MadeBy: "li.admin", Until: made.Add(14 * 24 * time.Hour),
			Accounts: []review.Account{officer(t)}, Policy: "2026-01-01",
		},
		Policy: []byte("version: \"2026-01-01\"\n"),
		Cases:  each(testCase("SQ1"), testCase("SQ2")),
		Certificates: each(Issued{
			Certificate: review.Certificate{Number: "CD-2025-000007", Versions: []review.CertificateVersion{{Version: 1, File: hashOf([]byte("%PDF-"))}}},
			EnteredBy:   "menhu",
		}),
		Blob: func(sha string) ([]byte, error) {
			if data, ok := pictures[sha]; ok {
				return data, nil
			}
			return nil, review.ErrNotFound
		},
	}
}

func written(t testing.TB, c Contents) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, c, testKey(t, "desk")); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func acts() []Act {
	act := Act{Pack: "WP-2026-000001", Account: "zhou.wuhou", Revision: 1, Version: 1, At: made.Add(time.Hour)}
	look, approve, reject := act, act, act
	look.Action, look.Reference, look.Target = review.ViewFile, "SQ1", hashOf([]byte("front"))
	approve.Action, approve.Reference, approve.Note = review.Approve, "SQ1", "证件清楚"
	reject.Action, reject.Reference, reject.Reasons = review.Reject, "SQ2", []review.Reason{{Code: "Q03", Target: "application_form"}}
	return []Act{look, approve, reject}
}

func statement() Statement {
	return Statement{Pack: "WP-2026-000001", Account: "zhou.wuhou", ClosedAt: made.Add(2 * time.Hour), Finished: true}
}

func returned(t testing.TB, acts []Act) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteReturn(&out, statement(), acts, testKey(t, "officer"), testKey(t, "desk").Public()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// vector returns the bytes of a file of testdata, which -update writes.
func vector(t *testing.T, name string, make func() []byte) []byte {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, make(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// code is the code of a refusal.
func code(err error) string {
	if err == nil {
		return ""
	}
	text, _, _ := strings.Cut(err.Error(), ":")
	text, _, _ = strings.Cut(text, " ")
	return text
}
