package exchange

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// LegacyRegister is what an import of legacy certificates needs of the store.
type LegacyRegister interface {
	Policy() *review.Policy
	Account(name string) (review.Account, error)
	AddLegacy(account string, certs []store.LegacyCertificate, now time.Time) ([]error, error)
}

// RowError says why a row of a sheet was not taken. Neither it nor Err ever holds a name or an identity number.
type RowError struct {
	Row int // as the spreadsheet program numbers it
	Err error
}

func (e *RowError) Error() string { return fmt.Sprintf("row %d: %v", e.Row, e.Err) }

// Unwrap returns the reason.
func (e *RowError) Unwrap() error { return e.Err }

// LegacyReport says what became of a sheet.
type LegacyReport struct {
	Rows    int // with anything in them, the labels aside
	Taken   int
	Already int // there before, the same; nothing has changed
	Bad     []*RowError
	// Unused counts the portraits in the folder that no row asked for.
	Unused int
}

// legacyBatch is the number of certificates that go into one transaction.
const legacyBatch = 100

// ImportLegacy takes in a sheet of legacy certificates (formats §4) with the portraits in a folder, "" for none. Good
// rows are taken, each bad one is reported; the same sheet again changes nothing. progress, which may be nil, is told
// how many of how many rows are done.
//
// The error says why nothing was taken (the sheet itself is refused, with an Error) or why the import stopped half way:
// the context ended, the machine failed. What was taken until then stays, and the report tells.
func ImportLegacy(
	ctx context.Context, s LegacyRegister, account, path, portraits string, now func() time.Time,
	progress func(done, total int),
) (LegacyReport, error) {
	by, err := s.Account(account)
	if err != nil {
		return LegacyReport{}, err
	}
	if err := by.May(review.ImportLegacy); err != nil {
		return LegacyReport{}, err
	}
	table, err := openSheet(path)
	if err != nil {
		return LegacyReport{}, err
	}
	pictures, err := openPortraits(portraits)
	if err != nil {
		return LegacyReport{}, errors.Join(err, table.close())
	}
	l := legacy{ctx: ctx, store: s, account: account, now: now, progress: progress, portraits: pictures, sheet: table}
	err = l.run()
	l.report.Unused = pictures.unused()
	return l.report, errors.Join(err, table.close(), pictures.close())
}

// legacy is one run of ImportLegacy.
type legacy struct {
	ctx       context.Context
	store     LegacyRegister
	account   string
	now       func() time.Time
	progress  func(done, total int)
	portraits *portraitFolder
	sheet     *sheet
	columns   []column
	total     int
	batch     []store.LegacyCertificate
	rows      []int // of the batch
	report    LegacyReport
}

// run reads the sheet twice: once to see that it may be read at all, once to take it.
func (l *legacy) run() error {
	if err := l.survey(); err != nil {
		return err
	}
	first := true
	for row, err := range l.sheet.rows {
		if err == nil {
			err = l.ctx.Err()
		}
		switch {
		case err != nil:
			return err
		case first || row.err == nil && emptyRow(row.cells):
			first = false
			continue
		}
		if err := l.row(row); err != nil {
			return err
		}
		l.tell()
	}
	return l.flush()
}

// survey reads the labels, counts the rows and refuses a further column that holds anything.
func (l *legacy) survey() error {
	first := true
	for row, err := range l.sheet.rows {
		switch {
		case err != nil:
			return err
		case first && row.err != nil:
			return row.err
		case first:
			first = false
			if l.columns, err = columnsOf(row.cells); err != nil {
				return err
			}
		case row.err != nil || !emptyRow(row.cells):
			l.total++
			if err := l.further(row.cells); err != nil {
				return err
			}
		}
	}
	if first {
		return refuse("", "sheet_empty")
	}
	return nil
}

func (l *legacy) further(cells []string) error {
	for i, cell := range cells {
		if review.CleanText(cell) == "" {
			continue
		}
		if i >= len(l.columns) {
			return refuse("", "column_unknown", "column", columnName(i))
		}
		if l.columns[i].further() {
			return refuse("", "column_unknown", "column", l.columns[i].label)
		}
	}
	return nil
}

// row takes one row into the batch, or reports it.
func (l *legacy) row(row sheetRow) error {
	l.report.Rows++
	certificate, err := l.certificate(row)
	if err != nil {
		if !isOurs(err) {
			return fmt.Errorf("row %d: %w", row.number, err)
		}
		l.bad(row.number, err)
		return nil
	}
	l.batch, l.rows = append(l.batch, certificate), append(l.rows, row.number)
	if len(l.batch) < legacyBatch {
		return nil
	}
	return l.flush()
}

func (l *legacy) tell() {
	if l.progress != nil {
		l.progress(l.report.Rows, l.total)
	}
}

func (l *legacy) bad(row int, err error) {
	l.report.Bad = append(l.report.Bad, &RowError{row, err})
}

// flush hands the batch to the store.
func (l *legacy) flush() error {
	if len(l.batch) == 0 {
		return nil
	}
	outcomes, err := l.store.AddLegacy(l.account, l.batch, l.now())
	for i, outcome := range outcomes {
		switch {
		case outcome == nil:
			l.report.Taken++
		case errors.Is(outcome, review.ErrAlready):
			l.report.Already++
		default:
			l.bad(l.rows[i], outcome)
		}
	}
	if err != nil {
		err = fmt.Errorf("rows %d to %d: %w", l.rows[0], l.rows[len(l.rows)-1], err)
	}
	l.batch, l.rows = nil, nil
	slices.SortStableFunc(l.report.Bad, func(a, b *RowError) int { return a.Row - b.Row })
	return err
}

