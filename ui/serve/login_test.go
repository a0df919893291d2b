package serve_test

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"rongzheng/review"
	"rongzheng/ui/serve"
)

func TestOnlyKeysOfAccountsGetIn(t *testing.T) {
	s := newRegister(t, 0)
	for name, options := range map[string]string{
		"expired": `expiry-time="20261116" `, "future": `expiry-time="20261117" `, "forced": `command="true" `, "from": `from="10.0.0.1" `,
		"restricted": `restrict,pty `, "garbled": `expiry-time="soon" `,
	} {
		addAccount(t, s, admin, review.Account{Name: name, Role: review.Auditor, Keys: []string{options + authorized(name)}})
	}
	addAccount(t, s, admin, review.Account{
		Name: "several", Role: review.Auditor, Keys: []string{"no key at all\n" + authorized("several-1") + "# a remark\n", authorized("several-2")},
	})
	addAccount(t, s, admin, review.Account{Name: "gone", Role: review.Auditor})
	if err := s.DisableAccount(admin, "gone", noon); err != nil {
		t.Fatal(err)
	}
	addAccount(t, s, admin, review.Account{Name: "twin1", Role: review.Auditor, Keys: []string{authorized("twins")}})
	addAccount(t, s, admin, review.Account{Name: "twin2", Role: review.Auditor, Keys: []string{authorized("twins")}})
	tests := []struct {
		name, user, key string
		ok              bool
	}{
		{"known", "anybody", first, true}, {"user name gives nothing", admin, "stranger", false},
		{"disabled", "gone", "gone", false}, {"expired", "expired", "expired", false}, {"not yet expired", "x", "future", true},
		{"forced command", "x", "forced", false}, {"from elsewhere", "x", "from", false}, {"restrictions that hold anyway", "x", "restricted", true},
		{"time that cannot be read", "x", "garbled", false}, {"second key of a file", "x", "several-1", true},
		{"second key", "x", "several-2", true}, {"two accounts, none named", "x", "twins", false}, {"two accounts, one named", "twin2", "twins", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := start(t, s, nil) // one that nobody was refused by before, and that lets nobody wait for that
			c, err := r.tryDial(tt.user, gossh.PublicKeys(keyOf(tt.key)))
			if got := err == nil; got != tt.ok {
				t.Errorf("got %v (%v), want %v", got, err, tt.ok)
			}
			if c != nil {
				c.Close()
			}
		})
	}
}

