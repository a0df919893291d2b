package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rongzheng/review"
)

// runCommand runs the command line on a data folder of its own, in English, and returns status and output.
func runCommand(t *testing.T, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	t.Setenv("RONGZHENG_DATA", dir)
	t.Setenv("RONGZHENG_AS", "")
	t.Setenv("RONGZHENG_LANG", "en")
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "..", "config"))
	var out, errs bytes.Buffer
	status = Run(t.Context(), args, strings.NewReader(""), &out, &errs)
	return status, out.String(), errs.String()
}

// newFolder makes a data folder with an administrator guanli and a reviewer zhou.
func newFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	for _, args := range [][]string{
		{"account", "add", "guanli", "--role", "administrator"},
		{"account", "add", "zhou", "--role", "reviewer", "--level", "1", "--area", "510107", "--as", "guanli"},
	} {
		if status, _, stderr := runCommand(t, dir, args...); status != exitDone {
			t.Fatalf("%q: status %d, %s", args, status, stderr)
		}
	}
	return dir
}

// TestWrongUsageIsTwo: what is wrong with the command line itself has a status of its own, flags that are missing and
// commands below a command included.
func TestWrongUsageIsTwo(t *testing.T) {
	dir := newFolder(t)
	for _, args := range [][]string{
		{"nonsense"}, {"account", "nonsense"}, {"certificate", "nonsense"}, {"export", "nonsense"},
		{"reject", "SQ1"}, {"hold", "SQ1"}, {"reroute", "SQ1", "--area", "510106"}, {"account", "add", "li"},
		{"certificate", "print", "CD-2026-000001"}, {"form", "first"}, {"form", "second", "-o", "x"},
		{"list", "--limit", "-1"}, {"list", "--queue", "none"}, {"approve"}, {"approve", "SQ1", "--none"}, {"show"},
		{"completion", "tcsh"},
	} {
		status, stdout, stderr := runCommand(t, dir, append(args, "--as", "zhou")...)
		if status != exitUsage || stdout != "" || !strings.Contains(stderr, "--help") {
			t.Errorf("%q: got status %d, %q and %q, want %d and where to find help", args, status, stdout, stderr, exitUsage)
		}
	}
}

// TestDefaultsInTheDesksLanguage: what a flag is when it is not given stands in the language of the rest.
func TestDefaultsInTheDesksLanguage(t *testing.T) {
	dir := newFolder(t)
	for lang, want := range map[string]string{"zh": "租期（天）（默认 14）", "en": "days that the lease lasts (default 14)"} {
		status, stdout, stderr := runCommand(t, dir, "pack", "create", "--help", "--lang", lang)
		if status != exitDone || !strings.Contains(stdout, want) || lang == "zh" && strings.Contains(stdout, "default") {
			t.Errorf("%s: status %d, %s%s", lang, status, stdout, stderr)
		}
	}
}

// TestFlagsAreRefusedInTheDesksLanguage: the library's own sentences are English and tell how numbers are parsed.
func TestFlagsAreRefusedInTheDesksLanguage(t *testing.T) {
	dir := newFolder(t)
	for _, c := range []struct{ line, zh, en string }{
		{"list --frobnicate", "没有这个选项：--frobnicate", "there is no flag --frobnicate"},
		{"list -Z", "没有这个选项：-Z", "there is no flag -Z"},
		{"list -hold", "“-hold”不是选项；以减号开头的筛选条件须放在 -- 之后，其余选项在它之前：rongzheng list … -- -hold",
			"“-hold” is no flag; terms that begin with a minus follow --, with the flags before it: rongzheng list … -- -hold"},
		{"list -mine", "“-mine”不是选项；以减号开头的筛选条件须放在 -- 之后，其余选项在它之前：rongzheng list … -- -mine",
			"“-mine” is no flag; terms that begin with a minus follow --, with the flags before it: rongzheng list … -- -mine"},
		{"list --=x", "没有这个选项：--=x", "there is no flag --=x"},
		{"list --limit", "选项 --limit 后须有一个值", "the flag --limit needs a value"},
		{"list --limit many", "选项 --limit 不能是“many”", "the flag --limit cannot be “many”"},
		{"certificate print CD-2026-000001", "缺少选项：--output", "missing: --output"},
		{"certificate print CD-2026-000001 CD-2026-000002 -o x.pdf", "参数个数不对，用法：rongzheng certificate print NUMBER|IDNUMBER|NAME [选项]",
			"wrong number of arguments; usage: rongzheng certificate print NUMBER|IDNUMBER|NAME [flags]"},
		{"certificate print --query CD- --day 2026-11-25 -o x.pdf", "这些选项只能用其中一个：--day --query", "only one of these flags can be given: --day --query"},
		{"pack create --for zhou --limit -1", "选项 --limit 不能是“-1”", "the flag --limit cannot be “-1”"},
		{"pack sync ssh://desk.example --days 0", "--days 须为 1 至 90", "--days is from 1 to 90"},
		{"form first --ref SQ1 --person 1 -o x.pdf", "这些选项只能用其中一个：--person --ref", "only one of these flags can be given: --person --ref"},
	} {
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en} {
			status, _, stderr := runCommand(t, dir, append(strings.Fields("--lang "+lang+" --as zhou "), strings.Fields(c.line)...)...)
			if got, _, _ := strings.Cut(stderr, "\n"); status != exitUsage || got != "rongzheng: "+want {
				t.Errorf("%s, %s: got status %d and %q, want %q", c.line, lang, status, got, want)
			}
		}
	}
}

