package ui

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rongzheng/review"
)

// Guides are the guide pages (办事指南), one file for each kind of application and language: KIND.LANG.txt. The program
// carries good ones; a file of the same name in one of the folders, the first that has it, stands in its place.
type Guides []string

//go:embed guide/*.txt
var guideFiles embed.FS

// Guide is one guide page: four sections of lines.
type Guide struct {
	Kind     review.Kind
	Sections []GuideSection
	// File is where it was read from, "" for the one that the program carries.
	File string
}

// GuideSection is a heading with its lines. An empty line is a pause.
type GuideSection struct {
	Title string
	Lines []string
}

// GuideError says what is wrong with a guide file, and in which line; 0 is the file as a whole.
type GuideError struct {
	File string
	Line int
	Code string
	Args review.Args
}

func (e *GuideError) Error() string {
	return fmt.Sprintf("guide %s, line %d: %s", e.File, e.Line, e.Code)
}

// maxGuide is how many bytes a guide may have: a page to read, not a book.
const maxGuide = 32 << 10

// Read returns the guide page of the kind in the language. A file that cannot be read, or is none, is an error: a page
// that somebody wrote and nobody sees would be worse. The error is a GuideError or one of the file system.
func (g Guides) Read(kind review.Kind, lang review.Lang) (Guide, error) {
	name := string(kind) + "." + string(lang) + ".txt"
	for _, folder := range g {
		if folder == "" {
			continue
		}
		path := filepath.Join(folder, name)
		data, err := readGuide(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Guide{}, err
		}
		return parseGuide(kind, path, data)
	}
	data, err := guideFiles.ReadFile("guide/" + name)
	if err != nil {
		return Guide{}, err
	}
	guide, err := parseGuide(kind, name, data)
	guide.File = ""
	return guide, err
}

func readGuide(path string) (data []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, maxGuide+1))
}

// guideSections is how many sections a page has: 基本信息、申请条件、办理流程、办事附件.
const guideSections = 4

// parseGuide reads a guide: lines of text under headings, which begin with "# ". What stands in braces is filled in from
// policy and registry.
func parseGuide(kind review.Kind, path string, data []byte) (Guide, error) {
	refuse := func(line int, code string, args review.Args) (Guide, error) {
		return Guide{}, &GuideError{path, line, code, args}
	}
	if len(data) > maxGuide {
		return refuse(0, "guide_long", review.Args{"max": strconv.Itoa(maxGuide >> 10)})
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return refuse(0, "guide_encoding", nil)
	}
	guide := Guide{Kind: kind, File: path}
	for i, line := range strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n") {
		line = strings.TrimRight(line, " \t")
		title, heading := strings.CutPrefix(line, "# ")
		switch {
		case review.CheckText(line) != nil:
			return refuse(i+1, "guide_character", nil)
		case line == "#":
			return refuse(i+1, "guide_heading", nil)
		case heading:
			guide.Sections = append(guide.Sections, GuideSection{Title: strings.TrimSpace(title)})
			continue
		case len(guide.Sections) == 0 && line != "":
			return refuse(i+1, "guide_before", nil)
		case len(guide.Sections) == 0:
			continue
		}
		for _, name := range blanks.FindAllString(line, -1) {
			if !slices.Contains(guideBlanks, strings.Trim(name, "{}")) {
				return refuse(i+1, "guide_blank", review.Args{"name": name, "names": strings.Join(guideBlanks, "、")})
			}
		}
		last := &guide.Sections[len(guide.Sections)-1]
		last.Lines = append(last.Lines, line)
	}
	if n := len(guide.Sections); n != guideSections {
		return refuse(0, "guide_sections", review.Args{"count": strconv.Itoa(n)})
	}
	for i := range guide.Sections {
		guide.Sections[i].trim()
	}
	return guide, nil
}

// trim takes empty lines away at both ends.
func (s *GuideSection) trim() {
	for len(s.Lines) > 0 && s.Lines[0] == "" {
		s.Lines = s.Lines[1:]
	}
	for len(s.Lines) > 0 && s.Lines[len(s.Lines)-1] == "" {
		s.Lines = s.Lines[:len(s.Lines)-1]
	}
}

var blanks = regexp.MustCompile(`\{[^{}]*\}`)

// guideBlanks are what a guide can leave to policy and registry. Those that give several lines stand on a line alone.
var guideBlanks = []string{
	"issuer", "years", "days", "opens_days", "opens_example", "within_years", "levels", "hours", "late", "attachments", "fields",
}

// Filled returns the guide with everything in braces filled in.
func (g Guide) Filled(w Words) Guide {
	p := w.rules()
	days := 0
	for _, level := range p.Levels {
		days += level.WorkingDays
	}
	single := strings.NewReplacer("{issuer}", p.Issue.Issuer, "{years}", strconv.Itoa(p.Issue.Years), "{days}", strconv.Itoa(days),
		"{opens_days}", strconv.Itoa(p.Renewal.OpensDays), "{within_years}", strconv.Itoa(p.First.WithinYears),
		"{opens_example}", review.NewDate(2025, 6, 30).AddDays(-p.Renewal.OpensDays).String())
	several := map[string]func() []string{
		"{levels}": w.guideLevels, "{hours}": w.guideHours, "{late}": w.guideLate,
		"{attachments}": func() []string { return w.guideFields(g.Kind, true) },
		"{fields}":      func() []string { return w.guideFields(g.Kind, false) },
	}
	filled := g
	filled.Sections = nil
	for _, s := range g.Sections {
		lines := []string{}
		for _, line := range s.Lines {
			if list, ok := several[strings.TrimSpace(line)]; ok {
				lines = append(lines, list()...)
				continue
			}
			for name, list := range several {
				line = strings.ReplaceAll(line, name, strings.Join(list(), w.Say("join")))
			}
			lines = append(lines, single.Replace(line))
		}
		filled.Sections = append(filled.Sections, GuideSection{s.Title, lines})
	}
	return filled
}

func (w Words) guideLevels() []string {
	var lines []string
	for i, level := range w.rules().Levels {
		lines = append(lines, w.Say("guide.level", w.Level(i+1), level.Office, level.WorkingDays))
	}
	return lines
}

func (w Words) guideHours() []string {
	var lines []string
	for _, level := range w.rules().Options["level"] {
		lines = append(lines, w.Say("guide.hours", level.Name(w.lang), w.rules().Hours[level.Code]))
	}
	return lines
}

func (w Words) guideLate() []string {
	return []string{w.Say("guide.late_" + string(w.rules().Renewal.AfterExpiry))}
}

// guideFields lists the fields or the attachments that the kind asks for, with what they must be like.
func (w Words) guideFields(kind review.Kind, files bool) []string {
	var lines []string
	for _, field := range review.Fields() {
		need := field.Need(kind)
		if need == review.Never || (field.Type == review.File) != files || field.Type == review.Moment || field.Type == review.Derived {
			continue
		}
		line := w.Say("guide.item", w.pick(field.Label, field.English))
		if hint := field.Hint(w.lang); hint != "" {
			line += w.Say("guide.hint", hint)
		}
		lines = append(lines, line)
	}
	return lines
}

// Text writes the guide as plain text, as the command line shows it.
func (g Guide) Text() string {
	var out strings.Builder
	for i, s := range g.Sections {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(s.Title + "\n\n")
		for _, line := range s.Lines {
			out.WriteString(strings.TrimRight("  "+Plain(line), " ") + "\n")
		}
	}
	return out.String()
}
