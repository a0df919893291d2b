package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
	"time"

	"rongzheng/review"
	"rongzheng/review/picture"
)

// fullPeople is how many people have papers that are worth looking at; those after them have pictures of a few hundred
// bytes, each person their own.
const fullPeople = 300

const photoQuality = 78

// A folder gathers the files of one filing.
type folder struct {
	*telling
	n     int // number of the filing in the story
	paper dossier
	scans []scan
	errs  []error
}

// scan is one file with its facts.
type scan struct {
	at       review.Attachment
	data     []byte
	prepared []byte // portrait made ready where it is not data itself
}

var extensions = map[string]string{review.TypeJPEG: ".jpg", review.TypePNG: ".png", review.TypePDF: ".pdf"}

// fill draws every paper that the filing asks for.
func (t *telling) fill(n int, form review.Form) (*folder, error) {
	f := &folder{telling: t, n: n, paper: t.s.dossier(n, form, t.held, t.face)}
	policy := t.b.policyAt(t.s.filings[n].steps[0].at)
	if t.s.oddity != nil && t.s.oddity.lenient {
		policy = t.b.lenient
	}
	for i := range t.b.slots {
		if asked, _ := t.b.slots[i].Asked(f.paper.kind, form, policy); asked {
			f.scans = append(f.scans, f.scan(i))
		}
	}
	if t.s.oddity != nil && t.s.oddity.files != nil {
		t.s.oddity.files(f)
	}
	for i := range f.scans {
		at := &f.scans[i].at
		at.File = string(at.Slot) + extensions[at.Type]
	}
	if len(f.errs) > 0 {
		return nil, fmt.Errorf("demo: picture: %w", f.errs[0])
	}
	return f, nil
}

// scan makes the file of the nth slot.
func (f *folder) scan(n int) scan {
	slot := f.b.slots[n].Key
	switch {
	case slot == "portrait":
		return f.portrait
	case f.full:
		return drawn(slot, f.b.draw(slot, &f.paper))
	}
	s := scan{at: review.Attachment{Slot: slot, Width: 8 * slipRow, Height: slipRows}, data: slip(f.s.person.index, n+len(f.b.slots)*f.n)}
	s.seal(review.TypePNG)
	return s
}

// draw draws the paper of a slot.
func (b *builder) draw(slot review.Key, d *dossier) canvas {
	switch slot {
	case "id_card_front":
		return b.studio.cardFront(d.person, d.shown, d.face)
	case "id_card_back":
		return b.studio.cardBack(d.person, review.NewDate(d.filed.Year()-1-d.person.index%8, time.Month(1+d.person.index%12), 1+d.person.index%28))
	case "credential_scan":
		return b.studio.credential(d)
	case "application_form":
		return b.studio.applicationForm(d)
	case "community_proof":
		return b.studio.communityProof(d)
	case "previous_certificate":
		return b.studio.previousCertificate(d)
	}
	return b.studio.educationHours(d)
}

func drawn(slot review.Key, c canvas) scan {
	s := scan{at: review.Attachment{Slot: slot, Width: c.Rect.Dx(), Height: c.Rect.Dy()}, data: c.encode()}
	s.seal(review.TypePNG)
	return s
}

// seal notes what is known of every file.
func (s *scan) seal(kind string) {
	s.at.SHA256, s.at.Size, s.at.Type = hashOf(s.data), int64(len(s.data)), kind
	if kind != review.TypePDF {
		s.at.Orientation = 1
	}
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// photo encodes a picture as JPEG.
func photo(img image.Image, quality int) []byte {
	var out bytes.Buffer
	_ = jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}) // a buffer takes everything, and no picture here is too large
	return out.Bytes()
}

// files returns the bytes by hash.
func (f *folder) files() map[string][]byte {
	files := make(map[string][]byte, len(f.scans)+1)
	for _, s := range f.scans {
		files[s.at.SHA256] = s.data
		if s.prepared != nil {
			files[s.at.Prepared] = s.prepared
		}
	}
	return files
}

func (f *folder) attachments() []review.Attachment {
	list := make([]review.Attachment, len(f.scans))
	for i := range f.scans {
		list[i] = f.scans[i].at
	}
	return list
}

// change replaces a file by another with the facts that its bytes have, as the import would find them.
func (f *folder) change(slot review.Key, remake func(old *scan) []byte) {
	i := slices.IndexFunc(f.scans, func(s scan) bool { return s.at.Slot == slot })
	if i < 0 {
		return
	}
	made, err := inspected(slot, remake(&f.scans[i]))
	if err != nil {
		f.errs = append(f.errs, err)
		return
	}
	f.scans[i] = made
}

// inspected finds the facts of any file.
func inspected(slot review.Key, data []byte) (scan, error) {
	facts, err := picture.Inspect(data)
	if err != nil {
		return scan{}, err
	}
	s := scan{at: review.Attachment{Slot: slot, Width: facts.Width, Height: facts.Height, Pages: facts.Pages}, data: data}
	if !facts.Type.Picture() {
		s.seal(review.TypePDF)
		return s, nil
	}
	s.seal("image/" + string(facts.Type))
	s.at.Orientation = facts.Orientation
	if facts.Captured != "" {
		if s.at.Captured, err = time.ParseInLocation(time.DateTime, facts.Captured, review.Zone); err != nil {
			return scan{}, err
		}
	}
	small, err := picture.Decode(data, picture.SampleSide, picture.SampleSide)
	if err != nil {
		return scan{}, err
	}
	measures := picture.Judge(facts, small)
	s.at.Dark, s.at.Blank = measures.Dark, measures.Blank
	if slot == "portrait" {
		if s.prepared, err = picture.Portrait(data); err != nil {
			return scan{}, err
		}
		s.at.Prepared = hashOf(s.prepared)
	}
	return s, nil
}
