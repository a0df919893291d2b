package graphics

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/iterm2"

	"rongzheng/review/picture"
)

// stripQuality is that of the JPEGs that are sent: print of ten pixels' height
// has no visible fringes.
const stripQuality = 85

// inline draws a picture as one inline image for each row of cells. The
// terminal stretches each to its cells, so that strips meet without gaps
// whatever the real size of a cell is.
func inline(img image.Image, a area, cell CellSize) ([]string, error) {
	size := img.Bounds().Size()
	// What is smaller than its place is enlarged by the terminal.
	cw := max(1, min(cell.W, (size.X+a.cols-1)/a.cols))
	ch := max(1, min(cell.H, (size.Y+a.rows-1)/a.rows))
	small := picture.Scale(img, img.Bounds(), cw*a.cols, ch*a.rows)
	strips := make([]string, a.rows)
	for row := range strips {
		part := small.SubImage(image.Rect(0, row*ch, cw*a.cols, (row+1)*ch))
		var file bytes.Buffer
		if err := jpeg.Encode(&file, part, &jpeg.Options{Quality: stripQuality}); err != nil {
			return nil, fmt.Errorf("encode strip: %w", err)
		}
		strips[row] = ansi.ITerm2(iterm2.File{
			Size: int64(file.Len()), Width: iterm2.Cells(a.cols), Height: iterm2.Cells(1),
			IgnoreAspectRatio: true, Inline: true, DoNotMoveCursor: true,
			Content: base64.StdEncoding.AppendEncode(nil, file.Bytes()),
		})
	}
	return strips, nil
}
