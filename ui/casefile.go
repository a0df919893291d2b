package ui

import (
	"errors"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// caseFile is a case with everything that the screen shows of it. It is never changed once it is made: what is read
// anew is a new one, so that a screen can tell by the pointer whether its lines are of this one.
type caseFile struct {
	application *review.Application // nil for a row of the certificates that no application led to
	certificate *review.Certificate // nil where there is none
	checks      []review.Problem
	timeline    []review.Event
	earlier     []earlierReason // for which the round before was rejected, of a case in review
	today       review.Date
	complete    bool // read in full: checks, timeline, certificate
	revealed    bool // masked data is shown in clear
	note        string
	seen        map[string]bool // hashes of attachments that the account has looked at in this revision
	draft       review.HalfDone // that the store has kept
	ticked      int             // reasons of a rejection that is half written
	words       []string        // of answers that have not been carried out, a sentence each
	offered     bool            // what is half done comes from an earlier time
	asof        uint64          // number of the news that it shows
	news        []review.Event  // what others have done since it was opened
	claim       *review.Claim   // of another who has it in hand, nil for nobody
	ledger      []review.Copy   // of the certificate
	lease       *review.Lease   // with a work pack that it is outside with, nil for none
	err         error
}

// id is the reference of the application, else the number of the certificate.
func (c *caseFile) id() string {
	if c.application != nil {
		return c.application.Reference
	}
	return c.certificate.Number
}

// number is the number of the certificate that the case stands for: what the application led to, or the row itself; ""
// where there is none.
func (c *caseFile) number() string {
	if c.application != nil {
		return c.application.Certificate
	}
	return c.certificate.Number
}

// form holds the answers that are shown of the case.
func (c *caseFile) form() review.Form {
	if c.application != nil {
		return c.application.Form
	}
	if v := c.certificate.Current(); v != nil {
		return v.Form
	}
	return review.Form{}
}

// masked is the applicant's name as lists and questions show it; that of the record where a completion states none.
func (c *caseFile) masked() string {
	name := c.form().Get("name")
	if name == "" && c.certificate != nil && c.certificate.Current() != nil {
		name = c.certificate.Current().Form.Get("name")
	}
	return Plain(review.MaskName(name))
}

// caseRead is the answer of reading a case.
type caseRead struct {
	request int
	file    *caseFile
}

// sketch is what a row tells of its case before the rest has been read.
func sketch(row *store.Row, today review.Date) *caseFile {
	return &caseFile{application: row.Application, certificate: row.Certificate, today: today}
}

// readCase makes the command that reads the rest of a case.
func (s *session) readCase(row *store.Row, request int) tea.Cmd {
	from, by, policy, clock := cases(s.store), s.by, s.policy, s.clock
	certificate := row.Certificate
	reference := ""
	if row.Application != nil {
		reference = row.Application.Reference
	}
	return func() tea.Msg {
		now := clock()
		file := &caseFile{certificate: certificate, today: review.DateOf(now), complete: true, asof: from.Latest()}
		if reference == "" {
			file.err = file.readRegistered(from, by)
		} else {
			file.err = file.readApplication(from, by, policy, reference, now)
		}
		return caseRead{request, file}
	}
}

func (c *caseFile) readApplication(from cases, by review.Actor, p *review.Policy, reference string, now time.Time) error {
	a, err := from.Application(by, reference)
	if err != nil {
		return err
	}
	c.application = &a
	hashes, err := from.Seen(by, reference)
	if err != nil {
		return err
	}
	c.seen = map[string]bool{}
	for _, sha := range hashes {
		c.seen[sha] = true
	}
	facts, err := from.Facts(reference)
	if err != nil {
		return err
	}
	if a.State == review.InReview {
		c.checks = review.Checks(&a, p, facts, c.today)
		if c.earlier, err = earlierReasons(from, by, &a, facts.Certificate); err != nil {
			return err
		}
	}
	if c.timeline, err = from.Timeline(by, reference); err != nil {
		return err
	}
	if drafts, ok := from.(halfDone); ok {
		if c.draft, err = drafts.Draft(by.Name, reference); err != nil {
			return err
		}
	}
	if packs, ok := from.(outside); ok && a.State == review.InReview {
		if c.lease, err = packs.Lease(by, reference, now); err != nil {
			return err
		}
	}
	c.certificate = facts.Certificate
	if a.Certificate == "" {
		return nil
	}
	issued, err := from.Certificate(by, a.Certificate)
	c.certificate = &issued
	if err == nil {
		c.ledger, err = from.Ledger(by, a.Certificate)
	}
	return err
}

// readRegistered reads a row of the certificates again, with the timeline of the application that it came from.
func (c *caseFile) readRegistered(from cases, by review.Actor) error {
	read, err := from.Certificate(by, c.certificate.Number)
	if err != nil {
		return err
	}
	c.certificate = &read
	if c.ledger, err = from.Ledger(by, read.Number); err != nil {
		return err
	}
	v := read.Current()
	if v == nil || v.Reference == "" {
		return nil
	}
	c.timeline, err = from.Timeline(by, v.Reference)
	if errors.Is(err, review.ErrDenied) { // the application was re-routed out of the scope that the certificate lies in
		return nil
	}
	return err
}
