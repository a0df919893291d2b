package command_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	crand "crypto/rand"
	"encoding/pem"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui/command"
	"rongzheng/ui/demo"
	"rongzheng/ui/serve"
)

// officerKey writes an SSH key and returns its path; the public half stands beside it.
func officerKey(t *testing.T) string {
	t.Helper()
	_, private, err := ed25519.GenerateKey(crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "officer")
	if err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "officer")
	for name, data := range map[string][]byte{path: pem.EncodeToMemory(block), path + ".pub": ssh.MarshalAuthorizedKey(public)} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// served starts serve on the folder of the test and returns what it says of itself, and how it is stopped.
func served(t *testing.T, dir string) *serve.Status {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	lines, stdout := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- command.Run(ctx, []string{"serve", "--data", dir, "--listen", "127.0.0.1:0", "--lang", "en"}, strings.NewReader(""), stdout, io.Discard)
		stdout.Close()
	}()
	t.Cleanup(func() {
		stop()
		if got := <-ended; got != 0 {
			t.Errorf("serve ended with %d", got)
		}
	})
	for said := bufio.NewScanner(lines); said.Scan(); {
		if strings.HasPrefix(said.Text(), "connect with") {
			break
		}
	}
	go io.Copy(io.Discard, lines)
	s, err := serve.Ask(dir)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

// TestSync hands one pack back and fetches the next over a real line, and does it again after the line was cut.
func TestSync(t *testing.T) {
	desk, laptop := demoFolder(t, 20), filepath.Join(t.TempDir(), "laptop")
	key := officerKey(t)
	if _, stderr, status := run("account", "add", "xiaxiang", "--role", "reviewer", "--level", "1", "--area", "武侯区", "--area", "锦江区", "--area", "双流区", "--key", key+".pub", "--as", demo.Administrator, "--data", desk); status != 0 {
		t.Fatal(stderr)
	}
	s := served(t, desk)
	address := "ssh://" + s.Address
	sync := func(args ...string) (string, string, int) {
		return run(append([]string{"pack", "sync", address, "-i", key, "--data", laptop, "--desk", s.Fingerprint}, args...)...)
	}
	if _, stderr, status := run("pack", "sync", "ssh://127.0.0.1:1", "-i", key, "--data", laptop); status != 1 || !strings.Contains(stderr, "cannot be reached") {
		t.Errorf("nobody there: %d %s", status, stderr)
	}
	if _, stderr, status := run("pack", "sync", address, "-i", key, "--data", laptop, "--desk", "SHA256:wrong"); status != 1 || !strings.Contains(stderr, "not SHA256:wrong") {
		t.Errorf("another desk: %d %s", status, stderr)
	}
	if _, stderr, status := sync(); status != 0 {
		t.Fatalf("the first pack: %s", stderr)
	}
	list, stderr, status := run("pack", "run", "-i", key, "--data", laptop, "--", "list", "--queue", "pending", "--limit", "1")
	if status != 0 {
		t.Fatal(stderr)
	}
	reference := strings.Fields(list)[0]
	if _, stderr, status := run("pack", "run", "-i", key, "--data", laptop, "--", "hold", reference, "--note", "等材料"); status != 0 {
		t.Fatal(stderr)
	}
	for _, said := range []string{"1 accepted, 0 already there", "0 accepted, 1 already there"} { // the same again changes nothing
		if out, stderr, status := sync("--keep"); status != 0 || !strings.Contains(out, said) {
			t.Errorf("handing back: %d %s %s", status, out, stderr)
		}
	}
	if _, stderr, status := sync(); status != 0 {
		t.Errorf("the next pack: %s", stderr)
	}
	out, stderr, status := run("pack", "status", "-i", key, "--data", laptop)
	if status != 0 || !strings.Contains(out, "-000002") || strings.Contains(out, "-000001") {
		t.Errorf("on the laptop: %s %s", out, stderr)
	}
}

// cutter is a line to a desk that is cut after so many bytes, in whichever direction; next says after how many.
func cutter(t *testing.T, to string, next func() int64) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				near.Close()
				continue
			}
			left := &atomic.Int64{}
			left.Store(next())
			go carry(near, far, left)
			go carry(far, near, left)
		}
	}()
	return "ssh://" + listener.Addr().String()
}

// carry brings bytes across until none is left, to the byte.
func carry(from, to net.Conn, left *atomic.Int64) {
	defer from.Close()
	defer to.Close()
	buffer := make([]byte, 1<<10)
	for {
		n, err := from.Read(buffer)
		after := left.Add(-int64(n))
		if after < 0 {
			n = max(n+int(after), 0)
		}
		if _, e := to.Write(buffer[:n]); e != nil || err != nil || after < 0 {
			return
		}
	}
}