// certificate turns a row into the record of a certificate. Everything that is wrong comes at once as a FormError.
func (l *legacy) certificate(row sheetRow) (store.LegacyCertificate, error) {
	if row.err != nil {
		return store.LegacyCertificate{}, row.err
	}
	r := legacyRow{policy: l.store.Policy(), from1904: l.sheet.from1904, form: review.Form{}}
	for i, c := range l.columns {
		if i < len(row.cells) && !c.further() {
			r.cell(c, review.CleanText(row.cells[i]))
		}
	}
	r.complete(review.DateOf(l.now()))
	portrait, err := l.portraits.of(r.form.Get("id_number"))
	if own, ok := errors.AsType[*Error](err); ok {
		r.problems = append(r.problems, asProblem(portraitSlot, own))
	} else if err != nil {
		return store.LegacyCertificate{}, err
	}
	if err := collected(r.problems); err != nil {
		return store.LegacyCertificate{}, err
	}
	return store.LegacyCertificate{Number: r.number, Form: r.form, Portrait: portrait, CommunityProof: r.proof}, nil
}

// legacyRow is one row on its way into a record.
type legacyRow struct {
	policy   *review.Policy
	from1904 bool
	number   string
	proof    bool
	form     review.Form
	problems []review.Problem
}

func (r *legacyRow) refuse(key review.Key, code string, pairs ...string) {
	r.problems = append(r.problems, problem(key, code, pairs...))
}

// cell reads one answer.
func (r *legacyRow) cell(c column, cell string) {
	switch {
	case c.number:
		r.number = strings.ToUpper(strings.TrimSpace(review.HalfWidth(cell)))
		if _, _, _, err := review.ParseNumber(r.number); err != nil {
			r.refuse("", "certificate_number_form")
		}
		return
	case cell == "" || c.field.Type == review.Derived:
		return
	case c.field.Type == review.File:
		r.flag(c.field.Key, cell)
		return
	case c.field.Type == review.Day:
		cell = cellDay(cell, r.from1904)
	case c.field.Type == review.Text && roundedForm.MatchString(cell):
		r.refuse(c.field.Key, "cell_rounded")
		return
	case c.field.Type == review.Choices:
		r.options(c.field, strings.FieldsFunc(cell, isListSeparator))
		return
	case c.field.Options != "":
		r.options(c.field, []string{cell})
		return
	}
	r.form.Set(c.field.Key, review.CleanAnswer(c.field.Key, cell))
}

func (r *legacyRow) flag(key review.Key, cell string) {
	switch cell {
	case "是", "有", "1", "true", "TRUE":
		r.proof = true
	case "否", "无", "0", "false", "FALSE":
	default:
		r.refuse(key, "flag_form")
	}
}

func (r *legacyRow) options(field *review.Field, labels []string) {
	var codes []string
	for _, label := range labels {
		code, ok := review.CodeOf(field, r.policy, label)
		if !ok {
			r.refuse(field.Key, "option_unknown", "value", quotable(label))
			return
		}
		codes = append(codes, code)
	}
	r.form.Set(field.Key, codes...)
}

// quotable shows a word that is no option by its first characters only: a cell that slipped into the wrong column may
// hold anything about the person.
func quotable(text string) string {
	if strings.ContainsAny(text, "0123456789") {
		return "…"
	}
	return shown(text)
}

// complete brings the record into its canonical form and checks it: every answer that is there, and that nothing is
// missing which a certificate shows. What a completion can add later may be missing (domain §8).
func (r *legacyRow) complete(today review.Date) {
	number := review.UpgradeIdentity(review.CleanIdentity(r.form.Get("id_number")))
	r.form.Set("id_number", number)
	if id, err := review.ParseIdentity(number, r.policy.ForeignersCard, today); err == nil {
		if r.form.Get("id_type") == "" {
			r.form.Set("id_type", id.DocumentType)
		}
		if r.form.Get("sex") == "" {
			r.form.Set("sex", id.Sex)
		}
	}
	r.form = review.Clean(r.form)
	said := map[review.Key]bool{}
	for _, p := range r.problems {
		said[p.Target] = true
	}
	given := review.Consent{Privacy: today.Time(), Truth: today.Time()}
	for _, p := range review.Validate(review.Renewal, r.form, given, nil, r.policy, today) {
		if field, ok := review.FieldOf(p.Target); ok && !said[p.Target] && concerns(field, r.form, p.Code) {
			r.problems = append(r.problems, p)
		}
	}
}

// concerns tells whether what Validate says of a renewal with this form also holds for a legacy record: of an answer
// that is there everything but that the form has no place for it or that the option is not offered any more; of one
// that is missing only when certificates show it.
func concerns(field *review.Field, form review.Form, code string) bool {
	if len(form[field.Key]) == 0 {
		return field.Print
	}
	return !slices.Contains([]string{"not_empty", "not_asked", "option_disabled"}, code)
}
