package pack

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// sent is what a desk sends of the file to a laptop that has so many bytes of one with the mark.
func sent(t *testing.T, file []byte, mark string, have int64) []byte {
	t.Helper()
	own, err := Mark(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	from := SendFrom(own, int64(len(file)), mark, have)
	var out bytes.Buffer
	for _, s := range []Sending{{Packed: 1, Cases: 2}, {Pack: "WP-2026-000001", Cases: 2, Size: int64(len(file)), Mark: own, From: from}} {
		if err := s.Say(&out); err != nil {
			t.Fatal(err)
		}
	}
	out.Write(file[from:])
	return out.Bytes()
}

// asks reads from the command of the laptop what it has.
func asks(t *testing.T, in *Incoming) (mark string, have int64) {
	t.Helper()
	args, err := in.Ask()
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range args[:len(args)-1] {
		switch a {
		case "--have":
			if have, err = strconv.ParseInt(args[i+1], 10, 64); err != nil {
				t.Fatal(err)
			}
		case "--of":
			mark = args[i+1]
		}
	}
	return mark, have
}

// TestIncoming: whatever the line brings at once and wherever it is cut, the file that was sent is there in the end; where the
// desk has sealed another one meanwhile, that one.
func TestIncoming(t *testing.T) {
	root, key, desk := t.TempDir(), testKey(t, "officer"), testKey(t, "desk").Public()
	random := rand.New(rand.NewPCG(1, 2026))
	file := bytes.Repeat([]byte("one sealing "), 5000)
	if _, err := NewIncoming(root, key, desk, Wanted{Query: "kind:first", Days: 3}); err != nil {
		t.Fatal(err)
	}
	for try := 0; ; try++ {
		in, err := FindIncoming(root, key, desk)
		if err != nil || in == nil || in.Query != "kind:first" || in.Days != 3 {
			t.Fatalf("try %d: %+v, %v", try, in, err)
		}
		if try == 20 {
			file = bytes.Repeat([]byte("another sealing "), 4000)
		}
		mark, have := asks(t, in)
		line := sent(t, file, mark, have)
		line = line[:random.IntN(min(len(line), 4<<10)+1)]
		for len(line) > 0 {
			n := 1 + random.IntN(len(line))
			if _, err := in.Write(line[:n]); err != nil {
				t.Fatal(err)
			}
			line = line[n:]
		}
		if err := in.Rest(); err != nil {
			t.Fatal(err)
		}
		if !in.Whole() {
			continue
		}
		got, err := os.ReadFile(in.Path())
		if err != nil || !bytes.Equal(got, file) || try < 20 {
			t.Errorf("after %d tries: %d bytes, %v", try, len(got), err)
		}
		if err := in.Forget(); err != nil {
			t.Fatal(err)
		}
		break
	}
	if in, err := FindIncoming(root, key, desk); in != nil || err != nil {
		t.Errorf("left: %+v, %v", in, err)
	}
	if left, err := os.ReadDir(root); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestIncomingNonsense: a desk that goes on where the laptop is not, or sends more than it said, is not followed.
func TestIncomingNonsense(t *testing.T) {
	for name, line := range map[string]string{
		"ahead":        `{"format":"rongzheng-sending/1","pack":"WP-2026-000001","size":10,"mark":"x","from":5}` + "\n",
		"backwards":    `{"format":"rongzheng-sending/1","pack":"WP-2026-000001","size":10,"mark":"x","from":-1}` + "\n",
		"too much":     `{"format":"rongzheng-sending/1","pack":"WP-2026-000001","size":3,"mark":"x"}` + "\nfour",
		"newer":        `{"format":"rongzheng-sending/2"}` + "\n",
		"no document":  "welcome to this machine\n",
		"without end":  string(bytes.Repeat([]byte("x"), maxLine+1)),
		"a shell said": "{}\n",
	} {
		in, err := NewIncoming(t.TempDir(), testKey(t, "officer"), testKey(t, "desk").Public(), Wanted{Days: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := in.Ask(); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write([]byte(line)); code(err) != "pack_damaged" && code(err) != "pack_format" {
			t.Errorf("%s: %v", name, err)
		}
		if err := in.Rest(); err != nil || in.Whole() {
			t.Errorf("%s: whole, or %v", name, err)
		}
	}
}

// TestIncomingOfAnotherSealing: bytes that came of one sealing are not continued with those of another, and bytes that
// nobody has heard of are none.
func TestIncomingOfAnotherSealing(t *testing.T) {
	in, err := NewIncoming(t.TempDir(), testKey(t, "officer"), testKey(t, "desk").Public(), Wanted{Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in.Path(), []byte("of an earlier pack"), 0o600); err != nil {
		t.Fatal(err)
	}
	if mark, have := asks(t, in); mark != "" || have != 0 {
		t.Errorf("left by an earlier pack: asks to go on after %d of %q", have, mark)
	}
	file := []byte("one sealing")
	whole := sent(t, file, "", 0)
	if _, err := in.Write(whole[:len(whole)-4]); err != nil {
		t.Fatal(err)
	}
	if err := in.Rest(); err != nil {
		t.Fatal(err)
	}
	mark, have := asks(t, in)
	if have != int64(len(file)-4) {
		t.Fatalf("asks to go on after %d bytes, want %d", have, len(file)-4)
	}
	other := `{"format":"rongzheng-sending/1","pack":"WP-2026-000001","size":11,"mark":"another","from":7}` + "\n"
	if _, err := in.Write([]byte(other)); code(err) != "pack_damaged" {
		t.Errorf("another sealing from where this one ended: %v", err)
	}
	if err := in.Rest(); err != nil {
		t.Fatal(err)
	}
	if again, have := asks(t, in); again != mark || have != int64(len(file)-4) {
		t.Errorf("after it: asks to go on after %d of %q, want what was there", have, again)
	}
	if _, err := in.Write(sent(t, file, mark, have)); err != nil || !in.Whole() {
		t.Errorf("whole: %v, %v", in.Whole(), err)
	}
}
