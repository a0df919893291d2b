package serve_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rongzheng/cert/code"
	"rongzheng/review"
)

func TestCommandsOverSSH(t *testing.T) {
	r := start(t, newRegister(t, 2), nil)
	steps := []struct {
		account, line  string
		status         int
		stdout, stderr string // what each holds
	}{
		{first, "list --json", 0, `"reference":"` + reference(0) + `"`, ""},
		{first, "list --queue pending 王芳", 0, reference(1), ""},
		{first, "show " + reference(0), 0, "王*", ""},
		{auditor, "show " + reference(0) + " --reveal", 1, "", "auditor"},
		{second, "approve " + reference(0), 1, "", "has not approved yet"},
		{first, "approve " + reference(0) + " --note 'two words'", 0, reference(0), ""},
		{first, `reject ` + reference(1) + ` --reason "Q99:application_form:not \"stamped\""`, 0, reference(1), ""},
		{second, "approve " + reference(0), 0, "", ""},
		{third, "approve " + reference(0), 0, "CD-2026-000001", ""},
		{third, "approve " + reference(0) + " " + reference(1), 3, "", reference(1)},
		{third, "--lang zh list", 0, "武侯区", ""},
		{third, "certificate list", 0, "CD-2026-000001", ""},
		{third, "", 2, "", "terminal"},
		{third, "help approve", 0, "ssh HOST approve", ""},
	}
	for _, step := range steps {
		stdout, stderr, status := r.run(step.account, step.line)
		if status != step.status || !strings.Contains(stdout, step.stdout) || !strings.Contains(stderr, step.stderr) {
			t.Errorf("%s: %q: got %d, %q, %q; want %d, %q, %q",
				step.account, step.line, status, stdout, stderr, step.status, step.stdout, step.stderr)
		}
	}
	by, err := r.store.Account(admin)
	if err != nil {
		t.Fatal(err)
	}
	events, err := r.store.Timeline(by, reference(1))
	if err != nil {
		t.Fatal(err)
	}
	if got := events[len(events)-1].Reasons[0].Note; got != `not "stamped"` {
		t.Errorf("note: got %q", got)
	}
}

// TestCertificateOverSSH: the bytes of the file and nothing else, recorded as a copy.
func TestCertificateOverSSH(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	number := r.issue(0)
	pdf, stderr, status := r.run(third, "certificate print "+number)
	if status != 0 || !strings.HasPrefix(pdf, "%PDF-") || !strings.HasSuffix(strings.TrimSpace(pdf), "%%EOF") {
		t.Fatalf("got %d, %q, %d bytes", status, stderr, len(pdf))
	}
	again, _, _ := r.run(first, "certificate print "+number+" -o -")
	if again != pdf {
		t.Error("the second copy differs")
	}
	if got := r.events(review.Print); got != 2 {
		t.Errorf("recorded copies: got %d, want 2", got)
	}
	if _, stderr, status := r.run(auditor, "certificate print "+number); status != 1 || !strings.Contains(stderr, "auditor") {
		t.Errorf("the auditor: got %d, %q", status, stderr)
	}
}

// TestPublicListsOverSSH: what is published is there while the server runs, and is right: the keys that come over the line
// open the list that does, which names the revoked certificate, and verify knows it too.
func TestPublicListsOverSSH(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	number := r.issue(0)
	pdf, _, _ := r.run(third, "certificate print "+number)
	if stdout, stderr, status := r.pipe(first, "verify -", pdf); status != 0 || !strings.Contains(stdout, number) {
		t.Errorf("verify: got %d, %q, %q", status, stdout, stderr)
	}
	r.revoke(number)
	if stdout, _, status := r.pipe(first, "verify - --json", pdf); status != 1 || !strings.Contains(stdout, `"verdict":"revoked"`) {
		t.Errorf("verify the revoked one: got %d, %q", status, stdout)
	}
	published, stderr, status := r.run(auditor, "key export")
	keys, err := code.ReadKeys([]byte(published))
	if err != nil {
		t.Fatalf("keys: %d, %q: %v", status, stderr, err)
	}
	signed, stderr, status := r.run(portal, "certificate revocations")
	list, err := keys.OpenList([]byte(signed))
	if err != nil || list.Len() != 1 {
		t.Fatalf("list: %d, %q: %v, %v", status, stderr, list, err)
	}
	if got := list.Standing(code.Statement{Number: number}); got.RevokedOn != review.DateOf(noon) {
		t.Errorf("%s in the list: got %+v", number, got)
	}
	if text, _, _ := r.run(auditor, "key export --pem"); !strings.Contains(text, "-----BEGIN PUBLIC KEY") || strings.Contains(text, "PRIVATE") {
		t.Errorf("PEM: got %q", text)
	}
	for _, line := range []string{
		"key list", "key rotate", "key protect", "key withdraw " + keys[0].ID() + " --since 2026-01-01", "key export -o " + r.dir + "/k",
		"certificate revocations -o " + r.dir + "/list", "verify /etc/passwd", "verify - --keys /etc/passwd",
	} {
		if stdout, stderr, status := r.run(admin, line); status != 2 || stdout != "" {
			t.Errorf("%q: got %d, %q, %q", line, status, stdout, stderr)
		}
	}
	if _, stderr, status := r.run(auditor, "certificate revocations"); status != 1 || !strings.Contains(stderr, "auditor") {
		t.Errorf("the auditor's list: got %d, %q", status, stderr)
	}
}

