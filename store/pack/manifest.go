package pack

import (
	"time"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/exchange"
)

// The formats of the documents.
const (
	packFormat   = "rongzheng-pack/1"
	returnFormat = "rongzheng-return/1"
)

// Manifest says what a pack holds, for whom and until when. Every time is UTC.
type Manifest struct {
	Format string    `json:"format"`
	Number string    `json:"number"` // WP-2026-000012
	MadeAt time.Time `json:"made_at"`
	MadeBy string    `json:"made_by"` // account
	// Until is when the lease ends: decisions made later are not taken, and the desk gives the cases to others again.
	Until time.Time `json:"until"`
	// Accounts are those that it was made for, as they were, with the keys that it is sealed to.
	Accounts []review.Account `json:"accounts"`
	Query    string           `json:"query,omitempty"` // that the cases were chosen by
	Policy   string           `json:"policy"`          // version of policy.yaml
	Cases    []Entry          `json:"cases"`
	// Certificates are those taken along to be reprinted.
	Certificates []Entry `json:"certificates,omitempty"`
	// Printing is what they were chosen by, Most how many cases and certificates were asked for at most, 0 for all, nil where
	// that is not known; both are for asking for the next pack in the same way. MoreCertificates says that further ones fit
	// and were left because of Most.
	Printing         string `json:"printing,omitempty"`
	Most             *int   `json:"most,omitempty"`
	MoreCertificates bool   `json:"more_certificates,omitempty"`
	Files            []File `json:"files"`
}

// Entry says where a case or a certificate stands.
type Entry struct {
	Name string `json:"name"` // reference, or number of the certificate
	File string `json:"file"`
}

// File is one file of a pack.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Case is an application as it is taken along.
type Case = store.Carried

// Issued is a certificate that is taken along to be reprinted.
type Issued = store.CarriedCertificate

// Act is one thing that an officer did on a pack.
type Act = review.Act

// Statement is what the officer signs when a pack is handed back.
type Statement struct {
	Format   string    `json:"format"`
	Pack     string    `json:"pack"`
	Account  string    `json:"account"`
	ClosedAt time.Time `json:"closed_at"` // by the laptop's clock
	Acts     int       `json:"acts"`
	Root     string    `json:"root"` // of the tree of the acts
	// Finished says that no more will come back from this pack.
	Finished bool `json:"finished"`
}

// refuse makes the error of a file; pairs are names and values of its arguments.
func refuse(code string, pairs ...string) error {
	e := &exchange.Error{Code: code}
	for i := 0; i+1 < len(pairs); i += 2 {
		if e.Args == nil {
			e.Args = review.Args{}
		}
		e.Args[pairs[i]] = pairs[i+1]
	}
	return e
}
