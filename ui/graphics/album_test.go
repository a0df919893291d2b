package graphics

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/muesli/termenv"

	"rongzheng/review/picture"
)

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// counted is a source that counts how often it is read.
func counted(name string, data []byte, err error) (Source, *int) {
	n := new(int)
	return Source{SHA256: name, Read: func() ([]byte, error) {
		*n++
		return data, err
	}}, n
}

func TestAlbumShowsWhatDecodeGives(t *testing.T) {
	data := jpegOf(t, portrait(1200, 1600))
	box := Box{60, 20, 8, 16}
	all, err := picture.Open(data, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, way := range []Way{Kitty, Sixel, HalfBlocks, Facts} {
		for _, view := range []Viewport{{}, Viewport{}.Turn(1), Viewport{Zoom: 300, X: 1000, Y: -2000}} {
			source, _ := counted("a", data, nil)
			got, err := NewAlbum(50<<20).Show(source, view, box, way, termenv.TrueColor)
			if err != nil {
				t.Fatal(err)
			}
			wantBox(t, got.Lines, box)
			if way != HalfBlocks {
				continue
			}
			w, h := box.Pixels(way)
			want := view.Draw(all, w, h)
			shown := show(t, got.Lines, box.Cols, box.Rows, termenv.TrueColor)
			left, top := (box.Cols-want.Rect.Dx())/2, (2*box.Rows-want.Rect.Dy())/2&^1
			for y := range want.Rect.Dy() {
				for x := range want.Rect.Dx() {
					if d := off(shown.NRGBAAt(left+x, top+y), want.RGBAAt(x, y)); d > 48 {
						t.Fatalf("%+v: pixel %d, %d is off by %.0f", view, x, y, d)
					}
				}
			}
		}
	}
}

// The same view is not drawn again, another one of the same picture not read.
func TestAlbumKeeps(t *testing.T) {
	source, reads := counted("a", jpegOf(t, portrait(800, 600)), nil)
	album, box := NewAlbum(50<<20), Box{60, 20, 8, 16}
	show := func(view Viewport) Drawing {
		d, err := album.Show(source, view, box, HalfBlocks, termenv.TrueColor)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first := show(Viewport{})
	if diff := cmp.Diff(first, show(Viewport{})); diff != "" || *reads != 1 {
		t.Errorf("read %d times, %s", *reads, diff)
	}
	show(Viewport{}.Turn(1))
	if size, err := album.Size(source); err != nil || size != image.Pt(800, 600) || *reads != 1 {
		t.Errorf("turned: got %v, %v, read %d times", size, err, *reads)
	}
	show(Viewport{Zoom: 1600})
	if *reads != 2 {
		t.Errorf("from near: read %d times, want once more", *reads)
	}
	show(Viewport{Zoom: 400})
	show(Viewport{Zoom: 1600, X: 500})
	if *reads != 2 {
		t.Errorf("from less near: read %d times, want none more", *reads)
	}
}

// TestAlbumKeepsWhatIsLarge: a PNG that decoded takes more than the album keeps is decoded once for many views from
// afar.
func TestAlbumKeepsWhatIsLarge(t *testing.T) {
	var out bytes.Buffer
	if err := png.Encode(&out, portrait(600, 450)); err != nil {
		t.Fatal(err)
	}
	source, reads := counted("png", out.Bytes(), nil)
	album, box := NewAlbum(256<<10), Box{30, 10, 8, 16}
	for _, view := range []Viewport{{}, Viewport{}.Turn(1), Viewport{Zoom: 120}, Viewport{Zoom: 120, X: 200}} {
		if _, err := album.Show(source, view, box, HalfBlocks, termenv.TrueColor); err != nil {
			t.Fatal(err)
		}
	}
	if *reads != 1 {
		t.Errorf("read %d times, want once", *reads)
	}
	near := Viewport{Zoom: 3200}
	for range 2 {
		near.X++
		if _, err := album.Show(source, near, box, HalfBlocks, termenv.TrueColor); err != nil {
			t.Fatal(err)
		}
	}
	if *reads != 3 || album.gate.used != 0 {
		t.Errorf("read %d times, want 3, since from near it is too large to be kept; %d bytes are still counted",
			*reads, album.gate.used)
	}
}

// TestRoomForOthers: who looks at a file beside the album waits like it, and a PDF or what is no picture needs no room.
func TestRoomForOthers(t *testing.T) {
	album := NewAlbum(1 << 20)
	leave := album.Room(jpegOf(t, portrait(80, 60)))
	if album.gate.used == 0 {
		t.Error("nothing is counted")
	}
	for _, data := range [][]byte{nil, []byte("hello"), []byte("%PDF-1.4\n%%EOF")} {
		album.Room(data)()
	}
	if leave(); album.gate.used != 0 {
		t.Errorf("%d bytes are still counted", album.gate.used)
	}
}

var errDisk = errors.New("disk is gone")

// TestAlbumDrawsPages: a page of a PDF is drawn once, whatever is looked at, and is not the picture on it.
func TestAlbumDrawsPages(t *testing.T) {
	pdf := []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n" +
		"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 72 36] >>\nendobj\n" +
		"3 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>\nendobj\n" +
		"4 0 obj\n<< /Length 23 >>\nstream\n1 0 0 rg 0 0 27 36 re f\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")
	reads := 0
	s := Source{SHA256: "pdf", Page: 1, Drawn: true, Read: func() ([]byte, error) { reads++; return pdf, nil }}
	a := NewAlbum(1 << 20)
	box := Box{Cols: 20, Rows: 5}
	whole, err := a.Show(s, Viewport{}, box, HalfBlocks, termenv.TrueColor)
	if err != nil {
		t.Fatal(err)
	}
	part, err := a.Show(s, Viewport{}.In(), box, HalfBlocks, termenv.TrueColor)
	if err != nil || part.Lines == whole.Lines {
		t.Errorf("enlarging shows the same, %v", err)
	}
	if size, err := a.Size(s); err != nil || size != image.Pt(150, 75) || reads != 1 {
		t.Errorf("size %v, %v, read %d times", size, err, reads)
	}
	s.Drawn = false
	if _, err := a.Size(s); !errors.Is(err, picture.ErrNoPicture) {
		t.Errorf("the picture on a page without one: %v", err)
	}
}

func TestAlbumErrors(t *testing.T) {
	album, box := NewAlbum(1<<20), Box{20, 10, 8, 16}
	broken, reads := counted("broken", nil, errDisk)
	damaged, _ := counted("damaged", jpegOf(t, portrait(80, 60))[:900], nil)
	textual, _ := counted("text", []byte("hello, world"), nil)
	page, _ := counted("pdf", []byte("%PDF-1.4\n%%EOF"), nil)
	page.Page = 1
	for range 2 {
		if _, err := album.Show(broken, Viewport{}, box, HalfBlocks, termenv.ANSI); !errors.Is(err, errDisk) {
			t.Errorf("got %v", err)
		}
	}
	if *reads != 2 {
		t.Errorf("read %d times: an error is not kept", *reads)
	}
	for _, s := range []Source{damaged, textual, page, {SHA256: "nobody reads"}} {
		if _, err := album.Show(s, Viewport{}, box, HalfBlocks, termenv.ANSI); err == nil {
			t.Errorf("%s: shown", s.SHA256)
		}
	}
	if album.Bytes() != 0 || album.gate.used != 0 {
		t.Errorf("%d bytes are kept of nothing, %d counted", album.Bytes(), album.gate.used)
	}
	if d, err := album.Show(broken, Viewport{}, Box{}, HalfBlocks, termenv.ANSI); err != nil || d.Lines != "" {
		t.Errorf("no room: got %q, %v", d.Lines, err)
	}
}

func TestAlbumForMany(t *testing.T) {
	const limit = 400_000
	album := NewAlbum(limit)
	var pictures [][]byte
	for i := range 4 {
		pictures = append(pictures, jpegOf(t, portrait(200+40*i, 300)))
	}
	var wait sync.WaitGroup
	for worker := range 6 {
		wait.Go(func() {
			for i := range 20 {
				at := (i + worker) % len(pictures)
				source := Source{SHA256: fmt.Sprint(at), Read: func() ([]byte, error) { return pictures[at], nil }}
				d, err := album.Show(source, Viewport{}.Turn(i), Box{20, 8, 8, 16}, Way(i%4), termenv.ANSI256)
				if err != nil || d.Lines == "" {
					t.Errorf("got %q, %v", d.Lines, err)
				}
			}
		})
	}
	wait.Wait()
	if album.Bytes() > limit {
		t.Errorf("%d bytes are kept", album.Bytes())
	}
}

func TestGateBounds(t *testing.T) {
	g := newGate(10)
	var mu sync.Mutex
	inside, most := 0, 0
	var wait sync.WaitGroup
	for _, bytes := range []int64{4, 4, 4, 4, 4, 4, 25, 4, 4} {
		wait.Go(func() {
			defer g.enter(bytes)()
			mu.Lock()
			inside += int(min(bytes, 10))
			most = max(most, inside)
			mu.Unlock()
			mu.Lock()
			inside -= int(min(bytes, 10))
			mu.Unlock()
		})
	}
	wait.Wait()
	if most > 10 || g.used != 0 {
		t.Errorf("%d at once, %d at the end", most, g.used)
	}
}

func TestSketch(t *testing.T) {
	var out bytes.Buffer
	if err := png.Encode(&out, portrait(30, 40)); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"no thumbnail": jpegOf(t, portrait(300, 400)), "png": out.Bytes(), "nothing": nil} {
		if _, ok := Sketch(data, Viewport{}, Box{20, 10, 8, 16}, termenv.TrueColor); ok {
			t.Errorf("%s: there is one", name)
		}
	}
	data := withThumbnail(t, jpegOf(t, portrait(300, 400)), jpegOf(t, portrait(90, 120)))
	box := Box{20, 10, 8, 16}
	d, ok := Sketch(data, Viewport{}.Turn(1), box, termenv.TrueColor)
	if !ok || len(d.Send) > 0 {
		t.Fatalf("got %v", ok)
	}
	wantBox(t, d.Lines, box)
	if _, ok := Sketch(data, Viewport{}.In(), box, termenv.TrueColor); ok {
		t.Error("a thumbnail is shown from near")
	}
	if _, ok := Sketch(data, Viewport{}, Box{}, termenv.TrueColor); ok {
		t.Error("shown without room")
	}
}

