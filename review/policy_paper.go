package review

import (
	"fmt"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// PaperPolicy is what the paper of a certificate says and how it is laid out, beside the record.
type PaperPolicy struct {
	Title     string `json:"title"`
	English   string `json:"english"`   // line below the title
	Statement string `json:"statement"` // legal basis
	Specimen  string `json:"specimen"`  // stands in the place of a missing seal
	// Places are rectangles on the front.
	Places CertificatePlaces `json:"places"`
	lines  map[string]int    // of the policy file, by text
}

// Line returns the line of the policy file on which the text or place stands, 0 where none is known.
func (c *PaperPolicy) Line(key string) int { return c.lines[key] }

// Place is a rectangle on an A4 sheet, lying, in millimetres from its upper left corner.
type Place struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	W float64 `json:"w"`
	H float64 `json:"h"`
}

// CertificatePlaces says where what stands.
type CertificatePlaces struct {
	Title     Place `json:"title"`
	English   Place `json:"english"`
	Portrait  Place `json:"portrait"`
	Fields    Place `json:"fields"` // five rows of what the register says
	Statement Place `json:"statement"`
	Code      Place `json:"code"`   // the QR code, and to its right the characters
	Issuer    Place `json:"issuer"` // body and day of issue
	Seal      Place `json:"seal"`   // over body and day, as seals are set
}

// The front's measures: what lies outside of the edge belongs to the frame.
const (
	frontWidth, frontHeight = 297.0, 210.0
	frontEdge               = 21.0
)

// placeRule is how small a place may be, and whether it may lie over others.
type placeRule struct {
	key        string
	of         func(*CertificatePlaces) *Place
	minW, minH float64
	over       bool
}

var placeRules = []placeRule{
	{"title", func(p *CertificatePlaces) *Place { return &p.Title }, 80, 10, false},
	{"english", func(p *CertificatePlaces) *Place { return &p.English }, 60, 4, false},
	{"portrait", func(p *CertificatePlaces) *Place { return &p.Portrait }, 25, 35, false},
	{"fields", func(p *CertificatePlaces) *Place { return &p.Fields }, 150, 40, false},
	{"statement", func(p *CertificatePlaces) *Place { return &p.Statement }, 100, 6, false},
	{"code", func(p *CertificatePlaces) *Place { return &p.Code }, 80, 32, false},
	{"issuer", func(p *CertificatePlaces) *Place { return &p.Issuer }, 80, 16, false},
	{"seal", func(p *CertificatePlaces) *Place { return &p.Seal }, 30, 30, true},
}

var paperTexts = []string{"title", "english", "statement", "specimen"}

// paper reads what the section issue says of the paper.
func (r *policyReader) paper(issue map[string]*yaml.Node) PaperPolicy {
	f := r.fields(issue["paper"], "issue: paper", append([]string{"places"}, paperTexts...))
	c := PaperPolicy{
		Title: r.text(f["title"], "issue: paper: title"), English: r.text(f["english"], "issue: paper: english"),
		Statement: r.text(f["statement"], "issue: paper: statement"), Specimen: r.text(f["specimen"], "issue: paper: specimen"),
		lines: map[string]int{},
	}
	for key, node := range f {
		c.lines[key] = node.Line
	}
	if issuer := issue["issuer"]; issuer != nil {
		c.lines["issuer"] = issuer.Line
	}
	if f["places"] == nil {
		return c
	}
	keys := make([]string, len(placeRules))
	for i, rule := range placeRules {
		keys[i] = rule.key
	}
	places := r.fields(f["places"], "issue: paper: places", keys)
	before := len(r.problems)
	for _, rule := range placeRules {
		if node := places[rule.key]; node != nil && c.lines[rule.key] == 0 {
			c.lines[rule.key] = node.Line
		}
		*rule.of(&c.Places) = r.place(places[rule.key], rule)
	}
	if len(r.problems) == before {
		r.apart(places, &c.Places)
	}
	return c
}

var measureForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?$`)

// place reads [x, y, width, height] and refuses what would be cut off or is too small to be read.
func (r *policyReader) place(n *yaml.Node, rule placeRule) Place {
	what := "issue: paper: places: " + rule.key
	if n == nil {
		return Place{}
	}
	items := r.items(n, what)
	var v [4]float64
	if len(items) != len(v) {
		r.refuse(n, "%s must be [x, y, width, height] in millimetres", what)
		return Place{}
	}
	for i, item := range items {
		number, err := strconv.ParseFloat(item.Value, 64)
		if err != nil || !measureForm.MatchString(item.Value) {
			r.refuse(item, "%s must be [x, y, width, height] in millimetres, not %s", what, quoted(item.Value))
			return Place{}
		}
		v[i] = number
	}
	p := Place{v[0], v[1], v[2], v[3]}
	switch {
	case p.W < rule.minW || p.H < rule.minH:
		r.refuse(n, "%s must be at least %g × %g mm", what, rule.minW, rule.minH)
	case p.X < frontEdge || p.Y < frontEdge || p.X+p.W > frontWidth-frontEdge || p.Y+p.H > frontHeight-frontEdge:
		r.refuse(n, "%s would run into the frame: it must lie between %g and %g mm from the left, %g and %g mm from the top",
			what, frontEdge, frontWidth-frontEdge, frontEdge, frontHeight-frontEdge)
	}
	return p
}

// apart refuses places that would overlap, but for the seal over body and day of issue.
func (r *policyReader) apart(nodes map[string]*yaml.Node, places *CertificatePlaces) {
	for i, a := range placeRules {
		for _, b := range placeRules[:i] {
			sealed := (a.over || b.over) && (a.key == "issuer" || b.key == "issuer")
			if !sealed && a.of(places).overlaps(*b.of(places)) && nodes[a.key] != nil {
				r.refuse(nodes[a.key], "issue: paper: places: %s would overlap %s", a.key, b.key)
			}
		}
	}
}

func (p Place) overlaps(q Place) bool {
	return p.X < q.X+q.W && q.X < p.X+p.W && p.Y < q.Y+q.H && q.Y < p.Y+p.H
}

// String writes the place as the policy file does.
func (p Place) String() string { return fmt.Sprintf("[%g, %g, %g, %g]", p.X, p.Y, p.W, p.H) }
