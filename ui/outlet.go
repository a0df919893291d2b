package ui

import (
	"errors"
	"io"
	"path/filepath"

	"rongzheng/store/durable"
)

// Outlet takes printed certificates to where they go.
type Outlet interface {
	// Print lets the bytes leave as the paper of the name. It calls settle when they lie where they can leave from, and lets
	// them leave only when settle has entered the copy into the ledger. An error after that means that the copy was counted
	// and no sheet came: the caller marks it as spoiled. where says where they went, in words for the status line.
	Print(name string, pdf []byte, settle func() error) (where string, err error)
}

// Folder is an outlet that writes files: whole, or not at all, and never over another file.
type Folder string

// Print writes NAME.pdf into the folder. A copy with the same bytes that lies there already is the file; beside any other
// it is called "NAME (2).pdf".
func (f Folder) Print(name string, pdf []byte, settle func() error) (string, error) {
	return f.Save(name+".pdf", pdf, settle)
}

// Save writes a file of any kind into the folder, whole or not at all; settle runs before it appears.
func (f Folder) Save(file string, data []byte, settle func() error) (string, error) {
	path, err := filepath.Abs(filepath.Join(string(f), file))
	if err != nil {
		return "", err
	}
	write := func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
	return durable.WriteFresh(path, write, settle)
}

// ErrNoPrinter says that a printer was named on a machine that has no lp.
var ErrNoPrinter = errors.New("there is no lp on this machine")

// PrinterFault is what is known to be the matter with a printer.
type PrinterFault string

// The faults that have a sentence of their own.
const (
	PrinterUnknown PrinterFault = "unknown" // no queue has the name
	PrinterService PrinterFault = "service" // the printing system does not run
	PrinterCloses  PrinterFault = "closes"  // the queue takes no files at present
)

// PrinterError says that a printer did not take a file: what is the matter where that is known, else in its own words.
type PrinterError struct {
	Printer string // its name, where it was named
	Fault   PrinterFault
	Said    string
}

func (e *PrinterError) Error() string {
	if e.Fault != "" {
		return "printer " + e.Printer + ": " + string(e.Fault)
	}
	return "the printer did not take the file: " + e.Said
}
