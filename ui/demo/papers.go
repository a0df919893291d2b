package demo

import (
	"cmp"
	"fmt"
	"image"
	"strconv"
	"strings"

	"rongzheng/review"
)

// A dossier is what the papers of one application tell.
type dossier struct {
	person     *person
	shown      string // the name as on the identity card
	kind       review.Kind
	form       review.Form
	filed      review.Date
	examYear   int
	management string
	level      string
	first      review.Date // of the first registration, zero for none
	until      review.Date // last day of the old validity
	number     string      // of the certificate, "" where the register has none
	stamped    bool
	short      bool   // hours of continuing education are missing
	face       canvas // the portrait at half its size
}

// credential draws the professional certificate.
func (s *studio) credential(d *dossier) canvas {
	c := s.flat.copied()
	s.centre(c, flatWidth/2, 78, 34, black, "社会工作者职业资格证书")
	s.centre(c, flatWidth/2, 108, 17, softly, "（演示用样本）")
	c.inlay(d.face, image.Pt(54, 134))
	c.frame(image.Rect(53, 133, 54+review.PortraitWidth/2+1, 134+review.PortraitHeight/2+1), 1, line)
	rows := [][2]string{
		{"姓名", d.shown}, {"证件号码", d.person.idNumber}, {"性别", s.label("sex", d.person.sex)},
		{"级别", s.label("level", d.level)}, {"批准日期", strconv.Itoa(d.examYear) + "年9月15日"}, {"管理号", d.management},
	}
	for i, row := range rows {
		y := 156 + 38*i
		s.write(c, 232, y, 18, softly, row[0])
		s.fitted(c, 326, y, 280, 20, black, row[1])
	}
	m := s.stamp("职业资格考试办公室", 6)
	c.tint(m, image.Pt(450, 288), stampInk)
	s.write(c, 54, 408, 15, softly, "本证书由演示程序绘制，不具任何效力")
	return c
}

var formTitles = map[review.Kind]string{
	review.First: "社会工作者首次登记申请表", review.Renewal: "社会工作者再登记申请表", review.Completion: "登记信息完善表",
}

// applicationForm draws the paper form: every field that the kind asks for, with the answer, and the employer's stamp.
func (s *studio) applicationForm(d *dossier) canvas {
	c := s.sheet.copied()
	s.centre(c, sheetWidth/2, 52, 27, black, formTitles[d.kind])
	y := 68
	for _, section := range []review.Section{review.Basic, review.Work, review.Credential} {
		for _, field := range review.FieldsOf(section) {
			if asked, _ := field.Asked(d.kind, d.form, s.policy); asked {
				label, _, _ := strings.Cut(field.Label, "（")
				s.row(c, y, label, s.answer(d, &field))
				y += rowHeight
			}
		}
	}
	c.fill(image.Rect(34, y, sheetWidth-34, y+1), line)
	s.paragraph(c, 40, y+24, sheetWidth-80, 14, 21, black, "本人承诺填报、提交的所有信息（证明）均真实、准确、完整、有效。")
	s.write(c, 40, y+60, 15, softly, "申请人（签名）：")
	s.fitted(c, 150, y+61, 170, 20, 6, d.shown)
	s.write(c, 40, y+88, 15, softly, "日期："+dayText(d.filed))
	s.write(c, 340, y+60, 15, softly, "单位意见（盖章）：属实")
	if d.stamped {
		m := s.stamp("成都市"+d.person.district+s.orgOf(d.person), turnOf(d.person.index))
		c.tint(m, image.Pt(386, min(y+2, sheetHeight-m.Rect.Dy()-6)), stampInk)
	}
	return c
}

// orgOf names a made-up employer.
func (s *studio) orgOf(p *person) string {
	if p.employer.kind == review.CommunityEmployer {
		return "某社区居民委员会"
	}
	return "某社会工作服务中心"
}

const rowHeight = 25

func (s *studio) row(c canvas, y int, label, value string) {
	const left, split = 34, 214
	c.fill(image.Rect(left, y, split, y+rowHeight), pale)
	c.fill(image.Rect(left, y, sheetWidth-left, y+1), line)
	c.fill(image.Rect(split, y, split+1, y+rowHeight), line)
	s.fitted(c, left+6, y+18, split-left-10, 15, softly, label)
	s.fitted(c, split+8, y+19, sheetWidth-left-split-12, 16, black, value)
}

// answer returns what the form says about a field, in words.
func (s *studio) answer(d *dossier, field *review.Field) string {
	if field.Type == review.Derived {
		return field.Derive(d.form, d.filed)
	}
	values := make([]string, 0, 3)
	for _, value := range d.form[field.Key] {
		if option, ok := s.policy.Option(field.Options, value); ok {
			value = option.Label
		}
		values = append(values, value)
	}
	if field.Key == "name" {
		return d.shown
	}
	return strings.Join(values, "、")
}

