package review

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Validate returns everything that keeps a cleaned form (Clean) with its declarations and attachments out of an
// application of the kind, in the order of the registry; nothing when it is well-formed and breaks no rule of domain §2
// to §5. today is the day of submission. What the register says is not asked here: Accept does.
func Validate(kind Kind, form Form, consent Consent, attachments []Attachment, p *Policy, today Date) []Problem {
	v := &Validation{Kind: kind, Form: form, Policy: p, Today: today, Attached: countBySlot(attachments)}
	if !slices.Contains(Kinds(), kind) {
		v.Refuse("", "kind_unknown", nil)
		return v.problems
	}
	v.unknown(attachments)
	for i := range registry {
		switch field := &registry[i]; field.Type {
		case File:
			v.slot(field, attachments)
		case Moment:
			v.moment(field, consent)
		case Derived:
			v.derived(field)
		default:
			v.answer(field)
		}
	}
	return v.problems
}

func countBySlot(attachments []Attachment) map[Key]int {
	count := map[Key]int{}
	for _, at := range attachments {
		count[at.Slot]++
	}
	return count
}

// unknown refuses answers and attachments that the registry has no place for: a misspelt key must not lose data.
func (v *Validation) unknown(attachments []Attachment) {
	keys := make(map[string]bool)
	for key, values := range v.Form {
		if field, ok := FieldOf(key); len(values) > 0 && (!ok || field.Type == File || field.Type == Moment) {
			keys[string(key)] = true
		}
	}
	for _, key := range sortedKeys(keys) {
		v.Refuse("", "field_unknown", Args{"field": quotable(key)})
	}
	slots := make(map[string]bool)
	for _, at := range attachments {
		if field, ok := FieldOf(at.Slot); !ok || field.Type != File {
			slots[string(at.Slot)] = true
		}
	}
	for _, slot := range sortedKeys(slots) {
		v.Refuse("", "slot_unknown", Args{"slot": quotable(slot)})
	}
}

// answer checks a field that is typed or chosen.
func (v *Validation) answer(field *Field) {
	values := slices.DeleteFunc(slices.Clone(v.Form[field.Key]), func(s string) bool { return s == "" })
	if !v.asked(field, len(values)) || len(values) == 0 {
		return
	}
	if most := field.most(); most > 0 && len(values) > most {
		v.Refuse(field.Key, "too_many", Args{"max": number(most)})
	}
	if field.Alone != "" && len(values) > 1 && slices.Contains(values, field.Alone) {
		v.Refuse(field.Key, "alone", v.optionArgs(field, field.Alone))
	}
	for i, value := range values {
		if slices.Contains(values[:i], value) {
			v.Refuse(field.Key, "repeated", nil)
		} else if v.wellFormed(field, value) && field.Check != nil {
			field.Check(v, value)
		}
	}
}

// asked refuses an answer or file that is missing, or that the application has no place for. It returns whether what is
// there is worth a closer look.
func (v *Validation) asked(field *Field, count int) bool {
	asked, required := field.Asked(v.Kind, v.Form, v.Policy)
	switch {
	case required && count == 0 && field.Type != YesNo: // an absent flag is a no
		v.Refuse(field.Key, "required", nil)
	case !asked && count > 0 && field.Need(v.Kind) == Conditional:
		v.Refuse(field.Key, "not_empty", nil)
	case !asked && count > 0:
		v.Refuse(field.Key, "not_asked", nil)
	}
	return asked
}

// wellFormed refuses an answer that its type does not allow.
func (v *Validation) wellFormed(field *Field, value string) bool {
	before := len(v.problems)
	switch field.Type {
	case Text:
		v.text(field, value)
	case Number:
		if !isDigits(value) || len(value) > 9 {
			v.Refuse(field.Key, "number_form", nil)
		}
	case Day:
		if _, err := ParseDate(value); err != nil {
			v.Refuse(field.Key, "date_form", nil)
		}
	case Choice, Choices:
		v.option(field, value)
	case YesNo:
		if value != "true" {
			v.Refuse(field.Key, "flag_form", nil)
		}
	}
	return len(v.problems) == before
}

