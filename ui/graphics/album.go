package graphics

import (
	"fmt"
	"image"
	"sync"

	"github.com/muesli/termenv"

	"rongzheng/review/picture"
)

// Source is an attachment that an [Album] shows.
type Source struct {
	SHA256 string // of its bytes
	Page   int    // of a PDF, from 1; 0 for a picture
	Drawn  bool   // the page itself is shown, and not the largest picture on it
	// Read returns its bytes. It is called where they are needed, at most once
	// for each call of the album.
	Read func() ([]byte, error)
}

// Album shows attachments and keeps what it decoded and drew, so that the same
// view comes back at once, and moving in a picture or turning it does not
// decode it again. One album serves all screens of a process: it may be used
// by many at once, decodes once what many look at, and at any time lets only as
// many decode as [picture.MaxCost] bytes allow. Calls take as long as decoding
// takes and belong into commands, never into Update or View.
type Album struct {
	sheets *picture.Cache[sheetKey, *picture.Sheet]
	drawn  *picture.Cache[drawnKey, Drawing]
	sizes  *picture.Cache[pageKey, image.Point]
	gate   *gate
}

type pageKey struct {
	sha256 string
	page   int
	drawn  bool
}

func (s Source) key() pageKey { return pageKey{s.SHA256, s.Page, s.Drawn} }

type sheetKey struct {
	pageKey
	by int
}

type drawnKey struct {
	pageKey
	view    Viewport
	box     Box
	way     Way
	profile termenv.Profile
}

// NewAlbum keeps up to that many bytes, a quarter of them drawings.
func NewAlbum(bytes int64) *Album {
	const sizes = 10_000 // of 16 bytes and their keys
	return &Album{
		sheets: picture.NewCache[sheetKey, *picture.Sheet](bytes - bytes/4),
		drawn:  picture.NewCache[drawnKey, Drawing](bytes / 4),
		sizes:  picture.NewCache[pageKey, image.Point](sizes),
		gate:   newGate(picture.MaxCost),
	}
}

// Bytes returns how many bytes are kept.
func (a *Album) Bytes() int64 { return a.sheets.Bytes() + a.drawn.Bytes() }

// Show draws what a viewport shows of an attachment. Errors are those of
// s.Read, [picture.Decode] and, for a page of a PDF, [picture.OpenPage] or
// [picture.DrawPage].
func (a *Album) Show(s Source, view Viewport, box Box, way Way, profile termenv.Profile) (Drawing, error) {
	if way != HalfBlocks {
		profile = 0 // pictures of pixels do not depend on it
	}
	key := drawnKey{s.key(), view, box, way, profile}
	return a.drawn.Do(key, func() (Drawing, int64, error) {
		w, h := box.Pixels(way)
		if w == 0 || h == 0 {
			d := Compose(nil, box, way, profile)
			return d, d.bytes(), nil
		}
		sheet, leave, err := a.sheet(s, view, w, h)
		defer leave()
		if err != nil {
			return Drawing{}, 0, err
		}
		d := Compose(view.Draw(sheet, w, h), box, way, profile)
		return d, d.bytes(), nil
	})
}

// Size returns the size of an attachment in pixels, upright, as [Viewport.Pan]
// wants it. Errors are those of [Album.Show].
func (a *Album) Size(s Source) (image.Point, error) {
	return a.size(s, once(s.Read))
}

func (a *Album) size(s Source, read func() ([]byte, error)) (image.Point, error) {
	if s.Drawn {
		sheet, leave, err := a.page(s, read)
		defer leave()
		if err != nil {
			return image.Point{}, err
		}
		return sheet.Size(), nil
	}
	return a.sizes.Do(s.key(), func() (image.Point, int64, error) {
		data, err := read()
		if err != nil {
			return image.Point{}, 0, err
		}
		if s.Page == 0 {
			size, err := picture.Measure(data)
			return size, 1, err
		}
		defer a.gate.enter(costOfPage)()
		page, err := picture.ReadPage(data, s.Page)
		if err == nil && page.Width == 0 {
			err = picture.ErrNoPicture
		}
		return image.Pt(page.Width, page.Height), 1, err
	})
}

