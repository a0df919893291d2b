package cert

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"rongzheng/review"
)

// FormSheet is what a paper form (申请表) is printed from. With Kind and Policy alone it is blank, to be filled in by
// hand; answers fill it in. What is printed is in clear: whoever prints answers records it (domain §10).
type FormSheet struct {
	Kind   review.Kind
	Policy *review.Policy
	// Form holds the answers; nil or empty prints a blank form. Answers that the kind does not ask for are left out.
	Form review.Form
	// Day is the day on which derived answers, the age, are computed; the zero Date leaves them blank.
	Day review.Date
	// Consent ticks the declarations that were given. The applicant signs in any case.
	Consent review.Consent
	// Attached counts the files by slot; slots with files are ticked.
	Attached map[review.Key]int
	// Attachments is the wording of the list of what is to be handed in, an item each; nil takes the slots of the registry.
	Attachments []string
	// Reference is the application's; "" leaves a line to write it on.
	Reference string
	// Portrait is a prepared portrait (JPEG), printed in its place; nil leaves the place for a photograph.
	Portrait []byte
}

// WriteForm draws the paper form of the kind, with the fields of the registry, the declarations, and places for
// signature, stamp and the opinions of the policy's levels: one sheet of A4 or two, more only where answers are very long.
// The same sheet gives the same bytes. The error is a RefusedError for characters that cannot be drawn and for a portrait
// that is no prepared JPEG, and a plain one for an unknown kind or a missing policy. Nothing is written to w unless the
// whole file could be drawn.
func WriteForm(w io.Writer, f FormSheet) (err error) {
	defer caught("a form", &err)
	p, err := composeForm(f)
	if err != nil {
		return err
	}
	return p.write(w)
}

func composeForm(f FormSheet) (*paper, error) {
	title, ok := formWords.titles[f.Kind]
	if !ok || f.Policy == nil {
		return nil, fmt.Errorf("cert: no form of kind %q", f.Kind)
	}
	var form *formPaper
	for _, m := range manners {
		var err error
		if form, err = newForm(f, title, m); err != nil {
			return nil, err
		}
		if form.lay(); len(form.doc.sheets) <= m.sheets {
			break
		}
	}
	return form.paper, form.refusal()
}

// manner is one of the ways to set a form.
type manner struct {
	sheets int     // on how many it must stand
	whole  bool    // no section goes on to the next sheet
	scale  float64 // of the room to write
}

// manners are tried one after the other until the form stands on its sheets: a short one on a page by itself, even where
// there is less room to write, since its second page would be next to empty, others on both sides of one leaf.
var manners = []manner{{1, true, 1}, {1, true, 0.7}, {2, true, 1}, {2, false, 1}, {2, false, 0.7}}

// formWords are the words of the form beside those of registry and policy.
var formWords = struct {
	titles                                     map[review.Kind]string
	sections                                   map[review.Section]string
	numbers                                    []string
	howTo, reference, basis, version           string
	photo, photoHint                           string
	yes, no, files                             string
	day                                        string
	signature, date                            string
	employer, stamp, opinion, handled, decided string
	pass, fail                                 string
}{
	titles: map[review.Kind]string{
		review.First:      "社会工作者首次登记申请表",
		review.Renewal:    "社会工作者再登记申请表",
		review.Completion: "社会工作者登记信息完善表",
	},
	sections: map[review.Section]string{
		review.Basic: "基础信息", review.Work: "工作信息", review.Credential: "证书信息",
		review.Attachments: "提交材料（已备齐的打“✓”）", review.Mailing: "邮寄信息", review.Consented: "申请人承诺",
	},
	numbers:   []string{"一", "二", "三", "四", "五", "六", "七"},
	howTo:     "请用黑色签字笔填写，字迹清楚；选项在方框内打“✓”。",
	reference: "受理编号：",
	basis:     "依据：《社会工作者职业水平证书登记办法》（民发〔2009〕44号）",
	version:   "表式 ",
	photo:     "贴照片处", photoHint: "近期正面照",
	yes: "是", no: "否", files: "已交 %d 个文件",
	day:       "　　　　年　　　月　　　日",
	signature: "申请人签名：", date: "日期：",
	employer: "所在单位意见", stamp: "（盖章）", opinion: "意见", handled: "经办人：", decided: "审核人：",
	pass: "通过", fail: "不通过",
}

// Measures of the form, in millimetres, and its sizes of type, in points.
const (
	formMargin  = 16.0
	formLabel   = 35.0 // width of the labels at the left edge
	photoWidth  = 33.0
	photoHeight = 44.0
	valueSize   = 11.0
	optionSize  = 9.5
	hintSize    = 7.0
)

// formPaper is a form in the making.
type formPaper struct {
	*paper
	FormSheet
	manner
	sections int // headings so far
}

func newForm(f FormSheet, title string, m manner) (*formPaper, error) {
	p, err := newPaper("form", f.Reference, a4, formMargin)
	if err != nil {
		return nil, err
	}
	p.in = box{formMargin, 13, a4.width - 2*formMargin, a4.height - 13 - 15}
	p.edged = true
	p.foot = formWords.basis + "　" + formWords.version + f.Policy.Version
	p.doc.title, p.doc.author = title, f.Policy.Issue.Issuer
	form := &formPaper{paper: p, FormSheet: f, manner: m}
	form.title(title)
	for _, section := range review.Sections() {
		form.oneSheet(func() { form.section(section) })
	}
	form.oneSheet(form.opinions)
	return form, nil
}

