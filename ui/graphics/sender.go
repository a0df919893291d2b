package graphics

import (
	"context"
	"io"
	"sync"
)

// Sender is the output of a screen that pictures are sent beside. Frames and
// the pieces of [Drawing.Send] go out one at a time and whole, so that a large
// picture on a slow line does not hold up the screen: between two of its
// pieces, of four kilobytes, a frame goes out.
//
// A Sender over a file can stand where a file of a terminal is asked for.
type Sender struct {
	mu  sync.Mutex
	out io.Writer
}

// NewSender writes to out.
func NewSender(out io.Writer) *Sender { return &Sender{out: out} }

// Write writes a frame.
func (s *Sender) Write(frame []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(frame)
}

// Send writes pieces until all are out, one cannot be written or the context
// is done. What was begun is always ended: a picture of which only a part has
// come is no picture, and the next one starts anew.
func (s *Sender) Send(ctx context.Context, pieces []string) error {
	for i, piece := range pieces {
		if err := ctx.Err(); err != nil {
			return s.abandon(i, err)
		}
		if _, err := s.Write([]byte(piece)); err != nil {
			return err
		}
	}
	return nil
}

// abandon ends a picture after some of its pieces.
func (s *Sender) abandon(sent int, why error) error {
	const last = "\x1b_Gq=2,m=0;\x1b\\"
	if sent == 0 {
		return why
	}
	if _, err := s.Write([]byte(last)); err != nil {
		return err
	}
	return why
}

// Read reads from the output where it is a file; a terminal can be read from.
func (s *Sender) Read(p []byte) (int, error) {
	if r, ok := s.out.(io.Reader); ok {
		return r.Read(p)
	}
	return 0, io.EOF
}

// Close leaves the output open: it belongs to who made it.
func (s *Sender) Close() error { return nil }

// Fd is the number of the file below, and one that no file has where there is
// none.
func (s *Sender) Fd() uintptr {
	if f, ok := s.out.(interface{ Fd() uintptr }); ok {
		return f.Fd()
	}
	return ^uintptr(0)
}
