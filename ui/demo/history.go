package demo

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// A telling carries a story out: every change is made by the methods of package review with the account that makes it, so
// that events, decisions and certificates are what the desk itself would have written.
type telling struct {
	b        *builder
	s        *story
	r        *rand.Rand
	numbers  []string // certificate numbers to give out, in order
	full     bool     // the papers are drawn in full
	face     canvas   // at half its size
	portrait scan
	held     *review.Certificate // what the register holds of the person
	dirty    bool                // held has changed since it was last handed out
	before   *review.Application // the application before this one
	records  []store.Record
}

// tell returns the records of a story, the first application being the nth of the demo; limit bounds their number.
func (b *builder) tell(s *story, nth, limit int, numbers []string) ([]store.Record, error) {
	t := &telling{b: b, s: s, r: random(b.seed, s.person.index, streamPaper), numbers: numbers}
	t.pose()
	if s.legacy != nil && !s.legacy.hidden {
		if err := t.enterRecord(); err != nil {
			return nil, err
		}
	}
	for n := range s.filings[:min(len(s.filings), limit)] {
		if err := t.filing(n, reference(&s.filings[n], nth+n)); err != nil {
			return nil, fmt.Errorf("demo: story %d, application %d: %w", s.person.index, n+1, err)
		}
	}
	if s.revoked && t.held != nil {
		t.revoke()
	}
	return t.records, nil
}

// pose makes the portrait, which is ready for the certificate as it is.
func (t *telling) pose() { t.posed(t.s.person.index < fullPeople) }

func (t *telling) posed(full bool) {
	p := &t.s.person
	t.portrait = scan{at: review.Attachment{Slot: "portrait", Width: review.PortraitWidth, Height: review.PortraitHeight}}
	if t.full = full; t.full {
		img := p.look.portrait()
		t.face, t.portrait.data = halved(img), flatJPEG(img)
	} else {
		t.portrait.data = mosaicPortrait(&p.look, p.index)
	}
	t.portrait.seal(review.TypeJPEG)
	t.portrait.at.Prepared = t.portrait.at.SHA256
}

// reference is the sender's number of the nth application.
func reference(f *filing, nth int) string {
	return "SQ" + f.steps[0].at.In(review.Zone).Format("20060102") + fmt.Sprintf("%04d", nth+1)
}

func (t *telling) next() string {
	number := t.numbers[0]
	t.numbers = t.numbers[1:]
	return number
}

// enterRecord brings the certificate from before the register in.
func (t *telling) enterRecord() error {
	at := t.s.filings[0].steps[0].at.AddDate(0, 0, -30)
	if t.s.legacy.late {
		at = t.b.ago(1).Time().Add(17 * time.Hour)
	}
	c := t.b.record(t.s, t.next(), t.portrait.at.SHA256)
	if err := t.b.sign(&c); err != nil {
		return err
	}
	record := store.Record{Certificate: &c, Events: []review.Event{t.b.event(Administrator, review.ImportLegacy, at)}}
	record.Events[0].Certificate = c.Number
	if c.Versions[0].Portrait != "" {
		record.Files = map[string][]byte{t.portrait.at.SHA256: t.portrait.data}
	}
	t.records = append(t.records, record)
	held := c.Clone()
	t.held = &held
	if t.s.legacy.late {
		t.held = nil
	}
	return nil
}

// sign gives the newest version its code, as the store does.
func (b *builder) sign(c *review.Certificate) (err error) {
	if v := &c.Versions[len(c.Versions)-1]; len(c.Missing) == 0 {
		v.Code, err = b.key.Code(c, v)
	}
	return err
}

// event makes a line of the log that no method of package review writes.
func (b *builder) event(account string, do review.Action, at time.Time) review.Event {
	by := b.accounts[account]
	return review.Event{At: at, By: by.Name, Office: by.Office, Role: by.Role, Action: do, Policy: b.policyAt(at).Version}
}

// filing carries out one application.
func (t *telling) filing(n int, reference string) error {
	f := &t.s.filings[n]
	form := t.b.answers(t.s, f, t.held)
	if t.s.oddity != nil && t.s.oddity.form != nil {
		t.s.oddity.form(t.b, t.s, form)
	}
	files, err := t.fill(n, form)
	if err != nil {
		return err
	}
	p := &playing{
		telling: t, filing: f, entered: t.b.accounts[Portal], record: store.Record{Files: files.files()},
		sub: review.Submission{Reference: reference, Kind: f.kind, Form: form, Attachments: files.attachments()},
	}
	if f.counter {
		p.entered = t.b.accounts[Clerk]
	}
	if f.follows && t.before != nil {
		p.sub.Follows = t.before.Reference
	}
	for _, step := range f.steps {
		if err := p.do(step); err != nil {
			return fmt.Errorf("%s: %w", step.do, err)
		}
	}
	p.record.Application = p.a
	if t.dirty && t.held != nil {
		c := t.held.Clone()
		p.record.Certificate, t.dirty = &c, false
	}
	t.records = append(t.records, p.record)
	t.before = &p.a
	return nil
}