// oneSheet adds a section, the rows of which share a sheet where that is the manner.
func (f *formPaper) oneSheet(add func()) {
	first := len(f.rows)
	add()
	for i := first; f.whole && i < len(f.rows)-1; i++ {
		f.rows[i].keep = true
	}
}

func (f *formPaper) title(title string) {
	f.row(row{after: 1.5, keep: true, cells: []cell{{w: f.in.w,
		content: f.say("", title, style{size: 20, ink: body, align: centre, bold: true})}}})
	var reference content = blank{f.say("", formWords.reference, style{size: 9, ink: body}), 4}
	if f.Reference != "" {
		reference = f.say(referenceKey, formWords.reference+f.Reference, style{size: 9, ink: body, align: right})
	}
	f.row(row{after: 1.2, keep: true, cells: []cell{{w: f.in.w, content: abreast{
		{content: f.say("", formWords.howTo, style{size: 8.5, ink: faint})},
		{w: 66, content: reference},
	}}}})
}

// section adds the heading and the fields of a section of the registry, where the kind asks for any.
func (f *formPaper) section(section review.Section) {
	fields := slices.DeleteFunc(review.FieldsOf(section), func(field review.Field) bool {
		return field.Need(f.Kind) == review.Never
	})
	if len(fields) == 0 {
		return
	}
	f.heading(cmp.Or(formWords.sections[section], string(section)))
	switch {
	case section == review.Attachments:
		f.attachments(fields)
	case fields[0].Type == review.Moment:
		f.declarations(fields)
	default:
		beside := f.sections == 1 && f.asksPortrait()
		f.grid(fields, beside)
	}
}

func (f *formPaper) asksPortrait() bool {
	field, ok := review.FieldOf(portraitKey)
	return ok && field.Need(f.Kind) != review.Never
}

func (f *formPaper) heading(words string) {
	words = formWords.numbers[f.sections%len(formWords.numbers)] + "、" + words
	f.sections++
	f.row(row{keep: true, cells: []cell{{w: f.in.w, framed: true, ground: &tint,
		content: f.say("", words, style{size: 10, ink: body, bold: true})}}})
}

// attachments lists what is to be handed in.
func (f *formPaper) attachments(fields []review.Field) {
	if f.Attachments != nil {
		for _, item := range f.Attachments {
			f.item(tick{attachmentsKey, item, false}, "")
		}
		return
	}
	for _, field := range fields {
		n := f.Attached[field.Key]
		note := field.Hint(review.Chinese)
		if n > 0 {
			note = fmt.Sprintf(formWords.files, n)
		}
		f.item(tick{field.Key, field.Label, n > 0}, note)
	}
}

func (f *formPaper) item(t tick, note string) {
	var says content = f.ticks(optionSize, 0, t)
	if note != "" {
		says = abreast{{content: says}, {w: 68, content: f.say(t.field, note, style{size: hintSize + 0.5, ink: faint})}}
	}
	f.row(row{grows: 1.2, cells: []cell{{w: f.in.w, framed: true, content: says}}})
}

// declarations gives the applicant's declarations and the place to sign them.
func (f *formPaper) declarations(fields []review.Field) {
	for _, field := range fields {
		given := field.Given != nil && !field.Given(f.Consent).IsZero()
		f.row(row{keep: true, grows: 1.2, cells: []cell{{w: f.in.w, framed: true,
			content: f.ticks(optionSize+0.5, 0, tick{field.Key, field.Label, given})}}})
	}
	st := style{size: 10.5, ink: body}
	f.row(row{least: 15 * f.scale, grows: 4, cells: []cell{{w: f.in.w, framed: true, content: stack{space(6 * f.scale), abreast{
		{content: blank{f.say("", formWords.signature, st), 0}},
		{w: 12, content: space(0)},
		{w: 68, content: f.say("", formWords.date+formWords.day, st)},
	}, space(1)}}}})
}

// opinions gives employer and every level of review a place to state an opinion and to stamp it.
func (f *formPaper) opinions() {
	f.heading(formWords.employer + "及审核意见")
	st := style{size: 10, ink: body, bold: true}
	boxes := []content{f.opinion(f.say("", formWords.employer, st), nil, formWords.handled)}
	for _, level := range f.Policy.Levels {
		title := f.say(levelsKey, level.Name+formWords.opinion, st)
		office := f.say(levelsKey, level.Office, style{size: 8.5, ink: faint})
		boxes = append(boxes, f.opinion(title, abreast{
			{content: office}, {w: 32, content: f.ticks(optionSize, 0, tick{label: formWords.pass}, tick{label: formWords.fail})},
		}, formWords.decided))
	}
	for pair := range slices.Chunk(boxes, 2) {
		r := row{least: 26 * f.scale, grows: 14}
		w := f.in.w / float64(len(pair))
		for i, content := range pair {
			r.cells = append(r.cells, cell{x: w * float64(i), w: w, framed: true, content: content})
		}
		f.row(r)
	}
}

func (f *formPaper) opinion(title, below content, by string) content {
	st := style{size: 9, ink: body}
	k := stack{title}
	if below != nil {
		k = append(k, below)
	}
	stamp := f.say("", formWords.stamp, style{size: 9, ink: faint, align: centre})
	return append(k, space(4*f.scale), abreast{{content: space(0)}, {w: 45, content: stamp}}, space(4*f.scale), abreast{
		{content: blank{f.say("", by, st), 0}},
		{w: 45, content: f.say("", formWords.day, style{size: 9, ink: body, align: right})},
	})
}
