package graphics

// Fit returns how many columns and rows a picture of imgW × imgH pixels takes
// inside cols × rows cells: as large as they allow, its ratio kept, at least
// one cell. Nothing to show or no room gives 0, 0.
func Fit(imgW, imgH, cols, rows int) (c, r int) {
	w, h := fitPixels(imgW, imgH, cols, rows)
	return w, (h + 1) / 2
}

// fitPixels is Fit in pixels: one to a column, two to a row.
func fitPixels(imgW, imgH, cols, rows int) (w, h int) {
	if imgW < 1 || imgH < 1 || cols < 1 || rows < 1 {
		return 0, 0
	}
	iw, ih, maxW, maxH := int64(imgW), int64(imgH), int64(cols), 2*int64(rows)
	if iw*maxH >= ih*maxW {
		return cols, max(1, int((ih*maxW+iw/2)/iw))
	}
	return max(1, int((iw*maxH+ih/2)/ih)), int(maxH)
}
