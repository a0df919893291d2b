package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rongzheng/review"
)

// hostile is one line of formats §5: something wrong with the package SQ1, or beside it.
type hostile struct {
	name  string
	code  string // of the refusal
	build func(t testing.TB, dir string) string
	// beside says that the fault lies outside every application: SQ1 itself is good and taken.
	beside bool
}

// spoiled builds the folder of SQ1 after the change.
func spoiled(change func(t testing.TB, p *parcel)) func(testing.TB, string) string {
	return func(t testing.TB, dir string) string {
		p := first(t, "SQ1")
		change(t, &p)
		return p.folder(t, dir, "SQ1")
	}
}

// rewritten builds the folder of SQ1 with its document changed as text.
func rewritten(change func(text string) string) func(testing.TB, string) string {
	return spoiled(func(t testing.TB, p *parcel) { p.raw = change(string(p.text(t))) })
}

func answered(key string, value any) func(testing.TB, string) string {
	return spoiled(func(_ testing.TB, p *parcel) { p.form()[key] = value })
}

// zipped builds a zip file with SQ1 and further entries.
func zipped(t testing.TB, dir string, more ...zipEntry) string {
	return zipFile(t, dir, "batch.zip", slices.Concat(first(t, "SQ1").entries(t, "SQ1"), more))
}

func entry(name string, change func(*zip.FileHeader)) func(testing.TB, string) string {
	return func(t testing.TB, dir string) string {
		return zipped(t, dir, zipEntry{name, []byte("x"), change})
	}
}

func noise(n int) []byte {
	data := make([]byte, n)
	r := rand.New(rand.NewPCG(1, 2))
	for i := 0; i+8 <= n; i += 8 {
		binary.LittleEndian.PutUint64(data[i:], r.Uint64())
	}
	return data
}

// raw adds entries whose headers say what they like to a zip file with SQ1.
func raw(t testing.TB, dir string, headers []*zip.FileHeader, data []byte) string {
	t.Helper()
	write(t, filepath.Join(dir, "batch.zip"), rawZip(t, first(t, "SQ1").entries(t, "SQ1"), headers, data))
	return filepath.Join(dir, "batch.zip")
}

