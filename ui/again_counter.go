package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// counterPlace is a screen at which a clerk is with a person, over whatever tab.
type counterPlace interface {
	screen
	// stands adds to the state what the screen shows.
	stands(state *review.DeskState)
}

// atCounter leaves of the screens those at which a clerk is with a person.
func atCounter(above []screen) []screen {
	return slices.DeleteFunc(slices.Clone(above), func(s screen) bool {
		_, ok := s.(counterPlace)
		return !ok
	})
}

func (p *personScreen) stands(state *review.DeskState) {
	state.Counter = &review.CounterPlace{Person: p.known.Person, Page: true}
}

func (e *entryScreen) stands(state *review.DeskState) {
	id := e.filing.ID()
	place := review.CounterPlace{Person: id.Person, Kind: id.Kind, Origin: id.Origin}
	if under := state.Counter; under != nil && under.Person == id.Person {
		place.Page = under.Page
	}
	state.Counter = &place
	switch key, text := string(e.field().Key), e.half(); {
	case e.calendar != nil:
		state.Asking, state.Text = kindDay+key, e.calendar.day.String()
	case text != "":
		state.Asking, state.Text = kindField+key, text
	}
}

func (p *filePicker) stands(state *review.DeskState) {
	if state.Counter == nil {
		return
	}
	place := *state.Counter
	place.Picking = p.place()
	state.Counter, state.Asking, state.Text = &place, kindFiles+string(p.slot), ""
}

// half is what is typed in the field under the cursor and not an answer yet, "" for nothing: any other field's text is kept
// with the draft as it stands.
func (e *entryScreen) half() string {
	if e.field().Options == "" {
		return ""
	}
	return e.input.Value()
}

// takeUp goes on with what was open over the form. It returns the screen that lies over it again, nil for none, and
// whether the form still asks for what was being filled in.
func (e *entryScreen) takeUp(was *review.DeskState) (over screen, ok bool) {
	kind, code := cutKind(was.Asking)
	key := review.Key(code)
	switch {
	case kind == kindField:
		return nil, e.typeAgain(key, was.Text)
	case kind == kindDay:
		return nil, e.pickDayAgain(key, was.Text)
	case kind == kindFiles && was.Counter.Picking != nil:
		return e.pickFilesAgain(key, was.Counter.Picking), true // else the field itself is in sight: nothing was typed
	}
	return nil, true
}

// pickDayAgain opens the calendar at the day that the cursor stood on, and reports whether the field is one of a day.
func (e *entryScreen) pickDayAgain(key review.Key, text string) bool {
	day, err := review.ParseDate(text)
	if f := e.field(); err != nil || f.Key != key || f.Type != review.Day || fixed(f) {
		return false
	}
	e.calendar = &calendar{day}
	return true
}

// pickFilesAgain opens the choice of files where it stood, nil where the slot takes none any more.
func (e *entryScreen) pickFilesAgain(key review.Key, at *review.PickingPlace) screen {
	if e.field().Key != key || at.Replace > len(e.files()) {
		return nil
	}
	next, _ := e.pickFiles(at.Replace - 1)
	p, ok := next.open.(*filePicker)
	if !ok {
		return nil
	}
	p.was = at
	return p
}

// typeAgain puts into the field what was half typed in it, and reports whether the field takes it.
func (e *entryScreen) typeAgain(key review.Key, text string) bool {
	if e.field().Key != key || e.field().Options == "" {
		return false
	}
	e.input.SetValue(Plain(text))
	e.input.CursorEnd()
	return true
}

// returnScreen stands until what a clerk had open has been read, and gives way to it. A form that has been submitted
// meanwhile, or dropped, or whose person is in review, is not opened again, and what had been half typed is said. Nor is
// anything opened over a clerk who has begun to type: the number of the next person must not end up in the form of the one
// before.
type returnScreen struct {
	waitScreen
	was *review.DeskState
}

func newReturn(s *session, was *review.DeskState) *returnScreen {
	return &returnScreen{waitScreen{s: s}, was}
}

// stands: a desk that ends before it is back was left where it was left before.
func (r *returnScreen) stands(state *review.DeskState) {
	state.Counter, state.Asking, state.Text = r.was.Counter, r.was.Asking, r.was.Text
}

// placeRead is the answer of reading what a clerk had open.
type placeRead struct {
	page knownRead
	form filingReady
	gone bool // there is no such draft any more
}

// Init reads the person first: a form that is gone must not be begun again.
func (r *returnScreen) Init() tea.Cmd {
	r.awaited = r.s.next()
	id := r.was.Counter.Form()
	page, form := r.s.look(id.Person, r.awaited), r.s.readyFiling(id.Person, id.Kind, id.Origin, r.awaited)
	return func() tea.Msg {
		msg := placeRead{page: page().(knownRead)}
		switch {
		case id.Kind == "" || msg.page.err != nil:
		case !slices.ContainsFunc(msg.page.drafts, func(f review.Filing) bool { return f.ID() == id }):
			msg.gone = true
		default:
			msg.form = form().(filingReady)
		}
		return msg
	}
}

func (r *returnScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	read, ok := msg.(placeRead)
	if !ok || read.page.request != r.awaited {
		return step{}, nil
	}
	w, place := r.s.words, r.was.Counter
	switch inReview := read.page.known.Facts.InReview; {
	case read.page.err != nil:
		return r.closes(read.page.err)
	case read.form.err != nil:
		return r.closes(read.form.err)
	case read.gone:
		return r.lost(w.Say("keep.form_gone")), nil
	case place.Kind != "" && inReview != "":
		return r.lost(w.Say("keep.form_closed", w.Code("in_review", review.Args{"reference": inReview}))), nil
	}
	return r.back(&read), nil
}

// Yields gives way to a key, which is for the screen beneath.
func (r *returnScreen) Yields() step {
	return step{close: true, say: notice{informs, r.s.notReturned(r.was)}}
}

// notReturned says what a clerk had open, who has begun something else.
func (s *session) notReturned(was *review.DeskState) string {
	said := s.words.Say("keep.not_back", review.MaskIdentity(was.Counter.Person.Number))
	if was.Text != "" {
		said += "\n" + s.words.Say("keep.unasked", Plain(was.Text))
	}
	return said
}

// lost says why the form is not opened again.
func (r *returnScreen) lost(why string) step {
	if r.was.Text != "" {
		why += "\n" + r.s.words.Say("keep.unasked", Plain(r.was.Text))
	}
	return step{close: true, say: notice{informs, why}}
}

// back opens what was open.
func (r *returnScreen) back(read *placeRead) step {
	w, place := r.s.words, r.was.Counter
	said := w.Say("keep.page", review.MaskIdentity(place.Person.Number))
	var open []screen
	if place.Page || place.Kind == "" {
		open = append(open, newPerson(r.s, read.page))
	}
	if place.Kind != "" {
		said = w.Say("keep.form", review.MaskIdentity(place.Person.Number))
		e := newEntry(r.s, read.form)
		over, ok := e.takeUp(r.was)
		if !ok {
			said = w.Say("keep.unasked", Plain(r.was.Text))
		}
		if open = append(open, e); over != nil {
			open = append(open, over)
		}
	}
	return step{close: true, open: open[0], over: open[1:], say: notice{informs, said}}
}
