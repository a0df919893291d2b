package picture

import "image"

// Tags of the second directory of EXIF, which describes the small picture that
// most cameras and phones put into a photograph.
const (
	tagThumbnail       = 0x0201 // JPEGInterchangeFormat: where it begins
	tagThumbnailLength = 0x0202
)

// maxThumbnail bounds its pixels; cameras write 160 × 120 up to 640 × 480.
const maxThumbnail = 1 << 20

// Thumbnail returns the small picture that a JPEG carries in its EXIF data,
// upright and without the bars that cameras add to fill it up to 4 : 3. It
// costs a fraction of a millisecond whatever the size of the photograph, and
// serves to show something at once where drawing the whole takes long. It is
// not the photograph: editors may have left an older one in.
//
// False means that there is none that makes sense; then there is nothing lost.
func Thumbnail(data []byte) (*image.RGBA, bool) {
	f, err := readPicture(data)
	if err != nil || f.Type != JPEG {
		return nil, false
	}
	head, err := walkJPEG(data)
	if err != nil {
		return nil, false
	}
	small := thumbnailIn(head.exif)
	own, err := readPicture(small)
	if err != nil || own.Type != JPEG || own.Width*own.Height > maxThumbnail {
		return nil, false
	}
	own.Orientation = 1
	img, err := own.open(small, 1, true)
	if err != nil {
		return nil, false
	}
	lying := img.pixelsIn(f)
	return orient(img.Draw(lying, lying.Dx(), lying.Dy()), f.Orientation), true
}

// pixelsIn is the part of a thumbnail, as it lies in the file, that has the
// ratio of the photograph.
func (s *Sheet) pixelsIn(f Facts) image.Rectangle {
	w, h := f.Width, f.Height
	if f.sideways() {
		w, h = h, w
	}
	size := s.Size()
	inW, inH := size.X, max(1, divide(int64(size.X)*int64(h), int64(w)))
	if inH > size.Y {
		inW, inH = max(1, divide(int64(size.Y)*int64(w), int64(h))), size.Y
	}
	at := image.Pt((size.X-inW)/2, (size.Y-inH)/2)
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(inW, inH))}
}

// thumbnailIn finds the bytes of the thumbnail; nil where there is none.
func thumbnailIn(tiff []byte) []byte {
	order, ok := byteOrder(tiff)
	if !ok {
		return nil
	}
	second, ok := directory{tiff, order, order.Uint32(tiff[4:])}.next()
	if !ok {
		return nil
	}
	at, ok := second.number(tagThumbnail)
	n, told := second.number(tagThumbnailLength)
	if !ok || !told || int64(at)+int64(n) > int64(len(tiff)) {
		return nil
	}
	return tiff[at : int64(at)+int64(n)]
}

// next is the directory that follows d in the file.
func (d directory) next() (directory, bool) {
	at := int64(d.at)
	if at+2 > int64(len(d.tiff)) {
		return directory{}, false
	}
	at += 2 + 12*int64(d.order.Uint16(d.tiff[at:]))
	if at+4 > int64(len(d.tiff)) {
		return directory{}, false
	}
	next := d.order.Uint32(d.tiff[at:])
	return directory{d.tiff, d.order, next}, next != 0
}