// TestSyncOverALineThatIsCut hands back and fetches over a line that is cut at random bytes, until it goes through: no case
// may be lost, leased twice or decided twice, and no pack may be left out that no laptop has.
func TestSyncOverALineThatIsCut(t *testing.T) {
	desk, laptop := demoFolder(t, 120), filepath.Join(t.TempDir(), "laptop")
	key := officerKey(t)
	if _, stderr, status := run("account", "add", "xiaxiang", "--role", "reviewer", "--level", "1", "--area", "武侯区", "--area", "锦江区", "--area", "双流区", "--area", "金牛区", "--area", "成华区", "--area", "青羊区", "--key", key+".pub", "--as", demo.Administrator, "--data", desk); status != 0 {
		t.Fatal(stderr)
	}
	decided := map[string]bool{} // references that were decided on the laptop
	t.Cleanup(func() { checkSynced(t, desk, laptop, key, decided) })
	s := served(t, desk)
	random, cuts := rand.New(rand.NewPCG(6, 2026)), &atomic.Int64{}
	address := cutter(t, s.Address, func() int64 {
		cuts.Add(1)
		return []int64{random.Int64N(4 << 10), random.Int64N(16 << 10), random.Int64N(64 << 10), random.Int64N(1 << 20)}[random.IntN(4)]
	})
	for range 4 {
		syncUntilDone(t, address, "-i", key, "--data", laptop, "--desk", s.Fingerprint)
		list, stderr, status := run("pack", "run", "-i", key, "--data", laptop, "--", "list", "--queue", "pending", "--limit", "3")
		if status != 0 {
			t.Fatal(stderr)
		}
		for line := range strings.Lines(list) {
			reference := strings.Fields(line)[0]
			if _, stderr, status := run("pack", "run", "-i", key, "--data", laptop, "--", "reject", reference, "--reason", "Q03:application_form"); status != 0 {
				t.Fatal(stderr)
			}
			if decided[reference] {
				t.Errorf("%s came out again after it had been decided on", reference)
			}
			decided[reference] = true
		}
	}
	syncUntilDone(t, address, "-i", key, "--data", laptop, "--desk", s.Fingerprint)
	t.Logf("%d lines, %d decisions", cuts.Load(), len(decided))
	if cuts.Load() < 10 || len(decided) < 8 {
		t.Errorf("%d lines, %d decisions: the test shows nothing", cuts.Load(), len(decided))
	}
}

func syncUntilDone(t *testing.T, address string, args ...string) {
	t.Helper()
	var stderr string
	for range 100 {
		var status int
		var out, complaints bytes.Buffer
		args := append([]string{"pack", "sync", address, "--lang", "en"}, args...)
		status = command.RunImpatient(context.Background(), args, strings.NewReader(""), &out, &complaints)
		if stderr = complaints.String(); status == 0 {
			return
		}
	}
	t.Fatalf("never got through: %s", stderr)
}

