// Package store keeps the register in a data folder: one bbolt file and the attachments beside it. It knows how things are
// written and found again; what may be done is asked of package review, inside the transaction that does it.
//
//	rongzheng.db      applications with all revisions, certificates with versions, accounts, events, indexes, counts
//	blobs/ab/abcd…    attachments, prepared portraits and certificates as drawn, named by the SHA-256 of their bytes
//	part/             files that are being written
//	outgoing/         work packs that a laptop has asked for and not received yet, sealed to their officers (held.go)
//
// The folder and everything in it belong to the one account of the system that runs the program (0700, 0600). One process
// has it open at a time; another gets ErrLocked after a short wait. Snapshot copies the file as of one moment; the attachments,
// which never change, are copied after it.
//
// # Terms
//
//	record   an application, an earlier revision of one, a certificate, an account, an event: JSON, the only truth
//	head     what lists and searches ask of a record, in front of it; derived
//	entry    one key of a derived tree: a name, a place in a list, a word, a use of a file; yielded by the record alone
//	group    one sorted list: an area, who entered, a state, its level, held or not; its number of entries is kept
//	tally    a number that records count under: what came to a level in a week, what ends on a day (tally.go); derived
//	queue    what a screen shows: the groups that an account sees, merged
//	place    where an entry stands in its list; a cursor is a place
//	filing   an application that is being typed at the counter, kept for its clerk until it is submitted
//
// # How a change is made
//
// Change, Submit, Print and the others each are one transaction: the account is read, the record is read, the facts of the
// register are gathered, review decides, and record, entries, counts and events are written together. bbolt lets one writer
// in at a time, so what the rules were asked about cannot change before it is written: no two desks together break a rule.
// The commit is synced before the method returns. A decision on an older version gets a review.StaleError. Of the facts a
// decision gathers those that can bind it; whose records are alike is a hint, and is looked for when a case is shown.
//
// Changes that come while a commit is being written wait for it and then share the next one (commit.go), so that many who
// decide at once share the syncs; one that comes alone waits for nobody. One that fails beside others is undone with all of
// them and run again by itself, and the others without it: so nobody's refusal rests on what was never committed, and a
// change may run twice and keeps nothing between two runs.
//
// Attachments are written before the transaction that names them: temporary file, sync, rename, sync folder. The rules are
// asked once before that, so that a refusal costs nothing, and again inside the transaction; what only a refused submission
// brought is removed. Attachments of at most one KiB lie in the file instead: a demonstration with a million people has
// millions of tiny pictures, and small files waste a block and a folder entry each.
//
// # News
//
// Whoever shows records subscribes and never polls. When a commit is on disk, and before its method returns, every
// subscription hears what it did: the records written, with the lists they stood in before and stand in now, and the events.
// They hear it in the order of the commits, whoever wrote: a desk, a command, an import over sftp. RecordChange answers
// whether a queue or a scope is concerned, so that nobody reads a page in vain. A subscription is a notice board, not a pipe:
// a writer never waits for it, one record stands on it once, and where more happened than it holds, it says only that all
// must be read again.
//
// # One case, one reviewer
//
// A claim says that an account has an application in hand. Claims live in memory, in the process that holds the database:
// taking one costs no commit, and none outlives the desk that made it. A desk has at most one; the desks of one account share
// it. It ends with the decision, when the desk lets go or closes, and by itself after Policy.ClaimMinutes without being
// prolonged. Who decides is asked for it inside the transaction that decides, through Facts.Claim and Facts.Free, so that
// commands and desks get the same answer; where nobody has the case, the decision needs no claim before it. Taking over is
// a transaction with an event of its own. Whatever else may keep a case from being decided on (that it is outside, in a
// sealed pack) belongs into the same Facts and the same Free.
//
// # What the counter files
//
// A filing (草稿) is kept by account, person, kind and the application that it edits or follows, with every key that the
// clerk presses; its attachments are written like those of a record and are kept as long as it names them. File asks the
// rules of Submit, writes the application and removes the filing in one transaction. A new application gets the reference
// prefix, day and running number of the day (CK202611250001; the prefix is policy), which review refuses to every other
// sender, so that it never meets a number of the portal. A filing that has lain untouched for the days of the policy is
// removed when anybody lists theirs.
//
// # How a certificate is drawn
//
// A decision that issues a version notes what it is to be drawn with (looks) and nothing else: nobody waits for the drawing.
// After the commit whoever owns the store draws what is owed (KeepDrawn, DrawOwed), outside of any transaction, writes the
// bytes as a blob and names them in the version. The list of what is owed is derived, so a process that was killed between
// decision and drawing leaves it to the next. Paper hands out these bytes and nothing else; a version that came without a
// look, by a load or an import, is drawn when somebody first asks. Bytes that are there are never drawn again.
//
// Copy enters what leaves the house into the ledger. Its caller brings the bytes to where they can leave from, enters the copy,
// and lets them appear, in this order.
//
// # Many that are issued anew
//
// When a signing key is withdrawn, every certificate that it signed since waits to be issued anew (reissue.go). Nothing is
// kept of the run that does it: what is to be proposed is read off the certificates (Distrusted), what waits off the
// proposals (Reissues, Waiting), so whatever stops a run, the next one goes on with what is left. Each is a proposal and a
// confirmation under the rules of one alone, about the state that was read; a few are under way at once and share commits.
//
// # How a screen is read
//
// A queue is never sorted and never counted: a page merges the sorted lists of its groups from a place on, and the counts
// are kept per group. There are as many groups as areas, levels and people who enter, however many applications there are.
// What the four-eyes rule keeps from a reviewer has lists of its own, which Pending leaves out and Waiting takes in; they
// depend on the accounts, so adding a reviewer enters what is barred for them.
//
// A text is taken apart into words; the rarest term of them in the index gives the candidates, and their heads decide.
// Where every term is common, the queue itself is walked, beside it the lists of the terms as far as the walk gets
// (posting), and the heads decide. A query narrows the candidates further where that is of use (narrow.go): by marks,
// which stand among the terms and say the kind and that nothing changed, and over all applications by the lists of the
// states that it asks for, of what waits by the days on which it is due. Whole records are read only where it asks for
// what no head tells. All is bounded: a call looks at some thousand keys and says when there may be more. What is
// overdue and what is soon due is counted in the lists that sort by it, up to CountLimit. A record that is asked for by
// its name is remembered by its bytes (memo), since what is shown of a case is asked for one by one, and who has seen
// it decides on it. Identity numbers and mobiles are found whole or, identity numbers, by their last four: nobody
// uncovers a masked number digit by digit.
//
// # Invariants
//
//   - The derived trees hold exactly the entries that the records yield; the counts are the numbers of their entries.
//   - The tallies are what the records yield, however often something was taken back, re-routed or submitted again.
//   - A person has at most one application in review; ids, events and certificate numbers follow each other.
//   - Every hash that a record or filing names has its bytes, whole; every attachment is named by one.
//
// Check compares all of this, by digests of whole trees first, by sorted keys only where two differ. Repair rebuilds whatever
// is derived: into a new file, from sorted runs outside of memory, inserted in sequence; the new file takes the place of the
// old one when it is complete. Both read the file with a scout ahead, since it need not be in the cache. Load fills an empty
// store in the same way. A process that is killed meanwhile leaves the old file as it was.
//
// # Outside
//
// A sealed store (OpenSealed) is the part of a register that a work pack carries to a laptop: the same trees and methods on a
// file in memory, with an encrypted journal on the disk (sealed.go). What the rules ask of the register is what the pack was
// told of it (outside.go); decisions are taken within the pack's term only, and none that would issue a certificate.
//
// # Format
//
// The layout is in layout.go, with a record of each tree. The file carries the number of its format; a newer one is refused,
// one of an older format is brought up to date when it is opened: by a rebuild like Repair's, so that new trees are there,
// whatever is derived is made anew in bounded memory, and a process that is killed leaves the old file. format.go has what a
// step does beyond that. A change of what a record yields is a change of the format.
//
// The package is not for rules, texts, drawing or formats that cross the program's border (store/exchange).
package store
