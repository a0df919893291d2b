package exchange

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"rongzheng/review"
)

// Formats of documents, with their numbers.
const (
	applicationFormat = "rongzheng-application"
	withdrawalFormat  = "rongzheng-withdrawal"
	resultFormat      = "rongzheng-result"
	formatNumber      = 1
)

// Withdrawal says that the applicant takes an application back (domain §1, rule 2).
type Withdrawal struct {
	Reference string
	At        time.Time
}

// document is a parsed application.json: one of submission and withdrawal is set.
type document struct {
	submission *review.Submission
	withdrawal *Withdrawal
	files      []named // of the submission, in the order of its attachments
	problems   []review.Problem
}

// named is one entry of "attachments".
type named struct {
	slot   review.Key
	file   string
	sha256 string // lower case, "" where it is not stated
}

// parseDocument reads an application.json. An Error says that it cannot be read as one; what is wrong inside is
// collected in problems.
func parseDocument(file string, data []byte, p *review.Policy) (*document, error) {
	top, err := parseJSON(file, data)
	if err != nil {
		return nil, err
	}
	kind, err := formatOf(file, top)
	if err != nil {
		return nil, err
	}
	d := &document{}
	r := reader{document: d, object: top}
	if kind == withdrawalFormat {
		d.withdrawal = r.withdrawal()
	} else {
		d.submission = r.submission(p)
	}
	r.rest()
	return d, nil
}

// formatOf returns which of the formats the document has, refusing others and newer ones.
func formatOf(file string, top *object) (string, error) {
	format, _ := top.take("format").(string)
	kind, number, _ := strings.Cut(format, "/")
	n, err := strconv.Atoi(number)
	if kind != applicationFormat && kind != withdrawalFormat || err != nil || n < 1 {
		return "", refuse(file, "format_unknown", "format", shown(format))
	}
	if n > formatNumber {
		return "", refuse(file, "format_newer", "format", shown(format), "known", strconv.Itoa(formatNumber))
	}
	return kind, nil
}

// reader takes the keys of one object and notes what is wrong with them. path leads to the object: "", "form.".
type reader struct {
	*document
	object *object
	path   string
}

func (r *reader) note(key, code string) {
	r.problems = append(r.problems, problem("", code, "key", r.path+key))
}

// rest refuses every key that nobody asked for.
func (r *reader) rest() {
	for _, key := range r.object.left() {
		r.note(shown(key), "key_unknown")
	}
}

// text returns a string, "" for an absent key, which is the same.
func (r *reader) text(key string) string {
	switch value := r.object.take(key).(type) {
	case nil:
		return ""
	case string:
		if review.CheckText(value) != nil {
			r.note(key, "key_text")
			return ""
		}
		return value
	}
	r.note(key, "type_text")
	return ""
}

func (r *reader) reference(key string) string {
	text := r.text(key)
	if !review.ValidReference(text) {
		r.problems = append(r.problems, problem("", "reference_form"))
	}
	return text
}

func (r *reader) time(key string) time.Time {
	text := r.text(key)
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.Year() < 1900 || at.Year() > 2999 {
		r.note(key, "time_form")
		return time.Time{}
	}
	return at.In(review.Zone)
}

func (r *reader) withdrawal() *Withdrawal {
	w := &Withdrawal{Reference: r.reference("reference"), At: r.time("at")}
	if w.At.IsZero() && len(r.problems) == 0 {
		r.note("at", "time_form")
	}
	return w
}

func (r *reader) number(key string) int {
	switch value := r.object.take(key).(type) {
	case nil:
		return 0
	case json.Number:
		if n, err := strconv.Atoi(value.String()); err == nil {
			return n
		}
	}
	r.note(key, "type_number")
	return 0
}

// below returns the reader of an object inside, of an empty one when the key is absent.
func (r *reader) below(key string) *reader {
	inner := &reader{document: r.document, object: &object{}, path: r.path + key + "."}
	switch value := r.object.take(key).(type) {
	case nil:
	case *object:
		inner.object = value
	default:
		r.note(key, "type_object")
	}
	return inner
}

func (r *reader) list(key string) []any {
	switch value := r.object.take(key).(type) {
	case nil:
	case []any:
		return value
	default:
		r.note(key, "type_list")
	}
	return nil
}

func (r *reader) submission(p *review.Policy) *review.Submission {
	s := &review.Submission{
		Reference: r.reference("reference"), Revision: r.number("revision"), Follows: r.text("follows"),
		Kind: review.Kind(r.text("kind")), SubmittedAt: r.time("submitted_at"),
	}
	consent := r.below("consent")
	s.Consent = review.Consent{Privacy: consent.time("privacy"), Truth: consent.time("truth")}
	consent.rest()
	s.Form = review.Clean(r.below("form").form(p))
	for i, item := range r.list("attachments") {
		r.attachment(i, item)
	}
	return s
}

// attachment reads one entry of the list of attachments.
func (r *reader) attachment(i int, item any) {
	key := "attachments[" + strconv.Itoa(i+1) + "]"
	o, ok := item.(*object)
	if !ok {
		r.note(key, "type_object")
		return
	}
	inner := &reader{document: r.document, object: o, path: key + "."}
	n := named{review.Key(inner.text("slot")), inner.text("file"), strings.ToLower(inner.text("sha256"))}
	inner.rest()
	if !plainName(n.file) || n.file == documentName {
		r.problems = append(r.problems, problem(slotOf(n.slot), "file_name", "file", shown(n.file)))
		return
	}
	r.files = append(r.files, n)
}

// slotOf returns the key as the target of a problem: "" for one that is no attachment slot.
func slotOf(key review.Key) review.Key {
	if field, ok := review.FieldOf(key); ok && field.Type == review.File {
		return key
	}
	return ""
}
