package ui

import (
	"bytes"
	"encoding/csv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// saver is an outlet that can also write files that are not for a printer.
type saver interface {
	Save(file string, data []byte, settle func() error) (where string, err error)
}

// writeList writes the addresses of the chosen mailings as a sheet for the carrier, in the order of the list. It shows
// them in clear, so it asks, and is recorded like labels.
func (m *mailroom) writeList() (step, tea.Cmd) {
	w := m.s.words
	list, why := m.chosen("")
	to, ok := m.s.outlet.(saver)
	switch {
	case why != "":
		return refuse(why), nil
	case !ok:
		return refuse(w.Say("mail.no_outlet_list")), nil
	}
	return step{open: newConfirm(m.s, w.Say("mail.list_confirm", len(list)), func() tea.Cmd { return m.write(m.listing(to, list)) })}, nil
}

func (m *mailroom) listing(to saver, list []review.Application) func() doneMsg {
	from, by, clock, w := mailRoom(m.s.store), m.s.by, m.s.clock, m.s.words
	return func() doneMsg {
		now := clock()
		data, err := carrierSheet(list, w)
		if err != nil {
			return doneMsg{err: err}
		}
		where, err := to.Save(batchName(now)+"-list.csv", data, func() error { return from.PrintLabels(by.Name, references(list), now) })
		if err != nil {
			return doneMsg{err: err}
		}
		return doneMsg{text: w.Say("mail.listed", len(list), Plain(where))}
	}
}

// carrierSheet is a table that Chinese spreadsheets open as it is: UTF-8 with its mark.
func carrierSheet(list []review.Application, w Words) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	sheet := csv.NewWriter(&out)
	keys := []review.Key{"recipient", "recipient_phone", "region", "street_address"}
	head := []string{w.Say("column.reference")}
	for _, key := range keys {
		head = append(head, w.Label(key))
	}
	if err := sheet.Write(append(head, w.Say("column.certificate"))); err != nil {
		return nil, err
	}
	for i := range list {
		line := []string{list[i].Reference}
		for _, key := range keys {
			line = append(line, harmless(list[i].PostalForm().Get(key)))
		}
		if err := sheet.Write(append(line, list[i].Certificate)); err != nil {
			return nil, err
		}
	}
	sheet.Flush()
	return out.Bytes(), sheet.Error()
}

// harmless keeps a spreadsheet from reading what an applicant typed as a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
