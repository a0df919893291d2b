// Package pack is the format of what a district takes along and hands back: work packs, made at the desk for some
// accounts, and returns, made on their laptops for the desk. It writes and reads these files and says whether they can be
// trusted; what is taken along and what becomes of what comes back is decided elsewhere.
//
// Both are a zip file encrypted with age (age-encryption.org/v1) to SSH keys. age seals chunk by chunk, so that a file that
// was cut off or has one bit changed is refused at the place where it is read, and a case or an attachment is read from
// the middle of the sealed file without unpacking it to a disk:
//
//	age -d -i ~/.ssh/id_ed25519 zhou.pack > pack.zip; unzip pack.zip
//	ssh-keyscan -t ed25519 -p 2222 desk.example | sed 's/[^ ]* /desk /' > desk.allowed
//	ssh-keygen -Y verify -f desk.allowed -I desk -n rongzheng-pack -s manifest.json.sig < manifest.json
//
// and a return on the machine of the desk, where DATA is its data folder:
//
//	age -d -i DATA/host_ed25519 zhou.return > return.zip; unzip return.zip
//	sed 's/^/zhou /' zhou.pub > zhou.allowed
//	ssh-keygen -Y verify -f zhou.allowed -I zhou -n rongzheng-return -s return.json.sig < return.json
//
// What ssh-keyscan brings is to be compared with the fingerprint that the desk's administrator names; on the desk itself
// ssh-keygen -y -f DATA/host_ed25519 prints the same key.
//
// # Work pack (rongzheng-pack/1)
//
//	manifest.json        Manifest: number, for whom, until when, and name, size and SHA-256 of every other file
//	manifest.json.sig    SSH signature (PROTOCOL.sshsig, SHA-512) of manifest.json by the desk's key, namespace rongzheng-pack
//	policy.yaml          the policy as of then
//	cases/000001.json    Case: an application with earlier revisions, events and what the rules ask of the register
//	certificates/000001.json   Issued: a certificate to reprint, with the ledger of its copies
//	attachments/SHA256   the bytes of an attachment, a portrait, or a version of a certificate as it was drawn
//	revocations          the desk's signed list of revoked certificates, where certificates are taken along
//	keys                 the public keys of the register beside it, as COSE_KeySet: what codes and that list are checked with
//
// manifest.json comes first, its signature second. Whoever reads checks the signature before anything else, and every file
// against the manifest: no file beside those, none missing, each of its size and hash.
//
// # Return (rongzheng-return/1)
//
//	return.json          Statement: pack, account, when it was closed, number of acts, and the root of their tree
//	return.json.sig      SSH signature of return.json by the officer's key, namespace rongzheng-return
//	acts/000001.json     Act: one thing that the officer did, in the order in which it was done
//	acts/000001.proof    {"path": [hash, …]}: with it, this act and return.json are enough to check the signature
//
// The tree is that of RFC 6962 over the bytes of the acts: one signature for all of them, each verifiable by itself. A
// leaf is SHA-256(0x00 ‖ bytes), a node SHA-256(0x01 ‖ left ‖ right); hashes are written as 64 hexadecimal digits. Proof
// holds a single act with what proves it, as the desk keeps it.
//
// # Over a line
//
// A laptop (pack sync) works over one SSH connection, with commands of the desk. Any of them may be cut off at any byte, and
// is then asked again:
//
//	pack accept -        the return on standard input; the desk knows every act that it has taken, by its hash
//	pack fetch --request R --days D --have N --of MARK [--certificates=WORDS] [--limit MOST] [-- QUERY]
//	                     lines of JSON (rongzheng-sending/1), then the bytes of a pack from the offset that they name
//	pack received --request R
//
// R is chosen by the laptop and written to its disk, with what it asks for, before it asks (rongzheng-asking/1). The desk takes
// cases out once for an account and an R. It seals the pack into a file, which it cannot open itself, and keeps that until the
// laptop says that it has it whole; so the same bytes come again, and the laptop goes on where they ended. MARK, the SHA-256 of
// the first 4096 bytes, tells one sealing from another, since what age begins with is random. Where the file is gone, too old
// or pushed out by others, or the desk was killed before it was whole, the same cases are sealed anew under the same number,
// as they are by then, and the laptop begins anew. After "received" R is answered with {"received":true} and no pack. The
// laptop forgets R when it has begun the pack and the desk has heard of it: whatever lies between is done again and changes
// nothing. A pack whose lease ended, or that was called back, before it was received is forgotten; R then takes out another.
//
// testdata has a pack and a return with the keys that open them.
package pack