func (t *telling) revoke() {
	last := &t.records[len(t.records)-1]
	issued := t.held.Current().IssuedAt
	c := t.held.Clone()
	c.RevokedOn, c.RevokedFor = review.DateOf(issued).AddDays(40+t.s.person.index%200), "本人申请注销"
	if c.RevokedOn.After(t.b.today) {
		c.RevokedOn = t.b.today
	}
	c.Change++
	last.Certificate = &c
}

// playing is one application under way.
type playing struct {
	*telling
	filing  *filing
	entered review.Account
	sub     review.Submission
	a       review.Application
	record  store.Record
}

func (p *playing) do(s step) error {
	if s.level > 0 && p.r.IntN(5) < 2 {
		p.look(s)
	}
	policy := p.b.policyAt(s.at)
	var e review.Event
	var err error
	switch s.do {
	case review.Submit:
		return p.submit(s)
	case review.Approve:
		return p.approve(s, policy)
	case review.TakeBack:
		return p.takeBack(s, policy)
	case review.Print, review.Export:
		return p.handOut(s)
	case review.Reject:
		e, err = p.a.Reject(p.reviewer(s.level), policy, p.reasons(), "", s.at)
	case review.Hold:
		e, err = p.a.Hold(p.reviewer(s.level), policy, pick(p.r, holdNotes), s.at)
	case review.Release:
		e, err = p.a.Release(p.reviewer(s.level), policy, s.at)
	case review.Reroute:
		e, err = p.a.Reroute(p.reviewer(s.level), policy, p.otherArea(), "工作单位所在地属该区域管辖", s.at)
	case review.Withdraw:
		e, err = p.a.Withdraw(p.entered, policy, s.at)
	}
	return p.log(e, err)
}

func (p *playing) log(e review.Event, err error) error {
	if err == nil {
		p.record.Events = append(p.record.Events, e)
	}
	return err
}

var holdNotes = words("已联系申请人补充盖章页 等待社区核实任职情况 身份证照片不清，已电话通知 待核对水平证书管理号 等待区县核实工作单位")

func (p *playing) submit(s step) error {
	policy := p.b.policyAt(s.at)
	if p.s.oddity != nil && p.s.oddity.lenient {
		policy = p.b.lenient
	}
	var present *review.Application
	if p.sub.Revision > 0 {
		earlier := p.a.Clone()
		p.record.Earlier = append(p.record.Earlier, earlier)
		present = &earlier
	}
	p.sub.Revision++
	p.sub.SubmittedAt = s.at
	p.sub.Consent = review.Consent{Privacy: s.at.Add(-40 * time.Second), Truth: s.at.Add(-31 * time.Second)}
	facts := review.Facts{Certificate: p.held, Followed: p.before}
	if p.sub.Follows == "" {
		facts.Followed = nil
	}
	a, e, err := review.Accept(p.entered, p.sub, present, facts, policy, s.at.Add(45*time.Second))
	p.a = a
	return p.log(e, err)
}

func (p *playing) approve(s step, policy *review.Policy) error {
	by := p.reviewer(s.level)
	e, err := p.a.Approve(by, policy, review.Facts{Certificate: p.held}, "", s.at)
	if err != nil || p.a.State != review.Approved {
		return p.log(e, err)
	}
	number := ""
	if review.NeedsNumber(&p.a, p.held) {
		number = p.next()
	} else {
		number = p.held.Number
	}
	c := review.Issue(&p.a, p.held, number, policy, by, s.at)
	if err := p.b.sign(&c); err != nil {
		return err
	}
	p.held, p.dirty = &c, true
	p.a.Certificate, p.a.CertificateVersion = c.Number, c.Versions[len(c.Versions)-1].Version
	e.Certificate = number
	return p.log(follow(p, e, review.Issued), nil)
}

// follow logs the event and returns the one of what came of it.
func follow(p *playing, e review.Event, do review.Action) review.Event {
	p.record.Events = append(p.record.Events, e)
	e.Action, e.Reasons, e.Note, e.Target = do, nil, "", ""
	return e
}

func (p *playing) takeBack(s step, policy *review.Policy) error {
	last, _ := p.a.LastDecision()
	number, issued := p.a.Certificate, p.a.State == review.Approved
	e, err := p.a.TakeBack(p.b.accounts[last.By], policy, review.Facts{Certificate: p.held}, "误操作，重新审核", s.at)
	if err != nil || !issued {
		return p.log(e, err)
	}
	e.Certificate = number
	c := review.Unissue(p.held, p.a.Reference, policy)
	p.held, p.dirty = &c, true
	if c.Void { // a void number stands for itself
		p.records = append(p.records, store.Record{Certificate: &c, EnteredBy: p.entered.Name})
		p.held, p.dirty = nil, false
	}
	return p.log(follow(p, e, review.Voided), nil)
}

