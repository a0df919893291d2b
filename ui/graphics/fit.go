package graphics

// Fit returns how many columns and rows a picture of imgW × imgH pixels takes
// inside cols × rows cells: as large as they allow, its ratio kept, at least
// one cell. Nothing to show or no room gives 0, 0.
func Fit(imgW, imgH, cols, rows int) (c, r int) {
	w, h := fitPixels(imgW, imgH, cols, rows)
	return w, (h + 1) / 2
}

// fitPixels is Fit in pixels: one to a column, two to a row.
func fitPixels(imgW, imgH, cols, rows int) (w, h int) { return fitInto(imgW, imgH, cols, 2*rows) }

// fitInto returns the largest size of the ratio imgW : imgH inside maxW × maxH.
func fitInto(imgW, imgH, maxW, maxH int) (w, h int) {
	if imgW < 1 || imgH < 1 || maxW < 1 || maxH < 1 {
		return 0, 0
	}
	iw, ih, mw, mh := int64(imgW), int64(imgH), int64(maxW), int64(maxH)
	if iw*mh >= ih*mw {
		return maxW, max(1, int((ih*mw+iw/2)/iw))
	}
	return max(1, int((iw*mh+ih/2)/ih)), maxH
}
