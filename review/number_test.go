package review

import "testing"

func TestParseNumber(t *testing.T) {
	tests := []struct {
		text   string
		prefix string
		year   int
		n      int
	}{
		{"CD-2026-000001", "CD", 2026, 1},
		{"CD-2021-000017", "CD", 2021, 17},
		{"CD-2026-999999", "CD", 2026, LastNumber},
		{"A-1999-123456", "A", 1999, 123456},
	}
	for _, tt := range tests {
		prefix, year, n, err := ParseNumber(tt.text)
		if err != nil || prefix != tt.prefix || year != tt.year || n != tt.n {
			t.Errorf("ParseNumber(%q) = %q, %d, %d, %v", tt.text, prefix, year, n, err)
		}
		if got := FormatNumber(tt.prefix, tt.year, tt.n); got != tt.text {
			t.Errorf("FormatNumber(%q, %d, %d) = %q, want %q", tt.prefix, tt.year, tt.n, got, tt.text)
		}
	}
}

func TestParseNumberRefuses(t *testing.T) {
	for _, text := range []string{
		"", "CD", "CD-2026", "CD-2026-1", "CD-2026-0000001", "CD-2026-000000", "CD-0000-000001", "cd-2026-000001",
		" CD-2026-000001", "CD-2026-000001\n", "CD-26-000001", "-2026-000001", "CDEFG-2026-000001", "CD-2026-00000１",
		"CD–2026–000001", "CD-2026-+00001",
	} {
		if _, _, _, err := ParseNumber(text); err != ErrNumber {
			t.Errorf("ParseNumber(%q): got %v, want ErrNumber", text, err)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	f.Add("CD-2026-000001")
	f.Add("CD-2026-0000011")
	f.Fuzz(func(t *testing.T, text string) {
		prefix, year, n, err := ParseNumber(text)
		if err != nil {
			return
		}
		if got := FormatNumber(prefix, year, n); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	})
}
