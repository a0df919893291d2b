package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// cellsOf reads all rows of a sheet; a broken row is one cell that holds its code.
func cellsOf(t testing.TB, data []byte) map[int][]string {
	t.Helper()
	s, err := newSheet(data)
	if err != nil {
		t.Fatal(err)
	}
	found := map[int][]string{}
	for row, err := range s.rows {
		switch {
		case err != nil:
			t.Fatal(err)
		case row.err != nil:
			found[row.number] = codesOf(row.err)
		case !emptyRow(row.cells):
			found[row.number] = slices.Clone(row.cells)
		}
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	return found
}

func gb18030(t testing.TB, text string) []byte {
	t.Helper()
	data, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSheetEncodings(t *testing.T) {
	const text = "姓名,备注\n王𬭎,\"多行\n内容\"\n\n张䶮,𫖯·吐尔逊\n"
	want := map[int][]string{1: {"姓名", "备注"}, 2: {"王𬭎", "多行\n内容"}, 4: {"张䶮", "𫖯·吐尔逊"}}
	for name, data := range map[string][]byte{
		"UTF-8":          []byte(text),
		"UTF-8 with BOM": []byte("\xef\xbb\xbf" + text),
		"GB 18030":       gb18030(t, text),
		"CR LF":          []byte(strings.ReplaceAll(text, "\n", "\r\n")),
	} {
		if diff := cmp.Diff(want, cellsOf(t, data)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestGB18030Moved reads the eight ideographs that GB 18030-2022 moved, and tells broken bytes by U+FFFD.
func TestGB18030Moved(t *testing.T) {
	for data, want := range map[string]string{
		"\xcd\xf5\xfe\x59\xfe\xa0": "王\u9fb4\u9fbb",
		"\xfe\x9f":                 "䶮",
		"\x95\x32\x82\x36":         "\U00020000",
		"\xff\xcd\xf5":             "\ufffd王",
		"\xcd":                     "\ufffd",
	} {
		if got, err := decodeGB18030([]byte(data)); err != nil || got != want {
			t.Errorf("%x: got %q, %v, want %q", data, got, err, want)
		}
	}
}

func TestSheetRefused(t *testing.T) {
	wide := strings.Repeat(",", MaxColumns) + "\n"
	for name, test := range map[string]struct {
		data string
		code string
	}{
		"old workbook": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet_old"},
		"UTF-16":       {"\xff\xfe\x0b\x8b", "sheet_encoding"},
		"no workbook":  {"PK\x03\x04 something else", "sheet_damaged"},
	} {
		if _, err := newSheet([]byte(test.data)); !slices.Contains(codesOf(err), test.code) {
			t.Errorf("%s: got %v, want %s", name, err, test.code)
		}
	}
	broken := cellsOf(t, []byte("a,b\n\"x\"y,1\n"+wide+strings.Repeat("x", maxCell+1)+",\nc,d\n"))
	want := map[int][]string{1: {"a", "b"}, 2: {"row_quotes"}, 3: {"row_wide"}, 4: {"cell_long"}, 5: {"c", "d"}}
	if diff := cmp.Diff(want, broken); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// workbook makes an .xlsx with one sheet.
func workbook(t testing.TB, rows [][]any) *excelize.File {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = f.SetSheetRow("Sheet1", at, &row)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func workbookBytes(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := errors.Join(f.Write(&out), f.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWorkbook(t *testing.T) {
	f := workbook(t, [][]any{{"姓名", "首次登记时间"}, {"王𬭎", today}, {}, {nil, 45688}})
	if _, err := f.NewSheet("空"); err != nil {
		t.Fatal(err)
	}
	got := cellsOf(t, workbookBytes(t, f))
	if len(got) != 3 || got[2][0] != "王𬭎" || cellDay(got[2][1], false) != "2026-11-16" || cellDay(got[4][1], false) != "2025-01-31" {
		t.Errorf("got %v", got)
	}
	f = workbook(t, [][]any{{"姓名"}})
	if _, err := f.NewSheet("更多"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStr("更多", "C9", "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := newSheet(workbookBytes(t, f)); !slices.Contains(codesOf(err), "sheet_several") {
		t.Errorf("second sheet: got %v, want sheet_several", err)
	}
}

// TestWorkbookTooLarge: what would unpack to more than the limit is refused before it is unpacked.
func TestWorkbookTooLarge(t *testing.T) {
	huge := &zip.FileHeader{Name: "xl/worksheets/sheet1.xml", CompressedSize64: 1, UncompressedSize64: maxUnpacked + 1}
	data := rawZip(t, []zipEntry{{name: "[Content_Types].xml", data: []byte("<x/>")}}, []*zip.FileHeader{huge}, []byte("x"))
	if _, err := newSheet(data); !slices.Contains(codesOf(err), "sheet_damaged") {
		t.Errorf("got %v, want sheet_damaged", err)
	}
}

func TestCellDay(t *testing.T) {
	for cell, want := range map[string]string{
		"45688": "2025-01-31", "45688.75": "2025-01-31", "18264": "1950-01-01", "91312": "2149-12-31",
		"2025": "2025", "20250131": "20250131", "2025-01-31": "2025-01-31", "": "", "123456": "123456",
	} {
		if got := cellDay(cell, false); got != want {
			t.Errorf("cellDay(%q) = %q, want %q", cell, got, want)
		}
	}
	if got := cellDay("44226", true); got != "2025-01-31" {
		t.Errorf("serial from 1904: %s, want 2025-01-31", got)
	}
}

func TestColumns(t *testing.T) {
	c, err := columnsOf([]string{
		"备注", "姓 名", "登记证书编号", "身份证号", "资料审核区域", "社工考试通过年度(按资格证书最高级别)", "年龄", "是否为“两代表一委员”",
		"社区两委或社区正副职选证或选举结果批复照片或其他相关证明", "证件照", "",
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, column := range c {
		if column.further() {
			got = append(got, "- "+column.label)
		} else {
			got = append(got, column.id())
		}
	}
	want := []string{
		"- 备注", "name", "登记证书编号", "id_number", "review_area", "exam_year", "age", "delegate_roles", "community_proof",
		"- 证件照", "- K",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	for code, header := range map[string][]string{
		"column_twice":   {"登记证书编号", "姓名", "身份证号", "身份证 号"},
		"column_missing": {"姓名", "身份证号"},
	} {
		if _, err := columnsOf(header); !slices.Contains(codesOf(err), code) {
			t.Errorf("%q: got %v, want %s", header, err, code)
		}
	}
}

// TestLabelsAreApart: no two fields share a label, in full or in brief, among those that a sheet may have.
func TestLabelsAreApart(t *testing.T) {
	fields := map[string]string{}
	for label, c := range labels() {
		if c.number {
			continue
		}
		fields[label] = c.id()
		if known := plainLabel(c.field.Label); labels()[known].id() != c.id() {
			t.Errorf("%s: the label is that of %s too", c.id(), labels()[known].id())
		}
		if known := plainLabel(c.field.Brief()); labels()[known].id() != c.id() {
			t.Errorf("%s: the brief label is that of %s too", c.id(), labels()[known].id())
		}
	}
}

func TestColumnName(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := columnName(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}

// FuzzCSV: reading a sheet ends without a panic; its cells are UTF-8; what a csv writer makes of them reads the same.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("登记证书编号,姓名\nCD-2021-000017,张䶮\n"))
	f.Add(gb18030(f, "登记证书编号,姓名\nCD-2021-000017,\"张\n䶮\"\n"))
	f.Add([]byte("\xef\xbb\xbf\"a\"b,\xfe\x59\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte("PK")) {
			return
		}
		s, err := newSheet(data)
		if err != nil {
			return
		}
		last := 0
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		var want [][]string
		for row, err := range s.rows {
			if err != nil {
				t.Fatal(err)
			}
			if row.number < last {
				t.Fatalf("row %d after row %d", row.number, last)
			}
			last = row.number
			for _, cell := range row.cells {
				if !utf8.ValidString(cell) {
					t.Fatalf("row %d is not UTF-8", row.number)
				}
			}
			if row.err == nil && !emptyRow(row.cells) && !strings.Contains(strings.Join(row.cells, ""), "\r") {
				want = append(want, row.cells)
				if err := w.Write(row.cells); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.Flush()
		var got [][]string
		for row, err := range csvRows(out.String()) {
			if err != nil || row.err != nil {
				t.Fatal(err, row.err)
			}
			got = append(got, row.cells)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("written and read (-want +got):\n%s", diff)
		}
	})
}
