package review

import (
	"slices"
	"strings"
)

// Show returns how the answer of a field is read by people in the language: labels of options joined by 、 or a comma,
// yes or no, the computed age on the day of submission, everything else as it was given. An option that the policy does
// not know shows its code. It is "" for what is not answered, for attachments and for declarations. What was typed comes
// back as it is, whatever bytes it holds: making it fit for a terminal is the screen's work.
func Show(field *Field, form Form, p *Policy, day Date, lang Lang) string {
	switch field.Type {
	case File, Moment:
		return ""
	case Derived:
		return field.Derive(form, day)
	case YesNo:
		return showFlag(form.Flag(field.Key), lang)
	}
	shown := make([]string, len(form[field.Key]))
	for i, value := range form[field.Key] {
		shown[i] = value
		if option, ok := p.Option(field.Options, value); ok {
			shown[i] = option.Name(lang)
		}
	}
	return strings.Join(shown, comma(lang))
}

// Masked returns what Show does without what must stay private (domain §10).
func Masked(field *Field, form Form, p *Policy, day Date, lang Lang) string {
	shown := Show(field, form, p, day, lang)
	if field.Mask == nil || shown == "" {
		return shown
	}
	return field.Mask(shown)
}

// Name returns the label of the option in the language.
func (o Option) Name(lang Lang) string { return inLang(lang, o.Label, o.English) }

// CodeOf returns the code of the field's option that a text names: by Chinese label, as files and people write it, or by
// code. The options of the policy that are not offered any more are found too; Validate refuses them by name.
func CodeOf(field *Field, p *Policy, text string) (code string, ok bool) {
	text = CleanText(text)
	for _, option := range p.Options[field.Options] {
		if option.Label == text || option.Code == text {
			return option.Code, true
		}
	}
	return "", false
}

func showFlag(yes bool, lang Lang) string {
	if yes {
		return inLang(lang, "是", "Yes")
	}
	return inLang(lang, "否", "No")
}

func comma(lang Lang) string { return inLang(lang, "、", ", ") }

// MaskName shows the first character of a name: 王*. How long the name is stays hidden.
func MaskName(name string) string {
	for _, first := range name {
		return string(first) + "*"
	}
	return ""
}

// MaskIdentity shows the first three and the last four of the 18 characters of an identity number, never any of the
// birth date: 510***********1234. Of a text of another length, where the birth date may lie anywhere, it shows nothing.
func MaskIdentity(text string) string {
	runes := []rune(text)
	if len(runes) != identityLength {
		return strings.Repeat("*", len(runes))
	}
	return keepEnds(runes, 3, 4)
}

// MaskMobile shows the first three and the last four digits of a telephone number: 138****1234. Of a number too short
// for that it shows the last two.
func MaskMobile(text string) string {
	runes := []rune(text)
	if len(runes) < 11 {
		return keepEnds(runes, 0, min(2, len(runes)/4))
	}
	return keepEnds(runes, 3, 4)
}

// keepEnds hides all but the first and the last characters.
func keepEnds(runes []rune, first, last int) string {
	hidden := strings.Repeat("*", len(runes)-first-last)
	return string(runes[:first]) + hidden + string(runes[len(runes)-last:])
}

// MaskAddress shows an address down to the district: 四川省成都市武侯区***. Where it finds no division, it shows nothing.
func MaskAddress(address string) string {
	runes := []rune(address)
	shown := 0
	for _, d := range divisions {
		shown += d.length(runes[shown:])
	}
	if shown == len(runes) {
		return address
	}
	return string(runes[:shown]) + "***"
}

// division is a rank of administrative division: what its names end in, and what shows that the text is of another rank.
type division struct {
	ends  []string
	stops string
}

var divisions = []division{
	{[]string{"省", "自治区", "特别行政区"}, "市县旗"},
	{[]string{"市", "州", "盟", "地区"}, "县旗"},
	{[]string{"区", "县", "市", "旗"}, ""},
}

const (
	// longestDivision is the length of the longest names, those of autonomous counties.
	longestDivision = 15
	// belowDistrict are signs of what lies below a district. Those of belowInside also begin or end the first two
	// characters of districts (鼓楼区, 通道侗族自治县, 宁乡市).
	belowDistrict = "街路巷弄号村组栋幢座室层0123456789０１２３４５６７８９ "
	belowInside   = "楼道镇乡"
)

// notDistricts look like the end of a district and are not.
var notDistricts = []string{"小区", "园区", "社区", "厂区", "校区", "院区", "片区", "库区", "景区"}

// length returns the length of the name of the rank that the text begins with, 0 for none. The first character belongs
// to the name whatever it is: 市中区, 路桥区.
func (d division) length(text []rune) int {
	for end := 2; end <= min(longestDivision, len(text)); end++ {
		name, last := string(text[:end]), text[end-1]
		switch {
		case hasEnd(name, notDistricts):
			return 0
		case hasEnd(name, d.ends):
			return end
		case strings.ContainsRune(belowDistrict+d.stops, last), end > 2 && strings.ContainsRune(belowInside, last):
			return 0
		}
	}
	return 0
}

func hasEnd(text string, ends []string) bool {
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(text, end) })
}