func (v *Validation) text(field *Field, value string) {
	if v.refuseRule(field.Key, CheckText(value)) {
		return
	}
	if field.Length > 0 && utf8.RuneCountInString(value) > field.Length {
		v.Refuse(field.Key, "text_long", Args{"max": number(field.Length)})
	}
}

// option refuses what is not among the options, by name: who sent it must find it in the file.
func (v *Validation) option(field *Field, value string) {
	option, ok := v.Policy.Option(field.Options, value)
	switch {
	case !ok:
		v.Refuse(field.Key, "option_unknown", Args{"value": v.quote(value)})
	case option.Disabled:
		v.Refuse(field.Key, "option_disabled", v.optionArgs(field, value))
	}
}

func (v *Validation) optionArgs(field *Field, code string) Args {
	option, _ := v.Policy.Option(field.Options, code)
	return Args{"option": option.Label, "option_en": inLang(English, option.Label, option.English)}
}

// quote shows an unknown option, unless it may be a personal answer that slipped into the wrong column.
func (v *Validation) quote(value string) string {
	for i := range registry {
		if field := &registry[i]; field.Mask != nil && sharesText(v.Form.Get(field.Key), value) {
			return "…"
		}
	}
	if digits := strings.Count(strings.Map(digitMark, value), "#"); digits > 6 {
		return "…"
	}
	return quotable(value)
}

// sharesText tells whether one of the texts lies in the other; texts of one character lie everywhere.
func sharesText(a, b string) bool {
	shorter := min(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	return shorter > 1 && (strings.Contains(a, b) || strings.Contains(b, a))
}

func digitMark(r rune) rune {
	if unicode.IsDigit(r) {
		return '#'
	}
	return r
}

// quotable cuts a text of unknown origin to one short line of visible characters.
func quotable(text string) string {
	const most = 24
	runes := []rune(strings.Map(func(r rune) rune {
		if unfit(r) != "" {
			return '?'
		}
		return r
	}, text))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}

// derived checks a computed field; typing one is refused, since it could only differ.
func (v *Validation) derived(field *Field) {
	if v.Form.Get(field.Key) != "" {
		v.Refuse(field.Key, "derived", nil)
	}
	if asked, _ := field.Asked(v.Kind, v.Form, v.Policy); !asked || field.Check == nil {
		return
	}
	if value := field.Derive(v.Form, v.Today); value != "" {
		field.Check(v, value)
	}
}

// moment checks that a declaration was given, and not on a day to come.
func (v *Validation) moment(field *Field, consent Consent) {
	asked, required := field.Asked(v.Kind, v.Form, v.Policy)
	switch given := field.Given(consent); {
	case required && given.IsZero():
		v.Refuse(field.Key, "consent_missing", nil)
	case asked && DateOf(given).After(v.Today):
		v.Refuse(field.Key, "consent_ahead", nil)
	}
}

// slot checks the files of one attachment slot.
func (v *Validation) slot(field *Field, attachments []Attachment) {
	count := v.Attached[field.Key]
	if !v.asked(field, count) {
		return
	}
	if count > field.most() {
		v.Refuse(field.Key, "too_many_files", Args{"max": number(field.most())})
	}
	n := 0
	for i := range attachments {
		if attachments[i].Slot == field.Key {
			n++
			v.file(field, &attachments[i], number(n))
		}
	}
}

// file checks the nth file of a slot.
func (v *Validation) file(field *Field, at *Attachment, n string) {
	switch at.Type {
	case TypeJPEG, TypePNG:
	case TypePDF:
		if field.ImageOnly {
			v.Refuse(field.Key, "file_image", Args{"n": n})
		}
	default:
		v.Refuse(field.Key, "file_type", Args{"n": n})
	}
	switch {
	case at.Size <= 0:
		v.Refuse(field.Key, "file_empty", Args{"n": n})
	case at.Size > MaxAttachmentBytes:
		v.Refuse(field.Key, "file_size", Args{"n": n, "max": number(MaxAttachmentBytes >> 20)})
	}
	if int64(at.Width)*int64(at.Height) > MaxAttachmentPixels {
		v.Refuse(field.Key, "file_pixels", Args{"n": n, "max": number(MaxAttachmentPixels / 1_000_000)})
	}
}