// handOut prints the certificate at the counter, or hands it to the portal.
func (p *playing) handOut(s step) error {
	account := Clerk
	v := p.held.Current()
	if s.do == review.Export {
		account = Portal
		if p.entered.Name != Portal {
			account = Administrator
		}
		v.Delivered = true
	} else {
		v.Printed++
	}
	p.held.Change++
	p.dirty = true
	if !p.a.CertificateOut {
		p.a.CertificateOut = true
		p.a.Version++
		p.a.ChangedAt, p.a.ChangedBy, p.a.ChangedTo = s.at, account, s.do
	}
	e := p.b.event(account, s.do, s.at)
	e.Certificate, e.Reference = p.held.Number, p.a.Reference
	if s.do == review.Export {
		return p.log(e, nil)
	}
	return errors.Join(p.log(e, nil), p.mail(s.at))
}

// mail follows the printed certificate of somebody who wants it by post: one in eight still lies there, some came back,
// one was spoiled, the others are on their way.
func (p *playing) mail(at time.Time) error {
	if _, ok := p.a.Posting(); !ok {
		return nil
	}
	by, policy := p.b.accounts[Clerk], p.b.policyAt(at)
	steps := []func(at time.Time) (review.Event, error){
		func(at time.Time) (review.Event, error) { return p.a.MailPrint(by, policy, at) },
		func(at time.Time) (review.Event, error) {
			return p.a.MailSend(by, policy, policy.Mail.Carriers[p.s.person.index%2].Code, fmt.Sprintf("XA8%08dCN", p.s.person.index), at)
		},
		func(at time.Time) (review.Event, error) {
			return p.a.MailReturn(by, policy, []string{"查无此人", "收件人电话无人接听"}[p.s.person.index%2], at)
		},
	}
	n := 2
	switch p.s.person.index % 8 {
	case 0:
		n = 1
	case 3:
		n = 3
	case 5:
		steps = append(steps[:1], func(at time.Time) (review.Event, error) {
			return p.a.MailReplace(by, policy, review.SheetSpoiled, "打印时卡纸", at)
		})
		n = 2
	}
	for i, take := range steps[:n] {
		when := at.Add(time.Duration(i*i*i+i) * 7 * time.Minute)
		if when.After(p.b.now) {
			break
		}
		if err := p.log(take(when)); err != nil {
			return err
		}
	}
	return nil
}

// look opens an attachment some minutes before a decision.
func (p *playing) look(s step) {
	by := p.reviewer(s.level)
	e := p.b.event(by.Name, review.ViewFile, s.at.Add(-time.Duration(1+p.r.IntN(4))*time.Minute))
	e.Reference, e.Revision, e.Level, e.State = p.a.Reference, p.a.Revision, p.a.Level, p.a.State
	e.Target = pick(p.r, p.a.Attachments).SHA256
	p.record.Events = append(p.record.Events, e)
}

// reviewer chooses who acts at a level: at the first one often the colleague of the area.
func (p *playing) reviewer(level int) review.Account {
	if level > 1 {
		return p.b.accounts[seniors[level-2][p.s.person.index%2].name]
	}
	for _, c := range colleagues {
		if by, ok := p.b.accounts[c.name]; ok && by.Covers(p.a.Area) && p.s.person.index%3 > 0 {
			return by
		}
	}
	return p.b.accounts[Reviewer]
}

func (p *playing) otherArea() string {
	for {
		if area := pick(p.r, p.b.areas); area != p.a.Area {
			return area
		}
	}
}

// reasons are what rejections say.
func (p *playing) reasons() []review.Reason {
	sets := [][]review.Reason{
		{{Code: "Q03", Target: "application_form"}}, {{Code: "Q01", Target: "id_card_back"}},
		{{Code: "Q02", Target: "credential_scan", Note: "缺第二页"}}, {{Code: "Q06", Target: "management_number"}},
		{{Code: "Q05", Target: "employer_type"}, {Code: "Q04"}}, {{Code: "Q07"}}, {{Code: "Q10", Target: "portrait"}},
		{{Code: "Q99", Note: "请附劳动合同首页"}},
	}
	switch {
	case p.a.Kind == review.Completion:
		return []review.Reason{{Code: "Q10", Target: "portrait", Note: "请用近期正面免冠照"}}
	case p.a.Kind == review.Renewal && p.s.person.index%2 == 0:
		return []review.Reason{{Code: "Q09", Target: "education_hours_proof"}}
	}
	return sets[p.s.person.index%len(sets)]
}

// dossier gathers what the papers of a filing tell. A form that is refused for want of a stamp has none, and hours that
// are found too few are.
func (s *story) dossier(n int, form review.Form, held *review.Certificate, face canvas) dossier {
	f := &s.filings[n]
	first, until := s.validity(held)
	d := dossier{
		person: &s.person, shown: s.person.shown, kind: f.kind, form: form, filed: review.DateOf(f.steps[0].at),
		examYear: s.exam, management: s.management(), level: s.level, first: first, until: until, stamped: true, face: face,
	}
	if d.shown == "" {
		d.shown = s.person.name
	}
	if held != nil {
		d.number = held.Number
	}
	for _, step := range f.steps {
		rejected := step.do == review.Reject
		d.stamped = d.stamped && !(rejected && f.kind == review.First && s.person.index%8 == 0)
		d.short = d.short || rejected && f.kind == review.Renewal && s.person.index%2 == 0
	}
	return d
}
