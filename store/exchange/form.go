package exchange

import (
	"encoding/json"
	"strings"

	"rongzheng/review"
)

// form reads the answers: one value per field of the registry, typed as the field is. Options come as codes; what is no
// option stays as it was written, and Validate refuses it by name. Keys that the registry does not know stay too, for
// the same reason.
func (r *reader) form(p *review.Policy) review.Form {
	form := review.Form{}
	for _, name := range r.object.left() {
		value := r.object.take(name)
		field, ok := review.FieldOf(review.Key(name))
		if !ok || field.Type == review.File || field.Type == review.Moment {
			r.note(shown(name), "key_unknown")
			continue
		}
		values, code := answers(field, value, p)
		if code != "" {
			r.problems = append(r.problems, problem(field.Key, code, "key", r.path+name))
		}
		form.Set(field.Key, values...)
	}
	return form
}

// answers turns a JSON value into answers of the field, or returns the code of what is wrong with its type.
func answers(field *review.Field, value any, p *review.Policy) (values []string, code string) {
	if value == nil || value == "" {
		return nil, ""
	}
	switch field.Type {
	case review.Number:
		n, ok := value.(json.Number)
		if !ok || strings.Trim(n.String(), "0123456789") != "" {
			return nil, "type_number"
		}
		return []string{n.String()}, ""
	case review.YesNo:
		switch value {
		case true:
			return []string{"true"}, ""
		case false:
			return nil, ""
		}
		return nil, "type_flag"
	case review.Choices:
		return choices(field, value, p)
	}
	text, ok := value.(string)
	if !ok {
		return nil, "type_text"
	}
	return []string{option(field, text, p)}, ""
}

func choices(field *review.Field, value any, p *review.Policy) (values []string, code string) {
	list, ok := value.([]any)
	if !ok {
		return nil, "type_list"
	}
	for _, item := range list {
		text, ok := item.(string)
		if !ok || text == "" {
			return nil, "type_list"
		}
		values = append(values, option(field, text, p))
	}
	return values, ""
}

// option returns the code of the option that the text names, the text itself where there is none.
func option(field *review.Field, text string, p *review.Policy) string {
	if field.Options == "" {
		return text
	}
	if code, ok := review.CodeOf(field, p, text); ok {
		return code
	}
	return text
}
