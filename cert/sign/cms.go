package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"

	"github.com/sassoftware/relic/v7/lib/pkcs7"
)

var (
	oidSHA256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}

	oidRSA             = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidECDSAWithSHA256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidECDSAWithSHA384 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}
	oidECDSAWithSHA512 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}

	// oidSigningCertificate is id-aa-signingCertificateV2 of RFC 5035: which certificate it was, so that no other with the
	// same key can be put in its place.
	oidSigningCertificate = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

// algorithm is what a key signs with.
type algorithm struct {
	hash              crypto.Hash
	digest, signature asn1.ObjectIdentifier
}

// ecdsaHash is the hash that goes with a curve, by the bits of the curve.
var ecdsaHash = map[int]algorithm{
	256: {crypto.SHA256, oidSHA256, oidECDSAWithSHA256},
	384: {crypto.SHA384, oidSHA384, oidECDSAWithSHA384},
	521: {crypto.SHA512, oidSHA512, oidECDSAWithSHA512},
}

func (id *Identity) algorithm() algorithm {
	if key, ok := id.key.(*ecdsa.PrivateKey); ok {
		return ecdsaHash[key.Curve.Params().BitSize]
	}
	return algorithm{crypto.SHA256, oidSHA256, oidRSA}
}

// signingCertificate is SigningCertificateV2 with the one certificate and its SHA-256, which is the default hash and is not
// named.
type signingCertificate struct{ Certs []essCertID }

type essCertID struct{ Hash []byte }

// Sign returns the detached signature of the parts, one after the other, as DER: CMS SignedData (RFC 5652) with the chain,
// in the profile of CAdES that PAdES baseline asks for (EN 319 142-1, 6.3): content type, digest and certificate are signed,
// and no time, which stands in the file. The same parts give the same bytes.
func (id *Identity) Sign(parts ...[]byte) ([]byte, error) {
	algorithm := id.algorithm()
	attributes, err := id.attributes(algorithm, parts)
	if err != nil {
		return nil, err
	}
	signed, err := attributes.Bytes()
	if err != nil {
		return nil, err
	}
	h := algorithm.hash.New()
	h.Write(signed)
	// Without a source of chance ECDSA takes its number from key and digest (RFC 6979).
	signature, err := id.key.Sign(nil, h.Sum(nil), algorithm.hash)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return id.pack(algorithm, attributes, signature)
}

// attributes are what is signed, in the order that DER gives them.
func (id *Identity) attributes(algorithm algorithm, parts [][]byte) (list pkcs7.AttributeList, err error) {
	h := algorithm.hash.New()
	for _, part := range parts {
		h.Write(part)
	}
	own := sha256.Sum256(id.own().Raw)
	for _, a := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{
		{pkcs7.OidAttributeContentType, pkcs7.OidData},
		{pkcs7.OidAttributeMessageDigest, h.Sum(nil)},
		{oidSigningCertificate, signingCertificate{[]essCertID{{own[:]}}}},
	} {
		if err := list.Add(a.oid, a.value); err != nil {
			return nil, fmt.Errorf("sign: %w", err)
		}
	}
	return list, nil
}

func (id *Identity) pack(algorithm algorithm, attributes pkcs7.AttributeList, signature []byte) ([]byte, error) {
	content, err := pkcs7.NewContentInfo(pkcs7.OidData, nil)
	if err != nil {
		return nil, err
	}
	digest := pkix.AlgorithmIdentifier{Algorithm: algorithm.digest}
	how := pkix.AlgorithmIdentifier{Algorithm: algorithm.signature}
	if algorithm.signature.Equal(oidRSA) {
		how.Parameters = asn1.NullRawValue
	}
	var chain pkcs7.RawCertificates
	for _, c := range id.chain {
		chain = append(chain, asn1.RawValue{FullBytes: c.Raw})
	}
	own := id.own()
	signed := &pkcs7.ContentInfoSignedData{ContentType: pkcs7.OidSignedData, Content: pkcs7.SignedData{
		Version: 1, DigestAlgorithmIdentifiers: []pkix.AlgorithmIdentifier{digest}, ContentInfo: content, Certificates: chain,
		SignerInfos: []pkcs7.SignerInfo{{
			Version: 1,
			IssuerAndSerialNumber: pkcs7.IssuerAndSerial{
				IssuerName: asn1.RawValue{FullBytes: own.RawIssuer}, SerialNumber: own.SerialNumber,
			},
			DigestAlgorithm: digest, AuthenticatedAttributes: attributes, DigestEncryptionAlgorithm: how, EncryptedDigest: signature,
		}},
	}}
	return signed.Marshal()
}

// Size is the most bytes that Sign returns.
func (id *Identity) Size() int {
	size := 1024 // attributes, names, an RSA signature of 4096 bits
	for _, c := range id.chain {
		size += len(c.Raw) + 16
	}
	if key, ok := id.key.(interface{ Size() int }); ok {
		size += key.Size()
	}
	return size + len(id.own().RawIssuer)
}
