package demo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"slices"

	"rongzheng/review"
	"rongzheng/review/picture"
)

// The ways in which the files of oddities are unlike the others.

// decoded returns the picture of a scan, at most as large as a sheet.
func (f *folder) decoded(s *scan) *image.RGBA {
	img, err := picture.Decode(s.data, sheetWidth, sheetHeight)
	if err != nil {
		f.errs = append(f.errs, err)
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	return img
}

// shrink brings a picture into another size, whatever its ratio was.
func (f *folder) shrink(slot review.Key, width, height int) {
	f.change(slot, func(old *scan) []byte {
		img := f.decoded(old)
		return photo(picture.Scale(img, cut(img.Rect, width, height), width, height), photoQuality)
	})
}

// cut is the largest part of a rectangle, from its top, that has the ratio.
func cut(r image.Rectangle, width, height int) image.Rectangle {
	w, h := r.Dx(), r.Dx()*height/width
	if h > r.Dy() {
		w, h = r.Dy()*width/height, r.Dy()
	}
	left := r.Min.X + (r.Dx()-w)/2
	return image.Rect(left, r.Min.Y, left+w, r.Min.Y+h)
}

// darken takes a picture as if at night.
func (f *folder) darken(slot review.Key) {
	f.change(slot, func(old *scan) []byte {
		img := f.decoded(old)
		for i, v := range img.Pix {
			if i%4 != 3 {
				img.Pix[i] = v / 8
			}
		}
		return photo(img, photoQuality)
	})
}

// blank puts an empty page in the place of a paper. It carries the person's number in a shade that no eye sees, so that no
// two people have the same file.
func (f *folder) blank(slot review.Key) {
	f.change(slot, func(*scan) []byte {
		c := newCanvas(sheetWidth/2, sheetHeight/2, white)
		for bit := range 32 {
			if f.s.person.index>>bit&1 != 0 {
				c.fill(image.Rect(bit, 0, bit+1, 1), mark1)
			}
		}
		return c.encode()
	})
}

// repeat puts the file of one slot into another as well.
func (f *folder) repeat(from, to review.Key) {
	i := slices.IndexFunc(f.scans, func(s scan) bool { return s.at.Slot == from })
	k := slices.IndexFunc(f.scans, func(s scan) bool { return s.at.Slot == to })
	if i >= 0 && k >= 0 {
		f.scans[k] = f.scans[i]
		f.scans[k].at.Slot = to
	}
}

// borrowCredential takes the professional certificate of the person before.
func (f *folder) borrowCredential() {
	const slot = "credential_scan"
	other := f.b.plan(f.s.person.index - 1)
	theirs := &folder{telling: &telling{b: f.b, s: &other}}
	theirs.pose()
	theirs.paper = other.dossier(0, f.b.answers(&other, &other.filings[0], nil), nil, theirs.face)
	n := slices.IndexFunc(f.b.slots, func(field review.Field) bool { return field.Key == slot })
	f.change(slot, func(*scan) []byte { return theirs.scan(n).data })
}

// sideways takes the picture with a telephone held upright over a paper that lies on its side: the pixels are turned and
// the EXIF data say so.
func (f *folder) sideways(slot review.Key) {
	f.change(slot, func(old *scan) []byte {
		img := f.decoded(old)
		turned := image.NewRGBA(image.Rect(0, 0, img.Rect.Dy(), img.Rect.Dx()))
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				turned.SetRGBA(y, img.Rect.Dx()-1-x, lamplight(img.RGBAAt(x, y)))
			}
		}
		taken := f.s.filings[f.n].steps[0].at.In(review.Zone).AddDate(0, 0, -2)
		return withEXIF(photo(turned, photoQuality), 6, taken.Format("2006:01:02 15:04:05"))
	})
}

// lamplight is the tint of paper photographed indoors.
func lamplight(c color.RGBA) color.RGBA {
	return color.RGBA{uint8(int(c.R) * 244 / 255), uint8(int(c.G) * 232 / 255), uint8(int(c.B) * 208 / 255), 255}
}

// withEXIF puts orientation and time of capture into a JPEG (CIPA DC-008).
func withEXIF(photo []byte, orientation uint16, captured string) []byte {
	const (
		short, text, long = 3, 2, 4
		exifAt            = 8 + 2 + 2*12 + 4
		textAt            = exifAt + 2 + 12 + 4
	)
	be := binary.BigEndian
	entry := func(out []byte, tag, kind uint16, count, value uint32) []byte {
		out = be.AppendUint16(be.AppendUint16(out, tag), kind)
		return be.AppendUint32(be.AppendUint32(out, count), value)
	}
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x02")
	tiff = entry(tiff, 0x0112, short, 1, uint32(orientation)<<16)
	tiff = entry(tiff, 0x8769, long, 1, exifAt)
	tiff = append(tiff, 0, 0, 0, 0, 0, 1)
	tiff = entry(tiff, 0x9003, text, uint32(len(captured)+1), textAt)
	tiff = append(append(tiff, 0, 0, 0, 0), captured+"\x00"...)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, be.AppendUint16(nil, uint16(len(segment)+2))...)
	return append(append(out, segment...), photo[2:]...)
}

// asPDF hands in the proof as a PDF of one page.
func (f *folder) asPDF(slot review.Key) {
	f.change(slot, func(*scan) []byte {
		return pdf(fmt.Sprintf("SAMPLE - continuing education: 96 hours - person %06d", f.s.person.index))
	})
}

// pdf writes a document of one page with one line in a standard typeface.
func pdf(text string) []byte {
	content := "BT /F1 16 Tf 60 740 Td (" + text + ") Tj ET\n60 720 475 1 re f\n"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	table := "0000000000 65535 f \n"
	for i, object := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table, len(objects)+1, start)
	return out.Bytes()
}
