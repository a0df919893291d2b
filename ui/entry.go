package ui

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/cert"
	"rongzheng/review"
)

// entryScreen is the form of an application as it is typed at the counter: the fields of the registry in their order,
// those that the answers ask for. What is typed is kept at once.
type entryScreen struct {
	s       *session
	known   review.Known
	filing  review.Filing
	origin  *review.Application // that it edits or follows, nil for none
	now     time.Time           // when it was opened: ages and windows are meant on that day
	resumed bool

	fields   []*review.Field // that are asked for, in their order
	at       int             // the field under the cursor
	touched  map[review.Key]bool
	problems map[review.Key][]review.Problem
	findings map[review.Key][]review.Problem

	input    textinput.Model // of the field under the cursor, where it is typed
	chosen   int             // of the options that match what is typed
	calendar *calendar       // while a day is picked
	file     int             // of the files of the slot under the cursor
	used     map[string]bool // paths that have been attached

	keeping entryKeeper
	awaited int  // number of the request for what is known of the person, 0 for none
	reading int  // files that are being read
	filed   bool // it has been submitted, or is being

	width, height int
}

func newEntry(s *session, from filingReady) *entryScreen {
	e := &entryScreen{
		s: s, known: from.known, filing: from.filing, origin: from.origin, now: from.now, resumed: from.resumed,
		touched: map[review.Key]bool{}, used: map[string]bool{}, input: newInput(s),
	}
	e.filing.Form = e.filing.Form.Clone()
	if e.filing.Form == nil {
		e.filing.Form = review.Form{}
	}
	e.keeping.order = &saveOrder{}
	e.keeping.data, e.keeping.sent = map[string][]byte{}, map[string]string{}
	if e.resumed { // what was answered before has been left before
		for key := range e.filing.Form {
			e.touched[key] = true
		}
	}
	e.check()
	for _, f := range e.fields { // what comes back from an application has been answered, no as well as yes
		if e.origin != nil && !slices.Contains(e.filing.Unconfirmed, f.Key) {
			e.touched[f.Key] = true
		}
	}
	e.at = max(e.indexOf(e.filing.At), 0)
	if e.filing.At == "" {
		e.at = e.next(-1)
	}
	e.enter()
	return e
}

func (e *entryScreen) Init() tea.Cmd {
	if e.resumed {
		return nil
	}
	return e.keep() // a form that comes filled in is a draft from the start
}

// check asks the rules anew, and which fields are asked for.
func (e *entryScreen) check() {
	form := e.filing.Submission("X", e.s.policy, e.now).Form
	under := e.field()
	e.fields = e.fields[:0:0]
	for i := range review.Fields() {
		field := &review.Fields()[i]
		if asked, _ := field.Asked(e.filing.Kind, form, e.s.policy); asked {
			e.fields = append(e.fields, field)
		}
	}
	if under != nil {
		e.at = max(e.indexOf(under.Key), 0)
	}
	e.problems = byTarget(e.filing.Problems(e.known.Facts, e.s.policy, e.now))
	e.findings = byTarget(e.filing.Findings(e.known.Facts, e.s.policy, e.now))
}

func byTarget(problems []review.Problem) map[review.Key][]review.Problem {
	found := map[review.Key][]review.Problem{}
	for _, p := range problems {
		found[p.Target] = append(found[p.Target], p)
	}
	return found
}

func (e *entryScreen) indexOf(key review.Key) int {
	return slices.IndexFunc(e.fields, func(f *review.Field) bool { return f.Key == key })
}

// field is the one under the cursor, nil before the fields are known.
func (e *entryScreen) field() *review.Field {
	if e.at < 0 || e.at >= len(e.fields) {
		return nil
	}
	return e.fields[e.at]
}

// fixed reports whether the field is not for the clerk to fill in: it names the person, or is computed.
func fixed(f *review.Field) bool { return f.Person || f.Type == review.Derived }

// open reports whether something is still to be done about the field.
func (e *entryScreen) open(f *review.Field) bool {
	return !fixed(f) && (len(e.problems[f.Key]) > 0 || f.Type == review.YesNo && !e.touched[f.Key])
}

// next is the first open field after the one at, from the beginning again; at itself when none is open.
func (e *entryScreen) next(at int) int {
	for i := 1; i <= len(e.fields); i++ {
		if to := (at + i) % len(e.fields); e.open(e.fields[to]) {
			return to
		}
	}
	return max(at, 0)
}

