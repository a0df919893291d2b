package review

import (
	"errors"
	"strings"
	"testing"
)

var identityDay = NewDate(2026, 11, 16)

// codeOf returns the code of a RuleError, "" for no error.
func codeOf(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	rule, ok := errors.AsType[*RuleError](err)
	if !ok {
		t.Fatalf("got error %v, want a RuleError", err)
	}
	return rule.Code
}

// withCheck appends the check character to 17 digits.
func withCheck(digits string) string { return digits + string(checkCharacter(digits)) }

func TestParseIdentity(t *testing.T) {
	born := NewDate(1991, 4, 18)
	tests := []struct {
		name, number string
		foreigners   bool
		want         Identity
		code         string
	}{
		{name: "standard", number: "11010519491231002X", want: Identity{Birth: NewDate(1949, 12, 31), Sex: Female, DocumentType: ResidentCard}},
		{name: "digits only", number: "440308199901101512", want: Identity{Birth: NewDate(1999, 1, 10), Sex: Male, DocumentType: ResidentCard}},
		{name: "abolished place 510122", number: withCheck("51012219910418026"), want: Identity{Birth: born, Sex: Female, DocumentType: ResidentCard}},
		{name: "abolished place 512081", number: withCheck("51208119910418025"), want: Identity{Birth: born, Sex: Male, DocumentType: ResidentCard}},
		{name: "Hong Kong", number: "810000199408230021", want: Identity{Birth: NewDate(1994, 8, 23), Sex: Female, DocumentType: HongKongPermit}},
		{name: "Macao", number: withCheck("82000019910418026"), want: Identity{Birth: born, Sex: Female, DocumentType: HongKongPermit}},
		{name: "Taiwan permit", number: withCheck("83000019910418026"), want: Identity{Birth: born, Sex: Female, DocumentType: TaiwanPermit}},
		{name: "Taiwan province", number: withCheck("71000019910418026"), want: Identity{Birth: born, Sex: Female, DocumentType: ResidentCard}},
		{name: "foreigner", number: "932682198501010017", foreigners: true, want: Identity{Birth: NewDate(1985, 1, 1), Sex: Male, DocumentType: ForeignersCard}},
		{name: "foreigner not admitted", number: "932682198501010017", code: "identity_foreigners"},
		{name: "foreigner of no province", number: withCheck("93868219850101001"), foreigners: true, code: "identity_province"},
		{name: "leap day", number: withCheck("51010420000229012"), want: Identity{Birth: NewDate(2000, 2, 29), Sex: Female, DocumentType: ResidentCard}},
		{name: "born today", number: withCheck("51010420261116012"), want: Identity{Birth: identityDay, Sex: Female, DocumentType: ResidentCard}},
		{name: "born tomorrow", number: withCheck("51010420261117012"), code: "identity_birth_ahead"},
		{name: "no leap day", number: withCheck("51010419000229012"), code: "identity_birth"},
		{name: "month 13", number: withCheck("51010419901301012"), code: "identity_birth"},
		{name: "31 April", number: withCheck("51010419900431012"), code: "identity_birth"},
		{name: "wrong check", number: "110105194912310021", code: "identity_checksum"},
		{name: "X for a digit", number: "44030819990110151X", code: "identity_checksum"},
		{name: "swapped digits", number: "440380199901101512", code: "identity_checksum"},
		{name: "15 digits", number: "110105491231002", code: "identity_fifteen"},
		{name: "17 characters", number: "11010519491231002", code: "identity_length"},
		{name: "19 characters", number: "11010519491231002XX", code: "identity_length"},
		{name: "empty", number: "", code: "identity_length"},
		{name: "18 ideographs", number: strings.Repeat("一", 18), code: "identity_characters"},
		{name: "18 bytes of ideographs", number: strings.Repeat("一", 6), code: "identity_length"},
		{name: "letter inside", number: "11010519491231O02X", code: "identity_characters"},
		{name: "small x", number: "11010519491231002x", code: "identity_characters"},
		{name: "other last letter", number: "11010519491231002Y", code: "identity_characters"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.code == "" {
				test.want.Number = test.number
			}
			got, err := ParseIdentity(test.number, test.foreigners, identityDay)
			if code := codeOf(t, err); code != test.code {
				t.Fatalf("got code %q, want %q", code, test.code)
			}
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if err != nil && len(test.number) > 4 && strings.Contains(err.Error(), test.number[:4]) {
				t.Errorf("error %q holds a part of the number", err)
			}
		})
	}
}

