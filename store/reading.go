package store

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// The pinyin of a name, without tones, ü as v. A character may be read in more than one way: then the name has several
// spellings, and is found by each.

const (
	maxSpellings = 4 // of one name
	maxSuffixes  = 6 // of one spelling: from each of the first so many syllables to the end
)

// surnameReadings are those of characters that are read differently when they are a surname; the ordinary reading stays
// valid beside them, since people type it too.
var surnameReadings = map[rune]string{
	'单': "shan", '仇': "qiu", '解': "xie", '查': "zha", '区': "ou", '曾': "zeng", '朴': "piao", '盖': "ge",
	'缪': "miao", '覃': "qin", '翟': "zhai", '员': "yun", '牟': "mu", '纪': "ji", '葛': "ge", '卜': "bu", '薄': "bo",
	'么': "yao", '种': "chong", '洗': "xian", '隗': "wei", '郇': "xun", '郗': "chi", '佴': "nai", '召': "shao", '令': "ling",
	'乐': "yue", '乜': "nie", '藏': "zang", '祭': "zhai", '繁': "po", '秘': "bi", '都': "du", '角': "jue", '干': "gan",
	'过': "guo", '适': "kuo", '句': "gou", '能': "nai", '宓': "fu", '谌': "shen", '柏': "bo", '晁': "chao",
	'贲': "ben", '应': "ying", '哈': "ha", '相': "xiang",
	'黑': "he", '撒': "sa", '折': "she",
}

// compoundReadings are those of surnames of two characters where a character is read differently.
var compoundReadings = map[string][2]string{
	"尉迟": {"yu", "chi"}, "万俟": {"mo", "qi"}, "单于": {"chan", "yu"}, "长孙": {"zhang", "sun"},
	"澹台": {"tan", "tai"}, "令狐": {"ling", "hu"}, "宰父": {"zai", "fu"}, "亓官": {"qi", "guan"},
}

// givenReadings are second readings of characters that given names use in both.
var givenReadings = map[rune]string{
	'乐': "yue", '茜': "xi", '莘': "xin", '晟': "sheng", '长': "chang", '朝': "zhao", '重': "chong", '行': "hang",
	'传': "zhuan", '曾': "zeng", '都': "du", '莎': "suo", '强': "jiang", '盛': "cheng", '隽': "jun", '蔚': "yu",
	'宛': "yuan", '筠': "jun", '解': "xie", '少': "shao", '藏': "zang", '谌': "shen", '尉': "yu", '柏': "bo",
	'露': "lou", '单': "shan", '石': "shi", '车': "ju", '仔': "zai", '谷': "yu",
}

// spellings returns the ways to spell the name, each as its syllables; a word in Latin letters is one syllable.
func spellings(name string) [][]string {
	var all [][]string
	for i, unit := range units(name) {
		all = extend(all, readings(unit, i == 0))
	}
	if compound, ok := compoundReadings[firstTwo(name)]; ok {
		first := append([]string{compound[0], compound[1]}, all[0][2:]...)
		all = append([][]string{first}, all[:min(len(all), maxSpellings-1)]...)
	}
	return all
}

// units takes a name apart into single characters and words in Latin letters.
func units(name string) []string {
	var found []string
	word := false
	for _, r := range name {
		switch latin := r < unicode.MaxASCII && unicode.IsLetter(r); {
		case latin && word:
			found[len(found)-1] += string(unicode.ToLower(r))
			continue
		case latin:
			found = append(found, string(unicode.ToLower(r)))
		case unicode.Is(unicode.Han, r):
			found = append(found, string(r))
		}
		word = r < unicode.MaxASCII && unicode.IsLetter(r)
	}
	return found
}

func firstTwo(name string) string {
	runes := []rune(name)
	return string(runes[:min(2, len(runes))])
}

// extend appends each reading to each spelling, as far as their number allows.
func extend(all [][]string, readings []string) [][]string {
	if len(all) == 0 {
		all = [][]string{nil}
	}
	if len(readings) == 0 {
		return all
	}
	var longer [][]string
	for _, reading := range readings {
		for _, spelling := range all {
			longer = append(longer, append(slices.Clone(spelling), reading))
		}
	}
	return longer[:min(len(longer), maxSpellings)]
}

// readings returns the syllables that a unit is read as, the likeliest first.
func readings(unit string, surname bool) []string {
	r := []rune(unit)[0]
	if r < unicode.MaxASCII {
		return []string{unit}
	}
	var found []string
	if surname {
		found = append(found, surnameReadings[r])
	}
	first, _, _ := strings.Cut(pinyin.PinyinDict[int(r)], ",")
	found = append(found, plain(first))
	if !surname {
		found = append(found, givenReadings[r])
	}
	found = slices.DeleteFunc(found, func(s string) bool { return s == "" })
	return slices.Compact(found)
}

// plain removes the tones of a syllable and writes v for ü.
func plain(syllable string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("āáǎà", r):
			return 'a'
		case strings.ContainsRune("ēéěèêếề", r):
			return 'e'
		case strings.ContainsRune("īíǐì", r):
			return 'i'
		case strings.ContainsRune("ōóǒò", r):
			return 'o'
		case strings.ContainsRune("ūúǔù", r):
			return 'u'
		case strings.ContainsRune("üǖǘǚǜ", r):
			return 'v'
		case strings.ContainsRune("ńňǹ", r):
			return 'n'
		case r == 'ḿ':
			return 'm'
		case r < 'a' || r > 'z':
			return -1
		}
		return r
	}, syllable)
}

// soundsOf returns what the name is found by when somebody types letters: each spelling from each of its first syllables
// to its end, and the initials of each.
func soundsOf(name string) []string {
	var found []string
	for _, spelling := range spellings(name) {
		var initials []byte
		for i, syllable := range spelling {
			initials = append(initials, syllable[0])
			if i < maxSuffixes {
				found = append(found, strings.Join(spelling[i:], ""))
			}
		}
		found = append(found, string(initials))
	}
	slices.Sort(found)
	return slices.DeleteFunc(slices.Compact(found), func(s string) bool { return s == "" })
}
