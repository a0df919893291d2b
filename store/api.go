package store

import (
	"errors"
	"time"

	"rongzheng/review"
)

// Errors that callers of Open test with errors.Is.
var (
	// ErrLocked says that another process has the data folder open.
	ErrLocked = errors.New("data folder in use by another process")
	// ErrNewer says that the file was written by a newer version of the program.
	ErrNewer = errors.New("data of a newer format")
	// ErrNoData says that the folder holds no data and that Options.Create was not set.
	ErrNoData = errors.New("no data folder")
	// ErrDamaged says that the file, a record in it or an attachment is not what was written.
	ErrDamaged = errors.New("damaged data")
	// ErrNotEmpty says that a bulk load was asked of a store that holds applications or certificates already.
	ErrNotEmpty = errors.New("store is not empty")
)

// Options say how a data folder is opened. The zero Options open what is there for reading and writing.
type Options struct {
	Policy   *review.Policy  // nil: review.DefaultPolicy()
	Drawable func(rune) bool // may the certificate's font draw it; nil: everything
	Timeout  time.Duration   // wait for another process's lock; 0: one second
	ReadOnly bool
	Create   bool // make the folder and the file when missing; otherwise ErrNoData
}

// Decide is one decision: it changes the application by its own methods and returns the event, or an error and has
// changed nothing. It runs inside the store's transaction: it reads no file and calls no method of Store.
type Decide func(a *review.Application, by review.Actor, f review.Facts) (review.Event, error)

// QueueName names a list of applications or certificates.
type QueueName string

// The queues.
const (
	// Pending is what the account can decide now (待审核): in review at its level, in its areas, not held, and not barred by
	// the four-eyes rule. The earliest due date comes first.
	Pending QueueName = "pending"
	// Waiting is in review and not held, but not for this account to decide (审核中): other levels and what four eyes bar; for
	// accounts that decide nothing, all in review that is not held. The earliest due date comes first.
	Waiting QueueName = "waiting"
	// Held is set aside (挂起), at any level. The earliest due date comes first.
	Held QueueName = "held"
	// Approved (已通过), Rejected (未通过) and Withdrawn (已撤回) have the latest change first.
	Approved  QueueName = "approved"
	Rejected  QueueName = "rejected"
	Withdrawn QueueName = "withdrawn"
	// All is every application of the scope, the latest submission first.
	All QueueName = "all"
	// Certificates has certificates as its rows (证书), the latest issue first.
	Certificates QueueName = "certificates"
)

// Queues lists every queue in the order shown.
func Queues() []QueueName {
	return []QueueName{Pending, Waiting, Held, Approved, Rejected, Withdrawn, All, Certificates}
}

// Queue asks for one queue as an account sees it.
type Queue struct {
	Name QueueName
	By   review.Actor
	Text string // the filter: anything that Find knows; several words must all match
}

// Cursor is an opaque place in a queue; "" is its beginning. A cursor outlives the row that it was taken from: what
// follows it is what sorts after that place now.
type Cursor string

// Row is one line of a queue: an application or a certificate.
type Row struct {
	Application *review.Application
	Certificate *review.Certificate
	At          Cursor
}

// Page is a stretch of a queue in the order shown.
type Page struct {
	Rows []Row
	// More says that there are rows beyond the last one (forward) or before the first one (backward). With a text filter
	// it may be true although none follows: the work of one call is bounded, and Next is where to look on.
	More bool
	// Next is the cursor to go on from in the same direction: that of the outermost row, or of the place where a filtered
	// search stopped.
	Next Cursor
}

// CountLimit is where counting a queue with a text filter stops.
const CountLimit = 1000

// Printable is what a certificate is drawn from.
type Printable struct {
	Certificate review.Certificate
	Version     review.CertificateVersion
	Portrait    []byte // prepared portrait, JPEG; nil when the version has none
}

// LegacyCertificate is one certificate from the time before the register (formats §4), cleaned and checked by its reader.
type LegacyCertificate struct {
	Number string
	// Form holds what the sheet says, by field, options by code. id_type and id_number name the person;
	// certificate_valid_until is the last day of the validity, first_registered_on the day of first registration,
	// review_area the area.
	Form     review.Form
	Portrait []byte // prepared portrait (JPEG), nil for none
	// CommunityProof says that the sheet's keeper holds the proof of the community post.
	CommunityProof bool
}

// Finding is one thing that Check found wrong.
type Finding struct {
	// Kind is "structure", "index", "count", "record", "sequence", "attachment" or "orphan".
	Kind string
	// Where names the bucket or folder, What the reference, number or hash; never a name or an identity number.
	Where, What string
	// Text says what is wrong, in English, for the report.
	Text string
	// Repairable says that Repair mends it.
	Repairable bool
}

// Record is one unit of a bulk load: an application with all that belongs to it, or a certificate without one.
type Record struct {
	Application review.Application   // zero Reference: none
	Earlier     []review.Application // earlier revisions, oldest first
	Events      []review.Event       // of the application, oldest first; Seq is given by the store
	Certificate *review.Certificate  // as it stands after the application; the last record of a number wins
	Files       map[string][]byte    // by SHA-256
}
