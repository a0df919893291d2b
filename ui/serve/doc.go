// Package serve lets many reviewers work on one data folder over SSH: a terminal gets the desk, a command line its
// answer, sftp the files that the account may see. One process holds the database; this package knows who may come in,
// how much each may take, and how to stop.
//
// # Terms
//
//	line      a network connection, before and after somebody logged in on it
//	visit     one session channel on a line: a desk, a command, or sftp
//	terminal  what the client said of its window and environment before the visit began
//
// # Who gets in
//
// Public keys only, and only those that stand in an account (authorized_keys form). An expiry-time option ends a key; any
// other option that would narrow what a key may do bars it, since a rule that is not kept must not look kept. Rights come
// from the key whose signature was checked, never from the user name. An account that was disabled or changed is out at
// its next key, command or file. There is no forwarding of any kind, no shell, and no subsystem but sftp.
//
// # Scans
//
// A clerk's desk picks attachments from files, and no desk shows the disk of this machine. A clerk sends them by sftp into
// scans/, a folder of the account's own, bounded in number and bytes, outside of the register and its backups: scans.go. The
// desk's choice of files knows that folder and no other. A scan goes when the draft that it was attached to has been kept,
// and after a day in any case.
//
// # No terminal device
//
// A visit has no pty device: the desk reads and writes the channel itself. A device would cook keys that are typed before
// the desk has put it into raw mode (ctrl+c, ctrl+s), costs descriptors for every visit, is not to be had in a sandboxed
// service, and does not exist on Windows. What makes an emulated terminal dangerous elsewhere is asking it for its
// colours: a client that never answers would see no first frame. Nothing here asks: colours follow TERM, COLORTERM and
// NO_COLOR.
//
// # Isolation
//
// Each visit has its own reader with bounded pastes and a bounded rate of keys, its own writer that ends the line when the
// client stops reading, a window clamped to what a screen can be, and its own recover. What one client sends or does not
// read is held back on its own line.
//
// # Stopping
//
// No new visits. Desks that are open say so, and work for Limits.Warn, so that a word can be typed to its end; then they
// finish what they write, keep what is half done, and leave. What has not left by Limits.Stop is cut; who was just coming
// in is told, within Limits.Farewell. Serve returns when no visit uses the store any more, so that the caller can close
// it. Who connects again finds the same case, cursor, open screen and half-typed text; the same holds for a line that
// drops: the desk keeps what it had when its context ends.
//
// # Not here
//
// Screens are package ui's, commands those of ui/command: both are given as functions.
package serve
