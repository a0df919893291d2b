package pack

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// The namespaces of the signatures.
const (
	packNamespace   = "rongzheng-pack"
	returnNamespace = "rongzheng-return"
)

// PublicKey is the public half of an SSH key.
type PublicKey = ssh.PublicKey

// Key is a private SSH key: it opens what was sealed to it and signs.
type Key struct {
	identity age.Identity
	signer   ssh.Signer
}

// ParseKey reads a private SSH key file, of Ed25519 or RSA: age seals to no other kinds, which are refused as
// pack_key_kind. passphrase is asked for once where the file is protected, and its error returned; nil leaves it closed, which
// is pack_key_protected.
func ParseKey(file []byte, passphrase func() ([]byte, error)) (*Key, error) {
	raw, err := ssh.ParseRawPrivateKey(file)
	var protected *ssh.PassphraseMissingError
	if errors.As(err, &protected) && passphrase != nil {
		phrase, asked := passphrase()
		if asked != nil {
			return nil, asked
		}
		raw, err = ssh.ParseRawPrivateKeyWithPassphrase(file, phrase)
		clear(phrase)
	}
	if err != nil {
		return nil, keyError(err)
	}
	return newKey(raw)
}

func keyError(err error) error {
	var protected *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &protected):
		return refuse("pack_key_protected")
	case strings.Contains(err.Error(), "decryption password incorrect"):
		return refuse("pack_key_passphrase")
	}
	return fmt.Errorf("%w: %w", refuse("pack_key_unreadable"), err)
}

func newKey(raw any) (*Key, error) {
	var identity age.Identity
	var err error
	switch private := raw.(type) {
	case *ed25519.PrivateKey:
		identity, err = agessh.NewEd25519Identity(*private)
	case ed25519.PrivateKey:
		identity, err = agessh.NewEd25519Identity(private)
	case *rsa.PrivateKey:
		identity, err = agessh.NewRSAIdentity(private)
	default:
		return nil, refuse("pack_key_kind")
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", refuse("pack_key_kind"), err)
	}
	signer, err := ssh.NewSignerFromKey(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", refuse("pack_key_kind"), err)
	}
	return &Key{identity, signer}, nil
}

// Public returns the public half.
func (k *Key) Public() ssh.PublicKey { return k.signer.PublicKey() }

// Fingerprint names a public key as ssh-keygen -l does.
func Fingerprint(key ssh.PublicKey) string { return ssh.FingerprintSHA256(key) }

// recipients are the keys of authorized_keys lines that age can seal to; the others are left out.
func recipients(lines []string) []age.Recipient {
	var found []age.Recipient
	for _, line := range lines {
		public, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
		if err != nil {
			continue
		}
		if r, err := recipient(public); err == nil {
			found = append(found, r)
		}
	}
	return found
}

func recipient(public ssh.PublicKey) (age.Recipient, error) {
	return agessh.ParseRecipient(strings.TrimSpace(string(ssh.MarshalAuthorizedKey(public))))
}

// HasKey reports whether the public key is one of the authorized_keys lines.
func HasKey(lines []string, key ssh.PublicKey) bool {
	for _, line := range lines {
		public, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
		if err == nil && bytes.Equal(public.Marshal(), key.Marshal()) {
			return true
		}
	}
	return false
}

func (k *Key) sign(message []byte, namespace string) ([]byte, error) {
	s, err := sshsig.Sign(bytes.NewReader(message), k.signer, sshsig.HashSHA512, namespace)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return sshsig.Armor(s), nil
}

// signer returns the key that made the signature, or pack_signature when it does not fit the message.
func signer(message, armored []byte, namespace string) (ssh.PublicKey, error) {
	s, err := sshsig.Unarmor(armored)
	if err == nil {
		err = sshsig.Verify(bytes.NewReader(message), s, s.PublicKey, s.HashAlgorithm, namespace)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", refuse("pack_signature"), err)
	}
	return s.PublicKey, nil
}
