package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func tables() []Table {
	return []Table{
		{Title: "区域", Columns: []string{"区域", "新收", "中位（天）"}, Rows: [][]Cell{
			{Text("武侯区"), Count(12), Decimal(3.5, 1)}, {Text("=1+1"), Count(-3), Text("")},
		}},
		{Title: "a/b:[c]" + strings.Repeat("长", 40), Head: "2026 年 11 月  武侯区", Columns: []string{"理由"}, Rows: nil},
	}
}

func TestTablesAsWorkbook(t *testing.T) {
	write, err := TableWriter("统计.XLSX")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := write(&out, tables()); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("区域")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"区域", "新收", "中位（天）"}, {"武侯区", "12", "3.5"}, {"=1+1", "-3"}}, rows); diff != "" {
		t.Error(diff)
	}
	if formula, err := book.GetCellFormula("区域", "A3"); err != nil || formula != "" {
		t.Errorf("formula %q, %v", formula, err)
	}
	if kind, err := book.GetCellType("区域", "A3"); err != nil || kind == excelize.CellTypeFormula || kind == excelize.CellTypeNumber {
		t.Errorf("type %v, %v", kind, err)
	}
	sheets := book.GetSheetList()
	if len(sheets) != 2 {
		t.Fatalf("sheets %q", sheets)
	}
	rows, err = book.GetRows(sheets[1])
	if diff := cmp.Diff([][]string{{"2026 年 11 月  武侯区"}, {"理由"}}, rows); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestTablesAsCSV(t *testing.T) {
	write, err := TableWriter("x.csv")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := write(&out, tables()); err != nil {
		t.Fatal(err)
	}
	want := "\ufeff区域\r\n区域,新收,中位（天）\r\n武侯区,12,3.5\r\n'=1+1,-3,\r\n\r\n"
	if got := out.String(); !strings.HasPrefix(got, want) {
		t.Errorf("got %q", got)
	}
	if _, err := TableWriter("x.pdf"); !errors.Is(err, ErrTableKind) {
		t.Errorf("got %v, want ErrTableKind", err)
	}
}

// FuzzHarmless: whatever a cell holds, what a spreadsheet program reads of it begins no formula.
func FuzzHarmless(f *testing.F) {
	for _, text := range []string{"=1", "＝1", " =1", "\t=1", "\n=1", "'=1", "@SUM(A1)", "-2+3", "+7", "\u00a0=1", "王芳", "", "\x00=1", "\"=1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		table := Table{Columns: []string{"a", "b"}, Rows: [][]Cell{{Text("x"), Text(text)}}}
		if err := writeCSV(&out, []Table{table}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != 2 {
			t.Fatalf("%q became %d rows, %v", text, len(rows), err)
		}
		cell := strings.TrimLeft(rows[1][1], " \u00a0\u3000\ufeff\u200b\"")
		for _, first := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} {
			if strings.HasPrefix(cell, first) {
				t.Fatalf("%q is written as %q", text, rows[1][1])
			}
		}
	})
}
