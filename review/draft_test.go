package review

import (
	"reflect"
	"testing"
	"time"
)

// fullDesk is a desk at which everything that can be kept of one is there, made anew at each call.
func fullDesk() DeskState {
	at := time.Date(2026, 11, 16, 12, 0, 0, 0, Zone)
	return DeskState{
		Section: "counter", Queue: "pending", Filter: "kind:first", Place: "z", Index: 1,
		Reference: "SQ202611160001", Open: true, File: "ab", Page: 2, Asking: "note", Text: "半", Marks: []Mark{{ID: "SQ202611160001", Version: 1}},
		Done: &DoneMany{
			Action: Reject, At: at, Cases: []DoneCase{{Reference: "SQ202611160001", Version: 1, Final: true}},
		},
		Counter: &CounterPlace{
			Person: PersonKey{Number: "11010519491231002X"}, Page: true, Kind: First, Origin: "SQ202611160001",
			Picking: &PickingPlace{Folder: "/scans", On: FileStamp{at, 7}, Marked: []FileStamp{{at, 8}}, Replace: 1},
		},
	}
}

// TestDeskIsKeptWhereverItChanged: a state that is taken for the one that was kept before would not be written.
func TestDeskIsKeptWhereverItChanged(t *testing.T) {
	whole, again := fullDesk(), fullDesk()
	if !whole.Same(&again) {
		t.Fatal("the same desk is another one")
	}
	for _, part := range []func(s *DeskState) any{
		func(s *DeskState) any { return s },
		func(s *DeskState) any { return s.Done },
		func(s *DeskState) any { return &s.Done.Cases[0] },
		func(s *DeskState) any { return s.Counter },
		func(s *DeskState) any { return s.Counter.Picking },
		func(s *DeskState) any { return &s.Counter.Picking.On },
		func(s *DeskState) any { return &s.Counter.Picking.Marked[0] },
	} {
		kind := reflect.TypeOf(part(&again)).Elem()
		for i := range kind.NumField() {
			other := fullDesk()
			field := reflect.ValueOf(part(&other)).Elem().Field(i)
			if field.IsZero() {
				t.Fatalf("%s.%s is not filled in", kind.Name(), kind.Field(i).Name)
			}
			field.SetZero()
			if whole.Same(&other) || other.Same(&whole) {
				t.Errorf("%s.%s makes no difference", kind.Name(), kind.Field(i).Name)
			}
		}
	}
}
