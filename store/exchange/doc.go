// Package exchange is everything that crosses the program's border as a file: application packages and legacy
// certificates on their way in, results for the portal and JSON for scripts on their way out. It reads, refuses and
// writes; what the register says and what is kept is the store's, what is right is package review's.
//
// Text is UTF-8. A key that is not known is refused by name, since a misspelt key must not lose data; a newer format
// number is refused. Nothing that comes in is trusted, and nothing is ever unpacked to a disk.
//
// # Application package
//
// A folder, or a folder inside a .zip file, that holds an application.json (rongzheng-application/1):
//
//	reference     the sender's; with revision it identifies the submission
//	revision      1, 2, …; a higher one of a withdrawn or rejected application is its resubmission
//	follows       reference of the rejected application that this one follows, or ""
//	kind          first, renewal, completion
//	submitted_at  RFC 3339
//	form          one key per field of the registry (review.Fields): text and days as strings, options by label (a code
//	              is taken too), several of them as a list, numbers as numbers, yes or no as true or false
//	consent       privacy, truth: when each declaration was given
//	attachments   list of {slot, file, sha256}; file is the plain name of a file in the same folder, sha256 is optional
//
// An empty string, null and an absent key are the same. A file that no attachment names is refused, and so is one that
// is named and missing; files in folders below count as files of the application. What systems leave behind in every
// folder (.DS_Store, Thumbs.db, desktop.ini, ._*, __MACOSX) is passed over. A .json file with another name is a package
// without files.
//
// A withdrawal is a folder whose application.json is {"format": "rongzheng-withdrawal/1", "reference", "at"}. It means
// the revision that was there at its time.
//
// # Hostile input
//
// In zip files: names that are absolute, have "..", backslashes, drive letters or characters that do not show; links
// and other things that are no files; names that some file system takes for the same; encrypted entries; more than
// MaxEntries; entries larger than MaxFile or MaxRatio times their compressed size. What is wrong with an entry refuses
// the application in whose folder it would lie; the others of the file go on. In folders: links, also such that stay
// inside, devices, pipes. In both: more than MaxApplication bytes. In JSON: more than MaxJSON bytes, nesting beyond
// MaxDepth, a key twice, anything after the document, bytes that are not UTF-8. In texts: control characters, so escape
// sequences, and bidirectional overrides. In attachments: content that is not what the name says, pictures over the
// limit of pixels, files that cannot be decoded to their end. Each is an Error or a problem of a review.FormError with
// a code of the catalogue of texts.
//
// # Files at the counter
//
// Attachment takes in a single file that an applicant hands over at the counter, by the same rules as one of a package;
// Turned the same picture turned upright.
//
// # Results
//
// A .zip file with results.jsonl, one line per application that changed (rongzheng-result/1):
//
//	reference, revision
//	state         in_review, approved, rejected, withdrawn
//	level         that it has reached, or that decided; level_name is its name
//	at            of the decision, of the last change otherwise
//	reasons       of a rejection: list of {code, text, target, note}
//	certificate   of an approval: {number, valid_from, valid_until, file}, otherwise null
//
// and certificates/NUMBER.pdf. The same records give the same bytes.
//
// # Legacy certificates
//
// The first sheet of an .xlsx workbook, or a .csv in UTF-8 or GB 18030. The first row has labels of the registry, in
// full or without what they say in brackets, and 登记证书编号, in any order; further columns must be empty. Days as
// 2025-01-31, 2025/1/31, 2025年1月31日 or serials. Several answers in one cell stand apart by 、 ， ； | or a space. The
// column of the proof of the community post says 是 where the keeper of the sheet has it. A row must have everything
// that a certificate shows; what a completion adds (domain: completion) may be missing. Sex and kind of document are
// taken from the identity number where they are missing. Portraits are files named by identity number.
//
// # JSON rows
//
// Row, Detail, CertificateRow, CertificateDetail and LogLine are what the command line prints with --json: keys and
// their order are stable, personal data are masked unless revealed.
package exchange