func TestParseIdentityKnowsExactlyTheProvinces(t *testing.T) {
	known := map[string]bool{}
	for _, span := range []string{"11-15", "21-23", "31-37", "41-46", "50-54", "61-65", "71-71", "81-83"} {
		for ones := span[1]; ones <= span[4]; ones++ {
			known[string([]byte{span[0], ones})] = true
		}
	}
	for tens := byte('0'); tens <= '8'; tens++ {
		for ones := byte('0'); ones <= '9'; ones++ {
			province := string([]byte{tens, ones})
			_, err := ParseIdentity(withCheck(province+"010419900101012"), true, identityDay)
			if got := err == nil; got != known[province] {
				t.Errorf("province %s: got known %v, want %v", province, got, known[province])
			}
		}
	}
}

func TestCleanIdentity(t *testing.T) {
	tests := map[string]string{
		" 11010519491231002x ": "11010519491231002X",
		"１１０１０５１９４９１２３１００２Ｘ": "11010519491231002X",
		"110105 19491231 002X":           "11010519491231002X",
		"110105-19491231-002x":           "11010519491231002X",
		"110105　1949—1231–002ｘ":          "11010519491231002X",
		"\ufeff1101051949123100\u200b2X": "11010519491231002X",
		"110105\n19491231002X":           "110105\n19491231002X",
	}
	for text, want := range tests {
		if got := CleanIdentity(text); got != want {
			t.Errorf("CleanIdentity(%q): got %q, want %q", text, got, want)
		}
	}
}

func TestUpgradeIdentity(t *testing.T) {
	tests := map[string]string{
		"110105491231002":    "11010519491231002X",
		"11010519491231002X": "11010519491231002X",
		"11010549123100X":    "11010549123100X",
		"":                   "",
	}
	for number, want := range tests {
		if got := UpgradeIdentity(number); got != want {
			t.Errorf("UpgradeIdentity(%q): got %q, want %q", number, got, want)
		}
	}
}

func TestAgeOn(t *testing.T) {
	tests := []struct {
		birth, day Date
		want       int
	}{
		{NewDate(1990, 5, 1), NewDate(2026, 4, 30), 35},
		{NewDate(1990, 5, 1), NewDate(2026, 5, 1), 36},
		{NewDate(2000, 2, 29), NewDate(2026, 2, 27), 25},
		{NewDate(2000, 2, 29), NewDate(2026, 2, 28), 26},
		{NewDate(2000, 2, 29), NewDate(2028, 2, 28), 27},
		{NewDate(2000, 2, 29), NewDate(2028, 2, 29), 28},
		{NewDate(2026, 1, 1), NewDate(2026, 1, 1), 0},
	}
	for _, test := range tests {
		if got := AgeOn(test.birth, test.day); got != test.want {
			t.Errorf("AgeOn(%s, %s): got %d, want %d", test.birth, test.day, got, test.want)
		}
	}
}

func FuzzParseIdentity(f *testing.F) {
	for _, seed := range []string{"11010519491231002X", "932682198501010017", "110105491231002", " 1101-05", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean := CleanIdentity(text)
		if again := CleanIdentity(clean); again != clean {
			t.Errorf("cleaned twice: got %q, want %q", again, clean)
		}
		id, err := ParseIdentity(clean, true, identityDay)
		if err != nil {
			_ = codeOf(t, err)
			return
		}
		if id.Number != clean || withCheck(clean[:17]) != clean || id.Birth.After(identityDay) {
			t.Errorf("got %+v for %q", id, clean)
		}
	})
}
