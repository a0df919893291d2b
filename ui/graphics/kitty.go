package graphics

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"image"
	"image/png"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"

	"rongzheng/review/picture"
)

const (
	// kittyFirst is the first of our image numbers and kittyLast the last; a
	// placeholder says the number with its colour.
	kittyFirst = 0x520000
	kittyLast  = 0x52ffff

	// maxSent bounds the pixels that are sent; the terminal enlarges.
	maxSent = 1 << 20

	// maxRows is how many rows placeholders can name.
	maxRows = 297
)

// sendKitty returns the commands that give the terminal a picture under a
// number, for a.cols × a.rows cells; the number comes from the pixels, so that
// sending again what is there already changes nothing.
func sendKitty(img image.Image, a area) (pieces []string, number int, err error) {
	w, h := a.w, a.h
	if size := img.Bounds().Size(); size.X <= w && size.Y <= h {
		w, h = size.X, size.Y
	}
	for w*h > maxSent {
		w, h = max(1, w*3/4), max(1, h*3/4)
	}
	small := picture.Scale(img, img.Bounds(), w, h)
	var file bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&file, small); err != nil {
		return nil, 0, fmt.Errorf("encode picture: %w", err)
	}
	sum := fnv.New32a()
	fmt.Fprint(sum, a)
	sum.Write(file.Bytes())
	number = kittyFirst + int(sum.Sum32()%(kittyLast-kittyFirst+1))
	return chunks(base64.StdEncoding.EncodeToString(file.Bytes()), number, a), number, nil
}

// chunks cuts the data as the protocol wants it.
func chunks(data string, number int, a area) []string {
	var pieces []string
	options := []string{"a=T", "U=1", "q=2", "f=100", fmt.Sprintf("i=%d", number), fmt.Sprintf("c=%d", a.cols), fmt.Sprintf("r=%d", a.rows)}
	for {
		part := data[:min(len(data), kitty.MaxChunkSize)]
		data = data[len(part):]
		more := "m=0"
		if data != "" {
			more = "m=1"
		}
		pieces = append(pieces, ansi.KittyGraphics([]byte(part), append(options, more)...))
		if data == "" {
			return pieces
		}
		options = []string{"q=2"}
	}
}

// placeholders is one line of cells that show row of the picture. Only the
// first names row and column; the others follow it.
func placeholders(number, row, cols int) string {
	var out strings.Builder
	fmt.Fprintf(&out, "\x1b[38;2;%d;%d;%dm", number>>16, number>>8&0xff, number&0xff)
	out.WriteRune(kitty.Placeholder)
	out.WriteRune(kitty.Diacritic(row))
	out.WriteRune(kitty.Diacritic(0))
	for range cols - 1 {
		out.WriteRune(kitty.Placeholder)
	}
	out.WriteString("\x1b[39m")
	return out.String()
}
