// Package picture knows what an attachment is and makes it safe to look at. It
// works on bytes in memory: no files, no clock, nothing of ours imported.
//
// Terms. An attachment is a JPEG, a PNG or a PDF, found out by its content,
// never by its name. Width and height are always those of the upright picture:
// the EXIF orientation of phone photographs is applied everywhere.
//
// Order. [Inspect] reads headers only and refuses what is too large, damaged
// or of another kind, so that nothing is decoded before its size is known.
// [Decode] and [Portrait] ask Inspect first. [Judge] measures a decoded
// picture for the automatic checks; it runs once, when an attachment is taken
// in, and its result is kept with the attachment.
//
// Scaling. [Scale] averages areas in integer arithmetic. The approximate
// scalers of x/image/draw look at four source pixels for each one drawn, which
// loses thin strokes when a scanned form becomes a hundred columns wide, and
// their floating point may round differently on another processor; here the
// same picture gives the same pixels everywhere. Rows are read one at a time,
// so scaling needs no second copy of the picture at its full size.
//
// Memory. The decoders of the standard library hold the whole picture. [Cost]
// says beforehand how much that is, and what exceeds [MaxCost] is refused;
// whoever serves many people at once lets only so many run as fit.
package picture
