package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// areaPicker asks for review areas by type-ahead: letters narrow the list, enter takes what is marked.
type areaPicker struct {
	s             *session
	options       []review.Option
	chosen        map[string]bool
	typed         string
	cursor        int
	then          func(codes []string) (step, tea.Cmd)
	width, height int
}

func newAreaPicker(s *session, codes []string, then func(codes []string) (step, tea.Cmd)) *areaPicker {
	p := &areaPicker{s: s, chosen: map[string]bool{}, then: then}
	for _, o := range s.policy.Options["area"] {
		if !o.Disabled {
			p.options = append(p.options, o)
		}
	}
	for _, code := range codes {
		p.chosen[code] = true
	}
	return p
}

// found are the areas that what is typed can mean: by label, code, or the beginning of their English name, which is pinyin.
func (p *areaPicker) found() []review.Option {
	return slices.DeleteFunc(slices.Clone(p.options), func(o review.Option) bool {
		typed := strings.ToLower(p.typed)
		return !strings.Contains(o.Label, typed) && !strings.HasPrefix(o.Code, typed) &&
			!strings.Contains(" "+strings.ToLower(o.Name(review.English)), " "+typed)
	})
}

func (p *areaPicker) Init() tea.Cmd { return nil }

func (p *areaPicker) Update(msg tea.Msg) (step, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	if !ok {
		return step{}, nil
	}
	found := p.found()
	switch {
	case key.Matches(press, p.s.keys.cancel):
		return step{close: true}, nil
	case key.Matches(press, p.s.keys.accept):
		next, cmd := p.then(p.codes())
		next.close = true
		return next, cmd
	case press.Type == tea.KeySpace:
		if len(found) > 0 {
			code := found[p.cursor].Code
			p.chosen[code] = !p.chosen[code]
			p.typed, p.cursor = "", 0
		}
	case press.Type == tea.KeyDown, press.Type == tea.KeyUp:
		p.cursor, _ = p.s.keys.cursor(press, p.cursor, len(found), p.height)
	case press.Type == tea.KeyBackspace:
		if runes := []rune(p.typed); len(runes) > 0 {
			p.typed, p.cursor = string(runes[:len(runes)-1]), 0
		}
	case press.Type == tea.KeyRunes:
		p.typed, p.cursor = Plain(p.typed+string(press.Runes)), 0
	}
	return step{}, nil
}

func (p *areaPicker) codes() []string {
	var codes []string
	for _, o := range p.options {
		if p.chosen[o.Code] {
			codes = append(codes, o.Code)
		}
	}
	return codes
}

func (p *areaPicker) Capturing() bool           { return true }
func (p *areaPicker) SetSize(width, height int) { p.width, p.height = width, height }

func (p *areaPicker) View() string {
	w, st := p.s.words, p.s.styles
	count := st.muted.Render(w.Say("admin.areas_chosen", len(p.codes()))) + " "
	lines := []string{both(" "+st.strong.Render(w.Say("admin.areas_title"))+"  > "+p.typed+st.selected.Render(" "), count, p.width), rule(st, p.width)}
	found := p.found()
	room := max(p.height-2, 1)
	first := scrolled(p.cursor, len(found), room)
	for i, o := range found[first:min(first+room, len(found))] {
		box := "[ ] "
		if p.chosen[o.Code] {
			box = "[x] "
		}
		lines = append(lines, pointer(st, first+i == p.cursor, box+o.Code+"  "+o.Name(w.Lang()), p.width))
	}
	if len(found) == 0 {
		lines = append(lines, "  "+st.muted.Render(w.Say("admin.areas_none")))
	}
	return strings.Join(lines, "\n")
}

func (p *areaPicker) ShortHelp() []key.Binding {
	return []key.Binding{p.s.keys.toggle, p.s.keys.accept, p.s.keys.cancel}
}

func (p *areaPicker) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }
