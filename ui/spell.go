package ui

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"rongzheng/review"
)

// matching returns the options that the typed text means, the best first: by label, by pinyin in full or in part, by its
// initials (yz is 彝族), by code. Nothing typed means all that are offered.
func matching(options []review.Option, typed string, lang review.Lang) []review.Option {
	typed = strings.ToLower(strings.Join(strings.Fields(review.HalfWidth(typed)), ""))
	ranked := map[int][]review.Option{}
	for _, o := range options {
		if o.Disabled {
			continue
		}
		if rank, ok := rankOf(o, typed, lang); ok {
			ranked[rank] = append(ranked[rank], o)
		}
	}
	return slices.Concat(ranked[0], ranked[1], ranked[2], ranked[3])
}

// rankOf is 0 for what says it all, 1 for its beginning, 2 for what lies further in, 3 for a code.
func rankOf(o review.Option, typed string, lang review.Lang) (int, bool) {
	letters := spoken(o.Label)
	name := strings.ToLower(strings.Join(strings.Fields(o.Name(lang)), "")) // as typed is, without blanks
	switch {
	case typed == "":
		return 1, true
	case typed == name || typed == o.Label || len(typed) == len(letters) && spells(letters, typed) && initialsOnly(letters, typed):
		return 0, true
	case strings.HasPrefix(name, typed) || strings.HasPrefix(o.Label, typed) || spells(letters, typed):
		return 1, true
	case strings.Contains(name, typed) || strings.Contains(o.Label, typed) || spellsWithin(letters, typed):
		return 2, true
	}
	return 3, strings.HasPrefix(o.Code, typed)
}

// spoken are the readings of each character of a label that is spoken; marks are not.
func spoken(label string) [][]string {
	var letters [][]string
	for _, r := range label {
		switch {
		case review.IsHan(r):
			letters = append(letters, readings(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			letters = append(letters, []string{strings.ToLower(string(r))})
		}
	}
	return letters
}

// readings are all pinyin readings of a character without tones.
func readings(r rune) []string {
	args := pinyin.NewArgs()
	args.Heteronym = true
	return pinyin.SinglePinyin(r, args)
}

// spells reports whether the typed letters begin to spell what is spoken: each character by its initial, by its whole
// reading, or, the last one, by the beginning of it.
func spells(letters [][]string, typed string) bool {
	if typed == "" {
		return true
	}
	if len(letters) == 0 {
		return false
	}
	for _, reading := range letters[0] {
		switch {
		case reading == "":
		case strings.HasPrefix(reading, typed):
			return true
		case strings.HasPrefix(typed, reading) && spells(letters[1:], typed[len(reading):]):
			return true
		case typed[0] == reading[0] && spells(letters[1:], typed[1:]):
			return true
		}
	}
	return false
}

func spellsWithin(letters [][]string, typed string) bool {
	for i := 1; i < len(letters); i++ {
		if spells(letters[i:], typed) {
			return true
		}
	}
	return false
}

func initialsOnly(letters [][]string, typed string) bool {
	for i := range letters {
		if !slices.ContainsFunc(letters[i], func(reading string) bool { return reading != "" && reading[0] == typed[i] }) {
			return false
		}
	}
	return true
}
