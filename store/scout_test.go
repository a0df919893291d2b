package store

import (
	"testing"
)

// TestScoutReadsEachPieceOnce: however often and in whatever order walks come by.
func TestScoutReadsEachPieceOnce(t *testing.T) {
	s := newStore(t)
	if err := s.Load("li.admin", crowd(2000), clock, nil); err != nil {
		t.Fatal(err)
	}
	err := s.view(func(t2 *txn) error {
		ahead := t2.newScout()
		defer ahead.end()
		if len(ahead.asked) < 3 {
			t.Fatalf("a file of %d pieces shows nothing", len(ahead.asked))
		}
		for range 2 {
			for tr := treeCount; tr > 0; tr-- {
				for _, err := range batchesOf(t2.in(tr-1), ahead) {
					if err != nil {
						return err
					}
				}
			}
		}
		asked := 0
		for _, yes := range ahead.asked {
			if yes {
				asked++
			}
		}
		if asked < len(ahead.asked)/2 {
			t.Errorf("%d of %d pieces were read ahead", asked, len(ahead.asked))
		}
		outside := []byte("this lies elsewhere")
		ahead.at(outside)
		ahead.at(nil)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNoScoutIsNoHarm(t *testing.T) {
	var none *scout
	none.at([]byte("key"))
	none.end()
}