// communityProof draws the reply of a sub-district office to the result of an election.
func (s *studio) communityProof(d *dossier) canvas {
	c := s.sheet.copied()
	p := d.person
	title := s.mask(30, "某街道办事处文件")
	c.tint(title, image.Pt((sheetWidth-title.Rect.Dx())/2, 70), []tone{red2, red3, red4})
	s.centre(c, sheetWidth/2, 142, 15, softly, fmt.Sprintf("样本街办函〔%d〕%d号", d.filed.Year()-1, 1+p.index%90))
	c.fill(image.Rect(60, 158, sheetWidth-60, 160), red3)
	s.centre(c, sheetWidth/2, 214, 23, black, "关于社区“两委”选举结果的批复")
	s.write(c, 60, 272, 18, black, "某社区居民委员会：")
	text := fmt.Sprintf("    你社区报来的选举结果收悉。经研究，同意%s（身份证号%s）任%s，任期五年。\n    此复。",
		d.shown, p.idNumber, s.label("community_post", d.form.Get("community_post")))
	y := s.paragraph(c, 60, 310, sheetWidth-120, 18, 34, black, text)
	m := s.stamp("成都市"+p.district+"某街道办事处", turnOf(p.index))
	s.write(c, 320, y+66, 18, black, "某街道办事处")
	s.write(c, 320, y+98, 18, black, dayText(review.NewDate(d.filed.Year()-1, 3, 1+p.index%27)))
	c.tint(m, image.Pt(312, y+10), stampInk)
	return c
}

// previousCertificate draws the registration certificate that is renewed, in an old layout of its own.
func (s *studio) previousCertificate(d *dossier) canvas {
	c := s.sheet.copied()
	c.frame(c.Rect.Inset(16), 4, gold)
	c.frame(c.Rect.Inset(24), 1, gold)
	s.centre(c, sheetWidth/2, 110, 30, black, "社会工作者登记证书")
	s.centre(c, sheetWidth/2, 146, 17, softly, "（旧版样式 · 演示用样本）")
	c.inlay(d.face, image.Pt((sheetWidth-review.PortraitWidth/2)/2, 176))
	rows := [][2]string{
		{"姓名", d.shown}, {"性别", s.label("sex", d.person.sex)}, {"身份证号", d.person.idNumber}, {"级别", s.label("level", d.level)},
		{"管理号", d.management}, {"登记证书编号", cmp.Or(d.number, "川成社登"+d.management[len(d.management)-6:])},
		{"首次登记时间", dayText(d.first)}, {"有效期至", dayText(d.until)},
	}
	for i, row := range rows {
		y := 430 + 34*i
		s.write(c, 90, y, 18, softly, row[0])
		s.fitted(c, 220, y, 280, 19, black, row[1])
	}
	c.tint(s.stamp("社会工作者登记机构", -7), image.Pt(370, 620), stampInk)
	return c
}

var courses = words("社会工作伦理与案例 社区营造实务 老年人社会工作 未成年人保护政策 个案工作技巧 小组工作带领 督导能力提升 社会救助政策解读 心理危机干预 志愿服务管理 禁毒社会工作 社会工作法规与政策 基层治理与协商 婚姻家庭辅导")

// educationHours draws the proof of continuing education: courses of three years with their hours.
func (s *studio) educationHours(d *dossier) canvas {
	c := s.sheet.copied()
	s.centre(c, sheetWidth/2, 76, 27, black, "继续教育学时证明")
	s.centre(c, sheetWidth/2, 104, 15, softly, "（演示用样本）")
	s.write(c, 40, 146, 17, black, "姓名："+d.shown)
	s.write(c, 40, 174, 17, black, "身份证号："+d.person.idNumber)
	need := s.policy.Hours[d.level]
	if d.short {
		need -= 18
	}
	y, total := 200, 0
	for i := 0; total < need; i++ {
		hours := min(6+(d.person.index+5*i)%13, need-total+3*(i%2))
		year := d.until.Year() - 2 + min(i/4, 2)
		s.row(c, y, strconv.Itoa(year)+"年", fmt.Sprintf("%s    %d 学时", courses[(d.person.index+3*i)%len(courses)], hours))
		total, y = total+hours, y+rowHeight
	}
	s.row(c, y, "合计", strconv.Itoa(total)+" 学时")
	c.frame(image.Rect(34, 200, sheetWidth-34, y+rowHeight+1), 1, line)
	s.write(c, 320, y+96, 17, black, "某社会工作培训中心")
	s.write(c, 320, y+124, 17, black, dayText(d.filed.AddDays(-12)))
	c.tint(s.stamp("某社会工作培训中心", turnOf(d.person.index)), image.Pt(330, y+30), stampInk)
	return c
}
