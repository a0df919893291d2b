package sign

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/sassoftware/relic/v7/lib/pkcs7"
)

// ErrBroken says that a signature does not belong to the bytes, or is none.
var ErrBroken = errors.New("the signature does not hold")

// Check checks a signature as Sign makes it against the parts that it is of, and returns who signed as the certificate
// within says. Whether that certificate is to be trusted is not asked: the error wraps ErrBroken for everything else.
func Check(signature []byte, parts ...[]byte) (holder string, err error) {
	signed, err := pkcs7.Unmarshal(signature)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBroken, err)
	}
	found, err := signed.Content.Verify(bytes.Join(parts, nil), false)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBroken, err)
	}
	var named signingCertificate
	own := sha256.Sum256(found.Certificate.Raw)
	err = found.SignerInfo.AuthenticatedAttributes.GetOne(oidSigningCertificate, &named)
	if err != nil || len(named.Certs) == 0 || !bytes.Equal(named.Certs[0].Hash, own[:]) {
		return "", ErrBroken
	}
	return called(found.Certificate.Subject), nil
}
