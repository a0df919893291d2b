// Package code is the verification code of a certificate: what is signed, how it is written, how it is checked, and the
// keys that do it. Anybody can check a code without network, with this program or with any library for COSE.
//
// # Format
//
//	text     "RZ1:" base45 (RFC 9285)
//	base45   zlib (RFC 1950)
//	zlib     (stored or deflated) COSE_Sign1, tag 18 (RFC 9052); protected: alg -8 EdDSA with Ed25519, or -7 ES256; kid
//	payload  CWT claims (RFC 8392), deterministic CBOR:
//	           1 iss       body that issued the version, at most 24 characters
//	           4 exp       first second after the validity (midnight in Asia/Shanghai)
//	           5 nbf       first second of the validity; after iat where a certificate was renewed before it ended
//	           6 iat       when the version was issued
//	           -65537      {1: certificate number, 2: version, 3: level as printed, 4: holder}
//	holder   the first 16 bytes of SHA-256 of "rongzheng-holder/1\nNUMBER\nVERSION\nNAME\nIDNUMBER\nCHECK\n"
//
// CHECK is the 验证码 printed beside the QR code, XXXX-XXXX-XXXX in Crockford's base32. A kid of ours is the first 8 bytes of
// the key's COSE thumbprint (RFC 9679). Ed25519 takes no random number: the same version gives the same code.
//
// A list of revocations is a file: the line "RZ1-REVOCATIONS", then zlib over COSE_Sign1 over a CWT with iss, iat and
// -65538: {1: [numbers], 2: [versions], 3: [days]}: for each number the version that stands (0: the number is void) and the
// day of its revocation, counted from 1970-01-01 (0: not revoked). It names what was revoked or voided, and certificates of
// which an earlier version would still be within its validity; everything else the code itself tells.
//
// Where keys were withdrawn the map has a fourth entry, 4: [{1: kid, 2: day, 3: fingerprints}]: the first day on
// which somebody else may have had the key, and, one after the other in their order, the first 12 bytes of SHA-256 of
// the text of each code that the register made with it before that day and that still stands. Readers that do not
// know the entry pass over it.
//
// Keys are published as COSE_KeySet (RFC 9052, section 7) and as PEM (SubjectPublicKeyInfo). A withdrawn one says so:
// the parameter -65539 of its COSE_Key is the day, counted from 1970-01-01; in PEM it is the header "Withdrawn:
// 2025-06-01".
//
// # What a code proves, and to whom it tells what
//
// A code whose signature holds was made by the register: number, version, level and validity are the register's. That it
// belongs to this paper shows the holder's hash: name and identity number, as printed, must give it. A copied code on
// another person's paper does not.
//
// Whoever has the code alone (a photograph of it, the log of a scanner) learns no name and no identity number. The hash of
// these two alone could be reversed by trying: there are some 2^37 identity numbers, fewer where birth date or district is
// known. So the printed check goes into it: 60 bits that are derived from the secret key, stand on the paper and are not
// in the code. Whoever sees the paper sees name and number anyway; whoever does not has 2^60 tries ahead for each guess.
// Truncation to 128 bits leaves no second holder to be found.
//
// A code does not tell of what came later. Revocations and newer versions are known to the register, and to who has its
// list; the list says how old it is. Somebody with the private key can make codes for anything: it is kept readable to its
// owner alone, can be put under a passphrase (age, scrypt), and is replaced by Rotate.
//
// # A stolen key
//
// Whoever has the key puts any number, any person and any moment into a code, so nothing in a code shows which side
// of the theft it comes from. What shows it is a second witness: the register, which keeps the text of every code
// that it made, and the list, which names those texts by their fingerprints. From a withdrawn key a code is worth
// something only with a witness: by the code and the key alone, even a sound one is not believed. A code that the
// register itself made on or after that day is not believed either, since the paper cannot be told from the thief's:
// its version is issued anew, under the key that signs now. A list that is signed with a withdrawn key is not read.
//
// In order: Rotate, Withdraw, then publish keys and list anew, and issue anew what Distrusts names. Who checks with keys
// and list of before the theft goes on believing the thief; a new list is of no use to them until they have the new
// keys, which name its signer.
//
// # Keys of a register
//
//	keys/KID.pub.pem   public part with the moment of its making and the day of its withdrawal; kept for good
//	keys/KID.key.pem   private part of the newest key only, PKCS #8; mode 0600; age armour around it where encrypted
//
// The newest key signs. A rotation writes the private part, then the public part, which makes it count, then removes the
// private part of the key before.
//
// # Test vectors
//
// The seed of RFC 8032, section 7.1, test 1, and the certificate of madeUp in code_test.go give the texts in vectors_test.go, which any
// implementation can be held against; withdraw_test.go has that of a list with a withdrawn key.
//
// # Not here
//
// The drawing of a certificate is package cert's, what a register knows the store's. This package reads and writes no file
// but those of the ring.
package code