// checkSynced looks at the desk after its server has stopped.
func checkSynced(t *testing.T, desk, laptop, key string, decided map[string]bool) {
	if _, stderr, status := run("check", "--data", desk, "--as", demo.Administrator); status != 0 {
		t.Errorf("check: %s", stderr)
	}
	s, err := store.Open(desk, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	by, err := s.Account(demo.Administrator)
	if err != nil {
		t.Fatal(err)
	}
	packs, err := s.Packs(by)
	if err != nil {
		t.Fatal(err)
	}
	status, _, _ := run("pack", "status", "-i", key, "--data", laptop)
	out := map[string]string{} // by reference: the pack that it is out with
	for _, p := range packs {
		switch state := p.State(time.Now()); {
		case state == review.PackOut && (!strings.Contains(status, p.Number) || p.ReceivedAt.IsZero()):
			t.Errorf("%s is out, and no laptop has it: %s", p.Number, status)
		case state == review.PackOut:
			for _, c := range p.Cases {
				if other := out[c.Reference]; other != "" {
					t.Errorf("%s is out with %s and %s", c.Reference, other, p.Number)
				}
				out[c.Reference] = p.Number
			}
		case state != review.PackFinished:
			t.Errorf("%s is %s", p.Number, state)
		}
	}
	if len(packs) != 5 || len(out) == 0 {
		t.Errorf("%d packs, %d cases out", len(packs), len(out))
	}
	events, err := s.Events(by, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, e := range events {
		if e.Outside != nil && e.Action == review.Reject {
			times[e.Reference]++
		}
	}
	for reference := range decided {
		if times[reference] != 1 || out[reference] != "" {
			t.Errorf("%s was decided %d times and is out with %q", reference, times[reference], out[reference])
		}
	}
	if left, err := os.ReadDir(filepath.Join(desk, "outgoing")); err != nil || len(left) > 0 {
		t.Errorf("held on the desk: %v, %v", left, err)
	}
	if left, _ := filepath.Glob(filepath.Join(laptop, "packs", "incoming*")); len(left) > 0 {
		t.Errorf("left on the laptop: %v", left)
	}
}

// syncedDesk is a desk that is served, and an officer of it with a laptop.
type syncedDesk struct {
	t                          *testing.T
	desk, laptop, key, address string
	fingerprint                string
}

func newSyncedDesk(t *testing.T) *syncedDesk {
	t.Helper()
	d := &syncedDesk{t: t, key: officerKey(t)}
	d.desk, d.laptop = demoFolder(t, 60), filepath.Join(t.TempDir(), "laptop")
	officer := []string{"account", "add", "xiaxiang", "--role", "reviewer", "--level", "1", "--key", d.key + ".pub"}
	for _, area := range []string{"武侯区", "锦江区", "双流区", "金牛区", "成华区", "青羊区"} {
		officer = append(officer, "--area", area)
	}
	if _, stderr, status := run(append(officer, "--as", demo.Administrator, "--data", d.desk)...); status != 0 {
		t.Fatal(stderr)
	}
	s := served(t, d.desk)
	d.address, d.fingerprint = "ssh://"+s.Address, s.Fingerprint
	return d
}

func (d *syncedDesk) sync(ctx context.Context, stderr io.Writer, args ...string) int {
	d.t.Helper()
	all := []string{"pack", "sync", d.address, "-i", d.key, "--data", d.laptop, "--desk", d.fingerprint, "--lang", "en"}
	return command.RunImpatient(ctx, append(all, args...), strings.NewReader(""), io.Discard, stderr)
}

// syncs is a sync that must be done, and returns what it said.
func (d *syncedDesk) syncs(args ...string) string {
	d.t.Helper()
	var said bytes.Buffer
	if status := d.sync(context.Background(), &said, args...); status != 0 {
		d.t.Fatalf("%v: %d %s", args, status, said.String())
	}
	return said.String()
}

// lines are how many applications and certificates the pack on the laptop has.
func (d *syncedDesk) lines() (cases, certificates int) {
	d.t.Helper()
	count := func(args ...string) int {
		out, stderr, status := run(append([]string{"pack", "run", "-i", d.key, "--data", d.laptop, "--"}, args...)...)
		if status != 0 {
			d.t.Fatal(stderr)
		}
		return strings.Count(out, "\n")
	}
	return count("list", "--queue", "pending", "--limit", "0"), count("certificate", "list", "--limit", "0")
}

// TestLimitGoesOnToTheNextPack: a limit that left certificates behind is said, and is asked for again with the next pack,
// also one that left nothing behind.
func TestLimitGoesOnToTheNextPack(t *testing.T) {
	d := newSyncedDesk(t)
	const more = "certificates that went along: 2; more fit"
	for i, args := range [][]string{{"--certificates=*", "--limit", "2"}, nil} {
		if said := d.syncs(args...); !strings.Contains(said, more) {
			t.Errorf("sync %d said %s", i+1, said)
		}
		if cases, certificates := d.lines(); cases != 2 || certificates != 2 {
			t.Errorf("sync %d: %d cases and %d certificates, want 2 of each", i+1, cases, certificates)
		}
	}
	all := 0
	for i, args := range [][]string{{"--limit", "0"}, nil} {
		if said := d.syncs(args...); strings.Contains(said, "more fit") {
			t.Errorf("sync %d without a limit said %s", i+3, said)
		}
		_, certificates := d.lines()
		if all = max(all, certificates); certificates < 3 || certificates != all {
			t.Errorf("sync %d without a limit: %d certificates, %d before", i+3, certificates, all)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(d.laptop, "packs", "incoming*")); len(left) > 0 {
		t.Errorf("left on the laptop: %v", left)
	}
}

// killedAt ends a run when it says something.
type killedAt struct {
	word string
	kill context.CancelFunc
	met  bool
}

func (k *killedAt) Write(b []byte) (int, error) {
	if strings.Contains(string(b), k.word) {
		k.met = true
		k.kill()
	}
	return len(b), nil
}

// TestLaptopIsKilledBeforeItAsks: whatever has been handed back, and wiped, the next pack brings the certificates that the
// one before brought.
func TestLaptopIsKilledBeforeItAsks(t *testing.T) {
	d := newSyncedDesk(t)
	d.syncs("--certificates=*", "--limit", "3")
	for _, word := range []string{"handing back", "was wiped", "fetching the next"} {
		ctx, kill := context.WithCancel(context.Background())
		end := &killedAt{word: word, kill: kill}
		if status := d.sync(ctx, end); status == 0 || !end.met {
			t.Fatalf("%s: not killed: %d, %t", word, status, end.met)
		}
		kill()
		d.syncs()
		if cases, certificates := d.lines(); cases != 3 || certificates != 3 {
			t.Errorf("killed at %q: %d cases and %d certificates, want 3 of each", word, cases, certificates)
		}
	}
}

// TestWhatWasAskedForBeforeComesFirst: the command line is told that what it asks for is for the next time.
func TestWhatWasAskedForBeforeComesFirst(t *testing.T) {
	d := newSyncedDesk(t)
	ctx, kill := context.WithCancel(context.Background())
	defer kill()
	end := &killedAt{word: "fetching the next", kill: kill}
	if status := d.sync(ctx, end, "--limit", "2"); status == 0 || !end.met {
		t.Fatalf("not killed: %d", status)
	}
	if said := d.syncs("--limit", "0"); !strings.Contains(said, "what was asked for now is for the next one") {
		t.Errorf("it said %s", said)
	}
	if cases, _ := d.lines(); cases != 2 {
		t.Errorf("%d cases, want the 2 of before", cases)
	}
}
