package command

import "io"

// output is the standard output of a run. It keeps its first failure: what a command says it writes without looking, and a
// result that nobody got must not end like one that was read.
type output struct {
	to     io.Writer
	failed error
}

// Write passes on what comes.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	if o.failed == nil {
		o.failed = err
	}
	return n, err
}

// direct is what lies behind an output, for those who ask whether it is a terminal and for the desk, which draws on it.
func direct(w io.Writer) io.Writer {
	if o, ok := w.(*output); ok {
		return o.to
	}
	return w
}

// unheard is why nobody got what the command said, nil when it was written.
func (p *program) unheard() error {
	if o, ok := p.stdout.(*output); ok {
		return o.failed
	}
	return nil
}