func rawZip(t testing.TB, entries []zipEntry, headers []*zip.FileHeader, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		w, err := z.Create(e.name)
		if err == nil {
			_, err = w.Write(e.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, header := range headers {
		w, err := z.CreateRaw(header)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// hugePNG is nothing but the header of a picture of w × h pixels.
func hugePNG(w, h uint32) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	chunk = binary.BigEndian.AppendUint32(chunk, h)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	data := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(chunk))
}

func zipCases() []hostile {
	return []hostile{
		{name: "leaves the folder", code: "zip_path", build: entry("SQ1/../../evil.jpg", nil)},
		{name: "leaves the top", code: "zip_path", build: entry("../evil.jpg", nil), beside: true},
		{name: "absolute", code: "zip_path", build: entry("/etc/evil.jpg", nil), beside: true},
		{name: "backslashes", code: "zip_path", build: entry(`SQ1/..\evil.jpg`, nil)},
		{name: "drive", code: "zip_path", build: entry("SQ1/C:evil.jpg", nil)},
		{name: "dot", code: "zip_path", build: entry("SQ1/./portrait.jpg", nil)},
		{name: "empty part", code: "zip_path", build: entry("SQ1//portrait.jpg", nil)},
		{name: "escape sequence in the name", code: "zip_path", build: entry("SQ1/\x1b[2J.jpg", nil)},
		{name: "bidi in the name", code: "zip_path", build: entry("SQ1/\u202Egpj.exe", nil)},
		{name: "too deep", code: "zip_path", build: entry("SQ1/"+strings.Repeat("a/", 40)+"x.jpg", nil)},
		{name: "link", code: "file_link", build: entry("SQ1/link.jpg", func(h *zip.FileHeader) { h.SetMode(0o777 | fs.ModeSymlink) })},
		{name: "device", code: "file_special", build: entry("SQ1/dev.jpg", func(h *zip.FileHeader) { h.SetMode(0o600 | fs.ModeDevice) })},
		{name: "twice", code: "name_twice", build: entry("SQ1/portrait.jpg", nil)},
		{name: "twice but for case", code: "name_twice", build: entry("SQ1/Portrait.JPG", nil)},
		{name: "twice but for case of the folder", code: "name_twice", build: entry("sq1/portrait.jpg", nil)},
		{name: "twice but for composition", code: "name_twice", build: func(t testing.TB, dir string) string {
			return zipped(t, dir, zipEntry{name: "SQ1/\u00e9.jpg"}, zipEntry{name: "SQ1/e\u0301.jpg"})
		}},
		{name: "encrypted", code: "zip_encrypted", build: func(t testing.TB, dir string) string {
			return raw(t, dir, []*zip.FileHeader{{Name: "SQ1/secret.jpg", Flags: 1, CompressedSize64: 1, UncompressedSize64: 1}}, []byte("x"))
		}},
		{name: "file of more than 10 MB", code: "file_large", build: func(t testing.TB, dir string) string {
			return zipped(t, dir, zipEntry{"SQ1/big.jpg", noise(MaxFile + 8), func(h *zip.FileHeader) { h.Method = zip.Store }})
		}},
		{name: "ratio", code: "zip_ratio", build: func(t testing.TB, dir string) string {
			return zipped(t, dir, zipEntry{"SQ1/bomb.jpg", make([]byte, 5<<20), nil})
		}},
		{name: "more than 200 MB", code: "application_large", build: func(t testing.TB, dir string) string {
			var headers []*zip.FileHeader
			for i := range 21 {
				name := fmt.Sprintf("SQ1/%d.jpg", i)
				headers = append(headers, &zip.FileHeader{Name: name, CompressedSize64: 1 << 20, UncompressedSize64: MaxFile})
			}
			return raw(t, dir, headers, []byte("x"))
		}},
		{name: "more than 10 000 entries", code: "entries_many", build: func(t testing.TB, dir string) string {
			var more []zipEntry
			for i := range MaxEntries {
				more = append(more, zipEntry{name: fmt.Sprintf("x/%d", i)})
			}
			return zipped(t, dir, more...)
		}},
		{name: "endless directory", code: "entries_many", build: func(t testing.TB, dir string) string {
			var more []zipEntry
			for i := range 150 {
				more = append(more, zipEntry{name: fmt.Sprintf("%060000d", i)})
			}
			return zipped(t, dir, more...)
		}},
		{name: "lies about its size", code: "zip_damaged", build: lyingZip},
		{name: "cut off", code: "zip_damaged", build: func(t testing.TB, dir string) string {
			data := zipBytes(t, first(t, "SQ1").entries(t, "SQ1"))
			write(t, filepath.Join(dir, "cut.zip"), data[:len(data)-40])
			return filepath.Join(dir, "cut.zip")
		}},
		{name: "damaged inside", code: "zip_damaged", build: func(t testing.TB, dir string) string {
			data := zipBytes(t, first(t, "SQ1").entries(t, "SQ1"))
			at := bytes.Index(data, []byte("SQ1/portrait.jpg")) + 500
			data[at] ^= 0xff
			write(t, filepath.Join(dir, "bad.zip"), data)
			return filepath.Join(dir, "bad.zip")
		}},
		{name: "zip in a zip", code: "zip_nested", build: entry("more.zip", nil), beside: true},
		{name: "zip in the application", code: "file_unnamed", build: entry("SQ1/more.zip", nil)},
	}
}

// lyingZip holds a portrait that unpacks to more than its header says.
func lyingZip(t testing.TB, dir string) string {
	p := first(t, "SQ1")
	portrait := p.files["portrait.jpg"]
	delete(p.files, "portrait.jpg")
	header := &zip.FileHeader{
		Name: "SQ1/portrait.jpg", Method: zip.Store, CRC32: crc32.ChecksumIEEE(portrait[:9]),
		CompressedSize64: uint64(len(portrait)), UncompressedSize64: 9,
	}
	write(t, filepath.Join(dir, "lie.zip"), rawZip(t, p.entries(t, "SQ1"), []*zip.FileHeader{header}, portrait))
	return filepath.Join(dir, "lie.zip")
}

func jsonCases() []hostile {
	nest := func(depth int) string {
		return strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1)
	}
	return []hostile{
		{name: "deeper than 32", code: "json_deep", build: rewritten(func(s string) string {
			return strings.Replace(s, "{", `{"extra": `+nest(MaxDepth+1)+",", 1)
		})},
		{name: "32 deep is only unknown", code: "key_unknown", build: rewritten(func(s string) string {
			return strings.Replace(s, "{", `{"extra": `+nest(MaxDepth)+",", 1)
		})},
		{name: "larger than 1 MB", code: "json_large", build: rewritten(func(s string) string {
			return s + strings.Repeat(" ", MaxJSON)
		})},
		{name: "key twice", code: "json_twice", build: rewritten(func(s string) string {
			return strings.Replace(s, `"kind"`, `"reference": "SQ9", "kind"`, 1)
		})},
		{name: "key twice in the form", code: "json_twice", build: rewritten(func(s string) string {
			return strings.Replace(s, `"level"`, `"\u006eame": "x", "level"`, 1)
		})},
		{name: "something after it", code: "json_trailing", build: rewritten(func(s string) string { return s + `{}` })},
		{name: "not JSON", code: "json_syntax", build: rewritten(func(string) string { return "PK" })},
		{name: "empty", code: "json_syntax", build: rewritten(func(string) string { return " " })},
		{name: "cut off", code: "json_syntax", build: rewritten(func(s string) string { return s[:strings.Index(s, `"kind"`)] })},
		{name: "a list", code: "json_object", build: rewritten(func(s string) string { return "[" + s + "]" })},
		{name: "not UTF-8", code: "json_encoding", build: rewritten(func(s string) string {
			return strings.Replace(s, "王芳", "\xcd\xf5\xb7\xbc", 1)
		})},
		{name: "newer format", code: "format_newer", build: rewritten(func(s string) string {
			return strings.Replace(s, "application/1", "application/2", 1)
		})},
		{name: "other format", code: "format_unknown", build: rewritten(func(s string) string {
			return strings.Replace(s, "rongzheng-application/1", "rongzheng-result/1", 1)
		})},
		{name: "no format", code: "format_unknown", build: spoiled(func(_ testing.TB, p *parcel) { delete(p.document, "format") })},
		{name: "unknown key", code: "key_unknown", build: spoiled(func(_ testing.TB, p *parcel) { p.document["folows"] = "" })},
		{name: "unknown key in the form", code: "key_unknown", build: answered("mobil", "13800001234")},
		{name: "slot in the form", code: "key_unknown", build: answered("portrait", "portrait.jpg")},
		{name: "derived answer", code: "derived", build: answered("age", "35")},
		{name: "unknown key in the consent", code: "key_unknown", build: spoiled(func(_ testing.TB, p *parcel) {
			p.document["consent"].(map[string]any)["\x1b[31m"] = ""
		})},
		{name: "unknown key in an attachment", code: "key_unknown", build: spoiled(func(_ testing.TB, p *parcel) {
			p.document["attachments"].([]any)[0].(map[string]any)["sha265"] = ""
		})},
		{name: "reference that is a path", code: "reference_form", build: spoiled(func(_ testing.TB, p *parcel) {
			p.document["reference"] = "../SQ1"
		})},
		{name: "revision that is no number", code: "type_number", build: spoiled(func(_ testing.TB, p *parcel) {
			p.document["revision"] = "1"
		})},
		{name: "withdrawal with more files", code: "file_unnamed", build: func(t testing.TB, dir string) string {
			p := withdrawal("SQ1", "2026-11-16T15:00:00+08:00")
			p.files = map[string][]byte{"letter.jpg": jpegOf(t, 8, 8, 1)}
			return p.folder(t, dir, "SQ1")
		}},
		{name: "withdrawal without a time", code: "time_form", build: func(t testing.TB, dir string) string {
			return withdrawal("SQ1", "").folder(t, dir, "SQ1")
		}},
	}
}

func textCases() []hostile {
	return []hostile{
		{name: "escape sequence", code: "text_control", build: answered("name", "王\x1b[2J芳")},
		{name: "8-bit control", code: "text_control", build: answered("address", "武侯区\u009b31m")},
		{name: "line break", code: "text_control", build: answered("major", "社会\n工作")},
		{name: "tab", code: "text_control", build: answered("major", "社会\t工作")},
		{name: "line separator", code: "text_control", build: answered("address", "武侯\u2028区")},
		{name: "bidirectional override", code: "text_bidi", build: answered("address", "武侯区\u202E1")},
		{name: "bidirectional isolate", code: "text_bidi", build: answered("major", "\u2066社工\u2069")},
		{name: "half a surrogate pair", code: "text_encoding", build: rewritten(func(s string) string {
			return strings.Replace(s, "王芳", `王\ud800`, 1)
		})},
		{name: "in an option", code: "option_unknown", build: answered("ethnicity", "汉族\x1b")},
		{name: "in the envelope", code: "key_text", build: spoiled(func(_ testing.TB, p *parcel) { p.document["follows"] = "SQ0\u202E" })},
		{name: "in a slot", code: "key_text", build: spoiled(func(_ testing.TB, p *parcel) { p.attach("portrait\x1b", "portrait.jpg") })},
	}
}

// costlyJPEG says of itself that it has 49 megapixels in full colour, stored in passes.
func costlyJPEG(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewRGBA(image.Rect(0, 0, 16, 16)), nil); err != nil {
		t.Fatal(err)
	}
	data := out.Bytes()
	frame := bytes.Index(data, []byte{0xff, 0xc0})
	data[frame+1], data[frame+11] = 0xc2, 0x11
	binary.BigEndian.PutUint16(data[frame+5:], 7000)
	binary.BigEndian.PutUint16(data[frame+7:], 7000)
	return append(data, make([]byte, 100_000)...)
}

