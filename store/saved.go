package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rongzheng/review"
)

// viewsName is a bucket beside the trees, made when something is first kept in it: how accounts have arranged their desks.
// No check compares it with anything.
//
//	"zhou.wuhou" → {"views":[{"name":"快到期","queue":"pending","query":"due<3d -hold"}],"welcomed":true}
const viewsName = "views"

// SavedView is a filter that an account has given a name.
type SavedView struct {
	Name string `json:"name"`
	// Queue is the one that the filter narrows.
	Queue QueueName `json:"queue"`
	// Query is the text of the filter (review.Query.String). It may name what the policy does not list any more.
	Query string `json:"query"`
}

// Limits of saved views.
const (
	MaxViews    = 20
	MaxViewName = 12 // characters
)

// Preferences are how an account has arranged its desk.
type Preferences struct {
	Views []SavedView `json:"views,omitempty"` // in the order in which they were first saved
	// Images is how the account wants pictures shown, "" for the best way of the terminal.
	Images string `json:"images,omitempty"`
	// Scans is the folder in which the account last picked files at the counter, "" for none.
	Scans string `json:"scans,omitempty"`
	// Welcomed says that the account has been shown the lines for the first start.
	Welcomed bool `json:"welcomed,omitempty"`
}

// Preferences returns how the account has arranged its desk; the zero Preferences when it never did.
func (s *Store) Preferences(account string) (Preferences, error) {
	var p Preferences
	err := s.view(func(t *txn) (err error) {
		p, err = t.preferences(account)
		return err
	})
	return p, about("read the preferences of", account, err)
}

// SaveView keeps a filter under its name; one that the account has kept under the same name before is replaced in its
// place. Errors are RuleErrors: ErrQueue when there is no such queue, view_name for a name that is empty, longer than MaxViewName, or holds blanks or what no
// line can show; views_many beyond MaxViews; query_long for a longer query than there can be.
func (s *Store) SaveView(account string, v SavedView) error {
	return s.arrange("save the view of", account, func(p *Preferences) error {
		if err := checkView(v); err != nil {
			return err
		}
		if i := p.index(v.Name); i >= 0 {
			p.Views[i] = v
			return nil
		}
		if len(p.Views) >= MaxViews {
			return &review.RuleError{Code: "views_many"}
		}
		p.Views = append(p.Views, v)
		return nil
	})
}

// ForgetView removes the view with the name; ErrNotFound when the account has none.
func (s *Store) ForgetView(account, name string) error {
	return s.arrange("forget the view of", account, func(p *Preferences) error {
		i := p.index(name)
		if i < 0 {
			return review.ErrNotFound
		}
		p.Views = slices.Delete(p.Views, i, i+1)
		return nil
	})
}

// PreferImages keeps how the account wants pictures shown, "" for the best way of its terminal.
func (s *Store) PreferImages(account, way string) error {
	return s.arrange("keep how pictures are shown to", account, func(p *Preferences) error {
		if review.CheckText(way) != nil || len(way) > MaxViewName {
			return &review.RuleError{Code: "view_name"}
		}
		p.Images = way
		return nil
	})
}

// PreferScans keeps the folder in which the account last picked files; a path that no line can show is a RuleError.
func (s *Store) PreferScans(account, folder string) error {
	return s.arrange("keep the folder of scans of", account, func(p *Preferences) error {
		if review.CheckText(folder) != nil || len(folder) > maxPath {
			return &review.RuleError{Code: "view_name"}
		}
		p.Scans = folder
		return nil
	})
}

// maxPath is the longest path that an account's preferences keep.
const maxPath = 4096

// Welcome notes that the account has been shown the lines for the first start.
func (s *Store) Welcome(account string) error {
	return s.arrange("welcome", account, func(p *Preferences) error {
		p.Welcomed = true
		return nil
	})
}

func (p *Preferences) index(name string) int {
	return slices.IndexFunc(p.Views, func(v SavedView) bool { return v.Name == name })
}

// CheckViewName tells whether a view can have the name: a RuleError view_name when not.
func CheckViewName(name string) error {
	if name == "" || utf8.RuneCountInString(name) > MaxViewName || strings.ContainsAny(name, " \u3000\t") || review.CheckText(name) != nil {
		return &review.RuleError{Code: "view_name"}
	}
	return nil
}

func checkView(v SavedView) error {
	if err := CheckViewName(v.Name); err != nil {
		return err
	}
	if !slices.Contains(Queues(), v.Queue) {
		return ErrQueue
	}
	if utf8.RuneCountInString(v.Query) > review.MaxQuery {
		return &review.RuleError{Code: "query_long"}
	}
	return nil
}

// arrange changes the preferences of an account that is there and active.
func (s *Store) arrange(tried, account string, change func(p *Preferences) error) error {
	return about(tried, account, s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		if err := by.May(review.View); err != nil {
			return err
		}
		p, err := t.preferences(account)
		if err != nil {
			return err
		}
		if err := change(&p); err != nil {
			return err
		}
		b, err := t.CreateBucketIfNotExists([]byte(viewsName))
		if err != nil {
			return err
		}
		body, err := json.Marshal(p)
		if err != nil {
			return err
		}
		return b.Put([]byte(account), body)
	}))
}

func (t *txn) preferences(account string) (p Preferences, err error) {
	b := t.Bucket([]byte(viewsName))
	if b == nil {
		return p, nil
	}
	value := b.Get([]byte(account))
	if value == nil {
		return p, nil
	}
	if err := json.Unmarshal(value, &p); err != nil {
		return p, fmt.Errorf("%w: preferences: %w", ErrDamaged, err)
	}
	return p, nil
}
