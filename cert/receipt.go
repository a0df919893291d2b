package cert

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"rongzheng/review"
)

// Paper is the size of the paper of a receipt.
type Paper string

// The sizes of paper.
const (
	A5 Paper = "A5"
	A4 Paper = "A4"
)

// Receipt is what a receipt for an application (受理回执) is printed from.
type Receipt struct {
	Reference string
	Revision  int // second and later submissions under the reference say so
	Kind      review.Kind
	Name      string
	// IDNumber may be given in clear: the receipt shows it masked (domain §10).
	IDNumber    string
	Area        string // label of the review area; "" leaves the line out
	SubmittedAt time.Time
	// DueOn is the last day for the last level's decision; the zero Date leaves the line out. DueEstimated marks it 预计:
	// a year without a calendar was counted (domain §9).
	DueOn        review.Date
	DueEstimated bool
	// Attached counts the files that were handed in, by slot. They are listed in the order of the registry.
	Attached map[review.Key]int
	Levels   []review.Level // what happens next
	Office   string         // where it was handed in
	Clerk    string         // account that took it
	Paper    Paper          // A5 where it is ""
}

// ReceiptOf returns the receipt for the present submission of the application, handed in at the office. The due date is
// counted by the policy, for all levels together.
func ReceiptOf(a *review.Application, p *review.Policy, office string) Receipt {
	r := Receipt{
		Reference: a.Reference, Revision: a.Revision, Kind: a.Kind, Name: a.Form.Get(nameKey), IDNumber: a.Form.Get(idNumberKey),
		Area: p.AreaLabel(a.Area), SubmittedAt: a.SubmittedAt, Attached: map[review.Key]int{}, Levels: p.Levels,
		Office: office, Clerk: a.EnteredBy,
	}
	if 0 < a.Levels && a.Levels < len(p.Levels) {
		r.Levels = p.Levels[:a.Levels]
	}
	r.DueOn, r.DueEstimated = p.Due(review.DateOf(a.SubmittedAt), len(r.Levels))
	for _, at := range a.Attachments {
		r.Attached[at.Slot]++
	}
	return r
}

// receiptWords are the words of the receipt.
var receiptWords = struct {
	title, subtitle                                       string
	reference, kind, name, identity, area, submitted, due string
	again, estimate                                       string
	attached, files, none, next, days, sum                string
	office, clerk, stamp                                  string
	notes                                                 []string
	estimated                                             string
}{
	title: "受理回执", subtitle: "社会工作者登记",
	reference: "受理编号", kind: "申请类型", name: "申请人", identity: "证件号码", area: "审核区域",
	submitted: "提交时间", due: "办结期限", again: "（第 %d 次提交）", estimate: "预计 ",
	attached: "收到的材料", files: "%d 个文件", none: "未附材料", next: "接下来的审核", days: "%d 个工作日", sum: "共 %d 个工作日",
	office: "受理窗口：", clerk: "经办账号：", stamp: "（受理窗口盖章）",
	notes: []string{
		"审核期限自提交的次日起算，只计工作日：周末和法定节假日不计入，调休上班日计入。",
		"在尚无任何一级作出审核决定之前，可以到受理窗口撤回，修改后重新提交。",
		"未通过审核的，将告知是哪一级、哪些原因，可以据此重新申请。",
		"查询办理进度请出示本回执或报受理编号。",
	},
	estimated: "标有“预计”的日期涉及尚未公布放假安排的年份，按周一至周五推算，以公布后的安排为准。",
}

// kindNames are the kinds of application as papers name them (domain §1).
var kindNames = map[review.Kind]string{review.First: "首次登记", review.Renewal: "再次登记", review.Completion: "完善信息"}

// WriteReceipt draws the receipt on one sheet, more only where it is very long. The same receipt gives the same bytes.
// The error is a RefusedError for what is missing (reference, name, time of submission) and for characters that cannot
// be drawn, and a plain one for an unknown kind or size of paper. Nothing is written to w unless the whole file could be
// drawn.
func WriteReceipt(w io.Writer, r Receipt) (err error) {
	defer caught("a receipt", &err)
	p, err := composeReceipt(r)
	if err != nil {
		return err
	}
	return p.write(w)
}

