package ui

import (
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// newAccountForm asks for an account step by step: role, level, areas, then its name, office and title in one line each.
func newAccountForm(s *session) screen {
	var options []option
	for _, role := range review.Roles() {
		if role != review.Reviewer {
			options = append(options, option{string(role), s.words.Say("role." + string(role))})
			continue
		}
		for i := range s.policy.Levels {
			options = append(options, option{fmt.Sprint(role, " ", i+1), s.words.Say("role.reviewer") + " · " + s.words.Level(i+1)})
		}
	}
	return newPicker(s, picker{title: s.words.Say("admin.new_role"), options: options, then: func(code string) (step, tea.Cmd) {
		role, level, _ := strings.Cut(code, " ")
		a := review.Account{Role: review.Role(role)}
		a.Level, _ = strconv.Atoi(level)
		if a.Role == review.Clerk || a.Role == review.Reviewer && !s.policy.Level(a.Level).City {
			return step{open: newAreaPicker(s, nil, func(codes []string) (step, tea.Cmd) {
				a.Areas = codes
				return step{open: s.askAccount(a)}, nil
			})}, nil
		}
		return step{open: s.askAccount(a)}, nil
	}})
}

// askAccount asks for the name, and then for office and title.
func (s *session) askAccount(a review.Account) screen {
	w := s.words
	return newAsk(s, ask{title: w.Say("admin.new_title"), label: w.Say("admin.new_name"), required: true, then: func(name string) (step, tea.Cmd) {
		a.Name = name
		return step{open: newAsk(s, ask{title: w.Say("admin.new_title"), label: w.Say("admin.new_office"), value: s.officeOf(a), then: func(office string) (step, tea.Cmd) {
			a.Office = office
			to, by, clock, done := accounts(s.store), s.by.Name, s.clock, w.Say("admin.added", Plain(a.Name))
			return step{}, func() tea.Msg {
				if err := to.AddAccount(by, a, clock()); err != nil {
					return doneMsg{id: a.Name, err: err}
				}
				return doneMsg{id: a.Name, text: done}
			}
		}})}, nil
	}})
}

// officeOf proposes the office of a reviewer: that of the level, in the area where there is one.
func (s *session) officeOf(a review.Account) string {
	if a.Role != review.Reviewer {
		return ""
	}
	office := s.policy.Level(a.Level).Office
	if len(a.Areas) == 1 {
		office = strings.Replace(office, "区（市）县", s.policy.AreaLabel(a.Areas[0]), 1)
	}
	return office
}
