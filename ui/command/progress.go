package command

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress draws one line on a terminal while something long is done, and nothing at all anywhere else, so that logs
// and pipes stay clean. Its methods may be called from several goroutines.
type progress struct {
	mu    sync.Mutex
	out   io.Writer
	label string
	unit  string // "" for things that are counted, else what they are counted in, in tenths
	last  time.Time
	drawn bool
}

const (
	progressWidth = 30
	progressPause = 50 * time.Millisecond
)

// newProgress returns nil, which is a progress that draws nothing, when out is no terminal.
func newProgress(out io.Writer, label string) *progress {
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return &progress{out: out, label: label}
}

// newMeter is a progress of bytes, which step counts in tenths of a megabyte.
func newMeter(out io.Writer, label string) *progress {
	p := newProgress(out, label)
	if p != nil {
		p.unit = " MB"
	}
	return p
}

// tenths are so many bytes in tenths of a megabyte, for the step of a meter.
func tenths(bytes int64) int { return int((bytes*10 + 1<<19) >> 20) }

// step shows how much is done; total 0 means that it is not known.
func (p *progress) step(done, total int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); done >= total && total > 0 || now.Sub(p.last) >= progressPause {
		p.last, p.drawn = now, true
		io.WriteString(p.out, "\r\x1b[K"+p.line(done, total))
	}
}

func (p *progress) line(done, total int) string {
	if total <= 0 {
		return fmt.Sprintf("%s %s%s", p.label, p.number(done), p.unit)
	}
	full := min(progressWidth, progressWidth*done/total)
	return fmt.Sprintf("%s %s%s %3d%% %s/%s%s", p.label,
		strings.Repeat("█", full), strings.Repeat("░", progressWidth-full), 100*done/total, p.number(done), p.number(total), p.unit)
}

func (p *progress) number(n int) string {
	if p.unit == "" {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d.%d", n/10, n%10)
}

// end removes the line.
func (p *progress) end() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		io.WriteString(p.out, "\r\x1b[K")
	}
}