// enter makes the field under the cursor ready to be filled in.
func (e *entryScreen) enter() {
	e.chosen, e.calendar, e.file = 0, nil, 0
	f := e.field()
	e.filing.At = f.Key
	e.input.SetValue("")
	if typed(f) {
		e.input.SetValue(Plain(e.filing.Form.Get(f.Key)))
	}
	e.input.CursorEnd()
}

// typed reports whether the answer is a line of text.
func typed(f *review.Field) bool {
	return f.Type == review.Text || f.Type == review.Number || f.Type == review.Day
}

func (e *entryScreen) Update(msg tea.Msg) (step, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return e.pressed(msg)
	case tea.MouseMsg:
		return e.pointed(msg)
	case filingSaved:
		return e.saved(msg)
	case filesTaken:
		return e.taken(msg)
	case consentGiven:
		return e.consented(msg)
	case newsMsg:
		return step{}, e.ask()
	case knownRead:
		return e.heard(msg), nil
	case uploadsSpent:
		return step{}, e.s.logged(msg.err)
	case doneMsg:
		return e.done(msg)
	}
	return step{}, nil
}

// ask reads what is known of the person again: somebody else may have filed for them, or decided, while the form is
// filled in.
func (e *entryScreen) ask() tea.Cmd {
	if e.awaited != 0 || e.filed {
		return nil
	}
	e.awaited = e.s.next()
	return e.s.look(e.filing.Person, e.awaited)
}

// heard holds the form against what is known now, and says at once what would only be refused at the end.
func (e *entryScreen) heard(msg knownRead) step {
	if msg.request != e.awaited || e.awaited == 0 {
		return step{}
	}
	e.awaited = 0
	if msg.err != nil || e.filed { // submitting asks the rules again in any case
		return step{}
	}
	before := e.known.Facts.InReview
	e.known = msg.known
	e.check()
	now := e.known.Facts.InReview
	if now == "" || now == before || now == e.filing.Reference {
		return step{}
	}
	e.touched["id_number"] = true
	return refuse(e.s.words.Say("entry.filed_elsewhere", now))
}

func (e *entryScreen) pressed(msg tea.KeyMsg) (step, tea.Cmd) {
	k := e.s.keys
	switch {
	case e.filed:
		return tell(e.s.words.Say("busy.writing")), nil
	case e.calendar != nil:
		return e.pick(msg)
	case key.Matches(msg, k.cancel):
		return e.left()
	case key.Matches(msg, k.submitForm):
		return e.finish()
	case key.Matches(msg, k.confirmSection):
		return e.confirmSection()
	case key.Matches(msg, k.formHelp):
		return step{open: newHelp(e.s, e)}, nil
	case key.Matches(msg, k.paperForm):
		sheet := e.sheet()
		return step{open: newGuide(e.s, e.filing.Kind, &sheet, e.filing.Reference)}, nil
	case key.Matches(msg, k.nextSection):
		return e.section(1)
	case key.Matches(msg, k.previousSection):
		return e.section(-1)
	case key.Matches(msg, k.fieldBack) && !e.choosing(msg):
		return e.move(-1)
	case key.Matches(msg, k.field) && !e.choosing(msg):
		return e.move(1)
	}
	return e.edit(msg)
}

// left closes the form, which is kept as it stands.
func (e *entryScreen) left() (step, tea.Cmd) {
	typed := e.sought()
	unchosen, chose := e.settle()
	next, cmd := e.leave(false)
	next.close = true
	switch {
	case unchosen != "":
		next.say = notice{informs, e.s.words.Say("entry.left_unchosen", Plain(typed))}
	case next.say.text == "":
		next.say = notice{informs, e.s.words.Say("entry.left")}
	}
	return next, tea.Batch(chose, cmd)
}

// choosing reports whether an arrow moves among the options instead of among the fields.
func (e *entryScreen) choosing(msg tea.KeyMsg) bool {
	return (msg.Type == tea.KeyUp || msg.Type == tea.KeyDown) && e.field().Options != "" && e.input.Value() != ""
}

// move goes to the field before or after.
func (e *entryScreen) move(by int) (step, tea.Cmd) {
	to := e.at + by
	if to < 0 || to >= len(e.fields) {
		return tell(e.s.words.Say("entry.end")), nil
	}
	return e.goTo(to)
}