// withThumbnail puts an EXIF segment with a thumbnail into a JPEG.
func withThumbnail(t testing.TB, data, small []byte) []byte {
	t.Helper()
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x0e\x00\x00\x00\x02\x00" +
		"\x01\x02\x04\x00\x01\x00\x00\x00\x2c\x00\x00\x00\x02\x02\x04\x00\x01\x00\x00\x00")
	n := len(small)
	exif = append(exif, byte(n), byte(n>>8), byte(n>>16), 0, 0, 0, 0, 0)
	exif = append(exif, small...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1, byte((len(exif) + 2) >> 8), byte(len(exif) + 2)}, exif...)
	return append(out, data[2:]...)
}

// What the reviewer waits for: a photograph of twelve megapixels as half
// blocks, for the first time and again.
func BenchmarkAlbum(b *testing.B) {
	data := jpegOf(b, portrait(4000, 3000))
	source := Source{SHA256: "a", Read: func() ([]byte, error) { return data, nil }}
	box := Box{80, 22, 10, 20}
	b.Run("first", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := NewAlbum(8<<20).Show(source, Viewport{}, box, HalfBlocks, termenv.TrueColor); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(data)), "bytes")
	})
	album := NewAlbum(64 << 20)
	for _, again := range []struct {
		name string
		view func(i int) Viewport
	}{
		{"again", func(int) Viewport { return Viewport{} }},
		{"turned", func(i int) Viewport { return Viewport{X: i}.Turn(1) }},
		{"moved", func(i int) Viewport { return Viewport{Zoom: 400, X: i} }},
	} {
		b.Run(again.name, func(b *testing.B) {
			i := 0
			if _, err := album.Show(source, again.view(i), box, HalfBlocks, termenv.TrueColor); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				i++
				if _, err := album.Show(source, again.view(i%4000), box, HalfBlocks, termenv.TrueColor); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for _, way := range pixelWays {
		b.Run("first, "+way.String(), func(b *testing.B) {
			for b.Loop() {
				if _, err := NewAlbum(8<<20).Show(source, Viewport{}, box, way, termenv.TrueColor); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