func fileCases() []hostile {
	replaced := func(name string, data func(testing.TB) []byte) func(testing.TB, string) string {
		return spoiled(func(t testing.TB, p *parcel) { p.files[name] = data(t) })
	}
	named := func(file string) func(testing.TB, string) string {
		return spoiled(func(_ testing.TB, p *parcel) { p.attach("credential_scan", file) })
	}
	return []hostile{
		{name: "over 50 megapixels", code: "file_megapixels", build: spoiled(func(_ testing.TB, p *parcel) {
			p.files["huge.png"] = hugePNG(10_000, 5_001)
			p.attach("credential_scan", "huge.png")
		})},
		{name: "too much memory", code: "file_costly", build: replaced("portrait.jpg", costlyJPEG)},
		{name: "PNG named JPEG", code: "file_content", build: replaced("portrait.jpg", func(t testing.TB) []byte { return pngOf(t, 300, 420, 1) })},
		{name: "zip named JPEG", code: "file_kind", build: replaced("portrait.jpg", func(testing.TB) []byte { return []byte("PK\x03\x04") })},
		{name: "text named JPEG", code: "file_strange", build: replaced("portrait.jpg", func(testing.TB) []byte { return []byte("<svg>") })},
		{name: "empty", code: "file_empty_content", build: replaced("portrait.jpg", func(testing.TB) []byte { return nil })},
		{name: "cut off", code: "file_damaged", build: replaced("portrait.jpg", func(t testing.TB) []byte {
			data := jpegOf(t, 300, 420, 1)
			return data[:len(data)/2]
		})},
		{name: "larger than 10 MB", code: "file_large", build: replaced("portrait.jpg", func(t testing.TB) []byte {
			return append(jpegOf(t, 300, 420, 1), make([]byte, MaxFile)...)
		})},
		{name: "named and missing", code: "file_missing", build: named("absent.jpg")},
		{name: "named by nobody", code: "file_unnamed", build: spoiled(func(t testing.TB, p *parcel) { p.files["extra.jpg"] = jpegOf(t, 8, 8, 1) })},
		{name: "in a folder below", code: "file_unnamed", build: spoiled(func(t testing.TB, p *parcel) { p.files["more/extra.jpg"] = jpegOf(t, 8, 8, 1) })},
		{name: "unknown slot", code: "slot_unknown", build: func(t testing.TB, dir string) string {
			p := first(t, "SQ1")
			p.document["attachments"].([]any)[4].(map[string]any)["slot"] = "potrait"
			return p.folder(t, dir, "SQ1")
		}},
		{name: "path outside", code: "file_name", build: named("../SQ2/portrait.jpg")},
		{name: "path inside", code: "file_name", build: named("more/portrait.jpg")},
		{name: "path of Windows", code: "file_name", build: named(`..\portrait.jpg`)},
		{name: "the document itself", code: "file_name", build: named(documentName)},
		{name: "no name", code: "file_name", build: named("")},
		{name: "twice in a slot", code: "file_repeated_name", build: named("credential_scan.jpg")},
		{name: "other hash", code: "file_hash", build: spoiled(func(_ testing.TB, p *parcel) {
			p.document["attachments"].([]any)[4].(map[string]any)["sha256"] = strings.Repeat("0", 64)
		})},
		{name: "no hash at all", code: "file_hash", build: spoiled(func(_ testing.TB, p *parcel) {
			p.document["attachments"].([]any)[4].(map[string]any)["sha256"] = "abc"
		})},
		{name: "more than 200 MB", code: "application_large", build: func(t testing.TB, dir string) string {
			at := first(t, "SQ1").folder(t, dir, "SQ1")
			for i := range 21 {
				name := filepath.Join(at, fmt.Sprintf("%d.jpg", i))
				write(t, name, nil)
				if err := os.Truncate(name, MaxFile); err != nil {
					t.Fatal(err)
				}
			}
			return at
		}},
	}
}

