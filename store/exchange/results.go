package exchange

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/store/durable"
)

// Outbox is what an export of results needs of the store.
type Outbox interface {
	Policy() *review.Policy
	ChangedSince(by review.Actor, since time.Time) iter.Seq2[review.Application, error]
	Outcome(by review.Actor, reference string) (store.Outcome, error)
	Paper(by review.Actor, number string, way review.CopyWay) (store.Paper, error)
	Deliver(account string, numbers []string, now time.Time) error
	Record(account string, e review.Event, now time.Time) error
}

// Results says what an export holds.
type Results struct {
	Applications int
	Certificates []string // numbers of the certificates inside, sorted
}

// ResultError says which record keeps an export of results from being made.
type ResultError struct {
	Of  string // reference of the application, or number of the certificate
	Err error
}

// Error names the record.
func (e *ResultError) Error() string { return "result of " + e.Of + ": " + e.Err.Error() }

// Unwrap returns what is wrong with the record.
func (e *ResultError) Unwrap() error { return e.Err }

// resultError leaves alone what is no fault of the record: an export that was stopped.
func resultError(of string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &ResultError{of, err}
}

// ExportResults writes the results for the portal (formats §2) to the file at path and marks the certificates in it as
// delivered. They are marked when the bytes are safe on the disk, before they appear under the name: no certificate that
// a reviewer can still take back is ever in a file that somebody may fetch, and a certificate that was taken back
// meanwhile keeps the whole file from appearing. The log gets a line for each certificate and one for the whole, also when
// it holds decisions and no certificate (domain §10). On an error there is no file.
func ExportResults(
	ctx context.Context, path string, s Outbox, by review.Actor, since time.Time, now func() time.Time,
) (Results, error) {
	var results Results
	write := func(w io.Writer) (err error) {
		results, err = WriteResults(ctx, w, s, by, since)
		return err
	}
	settle := func() error {
		if err := s.Deliver(by.Name, results.Certificates, now()); err != nil {
			return err
		}
		note := fmt.Sprintf("%d results, %d certificates", results.Applications, len(results.Certificates))
		return s.Record(by.Name, review.Event{Action: review.Export, Note: note}, now())
	}
	if err := durable.WriteSettled(path, write, settle); err != nil {
		return Results{}, err
	}
	return results, nil
}

// WriteResults writes a zip file with results.jsonl, one line for each application in the scope of by that changed at
// or after since, and certificates/NUMBER.pdf for those that were approved. The same records give the same bytes: the
// lines stand in the order of ChangedSince, the certificates in that of their numbers, and carry the times of the records. It marks nothing as
// delivered; ExportResults does. A certificate that is taken back while it is being written is an Error.
//
// An approval whose certificate has been renewed since, whoever filed the renewal, or is incomplete or revoked, is told
// without a file. A record that cannot be told ends the whole as a ResultError, which names it.
func WriteResults(ctx context.Context, w io.Writer, s Outbox, by review.Actor, since time.Time) (Results, error) {
	if err := by.May(review.Export); err != nil {
		return Results{}, err
	}
	out := export{ctx: ctx, zip: zip.NewWriter(w), outbox: s, by: by}
	if err := out.lines(since); err != nil {
		return Results{}, err
	}
	slices.Sort(out.results.Certificates)
	out.results.Certificates = slices.Compact(out.results.Certificates)
	for _, number := range out.results.Certificates {
		if err := out.certificate(number); err != nil {
			return Results{}, resultError(number, err)
		}
	}
	return out.results, out.zip.Close()
}

// export is one run of WriteResults.
type export struct {
	ctx     context.Context
	zip     *zip.Writer
	outbox  Outbox
	by      review.Actor
	results Results
}

