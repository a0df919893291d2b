// Package sign makes the office's signature in files, which readers of PDF show as intact: PAdES baseline B-B (EN 319 142-1).
// It reads a private key with its certificates, signs bytes as CMS, and checks such a signature. Where it stands in a file is
// the concern of package cert.
//
// CMS structures are those of github.com/sassoftware/relic/lib/pkcs7, which leaves the signed attributes to its caller:
// other libraries for Go add the time of the clock, which the baseline forbids and which would give the same certificate
// other bytes each time. PKCS #12 is read by software.sslmate.com/src/go-pkcs12, which knows the ciphers that authorities
// use today.
//
// No time stamp of an authority is fetched (B-T): the desk works without a network. The code on the paper (cert/code) is what
// proves a certificate once the signer's certificate has ended.
package sign
