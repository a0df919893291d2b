package demo

import (
	"fmt"
	"strings"
)

// An index has its own slot among places × serials × blocks, and the slots are walked in steps that share no divisor
// with their number: neighbours come from different places.
const (
	serials   = 499
	blocks    = 16
	slotStep  = 611_953
	slotStart = 104_729
)

// places are the codes of first issue that the made-up numbers begin with: Sichuan for the most part, abolished codes
// among it, other provinces, and the three that begin residence permits of people from Hong Kong, Macao and Taiwan.
var places = listPlaces()

func listPlaces() []string {
	var list []string
	add := func(prefix string, ranges string) {
		for _, span := range strings.Fields(ranges) {
			var from, to int
			if n, _ := fmt.Sscanf(span, "%d-%d", &from, &to); n < 2 {
				to = from
			}
			for code := from; code <= to; code++ {
				list = append(list, fmt.Sprintf("%s%02d", prefix, code))
			}
		}
	}
	add("5101", "4-8 12-18 21-22 24 29 31-32 81-85") // 510122, 510124 and 510132 are abolished
	add("5103", "2-4 11 21-22")
	add("5104", "2-3 11 21-22")
	add("5105", "2-4 21-22 24-25")
	add("5106", "3 23 26 81-83")
	add("5107", "3-4 22-27 81")
	add("5108", "2 11-12 21-24")
	add("5109", "3-4 21-23")
	add("5110", "2 11 23-25 28")
	add("5111", "2 11-13 23-24 26 29 32-33 81")
	add("5113", "2-4 21-25 81")
	add("5114", "2-3 21-25")
	add("5115", "2-3 21-29")
	add("5116", "2 21-23 81")
	add("5117", "2 21-25 81")
	add("5118", "2 22-27")
	add("5119", "2-3 21-23")
	add("5120", "2 21-22 81") // 512081 is abolished
	add("5132", "21-33")
	add("5133", "21-38")
	add("5134", "1 22-37")
	add("5001", "1-9 12-17")
	add("5201", "2-3 11")
	add("5301", "2-3 11-12")
	add("5401", "2-3")
	add("6101", "2-4")
	add("6501", "2-4")
	add("1501", "2-4")
	add("4201", "2-4")
	add("4301", "2-4")
	add("4403", "4-5")
	return append(list, "810000", "820000", "830000")
}