// TestAccountIsThatOfTheCheckedKey: a key that was offered and not proved gives nothing.
func TestAccountIsThatOfTheCheckedKey(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	claimed := unproved{keyOf(admin).PublicKey(), keyOf(auditor)}
	if _, err := r.tryDial(admin, gossh.PublicKeys(claimed, keyOf(auditor))); err == nil {
		t.Log("the client gave up the first key by itself")
	}
	c, err := r.tryDial(admin, gossh.PublicKeysCallback(func() ([]gossh.Signer, error) {
		return []gossh.Signer{keyOf("stranger"), keyOf(auditor)}, nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	session.Stderr = &complaints
	if err := session.Run("approve " + reference(0)); err == nil || !strings.Contains(complaints.String(), "auditor") {
		t.Errorf("got %v, %q: want the auditor's refusal", err, complaints.String())
	}
}

// unproved offers one key and signs with another.
type unproved struct {
	offered gossh.PublicKey
	gossh.Signer
}

func (u unproved) PublicKey() gossh.PublicKey { return u.offered }

func TestNothingButKeys(t *testing.T) {
	r := start(t, newRegister(t, 0), nil)
	answers := func(_, _ string, questions []string, _ []bool) ([]string, error) {
		return make([]string, len(questions)), nil
	}
	for name, auth := range map[string][]gossh.AuthMethod{
		"none": nil, "password": {gossh.Password("rongzheng")}, "keyboard-interactive": {gossh.KeyboardInteractive(answers)},
	} {
		if _, err := r.tryDial(admin, auth...); err == nil {
			t.Errorf("%s lets in", name)
		} else if strings.Contains(err.Error(), "password") && name != "password" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnknownKeyIsToldOnce: one polite line with the key's fingerprint; the log knows it, and it is counted.
func TestUnknownKeyIsToldOnce(t *testing.T) {
	r := start(t, newRegister(t, 0), nil)
	var lines []string
	_, err := gossh.Dial("tcp", r.server.Address().String(), &gossh.ClientConfig{
		User: "x", Auth: []gossh.AuthMethod{gossh.PublicKeys(keyOf("stranger"), keyOf("stranger2"))}, HostKeyCallback: gossh.InsecureIgnoreHostKey(),
		BannerCallback: func(text string) error { lines = append(lines, text); return nil },
	})
	if err == nil {
		t.Fatal("a stranger got in")
	}
	print := gossh.FingerprintSHA256(keyOf("stranger").PublicKey())
	if len(lines) != 1 || !strings.Contains(lines[0], print) || strings.Count(lines[0], "\n") != 1 {
		t.Errorf("got %q: want one line with %s", lines, print)
	}
	if got := r.server.Status().Unknown; got != 2 {
		t.Errorf("unknown keys: got %d, want 2", got)
	}
	if !strings.Contains(r.log.String(), print) {
		t.Errorf("the log does not know %s", print)
	}
}

// TestBarredKeyIsToldWhy: a key that is registered and opens nothing is not called unknown.
func TestBarredKeyIsToldWhy(t *testing.T) {
	s := newRegister(t, 0)
	addAccount(t, s, admin, review.Account{
		Name: "late", Role: review.Auditor, Keys: []string{`expiry-time="20261116" ` + authorized("late")},
	})
	addAccount(t, s, admin, review.Account{Name: "gone", Role: review.Auditor, Keys: []string{authorized("gone")}})
	if err := s.DisableAccount(admin, "gone", noon); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"twin1", "twin2"} {
		addAccount(t, s, admin, review.Account{Name: name, Role: review.Auditor, Keys: []string{authorized("twins")}})
	}
	r := start(t, s, nil)
	for key, want := range map[string]string{
		"late": "expired on 2026-11-16 00:00", "gone": "is disabled", "twins": "registered for several accounts. Say which one: ssh ACCOUNT@HOST",
	} {
		var lines []string
		_, err := gossh.Dial("tcp", r.server.Address().String(), &gossh.ClientConfig{
			User: "x", Auth: []gossh.AuthMethod{gossh.PublicKeys(keyOf(key))}, HostKeyCallback: gossh.InsecureIgnoreHostKey(),
			BannerCallback: func(text string) error { lines = append(lines, text); return nil },
		})
		if err == nil || len(lines) != 1 || !strings.Contains(lines[0], want) {
			t.Errorf("%s: got %v and %q, want %q", key, err, lines, want)
		}
	}
}

func TestNothingIsForwarded(t *testing.T) {
	r := start(t, newRegister(t, 0), nil)
	c := r.dial(first)
	target := struct {
		Host       string
		Port       uint32
		OriginHost string
		OriginPort uint32
	}{"127.0.0.1", 22, "127.0.0.1", 1}
	for _, kind := range []string{"direct-tcpip", "direct-streamlocal@openssh.com", "x11", "auth-agent@openssh.com", "tun@openssh.com"} {
		if _, _, err := c.OpenChannel(kind, gossh.Marshal(&target)); err == nil {
			t.Errorf("a channel %s was opened", kind)
		}
	}
	bind := struct {
		Host string
		Port uint32
	}{"", 0}
	for _, kind := range []string{"tcpip-forward", "streamlocal-forward@openssh.com", "no-more-sessions@openssh.com"} {
		if ok, _, err := c.SendRequest(kind, true, gossh.Marshal(&bind)); ok || err != nil {
			t.Errorf("request %s: got %v, %v", kind, ok, err)
		}
	}
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"auth-agent-req@openssh.com", "x11-req", "signal", "break", "exit-status"} {
		if ok, err := session.SendRequest(kind, true, gossh.Marshal(&bind)); ok || err != nil {
			t.Errorf("session request %s: got %v, %v", kind, ok, err)
		}
	}
	for _, name := range []string{"LD_PRELOAD", "PATH", "RONGZHENG_DATA", "RONGZHENG_AS"} {
		if err := session.Setenv(name, "x"); err == nil {
			t.Errorf("the client set %s", name)
		}
	}
	if err := session.RequestSubsystem("netconf"); err == nil {
		t.Error("a subsystem other than sftp began")
	}
}

func TestConnectionsAreLimited(t *testing.T) {
	r := start(t, newRegister(t, 0), func(o *serve.Options) { o.Limits = serve.Limits{PerAccount: 2, Visits: 1, PerAddress: 4} })
	one := r.dial(first)
	r.dial(first)
	if _, err := r.tryDial("x", gossh.PublicKeys(keyOf(first))); err == nil {
		t.Error("a third connection of an account of two")
	}
	if _, err := one.NewSession(); err != nil {
		t.Fatal(err)
	}
	if _, err := one.NewSession(); err == nil {
		t.Error("a second session on a connection of one")
	}
	for _, name := range []string{second, third} { // the refused ones free their places a moment later
		waitFor(t, func() bool {
			_, err := r.tryDial("x", gossh.PublicKeys(keyOf(name)))
			return err == nil
		})
	}
	if _, err := r.tryDial("x", gossh.PublicKeys(keyOf(auditor))); err == nil {
		t.Error("a fifth connection of an address of four")
	}
	for _, line := range []string{`"msg":"login refused","account":"` + first + `"`, `"msg":"visit refused","account":"` + first + `"`, `"msg":"connection refused"`} {
		if log := r.log.String(); !strings.Contains(log, line) {
			t.Errorf("the log does not say why somebody was kept out, %s:\n%s", line, log)
		}
	}
	one.Close()
	waitFor(t, func() bool {
		c, err := r.tryDial("x", gossh.PublicKeys(keyOf(first)))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// TestWhoNeverLogsInIsCut: a connection that says nothing, and one that says it slowly.
func TestWhoNeverLogsInIsCut(t *testing.T) {
	r := start(t, newRegister(t, 0), func(o *serve.Options) { o.Limits.Login = 300 * time.Millisecond })
	silent, err := net.Dial("tcp", r.server.Address().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	silent.SetDeadline(time.Now().Add(patience))
	var greeting bytes.Buffer
	if _, err := greeting.ReadFrom(silent); err != nil && strings.Contains(err.Error(), "timeout") {
		t.Errorf("the line stays open: %v", err)
	}
	if !strings.HasPrefix(greeting.String(), "SSH-2.0-rongzheng\r\n") {
		t.Errorf("got %q", greeting.String())
	}
	slow, err := net.Dial("tcp", r.server.Address().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	for range 10_000 { // a byte at a time until the server has had enough
		if _, err = slow.Write([]byte("S")); err != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if err == nil {
		t.Error("a line that sends a byte now and then stays open")
	}
}

// TestGarbageBeforeLogin never disturbs the others.
func TestGarbageBeforeLogin(t *testing.T) {
	r := start(t, newRegister(t, 1), nil)
	for _, text := range []string{"GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n\xff\xff\xff\xff\xff\xff\xff\xff", strings.Repeat("\x00", 1<<16), "SSH-1.5-old\r\n"} {
		c, err := net.Dial("tcp", r.server.Address().String())
		if err != nil {
			t.Fatal(err)
		}
		c.Write([]byte(text))
		c.Close()
	}
	if out, _, status := r.run(first, "list"); status != 0 || !strings.Contains(out, reference(0)) {
		t.Errorf("got %d, %q", status, out)
	}
}

// waitFor asks until it is so.
func waitFor(t testing.TB, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if so() {
			return
		}
	}
	t.Fatal("it never came to be")
}
