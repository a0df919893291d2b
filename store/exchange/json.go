package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// Limits of a JSON document (formats §5).
const (
	MaxJSON  = 1 << 20 // bytes
	MaxDepth = 32      // objects and lists within each other
)

// object is a JSON object with its keys in the order of the document. Values are string, json.Number, bool, nil,
// []any and *object.
type object struct {
	keys   []string
	values map[string]any
}

// take returns the value of the key and marks it as known, nil when the key is absent.
func (o *object) take(key string) any {
	value := o.values[key]
	delete(o.values, key)
	return value
}

// left returns the keys that nobody took, in the order of the document.
func (o *object) left() []string {
	var left []string
	for _, key := range o.keys {
		if _, ok := o.values[key]; ok {
			left = append(left, key)
		}
	}
	return left
}

// parseJSON reads one document whose top is an object. It refuses what encoding/json lets pass: bytes that are not
// UTF-8, a key that stands twice in one object, anything after the document, nesting beyond MaxDepth, more than MaxJSON
// bytes. A byte order mark before the document is skipped.
func parseJSON(file string, data []byte) (*object, error) {
	if len(data) > MaxJSON {
		return nil, refuse(file, "json_large", "max", strconv.Itoa(MaxJSON))
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, refuse(file, "json_encoding")
	}
	p := jsonParser{file: file, d: json.NewDecoder(bytes.NewReader(data)), data: data}
	p.d.UseNumber()
	value, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := p.d.Token(); !errors.Is(err, io.EOF) {
		return nil, p.fail("json_trailing")
	}
	top, ok := value.(*object)
	if !ok {
		return nil, refuse(file, "json_object")
	}
	return top, nil
}

type jsonParser struct {
	file string
	d    *json.Decoder
	data []byte
}

// fail names the line at which reading stopped.
func (p *jsonParser) fail(code string, pairs ...string) error {
	at := min(int(p.d.InputOffset()), len(p.data))
	line := 1 + bytes.Count(p.data[:at], []byte("\n"))
	return refuse(p.file, code, append(pairs, "line", strconv.Itoa(line))...)
}

func (p *jsonParser) value(depth int) (any, error) {
	token, err := p.d.Token()
	if err != nil {
		return nil, p.fail("json_syntax")
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth >= MaxDepth {
		return nil, p.fail("json_deep", "max", strconv.Itoa(MaxDepth))
	}
	if delim == '{' {
		return p.object(depth + 1)
	}
	return p.list(depth + 1)
}

func (p *jsonParser) object(depth int) (any, error) {
	o := &object{values: map[string]any{}}
	for p.d.More() {
		token, err := p.d.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return nil, p.fail("json_syntax")
		}
		if _, twice := o.values[key]; twice {
			return nil, p.fail("json_twice", "key", shown(key))
		}
		value, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		o.keys, o.values[key] = append(o.keys, key), value
	}
	return o, p.end()
}

func (p *jsonParser) list(depth int) (any, error) {
	list := []any{}
	for p.d.More() {
		value, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, p.end()
}

func (p *jsonParser) end() error {
	if _, err := p.d.Token(); err != nil {
		return p.fail("json_syntax")
	}
	return nil
}