func composeReceipt(r Receipt) (*paper, error) {
	size, ok := map[Paper]format{"": a5, A5: a5, A4: a4}[r.Paper]
	if !ok || kindNames[r.Kind] == "" {
		return nil, fmt.Errorf("cert: no receipt of kind %q on paper %q", r.Kind, r.Paper)
	}
	p, err := newPaper("receipt", r.Reference, size, size.width/12)
	if err != nil {
		return nil, err
	}
	p.in.h = size.height - p.in.y - 12
	p.doc.title, p.doc.author, p.doc.at = receiptWords.title+" "+r.Reference, r.Office, r.SubmittedAt.In(review.Zone)
	p.need(referenceKey, r.Reference)
	p.need(nameKey, r.Name)
	if r.SubmittedAt.IsZero() {
		p.refuse(FieldError{submittedKey, ErrEmpty})
	}
	receipt := receiptPaper{p, r}
	receipt.head()
	receipt.handedIn()
	receipt.next()
	receipt.end()
	p.lay()
	return p, p.refusal()
}

// receiptPaper is a receipt in the making.
type receiptPaper struct {
	*paper
	Receipt
}

func (p receiptPaper) head() {
	words := receiptWords
	p.row(row{cells: []cell{{w: p.in.w, content: p.say("", words.subtitle, style{size: 10.5, ink: faint, align: centre})}}})
	p.row(row{after: 3, cells: []cell{{w: p.in.w, content: p.say("", words.title, style{size: 21, ink: body, align: centre, bold: true})}}})
	kind := kindNames[p.Kind]
	if p.Revision > 1 {
		kind += fmt.Sprintf(words.again, p.Revision)
	}
	due := longDate(p.DueOn)
	if p.DueEstimated && due != "" {
		due = words.estimate + due
	}
	p.facts([]fact{
		p.fact(words.reference, referenceKey, p.Reference, true), p.fact(words.kind, "", kind, false),
		p.fact(words.name, nameKey, p.Name, false), p.fact(words.identity, idNumberKey, review.MaskIdentity(p.IDNumber), false),
		p.fact(words.area, areaKey, p.Area, false), p.fact(words.submitted, submittedKey, longTime(p.SubmittedAt), false),
		p.fact(words.due, "", due, true),
	})
}

// fact is a label and what it says.
type fact struct{ label, says prose }

func (p receiptPaper) fact(label string, field review.Key, says string, bold bool) fact {
	return fact{p.say("", label, style{size: 9.5, ink: faint}), p.say(field, says, style{size: 10.5, ink: body, bold: bold})}
}

// facts adds what is said, two beside one another where both are short.
func (p receiptPaper) facts(facts []fact) {
	facts = slices.DeleteFunc(facts, func(f fact) bool { return f.says.words == "" })
	const side = 17
	half := p.in.w / 2
	for len(facts) > 0 {
		n := min(len(facts), 2)
		if n == 2 && max(facts[0].says.natural(), facts[1].says.natural()) > half-side-1 {
			n = 1
		}
		r := row{least: 7}
		for i, f := range facts[:n] {
			x, w := half*float64(i), p.in.w/float64(n)
			r.cells = append(r.cells, cell{x: x, w: side, ruled: true, content: f.label},
				cell{x: x + side, w: w - side, ruled: true, content: stack{space(0.8), f.says, space(0.8)}})
		}
		p.row(r)
		facts = facts[n:]
	}
}

func (p receiptPaper) heading(words, figure string) {
	p.rows[len(p.rows)-1].after = 3.5
	const side = 40
	p.row(row{keep: true, after: 0.6, cells: []cell{{w: p.in.w, ground: &tint, content: indented{1.6, stack{space(0.7), abreast{
		{content: p.say("", words, style{size: 10.5, ink: body, bold: true})},
		{w: side, content: p.say("", figure, style{size: 9.5, ink: faint, align: right})},
	}, space(0.7)}}}}})
}

