package exchange

import (
	"regexp"
	"strconv"
	"strings"

	"rongzheng/review"
)

// numberLabel is the column that the registry of fields does not know: the number of the certificate.
const numberLabel = "登记证书编号"

// communityProof is the slot that a legacy sheet answers with yes or no: whether its keeper holds the proof.
const communityProof = "community_proof"

// column says what a column of the sheet holds.
type column struct {
	number bool          // the number of the certificate
	field  *review.Field // nil: the number, or a further column that must be empty
	label  string        // as the sheet has it, for messages
}

// columnsOf reads the first row. Labels are those of the registry, or without what stands in brackets in them; spaces
// and the width of brackets do not matter. A column that is there twice, or a missing one without which no row can be
// taken, is refused.
func columnsOf(header []string) ([]column, error) {
	known := labels()
	columns := make([]column, len(header))
	taken := map[string]bool{}
	for i, cell := range header {
		label := plainLabel(cell)
		c, ok := known[label]
		if ok && taken[c.id()] {
			return nil, refuse("", "column_twice", "column", shown(review.CleanText(cell)))
		}
		if ok {
			taken[c.id()] = true
		}
		c.label = shown(review.CleanText(cell))
		if c.label == "" {
			c.label = columnName(i)
		}
		columns[i] = c
	}
	for _, needed := range []column{{number: true}, {field: fieldOf("id_number")}, {field: fieldOf("name")}} {
		if !taken[needed.id()] {
			return nil, refuse("", "column_missing", "column", needed.name())
		}
	}
	return columns, nil
}

// id names what a column holds.
func (c column) id() string {
	if c.number {
		return numberLabel
	}
	return string(c.field.Key)
}

func (c column) name() string {
	if c.number {
		return numberLabel
	}
	return c.field.Label
}

// further tells a column that the sheet may only have when nothing stands in it.
func (c column) further() bool { return !c.number && c.field == nil }

// labels lists every column that is read, by plain label.
func labels() map[string]column {
	known := map[string]column{plainLabel(numberLabel): {number: true}}
	for i := range review.Fields() {
		field := &review.Fields()[i]
		if field.Type == review.Moment || field.Type == review.File && field.Key != communityProof {
			continue
		}
		known[plainLabel(field.Label)] = column{field: field}
		known[plainLabel(field.Brief())] = column{field: field}
	}
	return known
}

// plainLabel brings a label into the form in which labels are compared.
func plainLabel(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u3000', '\u00a0', '\n', '\r', '\t', '“', '”', '"', '＂':
			return -1
		case '(':
			return '（'
		case ')':
			return '）'
		}
		return r
	}, review.CleanText(text))
}

// columnName returns the letters of the column as spreadsheet programs show them: A, B, … Z, AA.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// Serial dates that are taken for days: 1 January 1950 to 31 December 2149, so that a year or a day without dashes is
// never read as one.
const (
	firstSerial = 18_264
	lastSerial  = 91_312
	offset1904  = 1_462
)

var serialForm = regexp.MustCompile(`^[0-9]{4,6}(\.[0-9]+)?$`)

// cellDay turns a serial date into 2006-01-02 and leaves everything else to review.Clean.
func cellDay(cell string, from1904 bool) string {
	if !serialForm.MatchString(cell) {
		return cell
	}
	whole, _, _ := strings.Cut(cell, ".")
	serial, err := strconv.Atoi(whole)
	if from1904 {
		serial += offset1904
	}
	if err != nil || serial < firstSerial || serial > lastSerial {
		return cell
	}
	// Serial 25 569 is 1 January 1970; the day that never was, 29 February 1900, lies before the first one taken.
	return review.NewDate(1970, 1, 1).AddDays(serial - 25_569).String()
}

// roundedForm is a long number of which a spreadsheet program has kept fifteen digits.
var roundedForm = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE]\+?[0-9]{2}$`)

// listSeparators stand between several answers in one cell.
func isListSeparator(r rune) bool { return strings.ContainsRune("、，,；;|｜\n\r\t ", r) }