// issue takes an application through all levels and returns the certificate's number.
func (r *running) issue(n int) string {
	r.t.Helper()
	for _, account := range []string{first, second, third} {
		if _, stderr, status := r.run(account, "approve "+reference(n)); status != 0 {
			r.t.Fatalf("approve as %s: %s", account, stderr)
		}
	}
	return "CD-2026-000001"
}

// revoke has two people revoke a certificate.
func (r *running) revoke(number string) {
	r.t.Helper()
	if _, stderr, status := r.run(third, "certificate revoke "+number+" --reason request"); status != 0 {
		r.t.Fatalf("revoke: %s", stderr)
	}
	if _, stderr, status := r.run(admin, "certificate confirm "+number); status != 0 {
		r.t.Fatalf("confirm: %s", stderr)
	}
}

// TestCommandsCannotLeaveTheirAccount: nobody else's rights, no other data, no file of the server.
func TestCommandsCannotLeaveTheirAccount(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	number := r.issue(0)
	before := filesIn(t, r.dir)
	out := filepath.Join(r.dir, "stolen")
	for _, line := range []string{
		"--as guanli list", "list --as guanli", "list --as=guanli", "--data /tmp list", "list --policy /etc/passwd",
		"account list", "account add x --role administrator", "check --repair", "import " + r.dir, "import certificates /etc/passwd",
		"export results " + out, "serve", "demo", "form first -o " + out, "completion bash", "__complete list --queue ''", "sh -c id",
		"certificate print " + number + " -o " + out, "certificate print " + number + " --output=" + out, "--lang fr list", "list 'unfinished",
		"show " + reference(0) + " > " + out, "\x1b[2J", "-h=x",
	} {
		stdout, stderr, status := r.run(first, line)
		if status == 0 || stdout != "" || stderr == "" || strings.Contains(stderr, "\x1b") {
			t.Errorf("%q: got %d, %q, %q", line, status, stdout, stderr)
		}
	}
	if got := filesIn(t, r.dir); !slices.Equal(got, before) {
		t.Errorf("files: got %v, want %v", got, before)
	}
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestCommandWithTerminal: ssh -t HOST list draws lines for a raw terminal, not the desk.
func TestCommandWithTerminal(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	session, err := r.dial(first).NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.RequestPty("xterm", 24, 80, nil); err != nil {
		t.Fatal(err)
	}
	out, err := session.Output("list")
	if err != nil || !strings.Contains(string(out), reference(0)) || !strings.HasSuffix(string(out), "\r\n") {
		t.Errorf("got %v, %q", err, out)
	}
}

// TestLogNamesNobody: references, accounts and addresses; no names, no arguments.
func TestLogNamesNobody(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	r.run(first, "list 王芳")
	r.run(first, "show "+identity(0))
	r.run(first, "王芳")
	r.run(first, identity(0))
	r.run(first, "wangfang")
	log := r.log.String()
	if strings.Contains(log, "王芳") || strings.Contains(log, identity(0)) || strings.Contains(log, "wangfang") || !strings.Contains(log, `"command":"list"`) {
		t.Errorf("the log: %s", log)
	}
	for _, line := range strings.Split(strings.TrimSpace(log), "\n") {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// TestManyCommandsLeaveNothing: what a command line takes is given back.
func TestManyCommandsLeaveNothing(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	c := r.dial(first)
	for i := range 200 {
		session, err := c.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := session.Output(fmt.Sprintf("list --limit %d", i+1)); err != nil {
			t.Fatal(err)
		}
		session.Close()
	}
	waitFor(t, func() bool { s := r.server.Status(); return len(s.Visits) == 0 && s.Goroutines < 60 })
}

// TestTablesOverSSH: figures and call lists come on standard output, the latter recorded; no file of the server is named.
func TestTablesOverSSH(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	number := r.issue(0)
	sheet, stderr, status := r.run(first, "export overview -")
	if status != 0 || !strings.HasPrefix(sheet, "PK\x03\x04") {
		t.Errorf("figures: got %d, %q, %d bytes", status, stderr, len(sheet))
	}
	text, stderr, status := r.run(first, "export calls - --csv --to 2040-01-01")
	if status != 0 || !strings.Contains(text, number) || strings.Contains(text, "*") {
		t.Errorf("calls: got %d, %q, %q", status, stderr, text)
	}
	if got := r.events(review.CallList); got != 1 {
		t.Errorf("recorded call lists: got %d, want 1", got)
	}
	for _, c := range []struct {
		account, line string
		status        int
	}{{first, "export overview here.xlsx", 2}, {first, "export calls here.csv", 2}, {auditor, "export calls -", 1}, {first, "export results here.zip", 2}} {
		if stdout, _, status := r.run(c.account, c.line); status != c.status || stdout != "" {
			t.Errorf("%s: %s: got %d, %d bytes", c.account, c.line, status, len(stdout))
		}
	}
	if got := r.events(review.CallList); got != 1 {
		t.Errorf("recorded call lists: got %d, want 1", got)
	}
}

// TestPapersOfTheCounterOverSSH: receipt, notice and form come to standard output and nowhere else, with the rights of the
// account, and what shows a person in clear is recorded.
func TestPapersOfTheCounterOverSSH(t *testing.T) {
	s := newRegister(t, 2)
	addAccount(t, s, admin, review.Account{Name: "chuangkou", Role: review.Clerk, Areas: []string{"510107"}, Office: "武侯区政务服务中心"})
	r := start(t, s, nil)
	sub, _ := submission(1)
	if _, stderr, status := r.run(first, "reject "+reference(1)+" --reason Q03:application_form"); status != 0 {
		t.Fatal(stderr)
	}
	for i, line := range []string{
		"form first", "receipt " + reference(0), "notice " + reference(1), "form first --ref " + reference(0) + " -o -",
		"form renewal --person " + sub.Form.Get("id_number"),
	} {
		pdf, stderr, status := r.run("chuangkou", line)
		if status != 0 || !strings.HasPrefix(pdf, "%PDF-") || !strings.HasSuffix(strings.TrimSpace(pdf), "%%EOF") {
			t.Errorf("%s: got %d, %q, %d bytes", line, status, stderr, len(pdf))
		}
		if got, want := r.events(review.Reveal), min(i, 3); got != want { // the last holds nothing of the register
			t.Errorf("after %s: %d looks recorded, want %d", line, got, want)
		}
	}
	out := "'" + filepath.Join(r.dir, "stolen.pdf") + "'"
	for line, why := range map[string]string{
		"notice " + reference(0): "not rejected", "receipt SQ209900000001": "", "receipt " + reference(0) + " -o " + out: "standard output",
		"notice " + reference(1) + " -o " + out: "standard output", "form first -o " + out: "standard output",
		"form first --ref " + reference(0) + " --person 1": "",
	} {
		if stdout, stderr, status := r.run("chuangkou", line); status == 0 || stdout != "" || !strings.Contains(stderr, why) {
			t.Errorf("%s: got %d, %q, %q", line, status, stdout, stderr)
		}
	}
	for _, line := range []string{"receipt " + reference(0), "notice " + reference(1), "form first --ref " + reference(0)} {
		if stdout, stderr, status := r.run(auditor, line); status != 1 || stdout != "" || !strings.Contains(stderr, "auditor") {
			t.Errorf("the auditor, %s: got %d, %q", line, status, stderr)
		}
	}
	if got := r.events(review.Reveal); got != 3 {
		t.Errorf("what was refused has been recorded: %d looks, want 3", got)
	}
	if stdout, _, _ := r.run("chuangkou", "help receipt"); !strings.Contains(stdout, "ssh HOST receipt SQ202611160002 > receipt.pdf") {
		t.Errorf("the help: %s", stdout)
	}
}
