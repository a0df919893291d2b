package command

import (
	"encoding/json"
	"io"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"rongzheng/review"
	"rongzheng/ui"
)

// guideFolder holds guide pages that stand in the place of the program's: beside the policy file, or else in the data
// folder.
const guideFolder = "guide"

// guides are the folders in which this run looks for guide pages. There need not be a data folder.
func (p *program) guides() ui.Guides {
	var folders ui.Guides
	if p.policyFile != "" {
		folders = append(folders, filepath.Join(filepath.Dir(p.policyFile), guideFolder))
	}
	if p.bound != nil {
		return append(folders, filepath.Join(p.bound.Store.Dir(), guideFolder))
	}
	if dir, err := p.folder(); err == nil {
		folders = append(folders, filepath.Join(dir, guideFolder))
	}
	return folders
}

func (p *program) guideCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "guide first|renewal|completion", Args: p.arguments(1, 1), ValidArgs: []string{"first", "renewal", "completion"},
		Example: "  rongzheng guide first\n  rongzheng guide renewal --lang en",
		RunE: func(_ *cobra.Command, args []string) error {
			kind := review.Kind(args[0])
			if !slices.Contains(review.Kinds(), kind) {
				return p.misused("usage.kind", args[0])
			}
			return p.guide(kind, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, p.words.Say("flag.json"))
	return cmd
}

func (p *program) guide(kind review.Kind, asJSON bool) error {
	if _, err := p.policy(); err != nil {
		return err
	}
	page, err := p.guides().Read(kind, p.words.Lang())
	if err != nil {
		return err
	}
	page = page.Filled(p.words)
	if !asJSON {
		_, err = io.WriteString(p.stdout, page.Text()+"\n"+p.words.Say("guide.done", kind)+"\n")
		return err
	}
	type section struct {
		Title string   `json:"title"`
		Lines []string `json:"lines"`
	}
	document := struct {
		Kind     review.Kind `json:"kind"`
		Sections []section   `json:"sections"`
	}{Kind: kind}
	for _, s := range page.Sections {
		document.Sections = append(document.Sections, section(s))
	}
	out := json.NewEncoder(p.stdout)
	out.SetEscapeHTML(false)
	return out.Encode(document)
}
