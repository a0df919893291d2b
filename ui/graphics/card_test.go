package graphics

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

var someFacts = []Fact{{"类型", "JPEG"}, {"像素", "4000 × 3000"}, {"指纹", strings.Repeat("0123456789abcdef", 4)}, {"Captured", "2025-01-17 09:30:05"}}

func TestCard(t *testing.T) {
	want := strings.Join([]string{
		"                                                  ",
		"类型      JPEG                                    ",
		"像素      4000 × 3000                             ",
		"指纹      0123456789abcdef0123456789abcdef01234567",
		"          89abcdef0123456789abcdef                ",
		"Captured  2025-01-17 09:30:05                     ",
		"                                                  ",
		"                                                  ",
	}, "\n")
	if got := Card(someFacts, 50, 8); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCardFitsEveryBox(t *testing.T) {
	for cols := range 60 {
		for rows := range 9 {
			got := Card(someFacts, cols, rows)
			if cols == 0 || rows == 0 {
				if got != "" {
					t.Fatalf("%d × %d: got %q", cols, rows, got)
				}
				continue
			}
			lines := strings.Split(got, "\n")
			for _, line := range lines {
				if len(lines) != rows || ansi.StringWidth(line) != cols {
					t.Fatalf("%d × %d: got %q", cols, rows, got)
				}
			}
		}
	}
	if got := Card(nil, 3, 2); got != "   \n   " {
		t.Errorf("no facts: got %q", got)
	}
}

// shortLine is a line that is gone after some bytes.
type shortLine struct {
	bytes.Buffer
	room int
}

var errGone = errors.New("line is gone")

func (f *shortLine) Write(p []byte) (int, error) {
	if f.Len()+len(p) > f.room {
		return 0, errGone
	}
	return f.Buffer.Write(p)
}

func TestSender(t *testing.T) {
	var out bytes.Buffer
	s := NewSender(&out)
	pieces := []string{"one", "two", "three"}
	if err := s.Send(t.Context(), pieces); err != nil || out.String() != "onetwothree" {
		t.Errorf("got %q, %v", out.String(), err)
	}
	if s.Fd() != ^uintptr(0) {
		t.Errorf("a buffer has number %d", s.Fd())
	}
	gone := NewSender(&shortLine{room: 5})
	if err := gone.Send(t.Context(), pieces); !errors.Is(err, errGone) {
		t.Errorf("got %v, want the error of the line", err)
	}
}

// stopping cancels a context with its first write.
type stopping struct {
	bytes.Buffer
	stop context.CancelFunc
}

func (s *stopping) Write(p []byte) (int, error) {
	s.stop()
	return s.Buffer.Write(p)
}

// A picture whose reader has gone on is ended, so that the next one is read
// from its beginning.
func TestSenderEndsWhatItBegan(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out := &stopping{stop: stop}
	if err := NewSender(out).Send(ctx, []string{"one", "two"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got := out.String(); got != "one\x1b_Gq=2,m=0;\x1b\\" {
		t.Errorf("got %q", got)
	}
	out.Reset()
	if err := NewSender(out).Send(ctx, []string{"one"}); err == nil || out.Len() > 0 {
		t.Errorf("got %q, %v", out.String(), err)
	}
}
