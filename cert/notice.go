package cert

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"rongzheng/review"
)

// Notice is what a notice of refusal (不予登记告知书) is printed from.
type Notice struct {
	Reference string
	Kind      review.Kind
	Name      string
	// IDNumber may be given in clear: the notice shows it masked (domain §10).
	IDNumber    string
	SubmittedAt time.Time
	Level       review.Level // that refused
	Office      string       // that decided; "" is the level's
	DecidedAt   time.Time
	Reasons     []review.Reason // all of them, with what they are about and their notes
	Policy      *review.Policy  // texts of the reasons, levels
	// Again tells how to apply again, an item each; nil takes the usual words.
	Again []string
}

// NoticeOf returns the notice for the refusal of the application. The error wraps ErrState when it was not refused.
func NoticeOf(a *review.Application, p *review.Policy) (Notice, error) {
	d, ok := a.LastDecision()
	if !ok || a.State != review.Rejected || d.Action != review.Reject {
		return Notice{}, fmt.Errorf("notice of refusal of %s: not refused: %w", a.Reference, ErrState)
	}
	return Notice{
		Reference: a.Reference, Kind: a.Kind, Name: a.Form.Get(nameKey), IDNumber: a.Form.Get(idNumberKey), SubmittedAt: a.SubmittedAt,
		Level: p.Level(d.Level), Office: d.Office, DecidedAt: d.At, Reasons: d.Reasons, Policy: p,
	}, nil
}

// noticeWords are the words of the notice. Basis: 《社会工作者职业水平证书登记办法》 民发〔2009〕44号, art. 7: whoever does not
// meet the conditions is told so, with the reasons, within 30 working days.
var noticeWords = struct {
	title, reference, addressee, person, decision string
	about, note                                   string
	again                                         string
	ways                                          []string
	stamp                                         string
}{
	title: "不予登记告知书", reference: "受理编号：", addressee: "%s：", person: "%s（证件号码 %s）：",
	decision: "您于%s提交的%s申请（受理编号 %s），经%s审核，于%s决定不予登记。根据《社会工作者职业水平证书登记办法》（民发〔2009〕44号）" +
		"第七条，审核不合格的，应当通知申请人并说明理由。现将全部理由告知如下：",
	about: "涉及：", note: "说明：",
	again: "如何重新申请",
	ways: []string{
		"请对照上述理由，逐项更正填报的信息，补齐或更换材料。",
		"到受理窗口或在原提交渠道办理“重新申请”：原来填报的内容会带出，核对、修改有误之处后再提交。",
		"重新提交后从第一级起重新审核，审核期限自提交的次日起共 {days} 个工作日。",
		"对上述理由有疑问的，可凭受理编号向受理窗口咨询。",
	},
	stamp: "（盖章）",
}

// WriteNotice draws the notice of refusal, on as many sheets as its reasons need. The same notice gives the same bytes.
// The error is a RefusedError for what is missing (reference, name, days, level, reasons) and for characters that cannot
// be drawn, and a plain one for an unknown kind or a missing policy. Nothing is written to w unless the whole file could
// be drawn.
func WriteNotice(w io.Writer, n Notice) (err error) {
	defer caught("a notice of refusal", &err)
	p, err := composeNotice(n)
	if err != nil {
		return err
	}
	return p.write(w)
}

func composeNotice(n Notice) (*paper, error) {
	if kindNames[n.Kind] == "" || n.Policy == nil {
		return nil, fmt.Errorf("cert: no notice of refusal of kind %q", n.Kind)
	}
	p, err := newPaper("notice of refusal", n.Reference, a4, 26)
	if err != nil {
		return nil, err
	}
	p.doc.title, p.doc.author, p.doc.at = noticeWords.title+" "+n.Reference, n.office(), n.DecidedAt.In(review.Zone)
	p.need(referenceKey, n.Reference)
	p.need(nameKey, n.Name)
	p.need(submittedKey, longTime(n.SubmittedAt))
	p.need(decidedKey, longTime(n.DecidedAt))
	p.need(levelsKey, n.Level.Name)
	p.need(officeKey, n.office())
	if len(n.Reasons) == 0 {
		p.refuse(FieldError{reasonsKey, ErrEmpty})
	}
	notice := noticePaper{p, n}
	notice.opening()
	for i, reason := range n.Reasons {
		notice.reason(i+1, reason)
	}
	notice.ways()
	notice.signature()
	p.lay()
	return p, p.refusal()
}

