// Package cert draws what goes out on paper as PDF files: registration certificates (登记证书, domain §8) from their records,
// and the papers of the counter from plain data: the form to fill in (申请表), the receipt (受理回执), the notice of refusal
// (不予登记告知书) and address labels. It is the only package that knows gofpdf.
//
// # Rules
//
// A paper is right or it is not drawn. Every character of every field is checked against the typeface before anything is
// written; what cannot be drawn is an error that names the field and the character. What does not fit shrinks, then
// wraps, then goes on to the next sheet, and is never cut. A Write function hands out a whole file or nothing.
//
// The same data give the same bytes: no clock, no random number, no map order takes part. Dates come from the data; a
// file whose data tell of no moment has none.
//
// Papers are Chinese, as the law's own words are. The words of each stand in one table beside its type; what registry
// and policy know comes from there.
//
// # How a file comes about
//
//	record    what a certificate prints, checked field by field (record.go)
//	compose   each text gets its size, its lines and its place: the certificate's in the places that the policy names
//	          (layout.go, back.go), those of labels from their places on the sheet (labels.go), all others as rows of
//	          cells that go on from sheet to sheet (paper.go, cells.go), by one composer (text.go)
//	paint     gofpdf draws the marks of each sheet of the document: lines, pictures, text (sheet.go, page.go)
//	assemble  the font and the pictures are put into gofpdf's file (file.go, embed.go)
//
// # Why the file is assembled again
//
// gofpdf writes text of 16-bit codes only, panics on the 196 standard name characters outside the basic plane, tells
// readers that code and character are one and the same, and needs 4 to 7 ms for every document that brings a font of
// its own. So the pages are written with a placeholder, one of the core fonts, whose "text" is glyph numbers of the font
// cut for this document; afterwards the placeholder's object is replaced by the cut font with a complete map from
// glyphs to characters. Every reader then copies and finds every character as itself, those outside the basic plane
// included, by the means that PDF has for it. Frame and seal never change and are compressed once for all documents.
//
// # Speed
//
// .ci/bench-certificates measures it against drawing each alone and against two programs that could be taken instead.
// In November 2026 on two cores: 3.0 ms and 31 KB each, in a run of many as for ten thousand into one file with 5 MB held
// (the targets are 5 ms and 100 KB); 41 ms each alone. Beside other work, where a run of many took 4.6 ms each: 51 ms in
// gofpdf with the whole typeface, and for the same words without frame, portrait and code a headless chromium 2114 ms and
// 114 KB, typst in one process 12 ms and 29 KB.
//
// # The code, and signatures in the file
//
// The QR code is drawn as rectangles from the text that the record holds (cert/code); the file tells the text once more, as
// /Verification in its document information, so that a program need not look at pictures. A joined file has it in the
// dictionary of each certificate's first page.
//
// Where the office has set who signs its files (cert/sign), a certificate carries a PAdES baseline signature, B-B of EN 319
// 142-1, by which readers show the file as intact (signature.go): a field on the first page that shows nothing, and a signature
// over every other byte of the file. It states the time of the record, not the clock's, so the same record gives the same
// bytes. A certificate that was issued while the signer's own was not valid carries none. Files that are joined lose theirs:
// it speaks for one file alone. What proves the paper is the code.
//
// The typeface lacks ☑. A ticked box is an empty box with a tick over it, and the file states what both together mean.
package cert