// advance goes on to the next field that needs something; enter has said that this one is right.
func (e *entryScreen) advance() (step, tea.Cmd) {
	next, cmd := e.leave(true)
	to := e.next(e.at)
	if to == e.at && !e.open(e.field()) && next.say.text == "" {
		next.say = notice{succeeded, e.s.words.Say("entry.complete")}
	}
	e.at = to
	e.enter()
	return next, tea.Batch(cmd, e.keep())
}

// goTo goes to another field, unless what is typed here is half of a choice.
func (e *entryScreen) goTo(to int) (step, tea.Cmd) {
	key := e.fields[to].Key
	unchosen, chose := e.settle()
	if unchosen != "" {
		return refuse(unchosen), nil
	}
	next, cmd := e.leave(false)
	e.at = max(e.indexOf(key), 0)
	e.enter()
	return next, tea.Batch(chose, cmd, e.keep())
}

// jump goes to a field from a list of problems.
func (e *entryScreen) jump(key review.Key) tea.Cmd {
	if at := e.indexOf(key); at >= 0 {
		e.at = at
		e.enter()
	}
	return e.keep()
}

// section goes to the first field of the section before or after.
func (e *entryScreen) section(by int) (step, tea.Cmd) {
	sections := review.Sections()
	here := slices.Index(sections, e.field().Section)
	for i := here + by; i >= 0 && i < len(sections); i += by {
		if to := slices.IndexFunc(e.fields, func(f *review.Field) bool { return f.Section == sections[i] }); to >= 0 {
			return e.goTo(to)
		}
	}
	return tell(e.s.words.Say("entry.end")), nil
}

// confirmSection says of all answers of the section that were taken over that they are right. Those that a rule refuses
// stay to be mended.
func (e *entryScreen) confirmSection() (step, tea.Cmd) {
	section, n := e.field().Section, 0
	unchosen, chose := e.settle()
	if unchosen != "" {
		return refuse(unchosen), nil
	}
	for _, f := range e.fields {
		if f.Section != section {
			continue
		}
		if e.filing.Confirm(f.Key) {
			n++
		}
		e.touched[f.Key] = true
	}
	if n == 0 {
		return refuse(e.s.words.Say("entry.nothing_to_confirm")), chose
	}
	e.check()
	e.at = e.next(e.at)
	e.enter()
	said := notice{succeeded, e.s.words.Say("entry.confirmed", e.s.words.Say("section."+string(section)), n)}
	return step{say: said}, tea.Batch(chose, e.keep())
}

// set answers the field under the cursor.
func (e *entryScreen) set(values ...string) tea.Cmd {
	f := e.field()
	if slices.Equal(e.filing.Form[f.Key], values) {
		return nil
	}
	e.filing.Form.Set(f.Key, values...)
	return e.changed(f)
}

// changed notes that the content of a field is another one. The applicant's word that all of it is true was given for
// what stood there before.
func (e *entryScreen) changed(f *review.Field) tea.Cmd {
	e.filing.Confirm(f.Key)
	if f.Type != review.Moment {
		e.filing.Consent.Truth = time.Time{}
	}
	e.check()
	return e.keep()
}

// leave brings the answer into the form in which it is kept, and says so where that shows. confirm says that the clerk
// means it as it stands.
func (e *entryScreen) leave(confirm bool) (step, tea.Cmd) {
	f := e.field()
	var next step
	var cmd tea.Cmd
	if raw := e.filing.Form.Get(f.Key); typed(f) && raw != "" {
		clean := review.CleanAnswer(f.Key, raw)
		if clean != raw {
			cmd = e.set(clean)
			next.say = e.cleaned(f, review.CleanText(raw), clean)
		}
	}
	e.touched[f.Key] = true
	if confirm && e.filing.Confirm(f.Key) {
		cmd = tea.Batch(cmd, e.keep())
	}
	e.check()
	return next, cmd
}

// cleaned tells that an answer was brought into another form than it was typed in.
func (e *entryScreen) cleaned(f *review.Field, raw, clean string) notice {
	switch {
	case raw == clean:
		return notice{}
	case separators(raw) < separators(clean):
		return notice{informs, e.s.words.Say("entry.separator", Plain(clean))}
	}
	return notice{informs, e.s.words.Say("entry.cleaned", e.s.words.Label(f.Key), Plain(clean))}
}

// separators counts the one sign that stands between the parts of a name.
func separators(text string) int {
	n := 0
	for _, r := range text {
		if r == '\u00B7' {
			n++
		}
	}
	return n
}