func folderCases() []hostile {
	linked := func(name string, target func(dir string) string) func(testing.TB, string) string {
		return func(t testing.TB, dir string) string {
			at := first(t, "SQ1").folder(t, dir, "SQ1")
			if err := os.Symlink(target(dir), filepath.Join(at, name)); err != nil {
				t.Skip("no links here")
			}
			return at
		}
	}
	outside := func(dir string) string { return filepath.Join(dir, "outside.jpg") }
	return []hostile{
		{name: "link to a file outside", code: "file_link", build: func(t testing.TB, dir string) string {
			write(t, outside(dir), jpegOf(t, 8, 8, 1))
			return linked("link.jpg", outside)(t, dir)
		}},
		{name: "link to a file inside", code: "file_link", build: linked("link.jpg", func(string) string { return "portrait.jpg" })},
		{name: "link to a folder", code: "file_link", build: linked("link", func(string) string { return ".." })},
		{name: "document that is a link", code: "file_link", build: func(t testing.TB, dir string) string {
			at := first(t, "SQ1").folder(t, dir, "SQ1")
			if err := os.Rename(filepath.Join(at, documentName), filepath.Join(dir, "elsewhere.json")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(dir, "elsewhere.json"), filepath.Join(at, documentName)); err != nil {
				t.Skip("no links here")
			}
			return at
		}},
	}
}

