package review

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// queryOption is a value to choose from.
type queryOption struct {
	code             string
	text             string // canonical: what String writes
	chinese, english string
	names            []string // further ways to write it
	disabled         bool     // found, but not offered
	facts            bool
}

// foldQuery makes ways of writing the same comparable: half-width, small letters, no spaces, one sign for dashes.
func foldQuery(text string) string {
	return strings.Map(func(r rune) rune {
		switch r = halfWidth(r); {
		case isDash(r):
			return '_'
		case unicode.IsSpace(r):
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// chooseOption returns the option that the text names: its code before any label.
func chooseOption(options []queryOption, text string) *queryOption {
	folded := foldQuery(text)
	same := func(name string) bool { return name == text || foldQuery(name) == folded }
	for i := range options {
		if same(options[i].code) {
			return &options[i]
		}
	}
	for i := range options {
		if o := &options[i]; same(o.text) || same(o.chinese) || same(o.english) || slices.ContainsFunc(o.names, same) {
			return o
		}
	}
	return nil
}

// fieldOptions are the options of a field in the policy, by label; by code where a label would be read as another.
func fieldOptions(field *Field, p *Policy) []queryOption {
	list := p.Options[field.Options]
	options := make([]queryOption, len(list))
	for i, o := range list {
		text := o.Label
		if slices.ContainsFunc(list, func(other Option) bool { return other.Code == o.Label }) {
			text = o.Code
		}
		options[i] = queryOption{code: o.Code, text: text, chinese: o.Label, english: o.English, disabled: o.Disabled}
	}
	return options
}

// queryDays is the day or days that a value stands for.
type queryDays struct {
	relative    bool
	offset      int // days from today, when relative
	from, until Date
	// calendar counts the offset in working days; nil counts calendar days. from and until are those of asked.
	calendar Calendar
	asked    Date
}

// on returns the days as they are on the day on which the query is asked.
func (d queryDays) on(today Date) queryDays {
	switch {
	case !d.relative:
	case d.calendar == nil || d.offset == 0:
		d.from = today.AddDays(d.offset)
		d.until = d.from
	case today != d.asked:
		d.from, d.until = d.calendar.DaysAway(today, d.offset)
	}
	return d
}

// inWorkdays counts a number of days in working days. The days are found here, once for all that is compared with them.
// Weeks, tomorrow and yesterday are those of the calendar, and written as such.
func (v Value) inWorkdays(text string, c Calendar, today Date) Value {
	if !v.days.relative || v.days.offset == 0 {
		return v
	}
	parts := offsetForm.FindStringSubmatch(plainDays(text))
	switch {
	case parts == nil && v.days.offset > 0:
		v.Text = "tomorrow"
	case parts == nil:
		v.Text = "yesterday"
	case parts[3] == "w" || parts[3] == "周":
		v.Text = number(v.days.offset/daysOfWeek) + "w"
	default:
		v.days.calendar, v.days.asked = c, today
		v.days.from, v.days.until = c.DaysAway(today, v.days.offset)
	}
	return v
}

func (d queryDays) compare(op Op, day Date) bool {
	switch op {
	case OpLess:
		return day.Before(d.from)
	case OpAtMost:
		return !day.After(d.until)
	case OpMore:
		return day.After(d.until)
	case OpAtLeast:
		return !day.Before(d.from)
	}
	return !day.Before(d.from) && !day.After(d.until)
}

var (
	offsetForm     = regexp.MustCompile(`^([+-]?)([0-9]{1,4})(d|天|w|周)$`)
	monthForm      = regexp.MustCompile(`^([0-9]{4})[-/.年]([0-9]{1,2})月?$`)
	dayOfMonthForm = regexp.MustCompile(`^([0-9]{1,2})[-/.月]([0-9]{1,2})日?$`)
	yearForm       = regexp.MustCompile(`^([0-9]{4})年?$`)
)

const daysOfWeek = 7

// readDays reads a day, a month, a year or a number of days. A day without a year is one of this year.
func readDays(text string, today Date) (Value, bool) {
	text = plainDays(text)
	if offset, ok := readOffset(text); ok {
		written := number(offset) + "d"
		if offset == 0 {
			written = "today"
		}
		return Value{Text: written, days: queryDays{relative: true, offset: offset}}, true
	}
	if parts := dayOfMonthForm.FindStringSubmatch(text); parts != nil {
		text = today.String()[:min(len(today.String()), 5)] + twoDigits(parts[1]) + "-" + twoDigits(parts[2])
	}
	if day, err := ParseDate(cleanDay(text)); err == nil && !day.IsZero() {
		return Value{Text: day.String(), days: queryDays{from: day, until: day}}, true
	}
	return readMonth(text)
}

func plainDays(text string) string {
	return strings.Map(func(r rune) rune {
		if isDash(r) {
			return '-'
		}
		return unicode.ToLower(r)
	}, compactSpaces(text))
}

// readMonth reads a month or a year.
func readMonth(text string) (Value, bool) {
	if parts := monthForm.FindStringSubmatch(text); parts != nil {
		month := parts[1] + "-" + twoDigits(parts[2])
		first, err := ParseDate(month + "-01")
		return Value{Text: month, days: queryDays{from: first, until: NewDate(first.Year(), first.Month()+1, 0)}}, err == nil
	}
	if parts := yearForm.FindStringSubmatch(text); parts != nil {
		first, err := ParseDate(parts[1] + "-01-01")
		return Value{Text: parts[1], days: queryDays{from: first, until: NewDate(first.Year(), 12, 31)}}, err == nil
	}
	return Value{}, false
}

func readOffset(text string) (int, bool) {
	switch text {
	case "today", "今天", "今日":
		return 0, true
	case "tomorrow", "明天":
		return 1, true
	case "yesterday", "昨天":
		return -1, true
	}
	parts := offsetForm.FindStringSubmatch(text)
	if parts == nil {
		return 0, false
	}
	n, err := strconv.Atoi(parts[1] + parts[2])
	if parts[3] == "w" || parts[3] == "周" {
		n *= daysOfWeek
	}
	return n, err == nil && -maxOffset <= n && n <= maxOffset
}

// maxOffset is the largest number of days that String writes so that readOffset takes it.
const maxOffset = 9999

func twoDigits(text string) string { return ("0" + text)[len(text)-1:] }

func compactSpaces(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return halfWidth(r)
	}, text)
}

// readCount reads a whole number.
func readCount(text string) (Value, bool) {
	plain := compactSpaces(text)
	n, err := strconv.Atoi(plain)
	if err != nil || !isDigits(plain) || n > maxOffset {
		return Value{}, false
	}
	return Value{Text: number(n), number: n}, true
}

// The readers of texts return the canonical text and what is compared, or the code of what is wrong.

// plainQueryText is how texts are compared when part of one is looked for.
func plainQueryText(text string) string {
	return strings.Map(unicode.ToLower, strings.Join(strings.Fields(HalfWidth(text)), " "))
}

func readText(text string) (Value, string) {
	plain := plainQueryText(text)
	return Value{Text: plain, code: plain}, wrongIf(!hasContent(plain), "query_word")
}

// plainQueryName leaves out what is written between the parts of a name in more than one way.
func plainQueryName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == separator || unicode.IsSpace(r) || r == '\'' || isDash(r):
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// readName reads part of a name. One of Latin letters alone may be pinyin, which the search index knows.
func readName(text string) (Value, string) {
	name := CleanName(text)
	plain := plainQueryName(name)
	wrong := plain == "" || strings.ContainsFunc(plain, func(r rune) bool { return !isNameLetter(r) })
	return Value{Text: name, code: plain}, wrongIf(wrong, "query_name")
}

// isSpelling reports whether a plain name has no ideograph, so that it may be pinyin.
func isSpelling(plain string) bool { return !strings.ContainsFunc(plain, isIdeographic) }

var identityQueryForm = regexp.MustCompile(`^([0-9]{17}|[0-9]{3})[0-9X]$`)

func readIdentity(text string) (Value, string) {
	id := CleanIdentity(text)
	return Value{Text: id, code: id}, wrongIf(!identityQueryForm.MatchString(id), "query_id")
}

func readMobile(text string) (Value, string) {
	mobile := CleanMobile(text)
	return Value{Text: mobile, code: mobile}, wrongIf(!IsMobile(mobile), "query_mobile")
}

var numberQueryForm = regexp.MustCompile(`^[0-9A-Z]([0-9A-Z-]{0,38}[0-9A-Z])?$`)

// readNumber reads the beginning of a reference, certificate number or management number.
func readNumber(text string) (Value, string) {
	written := strings.ToUpper(compactSpaces(text))
	written = strings.Map(func(r rune) rune {
		if isDash(r) {
			return '-'
		}
		return r
	}, written)
	written = strings.TrimRight(written, "-")
	return Value{Text: written, code: plainQueryNumber(written)}, wrongIf(!numberQueryForm.MatchString(written), "query_number_form")
}

// plainQueryNumber leaves capital letters and digits.
func plainQueryNumber(text string) string {
	return strings.ReplaceAll(strings.ToUpper(text), "-", "")
}

// queryMyself stands for the account that asks; no account has such a name.
const queryMyself = "@me"

func readAccount(text string) (Value, string) {
	name := strings.ToLower(compactSpaces(text))
	if name == "me" || name == "我" || name == queryMyself {
		return Value{Text: queryMyself, code: queryMyself}, ""
	}
	return Value{Text: name, code: name}, wrongIf(!validAccount(name), "query_account")
}

func wrongIf(wrong bool, code string) string {
	if wrong {
		return code
	}
	return ""
}

// hasContent reports whether a text has anything to look for.
func hasContent(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r) || isIdeographic(r)
	})
}
