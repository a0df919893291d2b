package code

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rongzheng/review"
)

// theft is a ring whose first key was stolen, and what that key has signed.
type theft struct {
	ring   *Ring
	stolen *Private
	made   review.Code // of madeUp
}

var (
	discovered = time.Date(2025, 6, 2, 9, 0, 0, 0, time.UTC)
	lostOn     = review.NewDate(2025, 6, 1)
)

func stealKey(t *testing.T) theft {
	t.Helper()
	r := openRing(t, filepath.Join(t.TempDir(), Folder))
	stolen := vectorKey(t)
	if err := r.Take(stolen, "", discovered.AddDate(-1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	made, _ := signed(t, stolen)
	if err := r.Withdraw(stolen.ID(), lostOn); !errors.Is(err, ErrStillSigns) {
		t.Fatalf("withdrew the key that signs: %v", err)
	}
	rotate(t, r, "", discovered)
	if err := r.Withdraw(stolen.ID(), lostOn); err != nil {
		t.Fatal(err)
	}
	return theft{r, stolen, made}
}

// TestWithdrawnKeyStaysWithdrawn: in the folder, and in each form in which keys are published.
func TestWithdrawnKeyStaysWithdrawn(t *testing.T) {
	th := stealKey(t)
	again := openRing(t, th.ring.dir)
	sets := map[string]Keys{"at once": th.ring.Keys(), "from the folder": again.Keys()}
	for name, write := range map[string]func() ([]byte, error){"COSE": again.Keys().COSE, "PEM": again.Keys().PEM} {
		data, err := write()
		if err != nil {
			t.Fatal(err)
		}
		if sets[name], err = ReadKeys(data); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	for name, keys := range sets {
		if len(keys) != 2 || keys[0].Withdrawn() != lostOn || !keys[1].Withdrawn().IsZero() {
			t.Errorf("%s: %v", name, keys)
		}
	}
	if list := again.List(); list[0].Withdrawn != lostOn || !list[0].Created.Equal(discovered.AddDate(-1, 0, 0)) || !list[1].Current {
		t.Errorf("%+v", list)
	}
	if err := again.Withdraw("0000000000000000", lostOn); !errors.Is(err, ErrUnknownID) {
		t.Errorf("a key that nobody has: %v", err)
	}
}

func TestDamagedWithdrawal(t *testing.T) {
	th := stealKey(t)
	path := filepath.Join(th.ring.dir, th.stolen.ID()+publicSuffix)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data = []byte(replaceOnce(t, string(data), "2025-06-01", "2025-06-31"))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenRing(th.ring.dir); !errors.Is(err, ErrKeyFile) {
		t.Errorf("got %v: a key must not become trusted again because its file is damaged", err)
	}
	if _, err := ReadKeys(data); !errors.Is(err, ErrKeys) {
		t.Errorf("got %v", err)
	}
}

func replaceOnce(t *testing.T, text, from, to string) string {
	t.Helper()
	before, after, ok := strings.Cut(text, from)
	if !ok {
		t.Fatalf("no %q in %q", from, text)
	}
	return before + to + after
}

// TestListVouches: the list names what the register made; whatever else the key has signed is worth nothing, whichever
// moment it tells.
func TestListVouches(t *testing.T) {
	th := stealKey(t)
	c, v := madeUp()
	v.Form = review.Form{"name": {"张三"}, "id_number": {"110101199003070038"}}
	forged, err := th.stolen.Code(c, v) // of the same number, version and moment
	if err != nil {
		t.Fatal(err)
	}
	signer, err := th.ring.Signer()
	if err != nil {
		t.Fatal(err)
	}
	vouched := Withdrawal{th.stolen.ID(), lostOn, []Fingerprint{{9}, FingerprintOf(th.made.Text), {1}, {9}}}
	data, err := signer.SignList(NewRevocations("x", discovered, nil, vouched))
	if err != nil {
		t.Fatal(err)
	}
	list, err := th.ring.Keys().OpenList(data)
	if err != nil {
		t.Fatal(err)
	}
	stolen := th.ring.Keys()[0]
	unmarked := &th.stolen.Public // from keys that were published before
	for _, key := range []*Public{stolen, unmarked} {
		if list.Withdrawn(key) != lostOn || !list.Vouches(key, th.made.Text) || list.Vouches(key, forged.Text) {
			t.Errorf("withdrawn %s, own %t, forged %t", list.Withdrawn(key), list.Vouches(key, th.made.Text), list.Vouches(key, forged.Text))
		}
	}
	var none *Revocations
	if none.Withdrawn(stolen) != lostOn || !none.Withdrawn(unmarked).IsZero() || none.Vouches(stolen, th.made.Text) {
		t.Error("without a list the key alone is asked, and nothing is vouched for")
	}
	if !list.Withdrawn(&signer.Public).IsZero() {
		t.Error("the key that signs counts as withdrawn")
	}
	if data, err = th.stolen.SignList(NewRevocations("x", discovered, nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := th.ring.Keys().OpenList(data); !errors.Is(err, ErrKeyWithdrawn) {
		t.Errorf("a list of the thief's: %v", err)
	}
}

// vectorList is the message of a list that the key of vectorSecond signs: no entry, and the key of RFC 8032 withdrawn
// as of 2025-06-01, its code vectorText being vouched for.
const (
	vectorSecond = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb" // RFC 8032, section 7.1, test 2
	vectorList   = "d2844da2012704485c840f7a40230170a05835a3016178061a683d68103a00010001a401f602f603f60481a30148866eefbd6718c884" +
		"02194f10034c09c56763c020e440fc05b11b58403489f8b946d6f9fc488368de9615c0a1ea39b6960ee3c14a63068c12558e05e6802c977cdb648fdf" +
		"958d246836507bbe8058db3a7b3958e581bd434afc695902"
)

func TestListVector(t *testing.T) {
	seed, err := hex.DecodeString(vectorSecond)
	if err != nil {
		t.Fatal(err)
	}
	k, err := FromSeed(seed)
	if err != nil {
		t.Fatal(err)
	}
	data, err := k.SignList(NewRevocations("x", discovered, nil, Withdrawal{vectorKid, lostOn, []Fingerprint{FingerprintOf(vectorText)}}))
	if err != nil {
		t.Fatal(err)
	}
	message, err := inflate(data[len(listPrefix):], maxList)
	if err != nil || hex.EncodeToString(message) != vectorList {
		t.Errorf("message %x, %v", message, err)
	}
}

func TestCheckHoldsTheCodeToItsRecord(t *testing.T) {
	k := newKey(t)
	for name, row := range map[string]struct {
		spoil func(c *review.Certificate, v *review.CertificateVersion)
		keys  Keys
		want  error
	}{
		"sound":          {func(*review.Certificate, *review.CertificateVersion) {}, Keys{&k.Public}, nil},
		"another name":   {func(_ *review.Certificate, v *review.CertificateVersion) { v.Form = review.Form{"name": {"王芳"}} }, Keys{&k.Public}, ErrOtherRecord},
		"another number": {func(c *review.Certificate, _ *review.CertificateVersion) { c.Number = "CD-2025-000124" }, Keys{&k.Public}, ErrOtherRecord},
		"another day":    {func(_ *review.Certificate, v *review.CertificateVersion) { v.ValidUntil = v.ValidUntil.AddDays(1) }, Keys{&k.Public}, ErrOtherRecord},
		"another key id": {func(_ *review.Certificate, v *review.CertificateVersion) { v.Code.Key = "0000000000000000" }, Keys{&k.Public}, ErrOtherRecord},
		"cut":            {func(_ *review.Certificate, v *review.CertificateVersion) { v.Code.Text = v.Code.Text[:90] }, Keys{&k.Public}, ErrDamaged},
		"no code":        {func(_ *review.Certificate, v *review.CertificateVersion) { v.Code.Text = "x" }, Keys{&k.Public}, ErrDamaged},
		"key lost":       {func(*review.Certificate, *review.CertificateVersion) {}, nil, UnknownKeyError{k.ID()}},
	} {
		c, v := madeUp()
		made, err := k.Code(c, v)
		if err != nil {
			t.Fatal(err)
		}
		v.Code = made
		row.spoil(c, v)
		if err := row.keys.Check(c, v); !errors.Is(err, row.want) || (err == nil) != (row.want == nil) {
			t.Errorf("%s: got %v, want %v", name, err, row.want)
		}
	}
}
