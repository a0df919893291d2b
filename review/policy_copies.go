package review

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// wordForm is the form of codes that people type on the command line: lost, by_request.
var wordForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,23}$`)

func (r *policyReader) copies(n *yaml.Node) CopyPolicy {
	f := r.fields(n, "copies", []string{"numbered", "serial", "reasons"})
	c := CopyPolicy{
		Numbered: r.flag(f["numbered"], "copies: numbered"),
		Serial:   r.text(f["serial"], "copies: serial"),
		Reasons:  r.codedTexts(f["reasons"], "copies: reasons"),
	}
	form, err := regexp.Compile("^(?:" + c.Serial + ")$")
	if err != nil {
		r.refuse(f["serial"], "copies: serial is no regular expression")
	}
	c.form = form
	if len(c.Reasons) > 0 && !slices.ContainsFunc(c.Reasons, func(t CodedText) bool { return t.Code == CopyMailed }) {
		r.refuse(f["reasons"], "copies: reasons: the code %s is missing, a rule of the program names it", quoted(CopyMailed))
	}
	return c
}

// codedTexts reads a list of coded reasons, which must hold at least one.
func (r *policyReader) codedTexts(n *yaml.Node, what string) []CodedText {
	var list []CodedText
	codes, labels := r.once(what, "code"), r.once(what, "label")
	for _, item := range r.items(n, what) {
		f := r.fields(item, what, []string{"code", "label", "english"}, "note")
		codes(f["code"])
		labels(f["label"])
		list = append(list, CodedText{
			Code:    r.code(f["code"], what, wordForm),
			Label:   r.text(f["label"], what+": label"),
			English: r.text(f["english"], what+": english"),
			Note:    f["note"] != nil && r.flag(f["note"], what+": note"),
		})
	}
	if n != nil && n.Kind == yaml.SequenceNode && len(list) == 0 {
		r.refuse(n, "%s: at least one is needed", what)
	}
	return list
}
