package command

import (
	"context"
	"io"
	"time"
)

// RunImpatient is Run, and dials a line that was cut at once.
func RunImpatient(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{ctx: ctx, stdin: stdin, stdout: &output{to: stdout}, stderr: stderr, now: time.Now, patience: make([]time.Duration, 4)}
	return p.run(args)
}
