package cert

import (
	"math"
	"slices"

	"rongzheng/review"
)

// combs are the fields for whose blank answer the form has a small box for each character, and how many.
var combs = map[review.Key]int{"id_number": 18, "mobile": 11}

const (
	mostOptions = 30 // more options than these are written, not ticked
	alone       = math.MaxFloat64
	optionStop  = 3.2 // distance of the places at which an option may begin
	thirds      = 3   // most fields beside one another
	fieldSize   = 9.5
)

// entry is a field on the form: its label, its answer or the room for it, and the width that it should have.
type entry struct {
	label prose
	hint  content // below the label; nil for none
	value content
	need  float64 // width of the value; alone takes a whole row
	grows float64
}

// grid adds the fields to rows, as many in one as have room, the first ones beside the place of the photograph.
func (f *formPaper) grid(fields []review.Field, photo bool) {
	var entries []entry
	for i := range fields {
		entries = append(entries, f.entry(&fields[i]))
	}
	first, covered := len(f.rows), 0.0
	for len(entries) > 0 {
		width := f.in.w
		if photo && covered < photoHeight {
			width -= photoWidth
		}
		n := f.fitting(entries, width)
		r := f.gridRow(entries[:n], width)
		if width < f.in.w {
			covered += r.height()
			r.keep = covered < photoHeight && n < len(entries)
			if n == len(entries) {
				r.least = max(r.height(), r.height()+photoHeight-covered)
			}
		}
		f.row(r)
		if entries = entries[n:]; photo && (covered >= photoHeight || len(entries) == 0) {
			f.photo(first)
			photo = false
		}
	}
}

// fitting returns how many of the entries stand beside one another.
func (f *formPaper) fitting(entries []entry, width float64) int {
	used := 0.0
	for i, e := range entries {
		if used += f.labelWidth(e, i) + e.need; i > 0 && used > width || i == thirds {
			return i
		}
		if e.need == alone {
			return 1
		}
	}
	return len(entries)
}

// labelWidth returns the width of the cell of the label of the entry at the place in its row. Those at the left edge are
// all the same.
func (f *formPaper) labelWidth(e entry, place int) float64 {
	if place == 0 {
		return formLabel
	}
	return min(max(e.label.natural()+2*padX, 13), formLabel)
}

// gridRow sets the entries side by side and shares out the room that they leave. Two stand in columns of half the width
// where they fit there.
func (f *formPaper) gridRow(entries []entry, width float64) row {
	room := width
	for i, e := range entries {
		if room -= f.labelWidth(e, i); len(entries) > 1 {
			room -= e.need
		}
	}
	x := 0.0
	var r row
	for i, e := range entries {
		label, value := f.labelWidth(e, i), room
		if len(entries) > 1 {
			value = e.need + room/float64(len(entries))
		}
		if half := width / 2; len(entries) == 2 && half-formLabel >= entries[0].need && half-f.labelWidth(entries[1], 1) >= entries[1].need {
			value = half - label
		}
		r.cells = append(r.cells,
			cell{x: x, w: label, framed: true, ground: &light, content: stack{e.label, e.under()}},
			cell{x: x + label, w: value, framed: true, content: e.value})
		r.grows = max(r.grows, e.grows)
		x += label + value
	}
	return r
}

func (e entry) under() content {
	if e.hint == nil {
		return stack{}
	}
	return e.hint
}

// photo gives the rows from first on the place of the photograph at their right.
func (f *formPaper) photo(first int) {
	c := cell{x: f.in.w - photoWidth, w: photoWidth, rows: len(f.rows) - first, framed: true}
	if f.Portrait == nil {
		label, _ := review.FieldOf(portraitKey)
		st := style{size: 9, ink: faint, align: centre}
		small := style{size: hintSize, ink: faint, align: centre}
		c.content = stack{f.say("", formWords.photo, st), f.say("", formWords.photoHint, small), f.say(portraitKey, label.Label, small)}
	} else {
		picture, err := readPortrait(f.Portrait)
		if err != nil {
			f.refuse(FieldError{portraitKey, err})
			return
		}
		f.doc.picture("Portrait", picture.object())
		c.content = photograph{picture}
	}
	f.rows[first].cells = append(f.rows[first].cells, c)
}

