package ui

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// edit gives a key to the field under the cursor.
func (e *entryScreen) edit(msg tea.KeyMsg) (step, tea.Cmd) {
	f := e.field()
	switch {
	case f.Type == review.File:
		return e.editFiles(msg)
	case key.Matches(msg, e.s.keys.accept) && f.Options == "":
		return e.accepted()
	case fixed(f):
		return e.untouchable(f), nil
	case f.Type == review.YesNo:
		return e.editFlag(msg)
	case f.Type == review.Moment:
		return e.editConsent(msg)
	case f.Options != "":
		return e.editOptions(msg)
	case f.Type == review.Day && key.Matches(msg, e.s.keys.toggle):
		return e.openCalendar(), nil
	}
	return e.editText(msg)
}

// untouchable says why nothing is typed here.
func (e *entryScreen) untouchable(f *review.Field) step {
	if f.Person {
		return refuse(e.s.words.Say("entry.person_fixed"))
	}
	return refuse(e.s.words.Say("entry.derived"))
}

// accepted is enter: what stands there is right as it is, unless a rule says otherwise.
func (e *entryScreen) accepted() (step, tea.Cmd) {
	f := e.field()
	if f.Type == review.Moment && f.Given(e.filing.Consent).IsZero() {
		return refuse(e.s.words.Say("entry.tick_first")), nil
	}
	next, cmd := e.leave(true)
	if len(e.refused(f.Key)) > 0 && !fixed(f) {
		e.enter()
		next.say = notice{refused, e.s.words.Problem(e.refused(f.Key)[0])}
		return next, cmd
	}
	after, more := e.advance()
	if after.say.text == "" {
		after.say = next.say
	}
	return after, tea.Batch(cmd, more)
}

// refused are the problems of an answer that stands there; one that is missing may be left for later.
func (e *entryScreen) refused(key review.Key) []review.Problem {
	return slices.DeleteFunc(slices.Clone(e.problems[key]), func(p review.Problem) bool {
		return p.Code == "required" || p.Code == "consent_missing" || p.Code == "unconfirmed"
	})
}

// editText types; whatever is typed is the answer, as it stands.
func (e *entryScreen) editText(msg tea.KeyMsg) (step, tea.Cmd) {
	if msg.Paste {
		msg.Runes = []rune(strings.Map(visible, strings.ReplaceAll(string(msg.Runes), "\n", " ")))
	}
	before := e.input.Value()
	cmd := typeInto(&e.input, msg)
	if e.input.Value() == before {
		return step{}, cmd
	}
	return step{}, tea.Batch(cmd, e.set(e.input.Value()))
}

// editFlag answers yes or no.
func (e *entryScreen) editFlag(msg tea.KeyMsg) (step, tea.Cmd) {
	f := e.field()
	value := no
	switch strings.ToLower(review.HalfWidth(msg.String())) {
	case "y", "是", "1":
		value = "true"
	case "n", "否", "0":
	case " ", "left", "right":
		if !e.filing.Form.Flag(f.Key) {
			value = "true"
		}
	default:
		return refuse(e.s.words.Say("entry.yes_or_no")), nil
	}
	e.touched[f.Key] = true
	cmd := e.set(value)
	if msg.Type != tea.KeyRunes {
		return step{}, cmd
	}
	next, more := e.advance()
	return next, tea.Batch(cmd, more)
}

// no is how a draft keeps that somebody answered with no: a submission cleans it to the absence of a yes, which a draft
// could not tell from a question that nobody has asked yet.
const no = "false"

// editConsent ticks a declaration, or takes the tick away. It is the applicant's: the time is that of the tick.
func (e *entryScreen) editConsent(msg tea.KeyMsg) (step, tea.Cmd) {
	f := e.field()
	if !key.Matches(msg, e.s.keys.toggle) && strings.ToLower(msg.String()) != "y" {
		return refuse(e.s.words.Say("entry.tick_first")), nil
	}
	clock, target := e.s.clock, f.Key
	if !f.Given(e.filing.Consent).IsZero() {
		if !key.Matches(msg, e.s.keys.toggle) { // a second yes is no no
			return tell(e.s.words.Say("entry.given_before")), nil
		}
		clock = func() time.Time { return time.Time{} }
	}
	return step{}, func() tea.Msg { return consentGiven{target, clock()} }
}

// consentGiven is a declaration that the applicant has made, or taken back where the time is zero.
type consentGiven struct {
	target review.Key
	at     time.Time
}

// consented notes the declaration, and goes on after it.
func (e *entryScreen) consented(msg consentGiven) (step, tea.Cmd) {
	f, ok := review.FieldOf(msg.target)
	if !ok || f.Give == nil {
		return step{}, nil
	}
	f.Give(&e.filing.Consent, msg.at)
	e.check()
	if msg.at.IsZero() || e.field().Key != msg.target {
		return step{}, e.keep()
	}
	return e.advance()
}

// editOptions narrows the options down by what is typed; enter takes the one under the cursor, and so does a blank that no
// name of an option goes on with.
func (e *entryScreen) editOptions(msg tea.KeyMsg) (step, tea.Cmd) {
	matches := e.matches()
	switch {
	case key.Matches(msg, e.s.keys.accept), key.Matches(msg, e.s.keys.toggle) && e.sought() != "" && !e.blankFollows(matches):
		return e.choose(matches)
	case msg.Type == tea.KeyUp || msg.Type == tea.KeyDown:
		by := 1
		if msg.Type == tea.KeyUp {
			by = -1
		}
		e.chosen = max(min(e.chosen+by, len(matches)-1), 0)
		return step{}, nil
	case msg.Type == tea.KeyBackspace && e.input.Value() == "":
		return e.unchoose()
	}
	e.chosen = 0
	cmd := typeInto(&e.input, msg)
	if e.input.Value() == " " { // a blank alone opens the list
		return step{}, cmd
	}
	if len(e.matches()) == 0 && e.input.Value() != "" {
		return tell(e.s.words.Say("entry.no_option", Plain(e.input.Value()))), cmd
	}
	return step{}, cmd
}

