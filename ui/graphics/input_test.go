package graphics

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// lineOf is a terminal at the other end of a pipe: what is written to it is
// dropped, what it says is written to the pipe.
func lineOf(t *testing.T) (*Input, *io.PipeWriter) {
	t.Helper()
	r, w := io.Pipe()
	in := NewInput(r)
	t.Cleanup(func() {
		if err := errors.Join(in.Close(), w.Close()); err != nil {
			t.Error(err)
		}
	})
	return in, w
}

func say(t *testing.T, w io.Writer, texts ...string) {
	for _, text := range texts {
		if _, err := io.WriteString(w, text); err != nil {
			t.Error(err)
		}
	}
}

func wantKeys(t *testing.T, in *Input, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(in, got); err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestInputAsks(t *testing.T) {
	in, w := lineOf(t)
	var asked bytes.Buffer
	go say(t, w, "j\x1b[6;20", ";10tk\x1b[A", "\x1b[?62;4", "cl")
	reply, err := in.Asking(&asked)("query", time.Minute)
	if a := readAnswers(reply); err != nil || asked.String() != "query" || !a.complete || !a.sixel || a.cell != (CellSize{10, 20}) {
		t.Errorf("got %q, %v, asked %q", reply, err, asked.String())
	}
	// What was typed meanwhile is not lost.
	go say(t, w, "李")
	wantKeys(t, in, "jk\x1b[Al李")
}

// A terminal that answers late must not press keys.
func TestInputTakesOutLateAnswers(t *testing.T) {
	in, w := lineOf(t)
	if reply, err := in.Asking(io.Discard)(askName+askAttributes, time.Millisecond); err != nil || len(reply) > 0 {
		t.Fatalf("got %q, %v", reply, err)
	}
	go say(t, w, "j\x1bP>|Wez", "Term ar", "\x1b\\k\x1b", "[A\x1b[?62;", "22c", "a\x1b[?62;22c")
	// Once the answer is there, everything is a key again.
	wantKeys(t, in, "jk\x1b[Aa\x1b[?62;22c")
}

// A single escape is a key, also while an answer is awaited.
func TestInputLetsEscapeThrough(t *testing.T) {
	in, w := lineOf(t)
	if _, err := in.Asking(io.Discard)("", time.Millisecond); err != nil {
		t.Fatal(err)
	}
	go say(t, w, "\x1b")
	wantKeys(t, in, "\x1b")
}

func TestInputEnds(t *testing.T) {
	in := NewInput(strings.NewReader("x\x1b[6;1"))
	if reply, err := in.Asking(io.Discard)("", time.Minute); !errors.Is(err, io.EOF) || string(reply) != "x\x1b[6;1" {
		t.Errorf("got %q, %v", reply, err)
	}
	got, err := io.ReadAll(in)
	if err != nil || string(got) != "x" {
		t.Errorf("got %q, %v", got, err)
	}
	gone := NewSender(&shortLine{})
	if _, err := NewInput(strings.NewReader("")).Asking(gone)("query", time.Minute); !errors.Is(err, errGone) {
		t.Errorf("nobody to ask: got %v", err)
	}
}

// Nothing that a terminal sends is lost or doubled but its answers.
func FuzzInput(f *testing.F) {
	f.Add("j\x1b[6;20;10tk\x1b[A\x1b[?62;4cl", 3)
	f.Add("\x1bP>|x\x1b\\\x1b_Gi=31;OK\x1b\\李", 1)
	f.Fuzz(func(t *testing.T, said string, size int) {
		in := NewInput(nil)
		in.awaited = 1
		var got []byte
		for rest := said; rest != ""; {
			n := min(max(size, 1), len(rest))
			got = append(got, in.sift([]byte(rest[:n]))...)
			rest = rest[n:]
		}
		got = append(got, in.held...)
		control := func(b byte) bool { return b == 0x1b || b >= 0x80 && b < 0xa0 }
		if len(got) > len(said) || !slices.ContainsFunc([]byte(said), control) && string(got) != said {
			t.Fatalf("got %q of %q", got, said)
		}
	})
}
