package main

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"

	"rongzheng/cert/sign/signtest"
	"rongzheng/review"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rongzheng": main, "sshkey": sshKey, "sshto": sshTo, "serving": serving})
}

// TestScripts runs the program as its users do; each script in testdata/script reads like a specification.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("RONGZHENG_DATA", filepath.Join(env.WorkDir, "data"))
			env.Setenv("RONGZHENG_LANG", "en")
			today := review.DateOf(time.Now()).String()
			env.Setenv("TODAY", today)
			env.Setenv("YEAR", today[:len("2006")])
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
			env.Setenv("RONGZHENG_NO_SKIP", os.Getenv("RONGZHENG_NO_SKIP"))
			env.Setenv("GOGC", "400") // most of a command is its start, and a third of that the collection of garbage
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"pictures":    drawPictures,
			"pdftext":     pdfText,
			"cut":         cutFile,
			"fingerprint": fingerprint,
			"keyid":       keyID,
			"nowhere":     nowhere,
			"office":      makeOffice,
			"signed":      askSignature,
			"changed":     changeFile,
			"lines":       writeLines,
		},
	})
}

// keyID NAME puts the id of the only signing key of the data folder into the variable.
func keyID(ts *testscript.TestScript, _ bool, args []string) {
	keys, err := filepath.Glob(filepath.Join(ts.MkAbs(ts.Getenv("RONGZHENG_DATA")), "keys", "*.pub.pem"))
	if err != nil || len(keys) != 1 || len(args) != 1 {
		ts.Fatalf("usage: keyid NAME, with one key: %v, %v", keys, err)
	}
	id, _, _ := strings.Cut(filepath.Base(keys[0]), ".")
	ts.Setenv(args[0], id)
}

// makeOffice FILE PASSPHRASE [over|soon] makes up an office's key with its certificates as PKCS #12: valid for a year, no more,
// or for some days.
func makeOffice(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: office FILE PASSPHRASE [over|soon]")
	}
	ends := time.Now().AddDate(1, 0, 0)
	switch {
	case slices.Contains(args, "over"):
		ends = time.Now().Add(-time.Hour)
	case slices.Contains(args, "soon"):
		ends = time.Now().AddDate(0, 0, 9)
	}
	t := scriptTB{ts: ts}
	office := signtest.New(t, nil, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = ends.AddDate(-2, 0, 0), ends })
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), office.PKCS12(t, args[1]), 0o600))
}

// scriptTB lets a script fail where a helper for tests does.
type scriptTB struct {
	testing.TB
	ts *testscript.TestScript
}

func (t scriptTB) Helper()           {}
func (t scriptTB) Fatal(args ...any) { t.ts.Fatalf("%v", args) }

// askSignature FILE asks pdfsig whether the PDF's signature holds. Without the program the question is skipped, except where
// RONGZHENG_NO_SKIP is set.
func askSignature(ts *testscript.TestScript, _ bool, args []string) {
	program, err := exec.LookPath("pdfsig")
	if err != nil {
		if ts.Getenv("RONGZHENG_NO_SKIP") != "" {
			ts.Fatalf("pdfsig is not installed")
		}
		ts.Logf("pdfsig is not installed: the signature of %s is not looked at", args[0])
		return
	}
	out, err := exec.Command(program, "-nocert", ts.MkAbs(args[0])).CombinedOutput()
	ts.Check(err)
	if !bytes.Contains(out, []byte("Signature is Valid.")) {
		ts.Fatalf("%s: %s", args[0], out)
	}
}

// changeFile FROM TO copies a file with one bit changed in its middle.
func changeFile(ts *testscript.TestScript, _ bool, args []string) {
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	data[len(data)/2] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data, 0o600))
}

// writeLines FILE TEXT... writes each text on a line of its own: files that come with a script know nothing of the day.
func writeLines(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: lines FILE TEXT...")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(args[1:], "\n")+"\n"), 0o600))
}

// drawPictures WIDTHxHEIGHT FILE... draws pictures that all differ: each file's name is what it shows.
func drawPictures(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: pictures WIDTHxHEIGHT FILE...")
	}
	w, h, _ := strings.Cut(args[0], "x")
	width, err := strconv.Atoi(w)
	ts.Check(err)
	height, err := strconv.Atoi(h)
	ts.Check(err)
	for _, name := range args[1:] {
		path := ts.MkAbs(name)
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
		ts.Check(os.WriteFile(path, draw(width, height, name), 0o644))
	}
}

func draw(width, height int, seed string) []byte {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := seed[(x*len(seed)/width+y/7)%len(seed)]
			img.Set(x, y, color.RGBA{c * 3, uint8(x * 255 / width), uint8(y * 255 / height), 255})
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, nil); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// pdfText FILE TEXT... asks pdftotext whether the PDF holds each text. Without the program the question is skipped,
// except where RONGZHENG_NO_SKIP is set.
func pdfText(ts *testscript.TestScript, _ bool, args []string) {
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		if ts.Getenv("RONGZHENG_NO_SKIP") != "" {
			ts.Fatalf("pdftotext is not installed")
		}
		ts.Logf("pdftotext is not installed: the text of %s is not looked at", args[0])
		return
	}
	out, err := exec.Command(program, "-layout", ts.MkAbs(args[0]), "-").Output()
	ts.Check(err)
	for _, text := range args[1:] {
		if !bytes.Contains(out, []byte(text)) {
			ts.Fatalf("%s does not hold %q", args[0], text)
		}
	}
}

// fingerprint FILE puts the fingerprint of a private key into $FINGERPRINT.
func fingerprint(ts *testscript.TestScript, _ bool, args []string) {
	file, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	signer, err := ssh.ParsePrivateKey(file)
	ts.Check(err)
	ts.Setenv("FINGERPRINT", ssh.FingerprintSHA256(signer.PublicKey()))
}

// nowhere DIR TEXT... fails where a file below the folder, or its name, holds one of the texts.
func nowhere(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, text := range args[1:] {
			if bytes.Contains(data, []byte(text)) || strings.Contains(entry.Name(), text) {
				ts.Fatalf("%s shows %s", path, text)
			}
		}
		return err
	}))
}

// TestRunNeverPanics gives the command line what it does not expect.
func TestRunNeverPanics(t *testing.T) {
	t.Setenv("RONGZHENG_DATA", filepath.Join(t.TempDir(), "data"))
	for _, args := range [][]string{
		{"nonsense"}, {"--lang"}, {"--lang", "fr"}, {"approve"}, {"reject", "X"}, {"list", "--queue", "none"},
		{"demo", "--applications", "0"}, {"certificate"}, {"--data", "", "list"}, {"\x1b[2J"}, {"--policy", "/nowhere", "list"},
	} {
		var stdout, stderr bytes.Buffer
		status := run(args, strings.NewReader(""), &stdout, &stderr)
		if strings.Contains(stderr.String(), "\x1b") {
			t.Errorf("%q: an escape sequence reaches the terminal", args)
		}
		if fmt.Sprint(args) != "[certificate]" && (status == 0 || stderr.Len() == 0) {
			t.Errorf("%q: status %d, %q on standard error", args, status, stderr.String())
		}
	}
}

// cutFile FILE BYTES OUT writes the beginning of a file.
func cutFile(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: cut FILE BYTES OUT")
	}
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	if n < 0 {
		n += len(data)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), data[:min(n, len(data))], 0o600))
}