// lines writes results.jsonl. Its time is that of the earliest record asked for, which does not depend on when the
// export runs.
func (e *export) lines(since time.Time) error {
	w, err := e.entry("results.jsonl", since)
	if err != nil {
		return err
	}
	for a, err := range e.outbox.ChangedSince(e.by, since) {
		if err == nil {
			err = e.ctx.Err()
		}
		if err != nil {
			return err
		}
		if a.State == review.Draft {
			continue
		}
		if err := e.line(w, &a); err != nil {
			return resultError(a.Reference, err)
		}
	}
	return nil
}

func (e *export) line(w io.Writer, a *review.Application) error {
	issued, file, err := e.issued(a)
	if err != nil {
		return err
	}
	data, err := encode(resultJSON(a, issued, file, e.outbox.Policy()))
	if err != nil {
		return err
	}
	e.results.Applications++
	_, err = w.Write(append(data, '\n'))
	return err
}

// issued returns the version that the approval of a led to, nil for none, and the file that holds it, "" where it is
// not handed over.
func (e *export) issued(a *review.Application) (*review.CertificateVersion, string, error) {
	if a.State != review.Approved || a.Certificate == "" {
		return nil, "", nil
	}
	o, err := e.outbox.Outcome(e.by, a.Reference)
	if err != nil || !o.Leaves {
		return &o.Version, "", err
	}
	e.results.Certificates = append(e.results.Certificates, o.Number)
	return &o.Version, certificateFile(o.Number), nil
}

func certificateFile(number string) string { return "certificates/" + number + ".pdf" }

// certificate writes the bytes that the vault keeps of the certificate.
func (e *export) certificate(number string) error {
	if err := e.ctx.Err(); err != nil {
		return err
	}
	p, err := e.outbox.Paper(e.by, number, review.InResults)
	_, ruled := errors.AsType[*review.RuleError](err)
	if ruled || errors.Is(err, review.ErrDenied) { // it was fit to leave, and this account's, a moment ago
		return refuse("", "certificate_meanwhile", "certificate", number)
	}
	if err != nil {
		return err
	}
	w, err := e.entry(certificateFile(number), p.Version.IssuedAt)
	if err != nil {
		return err
	}
	_, err = w.Write(p.PDF)
	return err
}

// entry begins an entry of the zip file with the time of its record, to the second, as zip keeps it.
func (e *export) entry(name string, at time.Time) (io.Writer, error) {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipEpoch}
	if at.After(zipEpoch) {
		header.Modified = at.In(review.Zone).Truncate(time.Second)
	}
	return e.zip.CreateHeader(header)
}

// zipEpoch is the first day that a zip file can name.
var zipEpoch = time.Date(1980, time.January, 1, 0, 0, 0, 0, review.Zone)

// resultJSON is one line of results.jsonl.
func resultJSON(a *review.Application, v *review.CertificateVersion, file string, p *review.Policy) pairs {
	at, reasons := a.ChangedAt, []pairs{}
	if last, ok := a.LastDecision(); ok && a.State != review.InReview && a.State != review.Withdrawn {
		at = last.At
		if a.State == review.Rejected {
			reasons = reasonsJSON(last.Reasons, p)
		}
	}
	var certificate any
	if v != nil {
		certificate = pairs{
			{"number", a.Certificate}, {"valid_from", v.ValidFrom}, {"valid_until", v.ValidUntil}, {"file", file},
		}
	}
	return pairs{
		{"format", formatName(resultFormat)}, {"reference", a.Reference}, {"revision", a.Revision}, {"state", a.State},
		{"level", a.Level}, {"level_name", p.Level(a.Level).Name}, {"at", toSecond(at)}, {"reasons", reasons},
		{"certificate", certificate},
	}
}

// reasonsJSON writes the reasons of a rejection with the text that the applicant reads.
func reasonsJSON(reasons []review.Reason, p *review.Policy) []pairs {
	out := []pairs{}
	for _, r := range reasons {
		text, _ := p.Reason(r.Code)
		out = append(out, pairs{{"code", r.Code}, {"text", text.Label}, {"target", r.Target}, {"note", r.Note}})
	}
	return out
}
