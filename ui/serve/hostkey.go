package serve

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	gossh "golang.org/x/crypto/ssh"

	"rongzheng/store/durable"
)

// ErrOpenFolder says that others than the owner can get at a folder or file that must be the owner's alone.
var ErrOpenFolder = errors.New("others can read it")

// others are the permissions of everybody but the owner.
const others = 0o077

func defaultHostKey(dir string) string { return filepath.Join(dir, "host_ed25519") }

// private refuses a file or folder that others can read. Windows keeps permissions in another way.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&others != 0 {
		return fmt.Errorf("%s: %w", path, ErrOpenFolder)
	}
	return nil
}

// HostKeyFile returns the private key file that clients know the desk of the data folder by, and makes it when there is
// none. The error is ErrOpenFolder when others can read it.
func HostKeyFile(dir string) ([]byte, error) {
	path := defaultHostKey(dir)
	if _, err := hostKey(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// hostKey reads the host key, or makes it when there is none.
func hostKey(path string) (gossh.Signer, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = makeHostKey(path)
	}
	if err != nil {
		return nil, err
	}
	if err := private(path); err != nil {
		return nil, err
	}
	return gossh.ParsePrivateKey(text)
}

// makeHostKey writes a new key so that a half-written one never takes its name.
func makeHostKey(path string) ([]byte, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := gossh.MarshalPrivateKey(key, "rongzheng")
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(block)
	return text, writePrivate(path, text)
}

// writePrivate lets a file of the owner's alone appear whole under its name.
func writePrivate(path string, data []byte) error {
	return durable.WriteFile(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}
