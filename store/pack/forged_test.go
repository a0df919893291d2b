package pack

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"filippo.io/age"
)

// forged opens what is sealed to one key, changes what is in it, and seals it to the same key again: whoever knows whom a
// file is for can do that, and cannot sign.
func forged(t *testing.T, data []byte, to string, change func(files map[string][]byte)) []byte {
	t.Helper()
	in, err := open(bytes.NewReader(data), int64(len(data)), testKey(t, to))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for name := range in.files {
		if files[name], err = in.read(name, maxFile); err != nil {
			t.Fatal(err)
		}
	}
	change(files)
	key, err := recipient(testKey(t, to).Public())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	sealed, err := newSealed(&out, []age.Recipient{key})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := sealed.add(name, files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := sealed.close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestForgedPack: nothing is in a pack but what the desk signed, byte by byte.
func TestForgedPack(t *testing.T) {
	front := "attachments/" + hashOf([]byte("front"))
	tests := []struct {
		name   string
		change func(files map[string][]byte)
		want   string
	}{
		{"as it was", func(map[string][]byte) {}, ""},
		{"another file of the same size", func(files map[string][]byte) { files[front] = []byte("other") }, "pack_damaged"},
		{"a file that is longer", func(files map[string][]byte) { files[front] = []byte("front and more") }, "pack_damaged"},
		{"a file more", func(files map[string][]byte) { files["attachments/more"] = []byte("more") }, "pack_damaged"},
		{"a file less", func(files map[string][]byte) { delete(files, front) }, "pack_damaged"},
		{"no signature", func(files map[string][]byte) { delete(files, "manifest.json.sig") }, "pack_damaged"},
		{"another manifest", func(files map[string][]byte) {
			files["manifest.json"] = bytes.Replace(files["manifest.json"], []byte("WP-2026-000001"), []byte("WP-2026-000002"), 1)
		}, "pack_signature"},
	}
	for _, tt := range tests {
		p, err := openPack(t, forged(t, written(t, contents(t)), "officer", tt.change), "officer")
		if err == nil {
			err = p.Check(nil)
		}
		if code(err) != tt.want {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

// TestNamesInAPackAreHeldToWhatIsInThem: also in one that the desk signed, an attachment is what its name says, and a case
// is the one that the list names.
func TestNamesInAPackAreHeldToWhatIsInThem(t *testing.T) {
	named := "attachments/" + hashOf([]byte("another"))
	data := forged(t, written(t, contents(t)), "officer", func(files map[string][]byte) {
		var m Manifest
		if err := json.Unmarshal(files["manifest.json"], &m); err != nil {
			t.Fatal(err)
		}
		files[named] = []byte("front")
		m.Files = append(m.Files, File{Name: named, Size: 5, SHA256: hashOf([]byte("front"))})
		m.Cases[0].Name, m.Cases[1].Name = m.Cases[1].Name, m.Cases[0].Name
		m.Certificates[0].Name = "CD-2025-000008"
		manifest, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if files["manifest.json.sig"], err = testKey(t, "desk").sign(manifest, packNamespace); err != nil {
			t.Fatal(err)
		}
		files["manifest.json"] = manifest
	})
	p, err := openPack(t, data, "officer")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Blob(hashOf([]byte("another"))); code(err) != "pack_damaged" {
		t.Errorf("attachment: got %v", err)
	}
	if _, err := p.Case(p.Manifest.Cases[0]); code(err) != "pack_damaged" {
		t.Errorf("case: got %v", err)
	}
	if _, err := p.Certificate(p.Manifest.Certificates[0]); code(err) != "pack_damaged" {
		t.Errorf("certificate: got %v", err)
	}
}

// TestForgedReturn: a return holds the acts of one account on one pack, and nothing else.
func TestForgedReturn(t *testing.T) {
	for name, change := range map[string]func(files map[string][]byte){
		"a file more":            func(files map[string][]byte) { files["acts/000004.json"] = []byte("{}") },
		"a file less":            func(files map[string][]byte) { delete(files, "acts/000003.proof") },
		"an act under a new one": func(files map[string][]byte) { files["acts/000002.json"] = files["acts/000003.json"] },
	} {
		b, err := openReturn(t, forged(t, returned(t, acts()), "desk", change))
		if err == nil {
			err = b.Check()
		}
		if c := code(err); c != "pack_damaged" && c != "pack_signature" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestActOfAnotherInside: what is signed for one account and pack is no act of another, when it comes and when it is kept.
func TestActOfAnotherInside(t *testing.T) {
	for name, spoil := range map[string]func(act *Act){
		"pack":    func(act *Act) { act.Pack = "WP-2026-000002" },
		"account": func(act *Act) { act.Account = "wu.city" },
	} {
		all := acts()
		spoil(&all[1])
		b, err := openReturn(t, returned(t, all))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Check(); code(err) != "pack_damaged" {
			t.Errorf("of another %s: got %v", name, err)
		}
		_, proof, err := b.act(1)
		if code(err) != "pack_damaged" {
			t.Errorf("of another %s, by itself: got %v", name, err)
		}
		if _, _, _, err := proof.Verify(); code(err) != "pack_damaged" {
			t.Errorf("of another %s, as it is kept: got %v", name, err)
		}
	}
}
