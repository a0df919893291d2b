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

// Printable is what a certificate is drawn from.
type Printable struct {
	Certificate review.Certificate
	Version     review.CertificateVersion
	Portrait    []byte // prepared portrait, JPEG; nil when the version has none
}
