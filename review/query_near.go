package review

import "strings"

// nearOption returns the option on offer that was perhaps meant, as String writes it, "" for none: the one whose label
// holds what was typed or is held by it, else the one that differs least.
func nearOption(options []queryOption, text string) string {
	var near nearest
	near.typed = []rune(foldQuery(text))
	for _, o := range options {
		if !o.disabled {
			near.try(o.text, o.text)
			near.try(o.chinese, o.text)
			near.try(o.english, o.text)
		}
	}
	return near.found
}

// nearKey does the same for the names of keys.
func nearKey(text string) string {
	var near nearest
	near.typed = []rune(foldQuery(text))
	for i := range queryKeys {
		k := &queryKeys[i]
		near.try(k.name, k.name)
		near.try(k.chinese, k.chinese)
	}
	return near.found
}

// nearest keeps the best of the names that are near to what was typed.
type nearest struct {
	typed []rune
	found string
	away  int
}

func (n *nearest) try(name, text string) {
	folded := foldQuery(name)
	if len(n.typed) < 2 || folded == "" {
		return
	}
	away, runes := 1, []rune(folded)
	if typed := string(n.typed); !strings.Contains(folded, typed) && (len(runes) < 2 || !strings.Contains(typed, folded)) {
		if longer := len(runes) - len(n.typed); max(longer, -longer) > n.slips() {
			return
		}
		if away = distance(n.typed, runes); away > n.slips() {
			return
		}
	}
	if n.found == "" || away < n.away {
		n.found, n.away = text, away
	}
}

// slips is how many characters may differ: of ideographs, each of which says much, one among three or more.
func (n *nearest) slips() int {
	most := len(n.typed) / 3
	if strings.ContainsFunc(string(n.typed), IsHan) {
		return min(most, 1)
	}
	return most
}

// distance counts the characters to change, add or leave out to make b of a.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
