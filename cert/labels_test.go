package cert

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"rongzheng/cert/font"
	"rongzheng/review"
)

// testLabels returns so many labels of made-up people, each with a reference of its own.
func testLabels(n int) []Label {
	labels := make([]Label, n)
	for i := range labels {
		labels[i] = Label{names[i%len(names)], "13800001234", "四川省成都市武侯区", fmt.Sprintf("浆洗街 %d 号", i+1), fmt.Sprintf("SQ2025%08d", i+1)}
	}
	return labels
}

func labelDrawn(labels []Label, s Sheet) drawn {
	d := drawn{
		compose: func() (*paper, error) { return composeLabels(labels, s) },
		write:   func(w io.Writer) error { return WriteLabels(w, labels, s) },
	}
	for _, l := range labels {
		d.holds = append(d.holds, l.Region+l.Street+l.Recipient+"收"+l.Phone+l.Reference)
	}
	return d
}

func labelsDrawn(testing.TB) map[string]drawn {
	long := testLabels(3)
	long[1] = Label{longName, "028-85551234", strings.Repeat("阿坝藏族羌族自治州", 11), longAddress, strings.Repeat("SQ", 30)}
	used := DefaultSheet()
	used.Skip = 9
	return map[string]drawn{
		"two sheets": labelDrawn(testLabels(17), DefaultSheet()),
		"long":       labelDrawn(long, DefaultSheet()),
		"used sheet": labelDrawn(testLabels(8), used),
		"small":      labelDrawn(testLabels(40), Sheet{LabelSheet: review.LabelSheet{Columns: 3, Rows: 8, Left: 7, Top: 13, Width: 64, Height: 33.9, GapX: 2}}),
		"one":        labelDrawn(testLabels(1), Sheet{LabelSheet: review.LabelSheet{Columns: 1, Rows: 1, Left: 5, Top: 5, Width: 200, Height: 285}}),
	}
}

// TestLabelsKeepTheirOrder reads the references in the order in which sheets are filled.
func TestLabelsKeepTheirOrder(t *testing.T) {
	labels := testLabels(31)
	text := open(t, labelDrawn(labels, DefaultSheet()).bytes(t)).text(t)
	last := -1
	for _, l := range labels {
		at := strings.Index(text, l.Reference)
		if at <= last {
			t.Errorf("%s is not behind the one before it", l.Reference)
		}
		last = at
	}
	s := DefaultSheet()
	for n, want := range []box{{4.65, 15.15, 99.1, 38.1}, {106.25, 15.15, 99.1, 38.1}, {4.65, 53.25, 99.1, 38.1}} {
		if got := s.place(n); math.Abs(got.x-want.x)+math.Abs(got.y-want.y) > 1e-9 || got.w != want.w || got.h != want.h {
			t.Errorf("label %d lies at %+v, want %+v", n, got, want)
		}
	}
}

func TestLabelsStayOnTheirPlaces(t *testing.T) {
	for name, c := range map[string]struct {
		n, skip, sheets int
	}{"full sheet": {14, 0, 1}, "one more": {15, 0, 2}, "used": {5, 9, 1}, "used, one more": {6, 9, 2}} {
		s := DefaultSheet()
		s.Skip = c.skip
		labels := testLabels(c.n)
		p, err := composeLabels(labels, s)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(p.doc.sheets); got != c.sheets {
			t.Errorf("%s: %d sheets, want %d", name, got, c.sheets)
		}
		i := 0
		for _, on := range p.doc.sheets {
			for _, m := range on.marks {
				at := s.place((c.skip + i/len(labelParts)) % 14)
				if !at.holds(m.(text).box) {
					t.Errorf("%s: text %d at %+v leaves its label %+v", name, i, m.(text).box, at)
				}
				i++
			}
		}
	}
}

