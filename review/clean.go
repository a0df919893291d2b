package review

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var dayForm = regexp.MustCompile(`^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$`)

// Clean returns the form with every answer in its canonical form, as it is checked, compared and stored: what the field's
// Clean does, dates as 2006-01-02, whole numbers without leading zeros, flags as "true" or absent, options each once, no
// empty answers, the default where there is one. Answers of keys that the registry does not know are kept. Cleaning
// again changes nothing. form is left alone.
func Clean(form Form) Form {
	cleaned := Form{}
	for key, values := range form {
		var clean []string
		for _, value := range values {
			if value = CleanAnswer(key, value); value != "" && !slices.Contains(clean, value) {
				clean = append(clean, value)
			}
		}
		if len(clean) > 0 {
			cleaned[key] = clean
		}
	}
	for i := range registry {
		if field := &registry[i]; field.Default != "" && cleaned.Get(field.Key) == "" {
			cleaned.Set(field.Key, field.Default)
		}
	}
	return cleaned
}

// CleanAnswer brings one answer into its canonical form; "" means not answered.
func CleanAnswer(key Key, value string) string {
	field, ok := FieldOf(key)
	if ok && field.Clean != nil {
		return field.Clean(value)
	}
	value = CleanText(value)
	if !ok {
		return value
	}
	switch field.Type {
	case Number:
		return cleanNumber(value)
	case Day:
		return cleanDay(value)
	case YesNo:
		return cleanFlag(value)
	}
	return value
}

func cleanNumber(value string) string {
	plain := strings.TrimSpace(HalfWidth(value))
	if n, err := strconv.Atoi(plain); err == nil && isDigits(plain) {
		return number(n)
	}
	return plain
}

// cleanDay also takes the ways in which people write a day: 2025/1/31, 2025.1.31, 2025年1月31日, 20250131.
func cleanDay(value string) string {
	plain := strings.TrimSpace(HalfWidth(value))
	if len(plain) == 8 && isDigits(plain) {
		return plain[:4] + "-" + plain[4:6] + "-" + plain[6:]
	}
	parts := dayForm.FindStringSubmatch(plain)
	if parts == nil {
		return plain
	}
	return parts[1] + "-" + ("0" + parts[2])[len(parts[2])-1:] + "-" + ("0" + parts[3])[len(parts[3])-1:]
}

func cleanFlag(value string) string {
	switch strings.ToLower(value) {
	case "true", "是", "yes", "y", "1":
		return "true"
	case "false", "否", "no", "n", "0":
		return ""
	}
	return value
}