// sheet returns the attachment decoded finely enough for a view in w × h
// pixels. A finer one that is there already will do. leave is called when it
// has been drawn from, also after an error: until then its memory is counted,
// since a large one is not kept.
func (a *Album) sheet(s Source, view Viewport, w, h int) (sheet *picture.Sheet, leave func(), err error) {
	read := once(s.Read)
	if s.Drawn {
		return a.page(s, read)
	}
	size, err := a.size(s, read)
	if err != nil {
		return nil, func() {}, err
	}
	key := sheetKey{s.key(), view.Reduction(size, w, h)}
	for by := key.by; by > 0; by /= 2 {
		if sheet, ok := a.sheets.Get(sheetKey{key.pageKey, by}); ok {
			return sheet, func() {}, nil
		}
	}
	if s.Page > 0 {
		return a.decode(key, read, 4*int64(size.X)*int64(size.Y), func(data []byte) (*picture.Sheet, error) {
			return picture.OpenPage(data, s.Page, key.by)
		})
	}
	return a.decode(key, read, 0, func(data []byte) (*picture.Sheet, error) { return picture.Open(data, key.by) })
}

// page returns a page of a PDF drawn, as finely as pages are drawn; leave is
// that of sheet.
func (a *Album) page(s Source, read func() ([]byte, error)) (sheet *picture.Sheet, leave func(), err error) {
	return a.decode(sheetKey{s.key(), 1}, read, 0, func(data []byte) (*picture.Sheet, error) {
		return picture.DrawPage(data, s.Page)
	})
}

// costOfPage is what a page of a PDF is taken to cost: what it may unpack, and
// its picture.
const costOfPage = picture.MaxCost / 2

// decode makes a sheet where none is kept, as soon as there is room for it;
// onPage is what the picture of a page takes. Only who made it leaves anything.
func (a *Album) decode(
	key sheetKey, read func() ([]byte, error), onPage int64, open func(data []byte) (*picture.Sheet, error),
) (sheet *picture.Sheet, leave func(), err error) {
	leave = func() {}
	sheet, err = a.sheets.Do(key, func() (sheet *picture.Sheet, size int64, err error) {
		data, err := read()
		if err != nil {
			return nil, 0, err
		}
		room, spent := int64(costOfPage), onPage
		if key.page == 0 {
			if room, err = picture.Cost(data); err != nil {
				return nil, 0, err
			}
			spent = room
		}
		inside := a.gate.enter(room)
		leave = func() {
			picture.GiveBack(spent)
			inside()
		}
		defer func() {
			if sheet == nil { // an error or a panic: nobody draws from it
				leave()
				leave = func() {}
			}
		}()
		if sheet, err = open(data); err != nil {
			return nil, 0, err
		}
		return sheet, sheet.Bytes(), nil
	})
	return sheet, leave, err
}

// Room waits until a picture can be decoded beside what is being decoded
// already; leave is called when that has been done. What is no picture needs
// no room.
func (a *Album) Room(data []byte) (leave func()) {
	cost, err := picture.Cost(data)
	if err != nil || cost == 0 {
		return func() {}
	}
	inside := a.gate.enter(cost)
	return func() {
		picture.GiveBack(cost)
		inside()
	}
}

// once reads at most once.
func once(read func() ([]byte, error)) func() ([]byte, error) {
	return sync.OnceValues(func() ([]byte, error) {
		if read == nil {
			return nil, fmt.Errorf("read attachment: %w", picture.ErrEmpty)
		}
		return read()
	})
}

func (d Drawing) bytes() int64 {
	n := int64(len(d.Lines))
	for _, piece := range d.Send {
		n += int64(len(piece))
	}
	return n
}

// Sketch draws the small picture that a photograph carries, in half blocks, to
// be shown over a slow line while the picture itself is on its way: it takes
// under a millisecond and a few kilobytes. False where there is none, and
// where more is asked for than it can show.
func Sketch(data []byte, view Viewport, box Box, profile termenv.Profile) (Drawing, bool) {
	w, h := box.Pixels(HalfBlocks)
	if w == 0 || !view.Fits() {
		return Drawing{}, false
	}
	small, ok := picture.Thumbnail(data)
	if !ok {
		return Drawing{}, false
	}
	return Compose(view.Apply(small, w, h), box, HalfBlocks, profile), true
}
