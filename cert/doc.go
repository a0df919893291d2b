// Package cert draws registration certificates (登记证书, domain §8) as PDF files from their records. It is the only
// package that knows gofpdf.
//
// # Rules
//
// A certificate is right or it is not drawn. Every character of every field is checked against the typeface before
// anything is written; what cannot be drawn is an error that names the field and the character, and what does not fit
// shrinks, then wraps, and is never cut. Write hands out a whole file or nothing.
//
// The same record gives the same bytes: no clock, no random number, no map order takes part. Dates come from the record.
//
// # How a file comes about
//
//	record    what is printed, checked field by field (record.go)
//	compose   each text gets its size, its lines and its place from the table of blocks (layout.go, text.go)
//	paint     gofpdf writes the page: lines, portrait, text (page.go)
//	assemble  the font, the frame and the seal are put into gofpdf's file (file.go, embed.go)
//
// # Why the file is assembled again
//
// gofpdf writes text of 16-bit codes only, panics on the 196 standard name characters outside the basic plane, tells
// readers that code and character are one and the same, and needs 4 to 7 ms for every document that brings a font of
// its own. So the page is written with a placeholder, one of the core fonts, whose "text" is glyph numbers of the font
// cut for this document; afterwards the placeholder's object is replaced by the cut font with a complete map from
// glyphs to characters. Every reader then copies and finds every character as itself, those outside the basic plane
// included, by the means that PDF has for it. Frame and seal never change and are compressed once for all documents.
package cert
