package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Limits of a sheet of legacy certificates.
const (
	MaxSheet    = 64 << 20  // bytes of the file
	maxUnpacked = 256 << 20 // bytes of an .xlsx when unpacked, all of it in memory
	MaxColumns  = 200
	maxCell     = 4_000 // bytes; what is longer is no answer to any field
)

// sheetRow is one row of a sheet. number counts from 1 as the spreadsheet program shows it.
type sheetRow struct {
	number int
	cells  []string
	err    error // the row cannot be read; cells are empty
}

// sheet is a table that can be gone through more than once.
type sheet struct {
	rows iter.Seq2[sheetRow, error]
	// from1904 says that serial dates count from 1904.
	from1904 bool
	close    func() error
}

// openSheet opens an .xlsx or .csv file; which one it is, and how the latter is encoded, is found out by content.
func openSheet(path string) (*sheet, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	data, err := readLimited(f, "", MaxSheet)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return newSheet(data)
}

func newSheet(data []byte) (*sheet, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return newWorkbook(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, refuse("", "sheet_old") // .xls, or an .xlsx with a password
	}
	text, err := decodeText(data)
	if err != nil {
		return nil, err
	}
	return &sheet{rows: csvRows(text), close: func() error { return nil }}, nil
}

// decodeText finds out the encoding: what is valid UTF-8 is UTF-8, anything else GB 18030. In the latter a byte that
// means nothing becomes U+FFFD, which the check of its cell refuses.
func decodeText(data []byte) (string, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) || bytes.IndexByte(data, 0) >= 0 {
		return "", refuse("", "sheet_encoding")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	return decodeGB18030(data)
}

// decodeGB18030 also reads the eight ideographs whose two-byte codes GB 18030-2022 moved from the private use area to
// U+9FB4 to U+9FBB, and which x/text leaves out.
func decodeGB18030(data []byte) (string, error) {
	moved := map[string]string{
		"\xfe\x59": "\u9fb4", "\xfe\x61": "\u9fb5", "\xfe\x66": "\u9fb6", "\xfe\x67": "\u9fb7",
		"\xfe\x6d": "\u9fb8", "\xfe\x7e": "\u9fb9", "\xfe\x90": "\u9fba", "\xfe\xa0": "\u9fbb",
	}
	var out strings.Builder
	start := 0
	flush := func(end int) error {
		text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data[start:end])
		out.Write(text)
		return err
	}
	for at := 0; at < len(data); {
		n := lengthGB18030(data[at:])
		if char, ok := moved[string(data[at:at+n])]; ok {
			if err := flush(at); err != nil {
				return "", err
			}
			out.WriteString(char)
			start = at + n
		}
		at += n
	}
	if err := flush(len(data)); err != nil {
		return "", err
	}
	return out.String(), nil
}

// lengthGB18030 returns the number of bytes of the character that the data begin with, 1 for a byte that begins none.
func lengthGB18030(data []byte) int {
	switch {
	case data[0] < 0x81 || data[0] == 0xff || len(data) < 2:
		return 1
	case data[1] >= '0' && data[1] <= '9':
		return min(4, len(data))
	case data[1] < 0x40 || data[1] == 0x7f || data[1] == 0xff:
		return 1
	}
	return 2
}

// csvRows goes through comma-separated rows. A row with broken quotes is told as such, and the next one goes on.
func csvRows(text string) iter.Seq2[sheetRow, error] {
	return func(yield func(sheetRow, error) bool) {
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		inside := 0 // line breaks inside cells of the rows so far
		for {
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			row := sheetRow{}
			if broken, ok := errors.AsType[*csv.ParseError](err); ok {
				row = sheetRow{number: broken.StartLine - inside, err: refuse("", "row_quotes")}
			} else if err != nil {
				yield(sheetRow{}, err)
				return
			} else {
				line, _ := r.FieldPos(0)
				row = checkedRow(line-inside, cells)
				inside += strings.Count(strings.Join(cells, ""), "\n")
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// checkedRow refuses a row that no sheet of certificates has.
func checkedRow(number int, cells []string) sheetRow {
	if len(cells) > MaxColumns {
		return sheetRow{number: number, err: refuse("", "row_wide", "max", strconv.Itoa(MaxColumns))}
	}
	for _, cell := range cells {
		if len(cell) > maxCell {
			return sheetRow{number: number, err: refuse("", "cell_long", "max", strconv.Itoa(maxCell))}
		}
	}
	return sheetRow{number: number, cells: cells}
}

// newWorkbook opens an .xlsx. Its first sheet is read; a second one with anything in it is refused, since what stands
// there would be lost.
func newWorkbook(data []byte) (s *sheet, err error) {
	defer damaged(&err)
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked,
	})
	if err != nil {
		return nil, refuse("", "sheet_damaged")
	}
	names := f.GetSheetList()
	if len(names) == 0 {
		return nil, errors.Join(refuse("", "sheet_empty"), f.Close())
	}
	for _, name := range names[1:] {
		for row, err := range workbookRows(f, name) {
			if err != nil || !emptyRow(row.cells) {
				return nil, errors.Join(err, refuse("", "sheet_several", "sheet", shown(name)), f.Close())
			}
		}
	}
	props, err := f.GetWorkbookProps()
	if err != nil {
		return nil, errors.Join(refuse("", "sheet_damaged"), f.Close())
	}
	from1904 := props.Date1904 != nil && *props.Date1904
	return &sheet{rows: workbookRows(f, names[0]), from1904: from1904, close: f.Close}, nil
}

// damaged turns a panic of the library, which reads what strangers made, into a refusal.
func damaged(err *error) {
	if r := recover(); r != nil {
		*err = refuse("", "sheet_damaged")
	}
}

func workbookRows(f *excelize.File, name string) iter.Seq2[sheetRow, error] {
	return func(yield func(sheetRow, error) bool) {
		w := workbookReader{}
		if err := w.open(f, name); err != nil {
			yield(sheetRow{}, err)
			return
		}
		for {
			row, more, err := w.next()
			if err == nil && !more {
				err = w.rows.Close()
				if err == nil {
					return
				}
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// workbookReader reads one sheet row by row.
type workbookReader struct {
	rows   *excelize.Rows
	number int
}

func (w *workbookReader) open(f *excelize.File, name string) (err error) {
	defer damaged(&err)
	if w.rows, err = f.Rows(name); err != nil {
		return refuse("", "sheet_damaged")
	}
	return nil
}

func (w *workbookReader) next() (row sheetRow, more bool, err error) {
	defer damaged(&err)
	if !w.rows.Next() {
		if w.rows.Error() != nil {
			return sheetRow{}, false, refuse("", "sheet_damaged")
		}
		return sheetRow{}, false, nil
	}
	w.number++
	cells, err := w.rows.Columns()
	if err != nil {
		return sheetRow{}, false, fmt.Errorf("%w: row %d", refuse("", "sheet_damaged"), w.number)
	}
	return checkedRow(w.number, cells), true, nil
}

func emptyRow(cells []string) bool { return strings.TrimSpace(strings.Join(cells, "")) == "" }
