package code

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/veraison/go-cose"

	"rongzheng/review"
)

// rfc8032 is the seed of RFC 8032, section 7.1, test 1.
const rfc8032 = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

func vectorKey(t testing.TB) *Private {
	t.Helper()
	seed, err := hex.DecodeString(rfc8032)
	if err != nil {
		t.Fatal(err)
	}
	k, err := FromSeed(seed)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newKey(t testing.TB) *Private {
	t.Helper()
	k, err := NewPrivate()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sameDays lets cmp compare days.
var sameDays = cmp.Comparer(func(a, b review.Date) bool { return a == b })

// madeUp is a certificate of nobody.
func madeUp() (*review.Certificate, *review.CertificateVersion) {
	c := &review.Certificate{Number: "CD-2025-000123", Versions: []review.CertificateVersion{{
		Version: 2, ValidFrom: review.NewDate(2025, 2, 20), ValidUntil: review.NewDate(2028, 2, 19),
		IssuedAt:   time.Date(2025, 2, 20, 2, 30, 5, 7, time.UTC),
		Form:       review.Form{"name": {"王𬭎"}, "id_number": {"11010519491231002X"}},
		LevelLabel: "社会工作师", Issuer: "中共成都市委社会工作部",
	}}}
	return c, &c.Versions[0]
}

func signed(t testing.TB, k *Private) (review.Code, Statement) {
	t.Helper()
	c, v := madeUp()
	made, err := k.Code(c, v)
	if err != nil {
		t.Fatal(err)
	}
	return made, About(c, v, made.Check)
}

func TestCodeSaysWhatWasSigned(t *testing.T) {
	k := newKey(t)
	made, want := signed(t, k)
	got, key, err := Keys{&newKey(t).Public, &k.Public}.Verify(made.Text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, sameDays); diff != "" {
		t.Error(diff)
	}
	if key.ID() != made.Key || made.Key != k.ID() {
		t.Errorf("signed by %s, recorded %s, want %s", key.ID(), made.Key, k.ID())
	}
	if n := len(made.Text); n > 366 {
		t.Errorf("%d characters: more than a QR code of version 11-M holds", n)
	}
	again, _ := signed(t, k)
	if again != made {
		t.Errorf("the same version gave %v and %v", made, again)
	}
}

func TestHolder(t *testing.T) {
	made, s := signed(t, newKey(t))
	for _, c := range []struct {
		name, id, check string
		want            bool
	}{
		{"王𬭎", "11010519491231002X", made.Check, true},
		{" 王𬭎 ", "11010519491231002x", strings.ToLower(strings.ReplaceAll(made.Check, "-", "")), true},
		{"王𬭎", "11010519491231002X", "0000-0000-0000", false},
		{"王𬭎", "440308199901101512", made.Check, false},
		{"王鋐", "11010519491231002X", made.Check, false},
		{"", "", "", false},
	} {
		if got := s.Names(c.name, c.id, c.check); got != c.want {
			t.Errorf("Names(%q, %q, %q) = %t", c.name, c.id, c.check, got)
		}
	}
}

func TestCheckSurvivesTyping(t *testing.T) {
	for typed, want := range map[string]string{
		"1A0B-CDEF-GH1J": "1A0B-CDEF-GH1J", "ia o bcd－efghlj": "1A0B-CDEF-GH1J", "1a0bcdefgh1j ": "1A0B-CDEF-GH1J",
	} {
		if got, ok := CleanCheck(typed); !ok || got != want {
			t.Errorf("CleanCheck(%q) = %q %t", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "1A0B-CDEF-GH1", "1A0B-CDEF-GH1U", "1A0B-CDEF-GH1王"} {
		if got, ok := CleanCheck(typed); ok {
			t.Errorf("CleanCheck(%q) = %q", typed, got)
		}
	}
}

func TestIssuerIsCutByCharacters(t *testing.T) {
	c, v := madeUp()
	v.Issuer = strings.Repeat("𬭎", 200)
	s := About(c, v, "")
	if want := strings.Repeat("𬭎", maxIssuer-1) + "…"; s.Issuer != want {
		t.Errorf("issuer %q", s.Issuer)
	}
	text, err := newKey(t).Sign(s)
	if err != nil || len(text) > 483 {
		t.Errorf("%d characters, %v: more than version 13-M holds", len(text), err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	k := newKey(t)
	made, _ := signed(t, k)
	keys := Keys{&k.Public}
	_, _, err := Keys{&newKey(t).Public}.Verify(made.Text)
	if unknown, ok := errors.AsType[UnknownKeyError](err); !ok || unknown.Key != k.ID() {
		t.Errorf("unknown key: %v", err)
	}
	// Somebody signs with a key of their own under the register's id.
	thief := newKey(t)
	thief.id = k.id
	false, _ := signed(t, thief)
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"forged":        {false.Text, ErrForged},
		"empty":         {"", ErrNoCode},
		"other text":    {"https://example.org", ErrNoCode},
		"prefix only":   {Prefix, ErrDamaged},
		"cut off":       {made.Text[:len(made.Text)/2], ErrDamaged},
		"cut at 3":      {made.Text[:len(Prefix)+99], ErrDamaged},
		"more behind":   {made.Text + "000", ErrDamaged},
		"small letters": {Prefix + strings.ToLower(made.Text[len(Prefix):]), ErrDamaged},
		"endless":       {Prefix + strings.Repeat("A", maxText), ErrDamaged},
		"bomb":          {Prefix + encode45(bomb(t)), ErrDamaged},
	} {
		if _, _, err := keys.Verify(c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// bomb deflates a megabyte to a kilobyte.
func bomb(t *testing.T) []byte {
	t.Helper()
	k := newKey(t)
	data, err := k.seal(make([]byte, 1<<20))
	if err == nil {
		data, err = deflated(data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestEveryChangedBit turns each bit of the message in turn: none goes through, but for those with which zlib fills up
// bytes, which mean nothing.
func TestEveryChangedBit(t *testing.T) {
	k := newKey(t)
	made, want := signed(t, k)
	const filling = 10
	message, err := decode45(made.Text[len(Prefix):])
	if err != nil {
		t.Fatal(err)
	}
	through := 0
	for bit := range len(message) * 8 {
		message[bit/8] ^= 1 << (bit % 8)
		got, _, err := Keys{&k.Public}.Verify(Prefix + encode45(message))
		if err == nil {
			through++
		}
		if _, ok := Failure(err); !ok && cmp.Diff(want, got, sameDays) != "" {
			t.Errorf("bit %d: %v %v", bit, got, err)
		}
		message[bit/8] ^= 1 << (bit % 8)
	}
	if through > filling {
		t.Errorf("%d changed bits went through", through)
	}
}

func TestVerifyForgivesWhatScannersDo(t *testing.T) {
	k := newKey(t)
	made, _ := signed(t, k)
	for _, text := range []string{made.Text + "\r\n", "\n " + made.Text, made.Text[:80] + "\r\n" + made.Text[80:]} {
		if _, _, err := (Keys{&k.Public}).Verify(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestES256IsVerified(t *testing.T) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := newPublic(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	c, v := madeUp()
	s := About(c, v, "0000-0000-0000")
	payload, err := encoding.Marshal(claims{
		Issuer: s.Issuer, From: s.ValidFrom.Time().Unix(), Until: s.ValidUntil.AddDays(1).Time().Unix(), Issued: s.IssuedAt.Unix(),
		Statement: private1(s),
	})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := cose.NewSigner(cose.AlgorithmES256, private)
	if err != nil {
		t.Fatal(err)
	}
	message, err := sealed(payload, *public, signer)
	if err == nil {
		message, err = stored(message)
	}
	if err != nil {
		t.Fatal(err)
	}
	got, key, err := Keys{public}.Verify(Prefix + encode45(message))
	if err != nil || key.Algorithm() != "ES256" {
		t.Fatalf("%v %v", key, err)
	}
	if diff := cmp.Diff(s, got, sameDays); diff != "" {
		t.Error(diff)
	}
}

func private1(s Statement) private { return private{s.Number, s.Version, s.Level, s.Holder} }

func TestPublishedKeysComeBack(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := newPublic(ec.Public())
	if err != nil {
		t.Fatal(err)
	}
	keys := Keys{&newKey(t).Public, public}
	for name, write := range map[string]func() ([]byte, error){"COSE": keys.COSE, "PEM": keys.PEM} {
		data, err := write()
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadKeys(data)
		if err != nil {
			t.Fatal(err)
		}
		for i := range keys {
			if got[i].ID() != keys[i].ID() || got[i].Algorithm() != keys[i].Algorithm() {
				t.Errorf("%s: key %d came back as %s %s", name, i, got[i].ID(), got[i].Algorithm())
			}
		}
	}
	for _, data := range [][]byte{nil, []byte("x"), {0x80}, []byte("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")} {
		if _, err := ReadKeys(data); !errors.Is(err, ErrKeys) {
			t.Errorf("%q: %v", data, err)
		}
	}
}

func TestRevocations(t *testing.T) {
	k := newKey(t)
	keys := Keys{&k.Public}
	made := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	data, err := k.SignList(NewRevocations("中共成都市委社会工作部", made, []Standing{
		{Number: "CD-2025-000007"},
		{Number: "CD-2025-000008", Version: 2, RevokedOn: review.NewDate(2026, 1, 15)},
		{Number: "CD-2025-000009", Version: 3},
	}))
	if err != nil {
		t.Fatal(err)
	}
	list, err := keys.OpenList(data)
	if err != nil || !list.Made.Equal(made) || list.Len() != 3 {
		t.Fatalf("%v %v", list, err)
	}
	_, s := signed(t, k)
	on := review.NewDate(2026, 3, 2)
	judge := func(number string, version int) Verdict {
		s.Number, s.Version = number, version
		return s.Judge(list.Standing(s), on)
	}
	for _, c := range []struct {
		number  string
		version int
		want    Verdict
	}{
		{"CD-2025-000007", 1, Void}, {"CD-2025-000008", 2, Revoked}, {"CD-2025-000009", 2, Superseded},
		{"CD-2025-000009", 3, Valid}, {"CD-2025-000010", 1, Valid}, {"CD-2025-000009", 4, Void},
	} {
		if got := judge(c.number, c.version); got != c.want {
			t.Errorf("%s version %d: %s, want %s", c.number, c.version, got, c.want)
		}
	}
	s.IssuedAt = made.Add(time.Hour)
	if got := judge("CD-2025-000009", 4); got != Valid {
		t.Errorf("issued after the list: %s", got)
	}
	if got := s.Judge(Standing{Version: 2, Last: 2}, on); got != Unknown {
		t.Errorf("a version that the register does not know: %s", got)
	}
	if _, err := (Keys{&newKey(t).Public}).OpenList(data); err == nil {
		t.Error("a list signed by an unknown key was taken")
	}
	data[len(data)-5] ^= 1
	if _, err := keys.OpenList(data); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrForged) {
		t.Errorf("changed list: %v", err)
	}
	if _, err := keys.OpenList(data[:40]); !errors.Is(err, ErrDamaged) {
		t.Errorf("cut list: %v", err)
	}
}

func TestJudgeByTheDay(t *testing.T) {
	_, s := signed(t, newKey(t))
	for day, want := range map[string]Verdict{
		"2025-02-19": Valid, "2025-02-20": Valid, "2028-02-19": Valid, "2028-02-20": Expired,
	} {
		on, err := review.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Alone(on); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	first := s
	first.Version = 1
	if got := first.Alone(review.NewDate(2025, 2, 19)); got != NotYet {
		t.Errorf("a first registration before its day: %s", got)
	}
	foreign := first // renewed ahead of time; the certificate before it is not in the register
	foreign.ValidFrom, foreign.ValidUntil = s.ValidFrom.AddDays(30), s.ValidUntil.AddDays(30)
	if got := foreign.Alone(s.ValidFrom); got != Valid {
		t.Errorf("a renewal ahead of time: %s", got)
	}
	revoked := Standing{Number: s.Number, Version: s.Version, RevokedOn: review.NewDate(2026, 1, 2)}
	if got := s.Judge(revoked, review.NewDate(2026, 1, 1)); got != Valid {
		t.Errorf("before the revocation: %s", got)
	}
	if got := s.Judge(revoked, review.NewDate(2026, 1, 2)); got != Revoked {
		t.Errorf("on the day of the revocation: %s", got)
	}
}

func TestBase45OfTheRFC(t *testing.T) {
	for plain, want := range map[string]string{"AB": "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "": ""} {
		if got := encode45([]byte(plain)); got != want {
			t.Errorf("encode45(%q) = %q", plain, got)
		}
		if got, err := decode45(want); err != nil || string(got) != plain {
			t.Errorf("decode45(%q) = %q, %v", want, got, err)
		}
	}
	for _, text := range []string{"A", "GGW", ":::", "::", "a00", "AB\x00", "王"} {
		if got, err := decode45(text); err == nil {
			t.Errorf("decode45(%q) = %q", text, got)
		}
	}
}

func FuzzBase45(f *testing.F) {
	f.Add([]byte("Hello!!"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := decode45(encode45(data))
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%x came back as %x, %v", data, got, err)
		}
		if plain, err := decode45(string(data)); err == nil && encode45(plain) != string(data) {
			t.Errorf("%q is read, but written as %q", data, encode45(plain))
		}
	})
}

func FuzzVerify(f *testing.F) {
	k := vectorKey(f)
	keys := Keys{&k.Public}
	made, want := signed(f, k)
	f.Add(made.Text)
	f.Add(made.Text[:100])
	f.Add(Prefix)
	f.Fuzz(func(t *testing.T, text string) {
		s, _, err := keys.Verify(text)
		if err == nil && cmp.Diff(want, s, sameDays) != "" {
			t.Errorf("%q is taken as signed: %v", text, s)
		}
		if _, ok := Failure(err); err != nil && !ok {
			t.Errorf("%q: unforeseen %v", text, err)
		}
	})
}

// FuzzClaims reads payloads as if their signatures held.
func FuzzClaims(f *testing.F) {
	c, v := madeUp()
	s := About(c, v, "")
	payload, err := encoding.Marshal(claims{Issuer: s.Issuer, From: 1, Until: 2, Issued: 3, Statement: private1(s)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload)
	k := vectorKey(f)
	f.Fuzz(func(t *testing.T, payload []byte) {
		s, err := readClaims(payload)
		if err != nil {
			return
		}
		text, err := k.Sign(s)
		if err != nil {
			t.Skip(err)
		}
		if again, _, err := (Keys{&k.Public}).Verify(text); err == nil && cmp.Diff(s, again, sameDays) != "" {
			t.Error(cmp.Diff(s, again, sameDays))
		}
	})
}

func FuzzReadKeys(f *testing.F) {
	keys := Keys{&vectorKey(f).Public}
	for _, write := range []func() ([]byte, error){keys.COSE, keys.PEM} {
		data, err := write()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		keys, err := ReadKeys(data)
		if err != nil {
			return
		}
		if _, err := keys.COSE(); err != nil {
			t.Error(err)
		}
	})
}

func FuzzOpenList(f *testing.F) {
	k := vectorKey(f)
	data, err := k.SignList(NewRevocations("x", time.Unix(1, 0), []Standing{{Number: "CD-2025-000007", Version: 1}}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(listPrefix))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := (Keys{&k.Public}).OpenList(data)
		if err == nil && list.Len() != 1 {
			t.Errorf("taken as signed: %v", list)
		}
	})
}
