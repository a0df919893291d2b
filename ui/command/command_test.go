package command

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui"
)

func TestParseReason(t *testing.T) {
	tests := []struct {
		text string
		want review.Reason
	}{
		{"Q03", review.Reason{Code: "Q03"}},
		{"Q03:application_form", review.Reason{Code: "Q03", Target: "application_form"}},
		{" Q01 : id_card_front :反光", review.Reason{Code: "Q01", Target: "id_card_front", Note: "反光"}},
		{"Q99::来电核实: 见 12:30 记录", review.Reason{Code: "Q99", Note: "来电核实: 见 12:30 记录"}},
		{"", review.Reason{}},
	}
	for _, tt := range tests {
		if got := parseReason(tt.text); got != tt.want {
			t.Errorf("parseReason(%q): got %+v, want %+v", tt.text, got, tt.want)
		}
	}
}

func TestParseSince(t *testing.T) {
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, review.Zone)
	tests := []struct {
		text string
		want time.Time
		ok   bool
	}{
		{"", time.Time{}, true},
		{"2026-11-01", day, true},
		{"2026-11-01T00:00:00+08:00", day, true},
		{"2026-10-31T16:00:00Z", day, true},
		{"yesterday", time.Time{}, false},
		{"2026-02-30", time.Time{}, false},
	}
	for _, tt := range tests {
		got, err := parseSince(tt.text)
		if (err == nil) != tt.ok || tt.ok && !got.Equal(tt.want) {
			t.Errorf("parseSince(%q): got %v, %v", tt.text, got, err)
		}
	}
}

// TestTableAlignsByColumns: a Chinese character takes two columns of a screen.
func TestTableAlignsByColumns(t *testing.T) {
	var rows table
	rows.add("SQ1", "王*", "武侯区", "x")
	rows.add("SQ20", "买买提*", "", "y")
	var out bytes.Buffer
	if err := rows.write(&out); err != nil {
		t.Fatal(err)
	}
	want := "SQ1   王*      武侯区  x\nSQ20  买买提*          y\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

// TestProgressStaysOffPipes: what is no terminal never sees a progress bar, and nil is a progress.
func TestProgressStaysOffPipes(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, "importing")
	p.step(1, 2)
	p.end()
	if out.Len() > 0 {
		t.Errorf("wrote %q to what is no terminal", out.String())
	}
}

func TestProgressLine(t *testing.T) {
	p := &progress{label: "x"}
	for _, tt := range []struct {
		done, total int
		want        string
	}{{0, 0, "x 0"}, {0, 4, "  0% 0/4"}, {4, 4, "100% 4/4"}, {9, 4, "225% 9/4"}} {
		if got := p.line(tt.done, tt.total); !strings.HasSuffix(got, tt.want) {
			t.Errorf("line(%d, %d): got %q, want it to end in %q", tt.done, tt.total, got, tt.want)
		}
	}
}

func TestLanguageComesBeforeTheFlags(t *testing.T) {
	t.Setenv("RONGZHENG_LANG", "")
	for _, tt := range []struct {
		args []string
		want string
	}{{nil, "zh"}, {[]string{"--lang", "en"}, "en"}, {[]string{"list", "--lang=en"}, "en"}, {[]string{"--lang"}, "zh"}} {
		if got := language(tt.args); got != tt.want {
			t.Errorf("language(%q): got %q, want %q", tt.args, got, tt.want)
		}
	}
	t.Setenv("RONGZHENG_LANG", "en")
	if got := language(nil); got != "en" {
		t.Errorf("language from the environment: got %q, want en", got)
	}
}

// TestEveryCommandHasItsTexts walks the tree of commands: each has a line, a text and an example or children, in both
// languages, and every flag says what it is for.
func TestEveryCommandHasItsTexts(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		p := &program{ctx: context.Background(), words: ui.NewWords(lang), lang: lang, now: time.Now}
		eachCommand(p.root(), func(cmd *cobra.Command) {
			path := cmd.CommandPath()
			if strings.HasSuffix(path, " help") {
				return
			}
			if lang == "zh" && (!strings.ContainsFunc(cmd.Short, review.IsHan) || strings.Contains(cmd.UseLine(), "[flags]")) {
				t.Errorf("%q is explained in English: %q, %q", path, cmd.Short, cmd.UseLine())
			}
			if cmd.Short == "" || strings.Contains(cmd.Short, "command.") || strings.Contains(cmd.Long, "command.") {
				t.Errorf("%s: %q has no texts: %q", lang, path, cmd.Long)
			}
			if !cmd.HasSubCommands() && cmd.Example == "" && !strings.Contains(path, "completion") {
				t.Errorf("%q has no example", path)
			}
			flags := cmd.NonInheritedFlags()
			usages := flags.FlagUsages()
			if strings.Contains(usages, "flag.") || lang == "zh" && strings.Contains(usages, "disable completion") {
				t.Errorf("%s: %q has a flag without words:\n%s", lang, path, usages)
			}
		})
	}
}

func eachCommand(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, child := range cmd.Commands() {
		eachCommand(child, visit)
	}
}

// TestStatus: each end of the program has its exit status, and only the partial one has spoken already.
func TestStatus(t *testing.T) {
	for _, tt := range []struct {
		err    error
		status int
		speaks bool
	}{
		{nil, exitDone, false}, {errPartial, exitPartial, false}, {usageError(errors.New("flag")), exitUsage, true},
		{review.ErrNotFound, exitFailed, true}, {errors.New("unforeseen"), exitFailed, true}, {errUnsound, exitFailed, true},
	} {
		var stderr bytes.Buffer
		p := &program{stderr: &stderr, words: ui.NewWords("en")}
		if got := p.status(tt.err); got != tt.status || (stderr.Len() > 0) != tt.speaks {
			t.Errorf("status(%v): got %d and %q, want %d", tt.err, got, stderr.String(), tt.status)
		}
	}
}

