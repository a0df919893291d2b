package review

import "time"

// Attachment is one file that came with an application, by content. The bytes lie in the store under SHA256.
type Attachment struct {
	Slot Key    `json:"slot"`
	File string `json:"file"` // the sender's plain file name
	// SHA256 is the hash of the bytes, 64 lower-case hexadecimal digits.
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"` // bytes
	// Type is the media type found in the content: image/jpeg, image/png or application/pdf.
	Type string `json:"type"`
	// Width and Height are pixels of the upright picture, 0 for a PDF.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
	// Orientation is the EXIF orientation 1 to 8, 0 where the file has none.
	Orientation int       `json:"orientation,omitempty"`
	Pages       int       `json:"pages,omitempty"`    // of a PDF, 0 when unknown
	Captured    time.Time `json:"captured,omitzero"`  // EXIF capture date
	Dark        bool      `json:"dark,omitempty"`     // hardly any light in the picture
	Blank       bool      `json:"blank,omitempty"`    // hardly any difference between its pixels
	Prepared    string    `json:"prepared,omitempty"` // SHA-256 of the portrait made ready for the certificate
}

// Consent holds when the applicant gave the two declarations; both are required.
type Consent struct {
	Privacy time.Time `json:"privacy"`
	Truth   time.Time `json:"truth"`
}
