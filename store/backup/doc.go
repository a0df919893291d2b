// Package backup is the file that a whole data folder leaves as, and how a folder comes back from it.
//
// A backup is one tar file, written from its beginning to its end, so that it can go through a pipe:
//
//	rongzheng-backup.json   what it is: format, time, account, size of the database
//	rongzheng.db            the database as of one moment
//	files/NAME              what else belongs to the folder: host key, keys, seal
//	blobs/ab/abcd…          the attachments, named by the SHA-256 of their bytes
//	complete.json           the SHA-256 of all but the attachments, their number, and which of them were damaged
//
// It holds private keys and the data of people: it is as much to be guarded as the folder itself.
//
// # Consistency
//
// The database is one transaction's view of it, and changes go on while it is written. Attachments never change and are
// written before the transaction that names them, so those copied after the database hold all that it names; what came
// later is removed when the folder comes back.
//
// # Incremental
//
// A backup since a day holds the whole database and only the attachments that came on or after it. It is restored together with an
// earlier one, its base.
//
// # Restore
//
// Everything is unpacked into a folder within the data folder, held against its hashes, opened and checked like any data
// folder; only then it takes its place by renames, the database last. Nothing of a file that is cut short, altered or
// foreign stays behind. A folder in use is replaced only where that is asked for; what was there is kept beside it.
//
// The package is not for the results that the portal fetches (store/exchange).
package backup
