package command

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rongzheng/cert"
	"rongzheng/review"
)

// legacyRecord is a folder with the certificate CD-2021-000017 of somebody with the name; files may lie in work.
func legacyRecord(t *testing.T, name string) (dir, work string) {
	t.Helper()
	return legacyRecords(t, "CD-2021-000017,"+name+",11010519491231002X,社会工作师,20180651010000000017,2021-06-01,2999-05-31")
}

// legacyRecords is a folder with certificates of a sheet with such rows.
func legacyRecords(t *testing.T, rows ...string) (dir, work string) {
	t.Helper()
	dir, work = newFolder(t), t.TempDir()
	sheet := filepath.Join(work, "old.csv")
	text := "登记证书编号,姓名,身份证号,资格证书级别,水平证书管理号,首次登记时间,登记证书最新有效期到期时间,资料审核区域," +
		"社区岗位,主要从事社会工作领域,是否为“两代表一委员”,本人或主要参与的项目所获荣誉\n"
	var portrait bytes.Buffer
	if err := jpeg.Encode(&portrait, image.NewGray(image.Rect(0, 0, 300, 420)), nil); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		text += row + ",武侯区,网格员,社区建设,否,无\n"
		of := filepath.Join(work, strings.Split(row, ",")[2]+".jpg")
		if err := os.WriteFile(of, portrait.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(sheet, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := runCommand(t, dir, "import", "certificates", sheet, "--portraits", work, "--as", "guanli"); status != exitDone {
		t.Fatalf("import: status %d, %s", status, stderr)
	}
	return dir, work
}

// TestPrintThatCannotBeDrawnIsNoCopy: a copy that counts makes a decision stand for good, so one that never came into
// being must not count. The name of this record has a character that no typeface can vouch for.
func TestPrintThatCannotBeDrawnIsNoCopy(t *testing.T) {
	dir, work := legacyRecord(t, "王\ue000")
	out := filepath.Join(work, "out.pdf")
	if status, _, stderr := runCommand(t, dir, "certificate", "print", "CD-2021-000017", "-o", out, "--as", "guanli"); status != exitFailed ||
		!strings.Contains(stderr, "U+E000") {
		t.Errorf("print: got status %d and %q, want %d and the character", status, stderr, exitFailed)
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("a file is there: %v", err)
	}
	if _, stdout, _ := runCommand(t, dir, "certificate", "show", "CD-2021-000017", "--json", "--as", "guanli"); !strings.Contains(stdout, `"printed":0`) {
		t.Errorf("a copy was counted: %s", stdout)
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestPrintThatIsNotWrittenIsSpoiled: standard output cannot be tried beforehand, so the copy is counted by then.
func TestPrintThatIsNotWrittenIsSpoiled(t *testing.T) {
	dir, work := legacyRecord(t, "王芳")
	args := []string{"certificate", "print", "CD-2021-000017", "-o", "-", "--reason", "lost", "--as", "guanli", "--data", dir}
	var stderr strings.Builder
	if status := Run(t.Context(), args, strings.NewReader(""), fullDisk{}, &stderr); status != exitFailed || !strings.Contains(stderr.String(), "the disk is full") {
		t.Errorf("status %d, %s", status, &stderr)
	}
	_, stdout, _ := runCommand(t, dir, "certificate", "ledger", "CD-2021-000017", "--json", "--as", "guanli")
	if strings.Count(stdout, "\n") != 1 || !strings.Contains(stdout, "spoiled_at") {
		t.Errorf("ledger: %s", stdout)
	}
	each := filepath.Join(work, "each")
	if err := os.WriteFile(each, nil, 0o600); err != nil { // a file stands where the folder should
		t.Fatal(err)
	}
	if status, _, _ := runCommand(t, dir, "certificate", "print", "--query", "CD-", "-o", each+"/", "--as", "guanli"); status != exitFailed {
		t.Errorf("status %d", status)
	}
	if _, after, _ := runCommand(t, dir, "certificate", "ledger", "CD-2021-000017", "--json", "--as", "guanli"); after != stdout {
		t.Errorf("ledger: %s", after)
	}
}

// TestSealIsFound: beside the policy file, else in the data folder; and where there is none, that is known.
func TestSealIsFound(t *testing.T) {
	seal := func(dir string, side int) []byte {
		var drawn bytes.Buffer
		if err := png.Encode(&drawn, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, sealFile), drawn.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return drawn.Bytes()
	}
	data, work := t.TempDir(), t.TempDir()
	for _, step := range []struct {
		name, policyFile string
		make             func() []byte
	}{
		{"none", "", func() []byte { return nil }},
		{"none beside the policy", filepath.Join(work, "policy.yaml"), func() []byte { return nil }},
		{"in the data folder", "", func() []byte { return seal(data, 40) }},
		{"in the data folder, the policy elsewhere", filepath.Join(work, "policy.yaml"), func() []byte { return seal(data, 41) }},
		{"beside the policy", filepath.Join(work, "policy.yaml"), func() []byte { return seal(work, 42) }},
	} {
		want := step.make()
		p := &program{policyFile: step.policyFile}
		r, err := p.renderer(review.DefaultPolicy(), data)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		var drawnWith cert.Options
		if err := json.Unmarshal(r.Look(), &drawnWith); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(drawnWith.Seal, want) || p.unsealed != (want == nil) {
			t.Errorf("%s: got %d bytes, unsealed %v; want %d bytes", step.name, len(drawnWith.Seal), p.unsealed, len(want))
		}
	}
}
