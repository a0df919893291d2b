package exchange

import (
	"rongzheng/review"
	"rongzheng/review/picture"
)

// Attachment takes in one file that is handed over at the counter for the slot: what it is by its content, and for the
// portrait the one made ready for the certificate, nil for other slots. file is its plain name. What is wrong with it is
// an Error.
func Attachment(slot review.Key, file string, data []byte) (at review.Attachment, prepared []byte, err error) {
	at, facts, err := inspect(named{slot: slot, file: file}, data)
	if err != nil {
		return review.Attachment{}, nil, err
	}
	if prepared, err = look(&at, facts, data); err != nil {
		return review.Attachment{}, nil, err
	}
	return at, prepared, nil
}

// Turned takes in the picture anew, turned by quarters clockwise. A PDF cannot be turned: that is an Error.
func Turned(at review.Attachment, data []byte, quarters int) (turned review.Attachment, bytes, prepared []byte, err error) {
	if at.Type == review.TypePDF {
		return at, nil, nil, refuse(at.File, "file_turn")
	}
	if bytes, err = picture.Turn(data, quarters); err != nil {
		return at, nil, nil, unfit(at.File, err)
	}
	if turned, prepared, err = Attachment(at.Slot, at.File, bytes); err != nil {
		return at, nil, nil, err
	}
	if turned.Captured.IsZero() {
		turned.Captured = at.Captured
	}
	return turned, bytes, prepared, nil
}
