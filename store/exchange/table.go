package exchange

import (
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Table is a table as a screen shows it, to be written as a sheet.
type Table struct {
	Title   string // name of the sheet, and the line before it in a .csv file
	Head    string // line over the columns that says what the table is of, "" for none
	Columns []string
	Rows    [][]Cell
}

// Cell is one cell: a text, a number, or nothing.
type Cell struct {
	Text     string
	Number   float64
	Decimals int // of a number
	Numeric  bool
}

// Text returns a cell with a text. Whatever it begins with, no spreadsheet program takes it for a formula.
func Text(text string) Cell { return Cell{Text: text} }

// Count returns a cell with a whole number.
func Count(n int) Cell { return Cell{Number: float64(n), Numeric: true} }

// Decimal returns a cell with a number of so many decimals.
func Decimal(n float64, decimals int) Cell {
	return Cell{Number: n, Decimals: decimals, Numeric: true}
}

// String returns the cell as it is shown.
func (c Cell) String() string {
	if !c.Numeric {
		return c.Text
	}
	return strconv.FormatFloat(c.Number, 'f', c.Decimals, 64)
}

// ErrTableKind says that a file name has another ending than those that tables are written to.
var ErrTableKind = errors.New("tables are written to .xlsx and .csv files")

// TableWriter returns how to write tables to a file of the name: .xlsx with a sheet for each, or .csv, one after another with
// a line between. The error is ErrTableKind for any other.
func TableWriter(path string) (func(w io.Writer, tables []Table) error, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx":
		return writeWorkbook, nil
	case ".csv":
		return writeCSV, nil
	}
	return nil, ErrTableKind
}

// writeWorkbook writes texts as texts and numbers as numbers; there are no formulas in it.
func writeWorkbook(w io.Writer, tables []Table) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for i := range tables {
		name := sheetName(tables[i].Title, i)
		if i == 0 {
			err = book.SetSheetName("Sheet1", name)
		} else {
			_, err = book.NewSheet(name)
		}
		if err == nil {
			err = writeSheet(book, name, &tables[i], bold)
		}
		if err != nil {
			return err
		}
	}
	return book.Write(w)
}

func writeSheet(book *excelize.File, name string, t *Table, bold int) error {
	stream, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	sheet := sheetWriter{book: book, stream: stream, bold: bold, formats: map[int]int{}}
	for i := range t.Columns {
		if err := stream.SetColWidth(i+1, i+1, columnWidth(t, i)); err != nil {
			return err
		}
	}
	if t.Head != "" {
		err = sheet.heads(t.Head)
	}
	if err == nil {
		err = sheet.heads(t.Columns...)
	}
	for i := 0; i < len(t.Rows) && err == nil; i++ {
		err = sheet.cells(t.Rows[i])
	}
	if err != nil {
		return err
	}
	return stream.Flush()
}

// sheetWriter writes one row of a sheet after the other.
type sheetWriter struct {
	book    *excelize.File
	stream  *excelize.StreamWriter
	bold    int
	formats map[int]int // styles of numbers, by their decimals
	row     int         // that was written last
}

// heads writes a row of headings.
func (w *sheetWriter) heads(texts ...string) error {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = excelize.Cell{StyleID: w.bold, Value: text}
	}
	return w.set(values)
}

// cells writes a row of the table.
func (w *sheetWriter) cells(cells []Cell) (err error) {
	values := make([]any, len(cells))
	for i, cell := range cells {
		if values[i], err = w.value(&cell); err != nil {
			return err
		}
	}
	return w.set(values)
}

// value is a text as a text and a number as a number.
func (w *sheetWriter) value(c *Cell) (any, error) {
	switch {
	case !c.Numeric:
		return c.Text, nil
	case c.Decimals == 0:
		return int64(c.Number), nil
	}
	style, err := w.decimals(c.Decimals)
	return excelize.Cell{StyleID: style, Value: c.Number}, err
}

// decimals is the style of numbers with so many decimals.
func (w *sheetWriter) decimals(n int) (style int, err error) {
	if w.formats[n] == 0 {
		form := "0." + strings.Repeat("0", n)
		w.formats[n], err = w.book.NewStyle(&excelize.Style{CustomNumFmt: &form})
	}
	return w.formats[n], err
}

func (w *sheetWriter) set(values []any) error {
	w.row++
	at, err := excelize.CoordinatesToCellName(1, w.row)
	if err != nil {
		return err
	}
	return w.stream.SetRow(at, values)
}

// columnWidth is wide enough for the first rows; a Chinese character takes two columns.
func columnWidth(t *Table, column int) float64 {
	wide := textWidth(t.Columns[column])
	for _, row := range t.Rows[:min(len(t.Rows), 100)] {
		if column < len(row) {
			wide = max(wide, textWidth(row[column].String()))
		}
	}
	return float64(min(wide+2, 60))
}

func textWidth(text string) int {
	n := 0
	for _, r := range text {
		if n++; r >= 0x2e80 {
			n++
		}
	}
	return n
}

// sheetName makes a name of at most 31 characters without those that a sheet's name must not have.
func sheetName(title string, at int) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return '-'
		}
		return r
	}, title), " ")
	if runes := []rune(name); len(runes) > 31 {
		name = string(runes[:31])
	}
	if name == "" {
		return "Sheet" + strconv.Itoa(at+1)
	}
	return name
}

// writeCSV begins with a byte order mark, without which a Chinese Excel takes UTF-8 for GB 18030.
func writeCSV(w io.Writer, tables []Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for i := range tables {
		t := &tables[i]
		if len(tables) > 1 {
			if i > 0 {
				if err := out.Write([]string{""}); err != nil {
					return err
				}
			}
			if err := out.Write([]string{harmless(t.Title)}); err != nil {
				return err
			}
		}
		if err := writeRows(out, t); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeRows(out *csv.Writer, t *Table) error {
	if t.Head != "" {
		if err := out.Write([]string{harmless(t.Head)}); err != nil {
			return err
		}
	}
	line := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		line[i] = harmless(column)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for _, row := range t.Rows {
		line = line[:0]
		for _, cell := range row {
			text := cell.String()
			if !cell.Numeric {
				text = harmless(text)
			}
			line = append(line, text)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// harmless puts an apostrophe before a text that a spreadsheet program would calculate: it looks at the first character that
// is no blank, in full width too, and some begin again after a line break.
func harmless(text string) string {
	text = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(text)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " \u00a0\u3000\ufeff\u200b'\""))
	if strings.ContainsRune("=+-@|%＝＋－＠−", first) && first != utf8.RuneError {
		return "'" + text
	}
	return text
}
