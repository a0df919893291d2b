package review

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Limits of a query. They hold for what is typed and for what String writes.
const (
	MaxQuery      = 1000 // characters
	MaxQueryTerms = 32
)

// Query is what the filter line, a saved view and "rongzheng list" ask for: terms that must all hold. ParseQuery makes
// it; the zero Query matches everything. Nobody may change the Terms of a Query that others have.
//
// The language, by example:
//
//	王芳 wang 510107…            words: anything that the search index knows; every one of them must be found
//	kind:renewal area:武侯区,锦江区  a key and its values, any of which will do; 类型：再次登记 is the same
//	due<3d submitted>=2025-01-01  comparisons of days and counts: < <= > >=, and : or = for equality
//	hold -mine                    flags; a minus before any term means that it must not hold
//	major:"social work"           quotes around what holds spaces or commas, and around a word that is not meant as a flag
//
// Signs of Chinese input methods (：，、＜《≤－“”) mean the same as those of the keyboard. A number of days (3d, -7d, 2w,
// today) is counted in calendar days from the day on which the query is asked, so that a saved view stays fresh; with due
// it is counted in working days, as the rows say how many are left, while weeks and tomorrow stay those of the calendar. For
// days that lie in the past (submitted, decided, changed) it cannot lie ahead. A year or a month (2025, 2025-01) is all
// of its days: before it, in it, after it. What has no such day or number meets no comparison.
type Query struct {
	Terms []Term
}

// Op is how a term compares. ":" holds when any of its values does, the others have one value.
type Op string

// The operators, as String writes them.
const (
	OpIs      Op = ":"
	OpLess    Op = "<"
	OpAtMost  Op = "<="
	OpMore    Op = ">"
	OpAtLeast Op = ">="
)

// Term is one condition of a query.
type Term struct {
	Not bool
	// Key is the canonical name of the key or flag, "" for a word.
	Key string
	Op  Op // "" for flags and words
	// Values are what the key is compared with; of a word the word itself; none for a flag.
	Values []Value
	key    *queryKey // nil for a word
	facts  bool
}

// Value is one value of a term in its canonical spelling: labels of options, codes of kinds, states and reasons, days
// as 2025-01-31, 2025-01, 2025, 3d or today.
type Value struct {
	Text   string
	code   string // what is compared
	number int
	days   queryDays
}

// NeedsFacts reports whether Match asks for the automatic checks, which need the Facts of the application.
func (t Term) NeedsFacts() bool { return t.facts }

// String writes the term as ParseQuery reads it.
func (t Term) String() string {
	var b strings.Builder
	if t.Not {
		b.WriteByte('-')
	}
	b.WriteString(t.Key)
	b.WriteString(string(t.Op))
	for i, v := range t.Values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoteQuery(v.Text, t.Key == ""))
	}
	return b.String()
}

// String writes the query in its canonical form, which ParseQuery reads as the same query: keys by their names, one
// space between terms, in the order in which they were typed. It is what a view is saved as.
func (q Query) String() string {
	terms := make([]string, len(q.Terms))
	for i, t := range q.Terms {
		terms[i] = t.String()
	}
	return strings.Join(terms, " ")
}

// Words returns the words that the search index must find, each by itself: no two of them are parts of one number.
func (q Query) Words() []string { return q.words(false) }

// Without returns the words that the search index must not find.
func (q Query) Without() []string { return q.words(true) }

func (q Query) words(not bool) []string {
	var found []string
	for _, t := range q.Terms {
		if t.Key == "" && t.Not == not {
			found = append(found, t.Values[0].Text)
		}
	}
	return found
}

// NeedsFacts reports whether any term does: then Match may call checks.
func (q Query) NeedsFacts() bool { return slices.ContainsFunc(q.Terms, Term.NeedsFacts) }

// QueryError says what of a query cannot be read, and where. Code names a sentence of the catalogue of texts; Args may
// hold what was typed, so they are for the screen and in no log.
type QueryError struct {
	// At is where it stands in the text, in characters from 0; Length is how many they are, 0 where something is missing
	// at the end.
	At, Length int
	Code       string
	Args       Args
}

func (e *QueryError) Error() string {
	return fmt.Sprintf("query: %s at character %d", e.Code, e.At+1)
}

// QueryCodes lists the codes of QueryError, each once; in braces are the arguments that its sentence may use.
func QueryCodes() []string { return slices.Clone(queryCodes) }

var queryCodes = []string{
	"query_long",             // {max} characters
	"query_terms",            // {max} terms
	"query_character",        // {character} that no query can hold
	"query_quote_open",       // a quotation mark that is not closed
	"query_quote_after",      // something follows a closing quotation mark
	"query_minus",            // nothing stands after the minus, or another one
	"query_word",             // neither letter nor digit: nothing to look for
	"query_comma",            // {word} a comma between words without a key
	"query_key_missing",      // {operator} without a key before it
	"query_key_unknown",      // {key}
	"query_key_near",         // {key} {near} the key that was perhaps meant
	"query_key_ambiguous",    // {key} {keys} that it may be part of
	"query_flag",             // {flag} takes no value
	"query_operator_unknown", // {operator}
	"query_operator",         // {key} {operator} that the key does not take
	"query_list",             // {operator} takes one value only
	"query_value_missing",    // {key}
	"query_value_unknown",    // {key} {value}
	"query_value_near",       // {key} {value} {near} the value that was perhaps meant
	"query_number",           // {key} not a whole number
	"query_number_range",     // {key} {min} {max}
	"query_day",              // {key} not a day
	"query_day_ahead",        // {key} lies in the past, the number of days ahead
	"query_name",             // not part of a name
	"query_name_letters",     // pinyin among several names
	"query_id",               // neither a whole identity number nor its last four
	"query_mobile",           // not a mobile number of 11 digits
	"query_number_form",      // {key} letters, digits and dashes only
	"query_account",          // not the name of an account
}

// quoteQuery writes a value or word in quotes where it would be read as something else without.
func quoteQuery(text string, word bool) string {
	if !needsQuotes(text, word) {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

func needsQuotes(text string, word bool) bool {
	for i, r := range text {
		switch {
		case unicode.IsSpace(r), isQueryComma(r):
			return true
		case i == 0 && (closingQuotes(r) != "" || isQuerySign(r)):
			return true
		case word && (isQuerySign(r) || i == 0 && isDash(r)):
			return true
		}
	}
	return text == "" || word && flagNamed(text) != nil
}