func allHostile() map[string][]hostile {
	return map[string][]hostile{
		"zip": zipCases(), "json": jsonCases(), "text": textCases(), "file": fileCases(), "folder": folderCases(),
	}
}

// codesOf lists every code that an error tells of.
func codesOf(err error) []string {
	switch e := err.(type) {
	case nil:
		return nil
	case *Error:
		return []string{e.Code}
	case *review.FormError:
		var codes []string
		for _, p := range e.Problems {
			codes = append(codes, p.Code)
		}
		return codes
	case interface{ Unwrap() []error }:
		var codes []string
		for _, inner := range e.Unwrap() {
			codes = append(codes, codesOf(inner)...)
		}
		return codes
	}
	return codesOf(errors.Unwrap(err))
}

// TestHostileRead: each line of formats §5 is refused with its own code, and no message carries a control character or
// what is known of the person.
func TestHostileRead(t *testing.T) {
	for kind, cases := range allHostile() {
		for _, h := range cases {
			t.Run(kind+"/"+h.name, func(t *testing.T) {
				var codes []string
				for s := range Find([]string{h.build(t, t.TempDir())}) {
					pkg, err := Read(s, policy())
					if err == nil && pkg.Withdrawal == nil { // what Read leaves to whoever submits
						sub := pkg.Submission
						err = collected(review.Validate(sub.Kind, sub.Form, sub.Consent, sub.Attachments, policy(), review.DateOf(today)))
					}
					codes = append(codes, codesOf(err)...)
					checkSafe(t, s.Name)
					if err != nil {
						checkSafe(t, err.Error())
					}
				}
				if !slices.Contains(codes, h.code) {
					t.Errorf("got %v, want %s", codes, h.code)
				}
			})
		}
	}
}

func checkSafe(t *testing.T, message string) {
	t.Helper()
	if strings.ContainsAny(message, "\x1b\n\u202e\u009b") {
		t.Errorf("message with control characters: %q", message)
	}
	for _, private := range []string{"王芳", "510107199104180263", "13800001234"} {
		if strings.Contains(message, private) {
			t.Errorf("message with personal data: %s", message)
		}
	}
}

func TestShown(t *testing.T) {
	for text, want := range map[string]string{
		"portrait.jpg":           "portrait.jpg",
		"\x1b[31m":               "\uFFFD[31m",
		"510107199104180263.jpg": "***.jpg",
		"51010719910418026X.jpg": "***.jpg",
		"SQ202611160001":         "SQ202611160001",
		strings.Repeat("a", 121): strings.Repeat("a", 120) + "…",
	} {
		if got := shown(text); got != want {
			t.Errorf("shown(%q) = %q, want %q", text, got, want)
		}
	}
}

// FuzzZip: whatever a zip file holds, looking through it ends, and what is refused has a code.
func FuzzZip(f *testing.F) {
	small := first(f, "SQ1")
	small.files = map[string][]byte{"portrait.jpg": jpegOf(f, 8, 8, 1)}
	f.Add(zipBytes(f, small.entries(f, "SQ1")))
	f.Add(zipBytes(f, []zipEntry{{name: "../x.json", data: []byte("{}")}, {name: "a/application.json", data: []byte("{}")}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "f.zip")
		write(t, path, data)
		for s := range Find([]string{path}) {
			if _, err := Read(s, policy()); err != nil && !isOurs(err) {
				t.Errorf("%v", err)
			}
		}
	})
}
