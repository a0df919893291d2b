package exchange

import (
	"context"
	"encoding/csv"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rongzheng/review"
	"rongzheng/store"
)

var legacyHeader = []string{
	"登记证书编号", "姓名", "身份证号", "性别", "资格证书级别", "水平证书管理号", "首次登记时间", "登记证书最新有效期到期时间", "资料审核区域",
}

func legacyLine() []string {
	return []string{
		"CD-2021-000017", "张䶮", "510104197909090443", "女", "社会工作师", "20180651010000000017", "2021年6月1日", "", "锦江区",
	}
}

// sheetFile writes rows as a .csv in GB 18030.
func sheetFile(t testing.TB, rows ...[]string) string {
	t.Helper()
	var out strings.Builder
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "certificates.csv")
	write(t, path, gb18030(t, out.String()))
	return path
}

func importLegacy(t testing.TB, s LegacyRegister, path, portraits string) LegacyReport {
	t.Helper()
	report, err := ImportLegacy(context.Background(), s, "admin", path, portraits, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func badOf(report LegacyReport) map[int][]string {
	bad := map[int][]string{}
	for _, row := range report.Bad {
		bad[row.Row] = reasons(row.Err)
	}
	return bad
}

func TestImportLegacy(t *testing.T) {
	s := openStore(t)
	path := sheetFile(t, legacyHeader, legacyLine())
	report := importLegacy(t, s, path, "")
	if report.Taken != 1 || report.Rows != 1 || len(report.Bad) != 0 {
		t.Fatalf("got %+v %v", report, badOf(report))
	}
	c, err := s.Certificate(account(t, s, "admin"), "CD-2021-000017")
	if err != nil {
		t.Fatal(err)
	}
	if c.FirstRegistered.String() != "2021-06-01" || c.Person.Number != "510104197909090443" || c.Current().Area != "510104" {
		t.Errorf("got %+v", c)
	}
	for _, key := range []review.Key{"community_post", "fields", "delegate_roles", "honours", "certificate_valid_until", "portrait"} {
		if !slices.Contains(c.Missing, key) {
			t.Errorf("%s is not among what is missing: %v", key, c.Missing)
		}
	}
	again := importLegacy(t, s, path, "")
	if again.Taken != 0 || again.Already != 1 || len(again.Bad) != 0 {
		t.Errorf("again: %+v", again)
	}
}

// TestImportLegacyWhole takes a record with nothing missing, its portrait and an identity number of 15 digits from a
// workbook with real dates.
func TestImportLegacyWhole(t *testing.T) {
	s := openStore(t)
	f := workbook(t, [][]any{
		{"备注", "身份证号", "登记证书编号", "姓名", "资格证书级别", "水平证书管理号", "首次登记时间", "登记证书最新有效期到期时间",
			"资料审核区域", "社区岗位", "主要从事社会工作领域", "是否为“两代表一委员”", "本人或主要参与的项目所获荣誉"},
		{nil, "510104790909044", "cd-2021-000018", "张䶮", "社会工作师", "20180651010000000017", today.AddDate(-5, 0, 0), 46905,
			"510104", "社区专职工作者", "社区建设、老年人服务", "否", "区（县）级，市（厅）级"},
	})
	path := filepath.Join(t.TempDir(), "certificates.xlsx")
	write(t, path, workbookBytes(t, f))
	portraits := t.TempDir()
	write(t, filepath.Join(portraits, "510104790909044.JPG"), jpegOf(t, 300, 420, 7))
	write(t, filepath.Join(portraits, "110105194912310021.png"), pngOf(t, 300, 420, 7))
	report := importLegacy(t, s, path, portraits)
	if report.Taken != 1 || report.Unused != 1 {
		t.Fatalf("got %+v %v", report, badOf(report))
	}
	c, err := s.Certificate(account(t, s, "admin"), "CD-2021-000018")
	if err != nil {
		t.Fatal(err)
	}
	v := c.Current()
	if len(c.Missing) != 0 || v.ValidUntil.String() != "2028-06-01" || c.FirstRegistered.String() != "2021-11-16" {
		t.Errorf("missing %v, until %s, first %s", c.Missing, v.ValidUntil, c.FirstRegistered)
	}
	if c.Person.Number != review.UpgradeIdentity("510104790909044") || v.Form.Get("sex") == "" || len(v.Form["honours"]) != 2 {
		t.Errorf("got %v", v.Form)
	}
	if _, err := s.Blob(v.Portrait); err != nil {
		t.Errorf("portrait: %v", err)
	}
}

// TestImportLegacyRows: every bad row is told with its number and all its reasons; the good ones are taken.
func TestImportLegacyRows(t *testing.T) {
	s := openStore(t)
	with := func(change func(row []string)) []string {
		row := legacyLine()
		change(row)
		return row
	}
	rows := [][]string{
		legacyHeader,
		with(func(r []string) { r[0] = "CD-21-17" }),
		with(func(r []string) { r[1], r[2] = "", "510104197909090444" }),
		{},
		with(func(r []string) { r[3], r[4], r[8] = "男", "高级", "" }),
		with(func(r []string) { r[5], r[6] = "2.01807E+19", "2021-02-30" }),
		with(func(r []string) { r[1], r[6] = "张\x1b䶮", "" }),
		legacyLine(),
		with(func(r []string) { r[0] = "CD-2021-000099" }), // the same person again
	}
	report := importLegacy(t, s, sheetFile(t, rows...), "")
	want := map[int][]string{
		2: {"certificate_number_form"},
		3: {"required", "identity_checksum"},
		5: {"option_unknown", "identity_sex", "required"},
		6: {"cell_rounded", "date_form"},
		7: {"text_control", "required"},
		9: {"certificate_held"},
	}
	if diff := cmp.Diff(want, badOf(report)); diff != "" {
		t.Errorf("bad rows (-want +got):\n%s", diff)
	}
	if report.Taken != 1 || report.Rows != 7 {
		t.Errorf("got %d taken of %d, want 1 of 7", report.Taken, report.Rows)
	}
	for _, row := range report.Bad {
		for _, private := range []string{"张", "䶮", "5101041979"} {
			if strings.Contains(row.Error(), private) {
				t.Errorf("row %d tells of the person: %v", row.Row, row)
			}
		}
	}
}

// TestImportLegacySheetRefused: of a sheet that may not be read at all nothing is taken.
func TestImportLegacySheetRefused(t *testing.T) {
	s := openStore(t)
	for code, rows := range map[string][][]string{
		"column_unknown": {append(slices.Clone(legacyHeader), "备注"), append(legacyLine(), "x")},
		"column_missing": {legacyHeader[1:], legacyLine()[1:]},
		"column_twice":   {append(slices.Clone(legacyHeader), "姓名"), legacyLine()},
	} {
		_, err := ImportLegacy(context.Background(), s, "admin", sheetFile(t, rows...), "", clock, nil)
		if !slices.Contains(codesOf(err), code) {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	empty := sheetFile(t, append(slices.Clone(legacyHeader), "备注", ""), append(legacyLine(), " ", ""))
	if report := importLegacy(t, s, empty, ""); report.Taken != 1 {
		t.Errorf("empty further columns: %+v", report)
	}
	if _, err := ImportLegacy(context.Background(), s, "portal", empty, "", clock, nil); !errors.Is(err, review.ErrDenied) {
		t.Errorf("portal: got %v, want ErrDenied", err)
	}
}

// TestImportLegacyPortraits: a portrait that cannot be used is told by its row, never by its name.
func TestImportLegacyPortraits(t *testing.T) {
	const identity = "510104197909090443"
	for code, files := range map[string]map[string][]byte{
		"portrait_pixels": {identity + ".jpg": jpegOf(t, 100, 140, 1)},
		"portrait_twice":  {identity + ".jpg": jpegOf(t, 300, 420, 1), identity + ".png": pngOf(t, 300, 420, 1)},
		"file_content":    {identity + ".png": jpegOf(t, 300, 420, 1)},
		"file_strange":    {identity + ".jpg": []byte("x")},
		"file_large":      {identity + ".jpg": noise(MaxFile + 8)},
	} {
		t.Run(code, func(t *testing.T) {
			s := openStore(t)
			dir := t.TempDir()
			for name, data := range files {
				write(t, filepath.Join(dir, name), data)
			}
			report := importLegacy(t, s, sheetFile(t, legacyHeader, legacyLine()), dir)
			if diff := cmp.Diff(map[int][]string{2: {code}}, badOf(report)); diff != "" {
				t.Fatalf("bad rows (-want +got):\n%s", diff)
			}
			if strings.Contains(report.Bad[0].Error(), "5101") {
				t.Errorf("names the file: %v", report.Bad[0])
			}
			if len(filesOf(t, s)) != 0 {
				t.Errorf("left behind: %v", filesOf(t, s))
			}
		})
	}
}

// TestImportLegacyInterrupted: what was taken stays; the same sheet goes on.
func TestImportLegacyInterrupted(t *testing.T) {
	s := openStore(t)
	path := sheetFile(t, legacyHeader, legacyLine(), legacyLine())
	ctx, cancel := context.WithCancel(context.Background())
	report, err := ImportLegacy(ctx, s, "admin", path, "", clock, func(done, total int) { cancel() })
	if !errors.Is(err, context.Canceled) || report.Rows != 1 {
		t.Errorf("got %+v, %v", report, err)
	}
	if report := importLegacy(t, s, path, ""); report.Taken+report.Already != 2 {
		t.Errorf("again: %+v", report)
	}
}

var _ LegacyRegister = (*store.Store)(nil)