// TestEmptyListsSaySo: who waits for rows learns that there are none, and what reads standard output gets nothing.
func TestEmptyListsSaySo(t *testing.T) {
	dir := newFolder(t)
	for _, line := range []string{
		"list", "certificate list", "mail list", "pack list", "pack conflicts", "certificate ledger --day 2001-01-01",
		"audit --since 2099-01-01", "audit --since 2099-01-01 --limit 3",
	} {
		status, stdout, stderr := runCommand(t, dir, append(strings.Fields("--lang en --as guanli"), strings.Fields(line)...)...)
		if status != exitDone || stdout != "" || stderr != "nothing matches\n" {
			t.Errorf("%s: got status %d, %q and %q, want a word on standard error", line, status, stdout, stderr)
		}
	}
}

// TestBatchNamesEachRefusal: who decides on many must learn which ones were refused.
func TestBatchNamesEachRefusal(t *testing.T) {
	status, _, stderr := runCommand(t, newFolder(t), "approve", "SQ1", "SQ2", "--as", "zhou")
	if status != exitPartial || !strings.Contains(stderr, "SQ1: ") || !strings.Contains(stderr, "SQ2: ") {
		t.Errorf("got status %d and %q, want %d and both references", status, stderr, exitPartial)
	}
}

// TestRefusedFirstAccountLeavesNoFolder: a command that fails leaves nothing behind.
func TestRefusedFirstAccountLeavesNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	status, _, stderr := runCommand(t, dir, "account", "add", "zhou", "--role", "auditor")
	if _, err := os.Stat(dir); status != exitFailed || !os.IsNotExist(err) {
		t.Errorf("got status %d, %q and a folder (%v), want %d and none", status, stderr, err, exitFailed)
	}
}

// TestLevelsAreNamedByThePolicy: what the command line says of a level is what the policy file calls it.
func TestLevelsAreNamedByThePolicy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	policy := strings.Replace(string(review.PolicyFile()), "english: District review", "english: Bureau review", 1)
	if err := os.WriteFile(file, []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, stderr := runCommand(t, t.TempDir(), "account", "add", "zhou", "--role", "reviewer", "--level", "1", "--policy", file)
	if status != exitFailed || !strings.Contains(stderr, "Bureau review") {
		t.Errorf("got status %d and %q, want the policy's name of the level", status, stderr)
	}
}

// TestListTellsThatNothingMatches beside standard output, which scripts read.
func TestListTellsThatNothingMatches(t *testing.T) {
	dir := newFolder(t)
	for _, args := range [][]string{{"list", "SQ404"}, {"list", "--json", "SQ404"}, {"certificate", "list"}} {
		status, stdout, stderr := runCommand(t, dir, append(args, "--as", "zhou")...)
		if status != exitDone || stdout != "" || !strings.Contains(stderr, "nothing matches") {
			t.Errorf("%q: got status %d, %q and %q", args, status, stdout, stderr)
		}
	}
}

// TestExpiredKeyIsWarnedOf when it is registered: it lets nobody in.
func TestExpiredKeyIsWarnedOf(t *testing.T) {
	dir := newFolder(t)
	file := filepath.Join(t.TempDir(), "late.pub")
	const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f late"
	for prefix, want := range map[string]bool{`expiry-time="20200101" `: true, `expiry-time="29990101" `: false} {
		if err := os.WriteFile(file, []byte(prefix+key+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		status, _, stderr := runCommand(t, dir, "account", "key", "add", "zhou", file, "--as", "guanli")
		if got := strings.Contains(stderr, "expired on 2020-01-01"); status != exitDone || got != want {
			t.Errorf("%s: got status %d and %q, want a warning: %v", prefix, status, stderr, want)
		}
		_, list, _ := runCommand(t, dir, "account", "key", "list", "zhou", "--as", "guanli")
		runCommand(t, dir, "account", "key", "remove", "zhou", strings.Fields(list)[0], "--as", "guanli")
	}
}