func TestSheetCheck(t *testing.T) {
	if err := DefaultSheet().Check(); err != nil {
		t.Errorf("the default sheet: %v", err)
	}
	for name, spoil := range map[string]func(*Sheet){
		"columns": func(s *Sheet) { s.Columns = 0 }, "rows": func(s *Sheet) { s.Rows = -1 }, "too many": func(s *Sheet) { s.Rows = 8 },
		"too wide": func(s *Sheet) { s.Left = 11 }, "no width": func(s *Sheet) { s.Width = 0 }, "low": func(s *Sheet) { s.Height = 5 },
		"negative": func(s *Sheet) { s.Top = -1 }, "no number": func(s *Sheet) { s.GapX = math.NaN() }, "endless": func(s *Sheet) { s.GapY = math.Inf(1) },
		"skip": func(s *Sheet) { s.Skip = 14 }, "skip back": func(s *Sheet) { s.Skip = -1 }, "huge": func(s *Sheet) { s.Columns = math.MaxInt },
	} {
		s := DefaultSheet()
		spoil(&s)
		if err := WriteLabels(failing{t}, testLabels(1), s); !errors.Is(err, ErrSheet) {
			t.Errorf("%s: error = %v, want ErrSheet", name, err)
		}
	}
}

func TestLabelRefusals(t *testing.T) {
	if err := WriteLabels(failing{t}, nil, DefaultSheet()); !errors.Is(err, ErrNoLabels) {
		t.Errorf("error = %v, want ErrNoLabels", err)
	}
	for name, c := range map[string]struct {
		spoil func(*Label)
		field review.Key
		want  error
	}{
		"no recipient": {func(l *Label) { l.Recipient = "" }, "recipient", ErrEmpty},
		"no phone":     {func(l *Label) { l.Phone = " " }, "recipient_phone", ErrEmpty},
		"no street":    {func(l *Label) { l.Street = "" }, "street_address", ErrEmpty},
		"recipient":    {func(l *Label) { l.Recipient = "王😀" }, "recipient", &font.MissingError{Rune: '😀'}},
		"region":       {func(l *Label) { l.Region = "\ue863" }, "region", &font.MissingError{Rune: 0xE863}},
		"street":       {func(l *Label) { l.Street = strings.Repeat("街", 2000) }, "street_address", ErrTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			labels := testLabels(5)
			labels[3].Recipient = "收件人"
			c.spoil(&labels[3])
			err := WriteLabels(failing{t}, labels, DefaultSheet())
			mustRefuse(t, err, c.field, c.want)
			if !strings.Contains(err.Error(), labels[3].Reference) || strings.Contains(err.Error(), labels[2].Reference) {
				t.Errorf("error %q does not name the label", err)
			}
		})
	}
}

func TestLabelOfAnApplication(t *testing.T) {
	got := LabelOf(&review.Application{Reference: "SQ202501170001", Form: answers()})
	if want := (Label{"王𬭎", "028-85551234", "四川省成都市武侯区", "浆洗街道某某路 7 号", "SQ202501170001"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func BenchmarkWriteLabels(b *testing.B) {
	for _, n := range []int{14, 1000} {
		labels := testLabels(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := WriteLabels(io.Discard, labels, DefaultSheet()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A label that is larger than usual holds a block of lines in its middle, larger than usual too, not lines far apart.
func TestLargeLabelHoldsABlock(t *testing.T) {
	for _, tt := range []struct {
		in, want box
		grown    float64
	}{
		{box{10, 10, 91.1, 33.1}, box{10, 10, 91.1, 33.1}, 1},
		{box{0, 0, 97, 69}, box{0, (69 - labelHeight*97/labelWidth) / 2, 97, labelHeight * 97 / labelWidth}, 97 / labelWidth},
		{box{9, 7, 192, 282}, box{9, 7 + (282-64)/2.0, 192, 64}, mostGrown},
		{box{0, 0, 30, 200}, box{0, 80, 30, labelHeight}, 1},
	} {
		got, grown := written(tt.in)
		off := math.Abs(got.x-tt.want.x) + math.Abs(got.y-tt.want.y) + math.Abs(got.w-tt.want.w) + math.Abs(got.h-tt.want.h)
		if off > 1e-9 || grown != tt.grown {
			t.Errorf("%v: got %v %g, want %v %g", tt.in, got, grown, tt.want, tt.grown)
		}
	}
}
