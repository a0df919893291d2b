package graphics

import (
	"io"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// Input is the input of a terminal that may be asked something before a screen
// reads it. What was typed while an answer was awaited is read afterwards, and
// an answer that comes after its deadline is taken out, since in the name of a
// terminal there are letters that decide applications.
//
// Asking and reading go one after the other, not at once. Until it is closed,
// or its source ends, an Input reads ahead.
type Input struct {
	source io.Reader
	begin  sync.Once
	end    sync.Once
	closed chan struct{}
	chunks chan []byte
	err    error // after chunks is closed

	ready   []byte // to be read
	held    []byte // the beginning of what may be an answer
	awaited int    // answers that are still to come
}

// NewInput reads from source.
func NewInput(source io.Reader) *Input {
	return &Input{source: source, closed: make(chan struct{}), chunks: make(chan []byte)}
}

// Asking returns what [Detect] asks with: queries go to out. The terminal has
// to be in raw mode.
func (in *Input) Asking(out io.Writer) Ask {
	return func(query string, within time.Duration) ([]byte, error) {
		in.start()
		deadline := time.NewTimer(within)
		defer deadline.Stop()
		if _, err := io.WriteString(out, query); err != nil {
			return nil, err
		}
		in.awaited++
		var reply []byte
		for {
			select {
			case <-deadline.C:
				in.ready = append(in.ready, in.sift(reply)...)
				return reply, nil
			case chunk, more := <-in.chunks:
				reply = append(reply, chunk...)
				if more && !Answered(reply) && len(reply) < maxReply {
					continue
				}
				in.ready = append(in.ready, in.sift(reply)...)
				if !more {
					return reply, in.err
				}
				return reply, nil
			}
		}
	}
}

// Read reads what was typed.
func (in *Input) Read(p []byte) (int, error) {
	in.start()
	for len(in.ready) == 0 {
		chunk, more := <-in.chunks
		if !more {
			return 0, in.err
		}
		in.ready = in.sift(chunk)
	}
	n := copy(p, in.ready)
	in.ready = in.ready[n:]
	return n, nil
}

// Close ends reading ahead; the source stays open.
func (in *Input) Close() error {
	in.end.Do(func() { close(in.closed) })
	return nil
}

// start begins to read ahead.
func (in *Input) start() {
	in.begin.Do(func() { go in.pump() })
}

func (in *Input) pump() {
	defer close(in.chunks)
	for {
		chunk := make([]byte, 1024)
		n, err := in.source.Read(chunk)
		if n > 0 {
			select {
			case in.chunks <- chunk[:n]:
			case <-in.closed:
				err = io.ErrClosedPipe
			}
		}
		if err != nil {
			in.err = err
			return
		}
	}
}

// sift takes answers out as long as some are awaited. The beginning of a
// sequence waits for its end, but for a single escape, which is a key.
func (in *Input) sift(chunk []byte) (keys []byte) {
	if in.awaited == 0 {
		return chunk
	}
	rest := append(in.held, chunk...)
	in.held = nil
	var state byte
	for len(rest) > 0 && in.awaited > 0 {
		seq, _, n, next := ansi.DecodeSequence(rest, state, nil)
		if n <= 0 {
			break
		}
		if next != ansi.NormalState && len(rest) == n && n > 1 && n < maxReply {
			in.held = append(in.held, rest...)
			return keys
		}
		state, rest = ansi.NormalState, rest[n:]
		var a answers
		if !a.take(seq) {
			keys = append(keys, seq...)
		}
		if a.complete {
			in.awaited--
		}
	}
	return append(keys, rest...)
}
