package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rongzheng/store"
)

const (
	format       = "rongzheng-backup/1"
	formatPrefix = "rongzheng-backup/"

	headerName   = "rongzheng-backup.json"
	databaseName = "rongzheng.db"
	completeName = "complete.json"
	filesFolder  = "files/"
	blobsFolder  = "blobs/"

	stageName  = "restoring" // where a restore unpacks, within the data folder
	beforeName = "before-"   // begins the name of the folder that keeps what was replaced
)

// Errors that callers test with errors.Is.
var (
	// ErrNotBackup says that the file is none of this program's backups.
	ErrNotBackup = errors.New("not a backup")
	// ErrNewer says that a newer version of the program wrote the backup.
	ErrNewer = errors.New("backup of a newer format")
	// ErrIncomplete says that the file ends before the backup does.
	ErrIncomplete = errors.New("backup is cut short")
	// ErrAltered says that something in the file is not what was written.
	ErrAltered = errors.New("backup is damaged")
	// ErrInUse says that the folder to restore to holds something.
	ErrInUse = errors.New("folder is not empty")
	// ErrInside says that a backup was to be written into the folder that it is of.
	ErrInside = errors.New("inside the data folder")
)

// UnsoundError says what the check of a restored folder found.
type UnsoundError struct{ Findings []store.Finding }

func (e *UnsoundError) Error() string {
	return fmt.Sprintf("the restored data are not sound: %d findings, first %s", len(e.Findings), e.Findings[0])
}

// Header is what a backup says of itself at its beginning.
type Header struct {
	Format   string    `json:"format"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Database int64     `json:"database_bytes"`
	// Since is the time from which on attachments are in it, zero for all.
	Since time.Time `json:"since,omitzero"`
}

// complete is what stands at the end of a backup.
type complete struct {
	// Files has the SHA-256 of everything but the attachments.
	Files       map[string]string `json:"files"`
	Attachments int               `json:"attachments"`
	// Damaged are the attachments that were not what was written when the backup was made; they are not in it.
	Damaged []string `json:"damaged,omitempty"`
}

func readHeader(text []byte) (Header, error) {
	var h Header
	if json.Unmarshal(text, &h) != nil || !strings.HasPrefix(h.Format, formatPrefix) {
		return h, ErrNotBackup
	}
	if h.Format != format {
		return h, fmt.Errorf("%w: %q", ErrNewer, h.Format)
	}
	return h, nil
}