// pointed: a click goes to a field, the wheel moves through them.
func (e *entryScreen) pointed(msg tea.MouseMsg) (step, tea.Cmd) {
	if msg.Action != tea.MouseActionPress || e.filed {
		return step{}, nil
	}
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		return e.move(-1)
	case tea.MouseButtonWheelDown:
		return e.move(1)
	case tea.MouseButtonLeft:
		lines, first := e.window()
		top := 1 + len(e.pinned())
		if at := first + msg.Y - top; msg.Y >= top && at < len(lines) && lines[at].field >= 0 {
			return e.goTo(lines[at].field)
		}
	}
	return step{}, nil
}

// done: this form is in review, or was refused and stays.
func (e *entryScreen) done(msg doneMsg) (step, tea.Cmd) {
	made, ok := msg.made.(filed)
	if !e.filed || !ok && msg.id != filedID {
		return step{}, nil
	}
	e.filed = false
	if msg.err != nil {
		return step{}, nil
	}
	e.filed = true
	e.keeping.over = true
	spent := e.spend(slices.Collect(maps.Keys(e.keeping.sent)))
	return step{close: true, open: newReceipt(e.s, made.application, e.name())}, spent
}

// name is the person's: what is typed, else what the register knows.
func (e *entryScreen) name() string {
	if name := e.filing.Form.Get("name"); name != "" {
		return name
	}
	return e.known.Name()
}

func (e *entryScreen) SetSize(width, height int) {
	e.width, e.height = width, height
	e.input.Width = max(width-e.labels()-gutter-4, 8)
}

func (e *entryScreen) Capturing() bool { return true }

// Busy says that what was typed is being written, or files are being read.
func (e *entryScreen) Busy() bool { return e.keeping.saving || e.reading > 0 }

// Leave tries a write that failed once more, and no oftener: a full disk keeps nobody from leaving. Whatever else was typed
// has been written, or is being written.
func (e *entryScreen) Leave() tea.Cmd {
	k := &e.keeping
	if !k.failed || k.parting {
		return nil
	}
	k.parting = true
	return e.keep()
}

// Dropped writes what no write has acknowledged when the desk has ended without being left: nobody hears any more what became
// of the one that was under way.
func (e *entryScreen) Dropped() tea.Cmd {
	k := &e.keeping
	if !k.saving && !k.failed {
		return nil
	}
	k.saving = false
	return e.keep()
}

func (e *entryScreen) ShortHelp() []key.Binding {
	k := e.s.keys
	list := []key.Binding{withHelp(k.accept, e.s.words.Say("entry.key_enter"))}
	switch f := e.field(); {
	case e.calendar != nil:
		return []key.Binding{k.accept, k.cancel}
	case f.Type == review.File && len(e.files()) > 0:
		list = append(list, withHelp(k.toggle, e.s.words.Say("entry.key_add")), k.preview, k.rotate, k.replaceFile, k.removeFile)
	case f.Type == review.File:
		list = []key.Binding{withHelp(k.accept, e.s.words.Say("entry.key_files"))}
	case f.Type == review.Day:
		list = append(list, withHelp(k.toggle, e.s.words.Say("entry.key_calendar")))
	case f.Type == review.YesNo || f.Type == review.Moment:
		list = append(list, withHelp(k.toggle, e.s.words.Say("entry.key_tick")))
	case f.Options != "" && e.sought() != "":
		list = []key.Binding{withHelp(k.accept, e.s.words.Say("entry.key_choose"))}
	}
	if slices.Contains(e.filing.Unconfirmed, e.field().Key) {
		list = append(list, k.confirmSection)
	}
	list = append(list, k.submitForm, k.formHelp, withHelp(k.cancel, e.s.words.Say("entry.key_leave")))
	if e.field().Options != "" && e.sought() == "" {
		list = append(list, withHelp(k.toggle, e.s.words.Say("entry.key_options")))
	}
	return append(list, k.field, k.fieldBack)
}

func (e *entryScreen) FullHelp() [][]key.Binding {
	k := e.s.keys
	return [][]key.Binding{
		{withHelp(k.accept, e.s.words.Say("entry.key_enter")), k.field, k.fieldBack, k.nextSection, k.previousSection, k.confirmSection, k.submitForm, withHelp(k.cancel, e.s.words.Say("entry.key_leave"))},
		{withHelp(k.toggle, e.s.words.Say("entry.key_space")), k.preview, k.rotate, k.rotateBack, k.replaceFile, k.removeFile, k.paperForm, k.formHelp},
	}
}

