package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		line string
		want []string
	}{
		{"", nil}, {"  list  --json ", []string{"list", "--json"}}, {"list due<3d", []string{"list", "due<3d"}},
		{`reject SQ1 --reason 'Q99::两 个'`, []string{"reject", "SQ1", "--reason", "Q99::两 个"}},
		{`a"b c"d`, []string{"ab cd"}}, {`"" ''`, []string{"", ""}}, {`"a\"b\\c\d"`, []string{`a"b\c\d`}}, {`'a\b'`, []string{`a\b`}},
		{`a\ b`, []string{"a b"}}, {"a;b|c > d $e `f` *", []string{"a;b|c", ">", "d", "$e", "`f`", "*"}}, {"a\n\tb", []string{"a", "b"}},
	}
	for _, tt := range tests {
		got, err := split(tt.line)
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%q: %v\n%s", tt.line, err, diff)
		}
	}
	for _, line := range []string{`'`, `"a`, `a\`, `"a\"`} {
		if got, err := split(line); !errors.Is(err, errQuote) {
			t.Errorf("%q: got %q, %v", line, got, err)
		}
	}
}

// FuzzSplit: words that are quoted come back as they were.
func FuzzSplit(f *testing.F) {
	f.Add("list", "due<3d 'x'")
	f.Add(`a\`, "\"\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = strings.ToValidUTF8(a, "?"), strings.ToValidUTF8(b, "?")
		quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
		got, err := split(quote(a) + " " + quote(b))
		if diff := cmp.Diff([]string{a, b}, got); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
		split(a)
	})
}

func TestPastesAreCut(t *testing.T) {
	paste := func(s string) string { return pasteStart + s + pasteEnd }
	tests := []struct{ name, keys, want string }{
		{"keys", "jjka\x1b[A\x1b", "jjka\x1b[A\x1b"},
		{"short paste", paste("12345678") + "j", paste("12345678") + "j"},
		{"long paste", paste(strings.Repeat("x", 1000)) + "j", paste(strings.Repeat("x", 10)) + "j"},
		{"two pastes", paste("a") + paste("b"), paste("a") + paste("b")},
		{"no end", pasteStart + strings.Repeat("x", 1000), paste(strings.Repeat("x", 10))},
		{"an end without a paste", pasteEnd + "j", pasteEnd + "j"},
		{"nearly a marker", "\x1b[20\x1b[200" + "j", "\x1b[20\x1b[200" + "j"},
		{"a marker after half a marker", "\x1b[20" + paste("a"), "\x1b[20" + paste("a")},
	}
	for _, tt := range tests {
		for _, step := range []int{1, 3, 7, 5000} { // however the reads fall
			g := pasteGuard{most: 10}
			var got []byte
			for keys := []byte(tt.keys); len(keys) > 0; {
				n := min(step, len(keys))
				got = g.pass(got, keys[:n])
				keys = keys[n:]
			}
			if string(got) != tt.want {
				t.Errorf("%s by %d: got %q, want %q", tt.name, step, got, tt.want)
			}
		}
	}
}

// FuzzPastes: whatever comes, no paste that goes on is longer than the limit by more than its markers, and short input
// passes unchanged.
func FuzzPastes(f *testing.F) {
	f.Add([]byte(pasteStart+"abc"+pasteEnd), 3)
	f.Add([]byte("\x1b[200\x1b[200~\x1b[201"), 1)
	f.Fuzz(func(t *testing.T, keys []byte, step int) {
		const most = 16
		g := pasteGuard{most: most}
		var got []byte
		for rest := keys; len(rest) > 0; {
			n := min(max(step, 1), len(rest))
			got = g.pass(got, rest[:n])
			rest = rest[n:]
		}
		if len(keys) < most && !bytes.Equal(got, keys) {
			t.Errorf("got %q, want %q", got, keys)
		}
		for part := got; ; {
			at := bytes.Index(part, []byte(pasteStart))
			if at < 0 {
				break
			}
			part = part[at+len(pasteStart):]
			end := bytes.Index(part, []byte(pasteEnd))
			if end > most+len(pasteEnd) || end < 0 && len(part) > most+len(pasteEnd) {
				t.Fatalf("%q holds a paste that is too long", got)
			}
			if end < 0 {
				break
			}
			part = part[end:]
		}
	})
}

// TestForgottenPaste: a paste whose end never came is over after a while, and the next key is a key.
func TestForgottenPaste(t *testing.T) {
	r := newKeyReader(context.Background(), strings.NewReader(""), &Limits{KeyRate: 1000, KeyBurst: 1000, Paste: 100}, func() error { return nil }, func() {})
	if err := r.take([]byte(pasteStart + "abc")); err != nil {
		t.Fatal(err)
	}
	r.ready = nil
	r.last = r.last.Add(-2 * pastePause)
	if err := r.take([]byte("j")); err != nil || string(r.ready) != pasteEnd+"j" {
		t.Errorf("got %q, %v", r.ready, err)
	}
}

// TestLongPasteCostsLittle: a paste within the limit and one far beyond it come in at once, the rest is told of once, and a
// key behind them is a key.
func TestLongPasteCostsLittle(t *testing.T) {
	for size, wantTold := range map[int]int{50_000: 0, 200_000: 1, 2_000_000: 1} {
		told := 0
		keys := strings.NewReader(pasteStart + strings.Repeat("x", size) + pasteEnd + "j")
		l := Limits{}.orDefault()
		l.KeyRate = 1 // whoever spends the credit waits for hours
		r := newKeyReader(context.Background(), keys, &l, func() error { return nil }, func() { told++ })
		data, err := io.ReadAll(r)
		want := min(size, l.Paste) + len(pasteStart+pasteEnd+"j")
		if err != nil || len(data) != want || data[len(data)-1] != 'j' || told != wantTold {
			t.Errorf("%d bytes: %d passed, told %d times, %v; want %d and %d", size, len(data), told, err, want, wantTold)
		}
	}
}

func TestKeysEndWithTheSession(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r := newKeyReader(ctx, strings.NewReader(strings.Repeat("j", 10_000)), &Limits{KeyRate: 1, KeyBurst: 300, Paste: 100}, func() error { return nil }, func() {})
	cancel()
	data, err := io.ReadAll(r)
	if err != nil || len(data) > 300 {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
}

func TestGate(t *testing.T) {
	g := newGate(Limits{Lines: 3, PerAddress: 2, PerAccount: 1, Strangers: 2})
	for i, step := range []struct{ got, want bool }{
		{g.enter("a"), true}, {g.enter("a"), true}, {g.enter("a"), false}, {g.enter("b"), false}, // two of an address, two strangers
		{g.login("x"), true}, {g.login("x"), false}, {g.enter("b"), true}, {g.enter("c"), false}, // one of an account, three lines
	} {
		if step.got != step.want {
			t.Errorf("step %d: got %v, want %v", i, step.got, step.want)
		}
	}
	g.leave("a", "x")
	g.leave("a", "")
	g.leave("b", "")
	if g.lines != 0 || g.strangers != 0 || len(g.accounts) != 0 {
		t.Errorf("left: %+v", g)
	}
}

func TestStrangersWaitLonger(t *testing.T) {
	g := newGate(Limits{})
	var got []time.Duration
	for range freeTries + 7 {
		got = append(got, g.stranger("a"))
	}
	want := []time.Duration{0, 0, 0, 0, 250e6, 500e6, 1e9, 2e9, 4e9, 4e9, 4e9}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if wait := g.stranger("b"); wait != 0 {
		t.Errorf("another address waits %v", wait)
	}
	g.addresses["a"].last = time.Now().Add(-2 * forgetAfter)
	if wait := g.stranger("a"); wait != 0 {
		t.Errorf("after a while: %v", wait)
	}
}

// TestGateForgets: knocking from everywhere takes no memory for ever.
func TestGateForgets(t *testing.T) {
	g := newGate(Limits{Lines: 9, PerAddress: 9, PerAccount: 9, Strangers: 9})
	g.enter("friend")
	for n := range 3 * mostRemembered {
		g.stranger(time.Duration(n).String())
	}
	if len(g.addresses) > mostRemembered || g.addresses["friend"] == nil {
		t.Errorf("%d addresses are remembered", len(g.addresses))
	}
}

func TestAddressOf(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1:22": "192.0.2.1", "[::ffff:192.0.2.1]:22": "192.0.2.1", "[2001:db8:1:2:3:4:5:6]:22": "2001:db8:1:2::/64", "[fe80::1%eth0]:1": "fe80::/64",
	} {
		a, err := net.ResolveTCPAddr("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if got := addressOf(a); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
	if got := addressOf(&net.UnixAddr{Name: "/x"}); got != "local" {
		t.Errorf("got %s", got)
	}
}

// TestTheOldestAnswersGo: where more lie in an inbox than it keeps, and nothing else.
func TestTheOldestAnswersGo(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	name := func(n int) string { return filepath.Join(dir, fmt.Sprintf("%04d.zip%s", n, answerEnding)) }
	for n := range mostAnswers + 3 { // the later its name, the older it is
		if err := os.WriteFile(name(n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := now.Add(-time.Duration(n) * time.Minute)
		if err := os.Chtimes(name(n), at, at); err != nil {
			t.Fatal(err)
		}
	}
	waiting := filepath.Join(dir, "waiting.zip")
	if err := os.WriteFile(waiting, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := thin(dir); err != nil {
			t.Fatal(err)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != mostAnswers+1 {
			t.Errorf("%d files are left, %v, want %d answers and the one that waits", len(left), err, mostAnswers)
		}
		for path, there := range map[string]bool{name(0): true, name(mostAnswers - 1): true, name(mostAnswers): false, waiting: true} {
			if _, err := os.Stat(path); (err == nil) != there {
				t.Errorf("%s is there: %v, want %v", filepath.Base(path), err == nil, there)
			}
		}
	}
}

func TestExpired(t *testing.T) {
	now := time.Date(2026, 11, 16, 4, 0, 0, 0, time.UTC) // noon in Chengdu
	for text, want := range map[string]bool{
		"20261116": true, "20261117": false, "202611161200": true, "202611161201": false, "20261116120001": false, "202611160400Z": true,
		"202611160401Z": false, "": true, "never": true, "2026-11-17": true, "20261399": true,
	} {
		if got := expired(text, now); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