// TestUnheardAnswer: what could not be said has been done, and does not end like what was heard.
func TestUnheardAnswer(t *testing.T) {
	dir := t.TempDir()
	on := func(args ...string) []string { return append(args, "--data", dir, "--lang", "en") }
	for _, args := range [][]string{on("account", "add", "guanli", "--role", "administrator"), on("--help"), on("account", "list", "--as", "guanli")} {
		var stderr bytes.Buffer
		if status := Run(t.Context(), args, strings.NewReader(""), fullDisk{}, &stderr); status != exitFailed || !strings.Contains(stderr.String(), "standard output: the disk is full") {
			t.Errorf("%v: exit status %d, %q", args, status, stderr.String())
		}
	}
	var stdout bytes.Buffer
	if status := Run(t.Context(), on("account", "list", "--as", "guanli"), strings.NewReader(""), &stdout, io.Discard); status != exitDone || !strings.Contains(stdout.String(), "guanli") {
		t.Errorf("the account was not added: exit status %d, %q", status, stdout.String())
	}
}

// TestExamplesOverSSHAreTaken: what the help shows can be typed there, with files left to the shell at the other end.
func TestExamplesOverSSHAreTaken(t *testing.T) {
	s, err := store.Open(t.TempDir(), store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := Bound{Store: s, Account: "guanli", Lang: review.English, Clock: time.Now, Ring: &code.Ring{}}
	p := &program{ctx: context.Background(), words: ui.NewWords("en"), lang: "en", now: time.Now, ring: b.Ring, bound: &b}
	shell := regexp.MustCompile(` [<>] \S+$`)
	eachCommand(p.remoteRoot(), func(cmd *cobra.Command) {
		for line := range strings.Lines(cmd.Example) {
			said := strings.ReplaceAll(shell.ReplaceAllString(strings.TrimSpace(line), ""), "'", "")
			args := strings.Fields(strings.TrimPrefix(said, "ssh HOST "))
			var stderr bytes.Buffer
			if got := RunOn(context.Background(), b, args, strings.NewReader(""), io.Discard, &stderr); got == exitUsage {
				t.Errorf("%s is refused: %s", strings.TrimSpace(line), stderr.String())
			}
		}
	})
}

// TestHelpOverSSHNamesWhatIsThere: no group tells of a command that only this machine has, and no text or example of a flag
// that is not there.
func TestHelpOverSSHNamesWhatIsThere(t *testing.T) {
	s, err := store.Open(t.TempDir(), store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	words := regexp.MustCompile(`[a-z]+(-[a-z]+)*`)
	flags := regexp.MustCompile(`--[a-z]+(-[a-z]+)*`)
	here := &program{ctx: context.Background(), words: ui.NewWords("en"), lang: "en", now: time.Now}
	local := here.root()
	for _, b := range []Bound{{Store: s, Ring: &code.Ring{}}, {Store: s, Pack: "WP-2026-000001"}} {
		p := &program{ctx: context.Background(), words: ui.NewWords("en"), lang: "en", now: time.Now, ring: b.Ring, bound: &b}
		root := p.remoteRoot()
		eachCommand(root, func(cmd *cobra.Command) {
			help := cmd.Long + "\n" + cmd.Example
			for _, flag := range flags.FindAllString(help, -1) {
				name := flag[2:]
				if cmd.Flags().Lookup(name) == nil && cmd.InheritedFlags().Lookup(name) == nil && !anyChildHas(cmd, name) {
					t.Errorf("%q tells of %s, which is not there:\n%s", cmd.CommandPath(), flag, help)
				}
			}
			twin, rest, err := local.Find(strings.Fields(cmd.CommandPath())[1:])
			if err != nil || len(rest) > 0 || cmd == root {
				return
			}
			for _, child := range twin.Commands() {
				there := slices.ContainsFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == child.Name() })
				if !there && slices.Contains(words.FindAllString(help, -1), child.Name()) {
					t.Errorf("%q tells of %q, which is not there:\n%s", cmd.CommandPath(), child.Name(), help)
				}
			}
		})
	}
}

func anyChildHas(cmd *cobra.Command, flag string) bool {
	return slices.ContainsFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Flags().Lookup(flag) != nil })
}

// TestShowNamesWhatWasLookedAt: people know their files by what they are for, not by a hash.
func TestShowNamesWhatWasLookedAt(t *testing.T) {
	s, err := store.Open(t.TempDir(), store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out bytes.Buffer
	d := &desk{program: &program{stdout: &out, words: ui.NewWords("en"), now: time.Now}, store: s}
	now := review.Application{Attachments: []review.Attachment{{Slot: "portrait", SHA256: "c199ba5b4ee6aaaa"}}}
	looks := []review.Event{
		{Action: review.ViewFile, Target: "c199ba5b4ee6aaaa"}, {Action: review.ViewFile, Target: "dd1dbe522bf3aaaa"},
	}
	if err := d.printEvents(file{application: now, events: looks}, false); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	if !strings.Contains(got, "Portrait") || !strings.Contains(got, "dd1dbe522bf3\n") || strings.Contains(got, "c199") {
		t.Errorf("got %q: want the portrait by its name, and the file of an earlier revision by its hash", got)
	}
}