// sheet is the paper form with what has been typed so far.
func (e *entryScreen) sheet() cert.FormSheet { return sheetOf(&e.filing, e.s.policy, e.now) }

// sheetOf is the paper form of a filing.
func sheetOf(f *review.Filing, policy *review.Policy, now time.Time) cert.FormSheet {
	s := f.Submission("X", policy, now)
	sheet := cert.FormSheet{
		Kind: f.Kind, Policy: policy, Form: s.Form, Day: review.DateOf(now), Consent: s.Consent,
		Reference: f.Reference, Attached: map[review.Key]int{},
	}
	for _, at := range s.Attachments {
		sheet.Attached[at.Slot]++
	}
	return sheet
}

// earlier are the reasons of the refusal that this form follows which name the field; "" are those that name none.
func (e *entryScreen) earlier(key review.Key) []review.Reason {
	if e.origin == nil {
		return nil
	}
	var found []review.Reason
	for _, r := range e.origin.Refusal() {
		if r.Target == key {
			found = append(found, r)
		}
	}
	return found
}

// entryKeeper writes the filing whenever it changes, one write at a time.
type entryKeeper struct {
	saving  bool
	changed bool              // since the write that is under way
	data    map[string][]byte // of files that no write has acknowledged
	sent    map[string]string // by hash: the uploads that they came from
	order   *saveOrder        // no write puts an older form in the place of a newer one, or of one that was submitted
	at      time.Time         // of the last write
	failed  bool
	parting bool // the desk is being left, and what had failed has been tried once more
	over    bool // the filing is no more
}

// filingSaved ends a write of a filing.
type filingSaved struct {
	filing review.Filing
	data   []string // hashes that came along
	first  bool     // there was no such filing before
	at     time.Time
	err    error
}

// keep writes the filing as it is now, after the write that is under way.
func (e *entryScreen) keep() tea.Cmd {
	k := &e.keeping
	if k.over || e.filed {
		return nil
	}
	if k.saving {
		k.changed = true
		return nil
	}
	k.saving, k.changed = true, false
	to, account, clock, filing := counter(e.s.store), e.s.by.Name, e.s.clock, e.filing
	filing.Form, filing.Attachments = filing.Form.Clone(), slices.Clone(filing.Attachments)
	filing.Unconfirmed = slices.Clone(filing.Unconfirmed)
	data := maps.Clone(k.data)
	order, number, resumed := k.order, k.order.next(), e.resumed
	return func() tea.Msg {
		now := clock()
		err := order.do(number, func() error { return to.SaveFiling(account, filing, data, now) })
		return filingSaved{filing, slices.Collect(maps.Keys(data)), number == 1 && !resumed, now, err}
	}
}

// saved goes on with what has changed meanwhile. A write that failed is said, and tried again with the next key.
func (e *entryScreen) saved(msg filingSaved) (step, tea.Cmd) {
	if msg.filing.ID() != e.filing.ID() || !e.keeping.saving {
		return step{}, nil
	}
	k := &e.keeping
	k.saving, k.failed = false, msg.err != nil
	if msg.err != nil {
		return refuse(e.s.words.Say("entry.not_kept") + " " + e.s.words.Explain(msg.err)), e.s.logged(msg.err)
	}
	k.at = msg.at
	spent := e.spend(msg.data)
	for _, sha := range msg.data {
		delete(k.data, sha)
	}
	if k.changed {
		return step{}, tea.Batch(spent, e.keep())
	}
	return step{}, spent
}

// spend makes the command that removes the uploads whose bytes the store has kept; nil for none. One that stays is removed
// when it is a day old.
func (e *entryScreen) spend(hashes []string) tea.Cmd {
	var names []string
	for _, sha := range hashes {
		if name, ok := e.keeping.sent[sha]; ok {
			names = append(names, name)
			delete(e.keeping.sent, sha)
		}
	}
	if len(names) == 0 {
		return nil
	}
	from := e.s.scans.Uploads
	return func() tea.Msg {
		var err error
		for _, name := range names {
			err = errors.Join(err, from.Remove(name))
		}
		return uploadsSpent{err}
	}
}

// uploadsSpent ends the removal of uploads that have been attached.
type uploadsSpent struct{ err error }
