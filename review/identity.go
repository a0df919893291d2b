package review

import "strings"

// Codes of the option list "id_type".
const (
	ResidentCard   = "1" // 居民身份证
	HongKongPermit = "2" // 港澳居民居住证
	TaiwanPermit   = "3" // 台湾居民居住证
	ForeignersCard = "4" // 外国人永久居留身份证
)

// Codes of the option list "sex".
const (
	Male   = "1" // 男
	Female = "2" // 女
)

const identityLength = 18

// Identity is what an identity number says of the person.
type Identity struct {
	Number       string // 18 characters, the last a digit or X
	Birth        Date
	Sex          string // code: Male or Female
	DocumentType string // code of the kind of document that carries such a number
}

// CleanIdentity brings an identity number into the form in which it is compared and stored: half-width, without spaces
// and dashes, in capitals.
func CleanIdentity(text string) string { return strings.ToUpper(compact(text)) }

// ParseIdentity reads a cleaned identity number of 18 characters (GB 11643-1999; for the foreigners' permanent residence
// card the form of 2023, where foreigners admits it). Abolished place codes pass: people carry them; only the province
// is looked up. A birth date after today is refused.
//
// Errors are RuleErrors with one of the codes identity_length (args: count), identity_fifteen, identity_characters,
// identity_foreigners, identity_province, identity_birth, identity_birth_ahead, identity_checksum. None of them holds
// any part of the number.
func ParseIdentity(number string, foreigners bool, today Date) (Identity, error) {
	if err := identityForm(number, foreigners); err != nil {
		return Identity{}, err
	}
	birth, err := ParseDate(number[6:10] + "-" + number[10:12] + "-" + number[12:14])
	switch {
	case err != nil:
		return Identity{}, &RuleError{"identity_birth", nil}
	case birth.After(today):
		return Identity{}, &RuleError{"identity_birth_ahead", nil}
	case checkCharacter(number) != number[17]:
		return Identity{}, &RuleError{"identity_checksum", nil}
	}
	sex := Female
	if (number[16]-'0')%2 == 1 {
		sex = Male
	}
	return Identity{number, birth, sex, documentType(number)}, nil
}

func identityForm(text string, foreigners bool) error {
	switch {
	case len(text) == 15 && isDigits(text):
		return &RuleError{"identity_fifteen", nil}
	case len([]rune(text)) != identityLength:
		return &RuleError{"identity_length", Args{"count": number(len([]rune(text)))}}
	case !isDigits(text[:17]) || text[17] != 'X' && !isDigits(text[17:]):
		return &RuleError{"identity_characters", nil}
	case text[0] == '9' && !foreigners:
		return &RuleError{"identity_foreigners", nil}
	case !provinceKnown(text):
		return &RuleError{"identity_province", nil}
	}
	return nil
}

// provinceKnown looks up the two digits of the province, which on the foreigners' card follow the 9. 81 to 83 are the
// residence permits of people from Hong Kong, Macao and Taiwan, which begin 810000, 820000, 830000; 71 is Taiwan.
func provinceKnown(number string) bool {
	province := number[:2]
	if number[0] == '9' {
		province = number[1:3]
	}
	tens, ones := province[0]-'0', province[1]-'0'
	least, most := byte(1), [10]byte{0, 5, 3, 7, 6, 4, 5, 1, 3, 0}[tens]
	if tens == 5 {
		least = 0
	}
	return least <= ones && ones <= most
}

func documentType(number string) string {
	switch number[:2] {
	case "81", "82":
		return HongKongPermit
	case "83":
		return TaiwanPermit
	}
	if number[0] == '9' {
		return ForeignersCard
	}
	return ResidentCard
}

// checkCharacter computes the 18th character from the first 17 digits (ISO 7064, MOD 11-2).
func checkCharacter(digits string) byte {
	sum := 0
	for i, weight := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * int(digits[i]-'0')
	}
	return "10X98765432"[sum%11]
}

// UpgradeIdentity turns a cleaned number of 15 digits, as identity cards carried until 1999, into the one of 18: the
// century 19 before the year of birth, the check character at the end. Only the import of legacy certificates may do
// so; whether the result is a valid number is for ParseIdentity to say. Any other text is returned as it is.
func UpgradeIdentity(number string) string {
	if len(number) != 15 || !isDigits(number) {
		return number
	}
	long := number[:6] + "19" + number[6:]
	return long + string(checkCharacter(long))
}

// AgeOn returns the age in full years on the day. Who was born on 29 February completes a year on 28 February of a year
// without one (民法典, art. 202).
func AgeOn(birth, day Date) int {
	age := day.Year() - birth.Year()
	if day.Before(birth.AddYears(age)) {
		age--
	}
	return age
}
