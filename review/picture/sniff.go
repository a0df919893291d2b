package picture

import (
	"bytes"
	"slices"
)

// signatures are the first bytes of what applicants send. The first three are
// taken, the others are known so that a refusal can say what the file is.
var signatures = []struct {
	found, begin string
}{
	{string(JPEG), "\xff\xd8\xff"},
	{string(PNG), "\x89PNG\r\n\x1a\n"},
	{string(PDF), "%PDF-"},
	{"gif", "GIF8"},
	{"bmp", "BM"},
	{"tiff", "II*\x00"},
	{"tiff", "MM\x00*"},
	{"zip", "PK\x03\x04"},
	{"office", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
}

// heifBrands are the brands of ISO/IEC 23008-12 that phones write.
var heifBrands = []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}

// sniff names the kind of a file by its first bytes. Some writers put a byte
// order mark or line breaks before a PDF; nothing else may stand before a
// signature, so that no file is two things at once.
func sniff(data []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.begin)) {
			return s.found
		}
	}
	if bytes.HasPrefix(trimPDF(data), []byte("%PDF-")) {
		return string(PDF)
	}
	if len(data) < 12 {
		return Unknown
	}
	brand := string(data[8:12])
	switch {
	case string(data[:4]) == "RIFF" && brand == "WEBP":
		return "webp"
	case string(data[4:8]) != "ftyp":
		return Unknown
	case slices.Contains(heifBrands, brand):
		return "heic"
	case brand == "avif" || brand == "avis":
		return "avif"
	}
	return Unknown
}

func trimPDF(data []byte) []byte {
	begin := bytes.TrimPrefix(data[:min(len(data), 64)], []byte("\xef\xbb\xbf"))
	return bytes.TrimLeft(begin, " \t\r\n")
}