// handedIn lists the slots that have files.
func (p receiptPaper) handedIn() {
	total := 0
	for _, n := range p.Attached {
		total += n
	}
	p.heading(receiptWords.attached, fmt.Sprintf(receiptWords.files, total))
	if total == 0 {
		p.listed("", receiptWords.none, "", "")
	}
	for _, slot := range p.slots() {
		label := string(slot)
		if field, ok := review.FieldOf(slot); ok {
			label = field.Label
		}
		p.listed(slot, label, "", fmt.Sprintf(receiptWords.files, p.Attached[slot]))
	}
}

// slots returns the slots with files in the order of the registry, others behind them by name.
func (p receiptPaper) slots() []review.Key {
	var slots []review.Key
	for _, field := range review.Fields() {
		if p.Attached[field.Key] > 0 {
			slots = append(slots, field.Key)
		}
	}
	for _, slot := range slices.Sorted(maps.Keys(p.Attached)) {
		if p.Attached[slot] > 0 && !slices.Contains(slots, slot) {
			slots = append(slots, slot)
		}
	}
	return slots
}

// listed adds a line of a list: what, more about it in a faint ink, and a figure at the right edge.
func (p receiptPaper) listed(field review.Key, what, more, figure string) {
	const side = 25
	label := p.say(field, what, style{size: 10, ink: body})
	says := abreast{{content: label}}
	if more != "" {
		says = abreast{{w: min(label.natural(), p.in.w/2), content: label}, {w: 3, content: space(0)},
			{content: p.say(field, more, style{size: 8.5, ink: faint})}}
	}
	p.row(row{least: 5.9, cells: []cell{
		{w: p.in.w - side, ruled: true, content: indented{1.6, stack{space(0.5), says, space(0.5)}}},
		{x: p.in.w - side, w: side, ruled: true, content: indented{1.6, p.say("", figure, style{size: 9.5, ink: body, align: right})}},
	}})
}

// next lists the levels of review.
func (p receiptPaper) next() {
	days := 0
	for _, level := range p.Levels {
		days += level.WorkingDays
	}
	p.heading(receiptWords.next, fmt.Sprintf(receiptWords.sum, days))
	for i, level := range p.Levels {
		p.listed(levelsKey, fmt.Sprintf("%d. %s", i+1, level.Name), level.Office, fmt.Sprintf(receiptWords.days, level.WorkingDays))
	}
}

// end adds what the applicant should know, and who took the application.
func (p receiptPaper) end() {
	p.rows[len(p.rows)-1].after = 3
	notes := receiptWords.notes
	if p.DueEstimated {
		notes = append(slices.Clone(notes), receiptWords.estimated)
	}
	st := style{size: 8.5, ink: faint, leading: 1.4}
	for _, note := range notes {
		p.row(row{after: 0.3, cells: []cell{{w: 4, content: top{p.say("", "·", st)}}, {x: 4, w: p.in.w - 4, content: p.say("", note, st)}}})
	}
	p.rows[len(p.rows)-1].after = 2
	st = style{size: 10, ink: body, leading: 1.6}
	took := stack{p.say(officeKey, receiptWords.office+p.Office, st), p.say(clerkKey, receiptWords.clerk+p.Clerk, st), p.say("", longDate(review.DateOf(p.SubmittedAt)), st)}
	p.row(row{least: 20, grows: 6, cells: []cell{
		{w: p.in.w * 0.6, content: took},
		{x: p.in.w * 0.6, w: p.in.w * 0.4, content: p.say("", receiptWords.stamp, style{size: 9, ink: faint, align: centre})},
	}})
}

// longTime writes a moment as on Chinese documents: 2025年1月17日 09:30.
func longTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return longDate(review.DateOf(t)) + t.In(review.Zone).Format(" 15:04")
}
