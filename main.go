// Command rongzheng (蓉证) is the desk on which Chengdu's reviewers register social workers' professional certificates:
// queues, details and decisions in a terminal, the state in one file, the certificates rendered here.
//
// It only joins the rooms: package review holds the domain, store the state, cert the drawing, ui the screens, and
// ui/command the command line.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"rongzheng/ui/command"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program with its surroundings as parameters; it returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	return command.Run(ctx, args, stdin, stdout, stderr)
}

// endings are the signals upon which the program finishes what it writes and leaves: a terminal that is closed is one of
// them, except for who asked, with nohup, to outlive it.
func endings() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}
