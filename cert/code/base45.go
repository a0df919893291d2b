package code

import "errors"

// alphabet of RFC 9285: the 45 characters that QR codes hold at five and a half bits each.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

var (
	errBase45 = errors.New("not base45")
	values    = alphabetValues()
)

func alphabetValues() (table [256]int8) {
	for i := range table {
		table[i] = -1
	}
	for i := range len(alphabet) {
		table[alphabet[i]] = int8(i)
	}
	return table
}

// encode45 writes two bytes as three characters, the lowest digit first (RFC 9285, section 4).
func encode45(data []byte) string {
	text := make([]byte, 0, len(data)/2*3+2)
	for ; len(data) > 1; data = data[2:] {
		n := int(data[0])<<8 | int(data[1])
		text = append(text, alphabet[n%45], alphabet[n/45%45], alphabet[n/45/45])
	}
	if len(data) == 1 {
		text = append(text, alphabet[data[0]%45], alphabet[data[0]/45])
	}
	return string(text)
}

// decode45 reads what encode45 writes and nothing else: groups that stand for more than two bytes are refused.
func decode45(text string) ([]byte, error) {
	if len(text)%3 == 1 {
		return nil, errBase45
	}
	data := make([]byte, 0, len(text)/3*2+1)
	for len(text) > 0 {
		group := text[:min(3, len(text))]
		text = text[len(group):]
		n := 0
		for i := len(group) - 1; i >= 0; i-- {
			v := values[group[i]]
			if v < 0 {
				return nil, errBase45
			}
			n = n*45 + int(v)
		}
		switch {
		case len(group) == 3 && n < 1<<16:
			data = append(data, byte(n>>8), byte(n))
		case len(group) == 2 && n < 1<<8:
			data = append(data, byte(n))
		default:
			return nil, errBase45
		}
	}
	return data, nil
}
