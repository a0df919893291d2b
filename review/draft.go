package review

import (
	"slices"
	"time"
)

// HalfDone is what an account has half done about one application: kept until it is decided, offered when it is opened again.
type HalfDone struct {
	Reference string       `json:"reference"`
	Revision  int          `json:"revision"` // that it is about; of another revision it is void
	Note      string       `json:"note,omitempty"`
	Reasons   []HalfReason `json:"reasons,omitempty"`
	// Words are answers that have not been carried out, such as why the case is to be held, by the desk's names of the
	// questions.
	Words map[string]string `json:"words,omitempty"`
}

// HalfReason is a reason of a rejection that is being written: it need not be complete.
type HalfReason struct {
	Code    string `json:"code"`
	Ticked  bool   `json:"ticked,omitempty"`
	Targets []Key  `json:"targets,omitempty"`
	Note    string `json:"note,omitempty"`
}

// Empty reports whether there is nothing to keep.
func (d *HalfDone) Empty() bool { return d.Note == "" && len(d.Reasons) == 0 && len(d.Words) == 0 }

// Ticked returns how many reasons are ticked.
func (d *HalfDone) Ticked() int {
	n := 0
	for _, r := range d.Reasons {
		if r.Ticked {
			n++
		}
	}
	return n
}

// SameReasons reports whether both lists hold the same reasons in the same order.
func SameReasons(a, b []HalfReason) bool {
	return slices.EqualFunc(a, b, func(x, y HalfReason) bool {
		return x.Code == y.Code && x.Ticked == y.Ticked && x.Note == y.Note && slices.Equal(x.Targets, y.Targets)
	})
}

// DeskState is where an account left its desk.
type DeskState struct {
	// Section is the tab that was open in the place of a queue, AtQueue for none, "" where that has not been noted.
	Section string `json:"section,omitempty"`
	Queue   string `json:"queue"`
	Filter  string `json:"filter,omitempty"`
	// Place is the store's cursor of the row that the cursor stood on, Index the line of the window that it stood in.
	Place     string `json:"place,omitempty"`
	Index     int    `json:"index,omitempty"`
	Reference string `json:"reference,omitempty"` // of that row: an application or the number of a certificate
	Open      bool   `json:"open,omitempty"`      // the case was open in the whole window
	File      string `json:"file,omitempty"`      // hash of the attachment that was open
	Page      int    `json:"page,omitempty"`      // of that attachment
	Asking    string `json:"asking,omitempty"`    // the question that was open
	Text      string `json:"text,omitempty"`      // what had been typed as its answer
	Marks     []Mark `json:"marks,omitempty"`
	// Done is what was done last, where that was a decision on several cases, nil otherwise.
	Done *DoneMany `json:"done,omitempty"`
	// Counter is where a clerk was with a person, nil for nowhere.
	Counter *CounterPlace `json:"counter,omitempty"`
}

// CounterPlace is a person's page at the counter, the form that is typed for the person, or both. What was typed and where
// the cursor of the form stood are the draft's.
type CounterPlace struct {
	Person PersonKey `json:"person"`
	Page   bool      `json:"page,omitempty"`   // the page was open, beneath the form if there was one
	Kind   Kind      `json:"kind,omitempty"`   // of the form, "" for none
	Origin string    `json:"origin,omitempty"` // of the form, as in FilingID
	// Picking is the choice of files that was open over the form, nil for none.
	Picking *PickingPlace `json:"picking,omitempty"`
}

// PickingPlace is where a choice of files stood.
type PickingPlace struct {
	Folder  string      `json:"folder,omitempty"`
	On      FileStamp   `json:"on"` // the file or folder under the cursor
	Marked  []FileStamp `json:"marked,omitempty"`
	Replace int         `json:"replace,omitempty"` // number of the file of the slot that gives way, from 1; 0 for none
}

// FileStamp tells a file from its neighbours without its name: scans are named after people.
type FileStamp struct {
	At   time.Time `json:"at"` // when it was last written
	Size int64     `json:"size"`
}

// Same reports whether both are of the same file, as far as stamps can tell.
func (f FileStamp) Same(other FileStamp) bool { return f.Size == other.Size && f.At.Equal(other.At) }

// Form returns what tells the form from the clerk's others.
func (p *CounterPlace) Form() FilingID { return FilingID{p.Person, p.Kind, p.Origin} }

// AtQueue is the Section of a desk that was left at a queue.
const AtQueue = "queue"

// Mark is a marked row: what is decided on is the version that was seen when it was marked.
type Mark struct {
	ID          string `json:"id"`                    // reference of an application, else number of a certificate
	Version     int    `json:"version,omitempty"`     // of the application
	Certificate string `json:"certificate,omitempty"` // its number
	Held        bool   `json:"held,omitempty"`        // as it was marked
}

// DoneMany is a decision on several cases by one command, without those on which it was taken back.
type DoneMany struct {
	Action Action     `json:"action"`
	At     time.Time  `json:"at"` // of the last of them
	Cases  []DoneCase `json:"cases"`
}

// DoneCase is one of the cases, as the decision left it.
type DoneCase struct {
	Reference string `json:"reference"`
	Version   int    `json:"version"`
	Final     bool   `json:"final,omitempty"` // a certificate was issued
}

// Same reports whether both are the same place.
func (s *DeskState) Same(other *DeskState) bool {
	return s.Section == other.Section && s.Queue == other.Queue &&
		s.Filter == other.Filter && s.Place == other.Place && s.Index == other.Index &&
		s.Reference == other.Reference && s.Open == other.Open && s.File == other.File && s.Page == other.Page &&
		s.Asking == other.Asking && s.Text == other.Text && slices.Equal(s.Marks, other.Marks) &&
		samePlace(s.Counter, other.Counter) && sameDone(s.Done, other.Done)
}

func sameDone(a, b *DoneMany) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Action == b.Action && a.At.Equal(b.At) && slices.Equal(a.Cases, b.Cases)
}

func samePlace(a, b *CounterPlace) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := *a, *b
	x.Picking, y.Picking = nil, nil
	return x == y && samePicking(a.Picking, b.Picking)
}

func samePicking(a, b *PickingPlace) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Folder == b.Folder && a.On.Same(b.On) && a.Replace == b.Replace &&
		slices.EqualFunc(a.Marked, b.Marked, FileStamp.Same)
}
