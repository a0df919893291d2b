package cert

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rongzheng/cert/sign"
)

// A signature's place in the file: what the range of bytes says, and room for the signature itself, both filled in when all
// else is written.
const (
	rangeDigits = 10
	rangeBlank  = "/ByteRange [0 0000000000 0000000000 0000000000]"
)

// addSignature adds a field on the first page, which shows nothing there, and a dictionary with room for the signature
// (ISO 32000-1, 12.7.4.5 and 12.8; EN 319 142-1, 6.3). It returns what fills the room in the finished file.
func (f *file) addSignature(id *sign.Identity, at time.Time) (fill func([]byte) error, err error) {
	first := 0
	for i, body := range f.objects {
		if bytes.Contains(body, []byte("/Type /Page\n")) {
			first = i + 1
			break
		}
	}
	if first == 0 {
		return nil, errForm
	}
	room := 2 * id.Size()
	signature := f.add(fmt.Appendf(nil, "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:%s+08'00')\n%s\n/Contents <%s>>>",
		at.Format("20060102150405"), rangeBlank, strings.Repeat("0", room)))
	const printedAndLocked = 4 | 128 // there is nothing to print, but archives of PDF ask for it
	field := f.add(fmt.Appendf(nil, "<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature) /F %d /Rect [0 0 0 0] /P %d 0 R /V %d 0 R>>",
		printedAndLocked, first, signature))
	if err := f.replace(first, "/Type /Page\n", fmt.Sprintf("/Type /Page\n/Annots [%d 0 R]\n", field)); err != nil {
		return nil, err
	}
	err = f.replace(f.root, "/Type /Catalog\n", fmt.Sprintf("/Type /Catalog\n/AcroForm <</Fields [%d 0 R] /SigFlags 3>>\n"+
		"/Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 1>>>>\n", field))
	f.version = "1.7"
	return func(data []byte) error { return fillSignature(data, id, room) }, err
}

// fillSignature signs all of the file but the room for the signature, and puts the signature there.
func fillSignature(data []byte, id *sign.Identity, room int) error {
	blank := bytes.LastIndex(data, []byte(rangeBlank))
	begin := bytes.LastIndex(data, []byte("/Contents <"+strings.Repeat("0", room)+">"))
	if blank < 0 || begin < blank {
		return errForm
	}
	begin += len("/Contents ")
	end := begin + room + len("<>")
	stated := fmt.Appendf(nil, "/ByteRange [0 %0*d %0*d %0*d]", rangeDigits, begin, rangeDigits, end, rangeDigits, len(data)-end)
	if len(stated) != len(rangeBlank) {
		return errForm
	}
	copy(data[blank:], stated)
	signature, err := id.Sign(data[:begin], data[end:])
	if err != nil {
		return err
	}
	if hex.EncodedLen(len(signature)) > room {
		return errForm
	}
	hex.Encode(data[begin+1:], signature)
	return nil
}

// SignatureState is what can be said of the office's signature in a file.
type SignatureState int

const (
	// Unsigned says that the file holds no signature.
	Unsigned SignatureState = iota
	// Intact says that the file is as it was when it was signed.
	Intact
	// Broken says that the file was changed after it was signed, or added to, or that the signature is none.
	Broken
)

var signedRange = regexp.MustCompile(`/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]`)

// Signature checks the signature of a PDF file as this program writes it, over the whole file, and returns whom its
// certificate names. Whether that certificate is to be trusted, it does not say: readers of PDF do.
func Signature(data []byte) (state SignatureState, holder string) {
	found := signedRange.FindAllSubmatch(data, 2)
	if len(found) == 0 {
		return Unsigned, ""
	}
	begin, end, rest := decimal(found[0][1]), decimal(found[0][2]), decimal(found[0][3])
	if len(found) > 1 || begin >= end || end > len(data) || end+rest != len(data) || data[begin] != '<' || data[end-1] != '>' {
		return Broken, ""
	}
	signature, err := hex.DecodeString(string(data[begin+1 : end-1]))
	if err != nil {
		return Broken, ""
	}
	if holder, err = sign.Check(signature, data[:begin], data[end:]); err != nil {
		return Broken, ""
	}
	return Intact, holder
}

// decimal reads digits, of which there are ten at most.
func decimal(digits []byte) int {
	n, _ := strconv.Atoi(string(digits))
	return n
}