// photograph shows the document's portrait.
type photograph struct{ portrait }

func (photograph) height(float64) float64 { return 0 }

func (p photograph) put(s *sheet, in box) {
	place := box{in.x + (in.w-25)/2, in.y + (in.h-35)/2, 25, 35}
	s.add(show{"Portrait", p.within(place)})
}

// entry makes the field ready for its place.
func (f *formPaper) entry(field *review.Field) entry {
	e := entry{label: f.say("", field.Label, style{size: fieldSize, ink: body, align: centre})}
	hint := f.say("", field.Hint(review.Chinese), style{size: hintSize, ink: faint})
	if options := f.options(field); options != nil {
		t := f.ticks(optionSize, optionStop, options...)
		width := f.in.w - formLabel - 2*padX
		e.value, e.need, e.grows = stack{t, hint}, max(t.natural(), min(hint.natural(), 26))+2*padX, 1.5
		switch {
		case t.natural() > width:
			hint.style.align = centre
			e.need, e.hint, e.value = alone, hint, t
		case e.need > 48:
			e.need = alone
		}
		return e
	}
	e.grows = 2.5
	answer := f.answer(field)
	if answer == "" {
		e.value, e.need = f.room(field, hint)
		return e
	}
	t := f.say(field.Key, answer, style{size: valueSize, ink: body})
	_, least := f.room(field, hint)
	e.value, e.need = filled{t, 8 * f.scale}, max(least, t.natural()+2*padX)
	if e.need > 60 {
		e.need = alone
	}
	return e
}

// filled is an answer in a cell of at least the height.
type filled struct {
	prose
	least float64
}

func (t filled) height(width float64) float64 { return max(t.prose.height(width), t.least) }

// room gives the place to write an answer on, and the width that it should have.
func (f *formPaper) room(field *review.Field, hint prose) (content, float64) {
	write := space(6 * f.scale)
	if n, ok := combs[field.Key]; ok {
		return stack{comb(n), hint}, float64(n)*4.6 + 2*padX
	}
	switch {
	case field.Type == review.Day:
		return stack{write, f.say("", formWords.day, style{size: 10, ink: body}), hint}, 52
	case field.Type == review.Number, field.Type == review.Derived:
		return stack{write, hint}, max(20, hint.natural()/2+2*padX)
	case field.Length >= 150:
		return stack{write, hint}, alone
	}
	return stack{write, hint}, 45
}

// options returns what there is to tick for the field, nil where the answer is written.
func (f *formPaper) options(field *review.Field) []tick {
	given := len(f.Form) > 0 && f.asked(field)
	if field.Type == review.YesNo {
		yes := f.Form.Flag(field.Key)
		return []tick{{field.Key, formWords.yes, given && yes}, {field.Key, formWords.no, given && !yes}}
	}
	options := f.Policy.Options[field.Options]
	if field.Type != review.Choice && field.Type != review.Choices || len(options) > mostOptions || len(options) == 0 {
		return nil
	}
	answers := f.Form[field.Key]
	if len(answers) == 0 && field.Default != "" {
		answers = []string{field.Default}
	}
	var items []tick
	known := map[string]bool{}
	for _, o := range options {
		on := given && slices.Contains(answers, o.Code)
		known[o.Code] = true
		if !o.Disabled || on {
			items = append(items, tick{field.Key, o.Label, on})
		}
	}
	for _, code := range answers {
		if given && !known[code] {
			items = append(items, tick{field.Key, code, true})
		}
	}
	return items
}

func (f *formPaper) asked(field *review.Field) bool {
	asked, _ := field.Asked(f.Kind, f.Form, f.Policy)
	return asked
}

// answer returns what is written on the form for the field.
func (f *formPaper) answer(field *review.Field) string {
	switch {
	case len(f.Form) == 0 || !f.asked(field), field.Type == review.Derived && f.Day.IsZero():
		return ""
	case field.Type == review.Day:
		if d := f.Form.Date(field.Key); !d.IsZero() {
			return longDate(d)
		}
	}
	return review.Show(field, f.Form, f.Policy, f.Day, review.Chinese)
}
