package review

import (
	"maps"
	"slices"
	"strconv"
)

// Key names a field or an attachment slot of the form, as in domain §2 and in files: "name", "id_card_front".
type Key string

// Form holds the typed-in answers by field. Every answer is a list: one element for a plain field, several for fields
// of several options; an absent key and an empty list mean "not answered". Options are held by code, dates as
// 2006-01-02, numbers in decimal digits, flags as "true" or absent. Attachments are not part of it.
type Form map[Key][]string

// Get returns the only or first answer of the field, "" when there is none.
func (f Form) Get(key Key) string {
	if len(f[key]) == 0 {
		return ""
	}
	return f[key][0]
}

// Set answers the field; no values, or one empty value, removes the answer.
func (f Form) Set(key Key, values ...string) {
	if len(values) == 0 || len(values) == 1 && values[0] == "" {
		delete(f, key)
		return
	}
	f[key] = values
}

// Has reports whether the list of answers of the field holds value.
func (f Form) Has(key Key, value string) bool { return slices.Contains(f[key], value) }

// Flag reports whether a yes-or-no field is answered with yes.
func (f Form) Flag(key Key) bool { return f.Get(key) == "true" }

// Number returns the answer of a number field and whether there is one.
func (f Form) Number(key Key) (int, bool) {
	n, err := strconv.Atoi(f.Get(key))
	return n, err == nil
}

// Date returns the answer of a date field, the zero Date when there is none.
func (f Form) Date(key Key) Date {
	d, err := ParseDate(f.Get(key))
	if err != nil {
		return Date{}
	}
	return d
}

// Clone returns a copy that shares nothing with f.
func (f Form) Clone() Form {
	c := maps.Clone(f)
	for key, values := range c {
		c[key] = slices.Clone(values)
	}
	return c
}
