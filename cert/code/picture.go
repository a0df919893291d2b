package code

import (
	"errors"
	"fmt"
	"image"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"rsc.io/qr"
)

// Modules returns the QR code of a text as rows of dark modules, without the quiet zone of four modules that belongs around
// it. 15 % of it may be covered by dirt or a fold (level M).
func Modules(text string) ([][]bool, error) {
	symbol, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("qr code: %w", err)
	}
	rows := make([][]bool, symbol.Size)
	for y := range rows {
		rows[y] = make([]bool, symbol.Size)
		for x := range rows[y] {
			rows[y][x] = symbol.Black(x, y)
		}
	}
	return rows, nil
}

// ErrNoPicture says that a picture shows no QR code that can be read.
var ErrNoPicture = errors.New("no readable QR code in the picture")

// ReadPicture returns the text of the QR code in a picture; ErrNoPicture when there is none.
func ReadPicture(img image.Image) (text string, err error) {
	defer func() {
		if recover() != nil { // the reader was not made for every damage
			text, err = "", ErrNoPicture
		}
	}()
	for _, binarize := range []func(gozxing.LuminanceSource) gozxing.Binarizer{gozxing.NewHybridBinarizer, gozxing.NewGlobalHistgramBinarizer} {
		bitmap, err := gozxing.NewBinaryBitmap(binarize(gozxing.NewLuminanceSourceFromImage(img)))
		if err != nil {
			continue
		}
		hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
		if err == nil && strings.TrimSpace(result.GetText()) != "" {
			return result.GetText(), nil
		}
	}
	return "", ErrNoPicture
}