// sought is what is typed to find an option, and not chosen yet.
func (e *entryScreen) sought() string {
	if e.field().Options == "" {
		return ""
	}
	return strings.TrimSpace(e.input.Value())
}

// blankFollows reports whether a blank behind what is typed stands in a name of one of the options.
func (e *entryScreen) blankFollows(options []review.Option) bool {
	typed := strings.ToLower(e.sought() + " ")
	return slices.ContainsFunc(options, func(o review.Option) bool {
		return strings.Contains(strings.ToLower(o.Name(e.s.words.Lang())), typed)
	})
}

// settle chooses what is typed and leaves no doubt, before the cursor goes to another field: the option that has the very
// name, or the only one that fits. Else it says that nothing is chosen yet; "" for nothing to choose.
func (e *entryScreen) settle() (unchosen string, cmd tea.Cmd) {
	f, typed, w := e.field(), e.sought(), e.s.words
	if typed == "" || fixed(f) {
		return "", nil
	}
	matches := e.matches()
	named := func(o review.Option) bool { return o.Label == typed || strings.EqualFold(o.Name(w.Lang()), typed) }
	if i := slices.IndexFunc(matches, named); i >= 0 {
		matches = matches[i : i+1]
	}
	switch {
	case len(matches) == 0:
		return w.Say("entry.none_fits", Plain(typed)), nil
	case len(matches) > 1:
		return w.Say("entry.unchosen", Plain(typed), len(matches)), nil
	}
	values := []string{matches[0].Code}
	if f.Type == review.Choices {
		var said notice
		if values, said = e.with(f, values[0]); said.kind == refused {
			return said.text, nil
		}
	}
	e.input.SetValue("")
	e.chosen = 0
	return "", e.set(values...)
}

func (e *entryScreen) matches() []review.Option {
	return matching(e.s.policy.Options[e.field().Options], e.input.Value(), e.s.words.Lang())
}

// choose takes the option under the cursor. With nothing typed, enter goes on.
func (e *entryScreen) choose(matches []review.Option) (step, tea.Cmd) {
	f := e.field()
	switch {
	case e.input.Value() == "":
		return e.accepted()
	case len(matches) == 0:
		return refuse(e.s.words.Say("entry.no_option", Plain(e.input.Value()))), nil
	}
	code := matches[min(e.chosen, len(matches)-1)].Code
	e.input.SetValue("")
	e.chosen = 0
	if f.Type == review.Choice {
		cmd := e.set(code)
		next, more := e.accepted()
		return next, tea.Batch(cmd, more)
	}
	return e.chooseAnother(f, code)
}

// chooseAnother adds to the answers of a field of several, or takes the answer away when it is there. Where no more can be
// chosen, the form goes on.
func (e *entryScreen) chooseAnother(f *review.Field, code string) (step, tea.Cmd) {
	if values := e.filing.Form[f.Key]; slices.Contains(values, code) {
		return step{}, e.set(slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == code })...)
	}
	values, said := e.with(f, code)
	if said.kind == refused {
		return step{say: said}, nil
	}
	cmd := e.set(values...)
	if code == f.Alone || f.Max > 0 && len(values) == f.Max {
		next, more := e.advance()
		return next, tea.Batch(cmd, more)
	}
	return step{say: said}, cmd
}

// with returns the answers of a field of several with this one among them, and what is to be said of it. What excludes all
// others stands alone.
func (e *entryScreen) with(f *review.Field, code string) (values []string, said notice) {
	values = slices.Clone(e.filing.Form[f.Key])
	switch {
	case slices.Contains(values, code):
	case code == f.Alone:
		values = []string{code}
	case f.Max > 0 && len(values) >= f.Max:
		said = notice{refused, e.s.words.Say("entry.most", f.Max)}
	case f.Alone != "" && slices.Contains(values, f.Alone):
		values = []string{code}
		said = notice{informs, e.s.words.Say("entry.not_alone", e.s.words.Option(f.Options, f.Alone))}
	default:
		values = append(values, code)
	}
	return values, said
}

// unchoose takes the last answer away.
func (e *entryScreen) unchoose() (step, tea.Cmd) {
	values := e.filing.Form[e.field().Key]
	if len(values) == 0 {
		return step{}, nil
	}
	return step{}, e.set(slices.Clone(values[:len(values)-1])...)
}

// openCalendar begins at the day that stands there, else at the present one.
func (e *entryScreen) openCalendar() step {
	day := e.filing.Form.Date(e.field().Key)
	if clean := review.CleanAnswer(e.field().Key, e.input.Value()); day.IsZero() && utf8.RuneCountInString(clean) == 10 {
		day, _ = review.ParseDate(clean)
	}
	if day.IsZero() {
		day = review.DateOf(e.now)
	}
	e.calendar = &calendar{day}
	return step{}
}

// pick takes the keys while a day is picked.
func (e *entryScreen) pick(msg tea.KeyMsg) (step, tea.Cmd) {
	switch {
	case key.Matches(msg, e.s.keys.cancel):
		e.calendar = nil
		return step{}, nil
	case key.Matches(msg, e.s.keys.accept):
		day := e.calendar.day.String()
		e.calendar = nil
		cmd := e.set(day)
		next, more := e.accepted()
		return next, tea.Batch(cmd, more)
	case !e.calendar.move(msg):
		return refuse(e.s.words.Say("key.unknown", Plain(msg.String()))), nil
	}
	return step{}, nil
}
