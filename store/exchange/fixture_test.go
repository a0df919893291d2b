package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rongzheng/review"
)

// today is the day on which the tests take place.
var today = time.Date(2026, 11, 16, 16, 0, 0, 0, review.Zone)

func clock() time.Time { return today }

func policy() *review.Policy { return review.DefaultPolicy() }

// drawing returns a picture with something on it; seed makes it different from others.
func drawing(w, h int, seed uint8) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 255
		if (i/7+i/w/5)%3 == 0 {
			img.Pix[i] = seed
		}
	}
	img.SetGray(1, 1, color.Gray{seed})
	return img
}

// jpegs are the pictures that jpegOf has drawn, by what was asked for: nearly every test asks for the same few.
var jpegs sync.Map

func jpegOf(t testing.TB, w, h int, seed uint8) []byte {
	t.Helper()
	wanted := [...]int{w, h, int(seed)}
	if drawn, ok := jpegs.Load(wanted); ok {
		return slices.Clone(drawn.([]byte))
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, drawing(w, h, seed), nil); err != nil {
		t.Fatal(err)
	}
	jpegs.Store(wanted, out.Bytes())
	return slices.Clone(out.Bytes())
}

func pngOf(t testing.TB, w, h int, seed uint8) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, drawing(w, h, seed)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parcel is a package on its way to a folder or a zip file.
type parcel struct {
	document map[string]any
	raw      string // instead of document
	files    map[string][]byte
}

func (p parcel) text(t testing.TB) []byte {
	t.Helper()
	if p.raw != "" {
		return []byte(p.raw)
	}
	data, err := json.MarshalIndent(p.document, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// form returns the answers of the fixture, to be changed.
func (p parcel) form() map[string]any { return p.document["form"].(map[string]any) }

func (p parcel) attach(slot, file string) {
	p.document["attachments"] = append(p.document["attachments"].([]any), map[string]any{"slot": slot, "file": file})
}

// first is a first registration without any fault. Everybody in it is made up.
func first(t testing.TB, reference string) parcel {
	t.Helper()
	p := parcel{
		document: map[string]any{
			"format": "rongzheng-application/1", "reference": reference, "revision": 1, "follows": "", "kind": "first",
			"submitted_at": "2026-11-16T09:30:00+08:00",
			"form": map[string]any{
				"name": "王芳", "mobile": "13800001234", "id_type": "居民身份证", "id_number": "510107199104180263",
				"sex": "女", "ethnicity": "汉族", "political_status": "群众", "education": "大学本科", "major": "社会工作",
				"address": "四川省成都市武侯区浆洗街 1 号", "employer_type": "基层群众自治组织", "post_category": "社区治理服务岗",
				"community_post": "社区专职工作者", "years_in_social_work": 6, "fields": []any{"社区建设", "老年人服务"},
				"delegate_roles": []any{"否"}, "honours": []any{"无"}, "level": "社会工作师", "exam_year": 2025,
				"management_number": "20250651010000001234", "review_area": "510107", "mail_paper": false,
			},
			"consent":     map[string]any{"privacy": "2026-11-16T09:29:50+08:00", "truth": "2026-11-16T09:29:55+08:00"},
			"attachments": []any{},
		},
		files: map[string][]byte{},
	}
	for i, slot := range []string{"id_card_front", "id_card_back", "credential_scan", "application_form"} {
		p.files[slot+".jpg"] = jpegOf(t, 320, 240, uint8(10*i))
		p.attach(slot, slot+".jpg")
	}
	p.files["portrait.jpg"] = jpegOf(t, 300, 420, 99)
	p.attach("portrait", "portrait.jpg")
	return p
}

// second is the same for another person, so that both can be in review.
func second(t testing.TB, reference string) parcel {
	p := first(t, reference)
	p.form()["name"], p.form()["id_number"], p.form()["sex"] = "张䶮", "510104197909090443", "女"
	p.form()["management_number"] = "20250651010000005678"
	return p
}

func withdrawal(reference, at string) parcel {
	return parcel{document: map[string]any{"format": "rongzheng-withdrawal/1", "reference": reference, "at": at}}
}

// folder writes the package to a folder below dir.
func (p parcel) folder(t testing.TB, dir, name string) string {
	t.Helper()
	at := filepath.Join(dir, name)
	write(t, filepath.Join(at, documentName), p.text(t))
	for file, data := range p.files {
		write(t, filepath.Join(at, file), data)
	}
	return at
}

func write(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// zipEntry is one entry of a zip file made by a test; change spoils its header.
type zipEntry struct {
	name   string
	data   []byte
	change func(*zip.FileHeader)
}

// entries returns the entries of the package inside a folder of the zip file, "" for its top.
func (p parcel) entries(t testing.TB, folder string) []zipEntry {
	t.Helper()
	prefix := strings.TrimPrefix(folder+"/", "/")
	list := []zipEntry{{name: prefix + documentName, data: p.text(t)}}
	for _, file := range slices.Sorted(maps.Keys(p.files)) {
		list = append(list, zipEntry{name: prefix + file, data: p.files[file]})
	}
	return list
}

func zipBytes(t testing.TB, entries []zipEntry) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.change != nil {
			e.change(header)
		}
		w, err := z.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zipFile(t testing.TB, dir, name string, entries []zipEntry) string {
	t.Helper()
	at := filepath.Join(dir, name)
	write(t, at, zipBytes(t, entries))
	return at
}

// only returns the one source below the path.
func only(t testing.TB, path string) Source {
	t.Helper()
	found := slices.Collect(Find([]string{path}))
	if len(found) != 1 {
		t.Fatalf("found %d sources, want 1", len(found))
	}
	return found[0]
}
