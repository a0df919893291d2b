package pack

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// stock finds a program that others have written, and skips the test where it is not installed.
func stock(t *testing.T, name string) string {
	t.Helper()
	found, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("RONGZHENG_NO_SKIP") != "" {
			t.Fatal(err)
		}
		t.Skipf("%s is not installed", name)
	}
	return found
}

// TestStockPrograms opens a pack and a return with the age program and checks their signatures with ssh-keygen.
func TestStockPrograms(t *testing.T) {
	age, keygen := stock(t, "age"), stock(t, "ssh-keygen")
	for _, one := range []struct {
		name, key, signed, who, namespace string
		data                              []byte
	}{
		{"taken.pack", "officer", "manifest.json", "desk", packNamespace, written(t, contents(t))},
		{"done.return", "desk", "return.json", "officer", returnNamespace, returned(t, acts())},
	} {
		dir := t.TempDir()
		save := func(name string, data []byte) string {
			file := filepath.Join(dir, name)
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			return file
		}
		sealed, key := save(one.name, one.data), save("key", keyFile(t, one.key))
		plain, err := exec.Command(age, "-d", "-i", key, sealed).Output()
		if err != nil {
			t.Fatalf("age: %v", err)
		}
		message := unzipped(t, plain, one.signed)
		signature := save("signature", unzipped(t, plain, one.signed+".sig"))
		allowed := save("allowed", []byte(one.who+" "+authorized(testKey(t, one.who))))
		check := func(message []byte) error {
			c := exec.Command(keygen, "-Y", "verify", "-f", allowed, "-I", one.who, "-n", one.namespace, "-s", signature)
			c.Stdin = bytes.NewReader(message)
			return c.Run()
		}
		if err := check(message); err != nil {
			t.Errorf("ssh-keygen of %s: %v", one.signed, err)
		}
		if check(append(message, ' ')) == nil {
			t.Errorf("ssh-keygen takes a changed %s", one.signed)
		}
	}
}

func unzipped(t *testing.T, data []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	inside, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return inside
}
