package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"

	"rongzheng/review"
)

// pair is one key of a JSON object that keeps the order of its keys.
type pair struct {
	key   string
	value any
}

// pairs is a JSON object with its keys in a fixed order.
type pairs []pair

// MarshalJSON implements json.Marshaler.
func (p pairs) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, item := range p {
		if i > 0 {
			out.WriteByte(',')
		}
		key, errKey := encode(item.key)
		value, err := encode(item.value)
		if err := errors.Join(errKey, err); err != nil {
			return nil, err
		}
		out.Write(key)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// encode writes a value as JSON without turning < > & into escapes, which nobody reads in a browser.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// WriteApplication writes the present revision of the application as an application.json: options by label, attachments
// with their hashes. Reading it again gives the same submission. The form stands in clear: the reader of the file must
// be entitled to it.
func WriteApplication(w io.Writer, a *review.Application, p *review.Policy) error {
	var attachments []pairs
	for _, at := range a.Attachments {
		attachments = append(attachments, pairs{{"slot", at.Slot}, {"file", at.File}, {"sha256", at.SHA256}})
	}
	return writeDocument(w, pairs{
		{"format", formatName(applicationFormat)},
		{"reference", a.Reference},
		{"revision", a.Revision},
		{"follows", a.Follows},
		{"kind", a.Kind},
		{"submitted_at", stamp(a.SubmittedAt)},
		{"form", formJSON(a.Kind, a.Form, p, clear)},
		{"consent", consentJSON(a.Consent)},
		{"attachments", some(attachments)},
	})
}

// WriteWithdrawal writes the application.json of a withdrawal.
func WriteWithdrawal(w io.Writer, taken Withdrawal) error {
	return writeDocument(w, pairs{
		{"format", formatName(withdrawalFormat)}, {"reference", taken.Reference}, {"at", stamp(taken.At)},
	})
}

func writeDocument(w io.Writer, document pairs) error {
	data, err := encode(document)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, data, "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err = w.Write(out.Bytes())
	return err
}

func formatName(kind string) string { return kind + "/" + strconv.Itoa(formatNumber) }

// toSecond writes an instant to the second, for what the desk itself tells.
func toSecond(t time.Time) string { return stamp(t.Truncate(time.Second)) }

// stamp writes an instant in the zone of the domain, "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(review.Zone).Format(time.RFC3339Nano)
}

func consentJSON(c review.Consent) pairs {
	return pairs{{"privacy", stamp(c.Privacy)}, {"truth", stamp(c.Truth)}}
}

// clear shows an answer as it is.
func clear(_ *review.Field, answer string) string { return answer }

// masked shows an answer without what must stay private (domain §10).
func masked(field *review.Field, answer string) string {
	if field.Mask == nil || answer == "" {
		return answer
	}
	return field.Mask(answer)
}

// formJSON writes the answers in the order of the registry, typed as the fields are. show is what becomes of a text.
func formJSON(kind review.Kind, form review.Form, p *review.Policy, show func(*review.Field, string) string) pairs {
	out := pairs{}
	for i := range review.Fields() {
		field := &review.Fields()[i]
		answered := len(form[field.Key]) > 0
		switch {
		case field.Type == review.YesNo:
			if answered || field.Need(kind) != review.Never {
				out = append(out, pair{string(field.Key), form.Flag(field.Key)})
			}
		case answered:
			out = append(out, pair{string(field.Key), answerJSON(field, form, p, show)})
		}
	}
	return out
}

func answerJSON(field *review.Field, form review.Form, p *review.Policy, show func(*review.Field, string) string) any {
	labels := make([]string, len(form[field.Key]))
	for i, value := range form[field.Key] {
		labels[i] = show(field, value)
		if option, ok := p.Option(field.Options, value); ok {
			labels[i] = option.Label
		}
	}
	if n, ok := form.Number(field.Key); ok && field.Type == review.Number {
		return n
	}
	if field.Type == review.Choices {
		return labels
	}
	return labels[0]
}

// some returns a list that is written as [] when it is empty.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
