package store

import "errors"

// Errors that callers of Open test with errors.Is.
var (
	// ErrLocked says that another process has the data folder open.
	ErrLocked = errors.New("data folder in use by another process")
	// ErrCodeKey says that the key of a verification code is not among those that are kept.
	ErrCodeKey = errors.New("the key of the code is missing")
	// ErrNewer says that the file was written by a newer version of the program.
	ErrNewer = errors.New("data of a newer format")
	// ErrNoData says that the folder holds no data and that Options.Create was not set.
	ErrNoData = errors.New("no data folder")
	// ErrDamaged says that the file, a record in it or an attachment is not what was written.
	ErrDamaged = errors.New("damaged data")
	// ErrFileMissing says that an attachment which the register names is not in the data folder. It comes with
	// review.ErrNotFound.
	ErrFileMissing = errors.New("the attachment's file is missing from the data folder")
	// ErrNotEmpty says that a bulk load was asked of a store that holds applications or certificates already.
	ErrNotEmpty = errors.New("store is not empty")
)
