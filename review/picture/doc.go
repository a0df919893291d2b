// Package picture knows what an attachment is and makes it safe to look at. It
// works on bytes in memory: no files, no clock, nothing of ours imported.
//
// Terms. An attachment is a JPEG, a PNG or a PDF, found out by its content,
// never by its name. Width and height are always those of the upright picture:
// the EXIF orientation of phone photographs is applied everywhere. A sheet is a
// decoded picture that parts of any size are drawn from.
//
// Order. [Inspect] reads headers only and refuses what is too large, damaged
// or of another kind, so that nothing is decoded before its size is known.
// [Decode], [Open] and [Portrait] look at the same headers first. [Judge]
// measures a decoded picture for the automatic checks; it runs once, when an
// attachment is taken in, and its result is kept with the attachment.
//
// Reduced decoding. Who looks at a photograph of twelve megapixels in a
// terminal sees a few thousand of them. Files jpeg_*.go decode a JPEG straight
// to a half, a quarter or an eighth: the coefficients of a block are folded
// into those of a smaller one as they are read, which gives what averaging its
// pixels would give. [Reduction] says how far a picture may be reduced for a
// purpose. Every stream that is not plainly the usual goes to the decoder of
// the standard library, which has the last word on what is a JPEG; for prints
// ([Portrait]) only that one is used. A PNG is decoded whole and reduced right
// afterwards, so that what is kept to draw from is as small.
//
// Scaling. [Scale] averages areas in integer arithmetic. The approximate
// scalers of x/image/draw look at four source pixels for each one drawn, which
// loses thin strokes when a scanned form becomes a hundred columns wide, and
// their floating point may round differently on another processor; here the
// same picture gives the same pixels everywhere. Rows are read one at a time,
// so scaling needs no second copy of the picture at its full size.
//
// PDF. Files pdf_*.go find the objects of a PDF and go through its pages.
// [ReadPage] gives the text of a page and [OpenPage] its largest picture, which
// is all there is of scanned paper. [DrawPage] draws a page of our own papers,
// and of others as far as they are made of the same things; it draws all of it
// or nothing, since who looks at a certificate must not see less than is on it.
// Encrypted files, JPEG 2000 and JBIG2 are not read. Every step is taken off a
// budget, so that no file takes more than about a second or a few hundred
// megabytes; of a [Document], which has many pages and may be larger than an
// attachment, no page does.
//
// Why pages are drawn by code of our own. A page of a certificate takes 0.1 to
// 0.2 s and some 30 MB, on every platform. PDFium as WebAssembly, the only kept
// rasteriser that could be had (github.com/klippa-app/go-pdfium v1.21.4 on
// wazero v1.12.0, MIT), was tried on the same page and machine: it draws it at
// 150 dpi in 0.3 s and builds for all five platforms without cgo, but it adds
// 10.5 MB to the program and needs 3.7 s and 325 MB before its first page, or
// 0.1 s and 50 to 80 MB where 22 MB of machine code lie in a cache on the disk;
// where wazero has no compiler, as on loong64, a page takes 4 to 6 s and 300 MB
// (measured with its interpreter). A desk has 64 MB in all. seehuhn.de/go/pdf
// and github.com/ajroetker/pdf could not be fetched as modules.
//
// Memory. The decoders of the standard library hold the whole picture. [Cost]
// says beforehand how much that is, and what exceeds [MaxCost] is refused;
// whoever serves many people at once lets only so many run as fit, until they
// have drawn what they show, and calls [GiveBack] then: otherwise the garbage
// of one large picture would still be there when the next one comes. A [Cache]
// keeps what was decoded, bounded by bytes.
package picture