func (n Notice) office() string { return cmp.Or(n.Office, n.Level.Office) }

// noticePaper is a notice in the making.
type noticePaper struct {
	*paper
	Notice
}

// letter is how the notice is written: like a letter, with room between the lines.
var letter = style{size: 12, ink: body, leading: 1.65}

func (p noticePaper) opening() {
	words := noticeWords
	p.row(row{after: 6, cells: []cell{{w: p.in.w, content: p.say("", words.title, style{size: 24, ink: body, align: centre, bold: true})}}})
	p.row(row{after: 6, cells: []cell{{w: p.in.w, content: p.say(referenceKey, words.reference+p.Reference, style{size: 10.5, ink: faint, align: right})}}})
	person := fmt.Sprintf(words.addressee, p.Name)
	if p.IDNumber != "" {
		person = fmt.Sprintf(words.person, p.Name, review.MaskIdentity(p.IDNumber))
	}
	p.paragraph(nameKey, person, 0, p.in.w, 1, letter)
	level := p.Level.Name
	if p.office() != "" {
		level += "（" + p.office() + "）"
	}
	p.paragraph(officeKey, indent+fmt.Sprintf(words.decision, longDate(review.DateOf(p.SubmittedAt)), kindNames[p.Kind], p.Reference,
		level, longDate(review.DateOf(p.DecidedAt))), 0, p.in.w, 3, letter)
}

// indent begins a paragraph of a letter.
const indent = "　　"

// reason adds one reason: its text, what it is about, its note.
func (p noticePaper) reason(number int, r review.Reason) {
	label := r.Code
	if known, ok := p.Policy.Reason(r.Code); ok {
		label = known.Label + "（" + r.Code + "）"
	}
	bold := letter
	bold.bold = true
	const hang = 8
	p.numbered(number, reasonsKey, label, bold)
	if r.Target != "" {
		target := string(r.Target)
		if field, ok := review.FieldOf(r.Target); ok {
			target = field.Label
		}
		p.rows[len(p.rows)-1].keep = true
		p.paragraph(reasonsKey, noticeWords.about+target, hang, p.in.w-hang, 0, letter)
	}
	if r.Note != "" {
		p.rows[len(p.rows)-1].keep = true
		p.paragraph(noteKey, noticeWords.note+r.Note, hang, p.in.w-hang, 0, letter)
	}
	p.rows[len(p.rows)-1].after = 2
}

// numbered adds a paragraph with its number before it.
func (p noticePaper) numbered(number int, field review.Key, words string, st style) {
	const hang = 8
	first := len(p.rows)
	p.paragraph(field, words, hang, p.in.w-hang, 0, st)
	p.rows[first].cells = append([]cell{{w: hang, content: p.say("", fmt.Sprintf("%d.", number), st)}}, p.rows[first].cells...)
}

// ways tells how to apply again.
func (p noticePaper) ways() {
	bold := letter
	bold.bold = true
	p.rows[len(p.rows)-1].after = 4
	p.row(row{keep: true, after: 1, cells: []cell{{w: p.in.w, content: p.say("", noticeWords.again, bold)}}})
	ways := p.Again
	if ways == nil {
		days := 0
		for _, level := range p.Policy.Levels {
			days += level.WorkingDays
		}
		for _, way := range noticeWords.ways {
			ways = append(ways, strings.ReplaceAll(way, "{days}", strconv.Itoa(days)))
		}
	}
	for i, way := range ways {
		p.numbered(i+1, againKey, way, letter)
	}
}

// signature ends the notice with office, day and a place for the stamp. It never stands alone on a sheet.
func (p noticePaper) signature() {
	last := &p.rows[len(p.rows)-1]
	last.after, last.keep = 12, true
	st := letter
	st.align = centre
	const side = 80
	p.row(row{cells: []cell{{x: p.in.w - side, w: side, content: stack{
		p.say(officeKey, p.office(), st), p.say("", longDate(review.DateOf(p.DecidedAt)), st),
		p.say("", noticeWords.stamp, style{size: 9.5, ink: faint, align: centre, leading: 1.8}),
	}}}})
}
