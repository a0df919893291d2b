package store

import "rongzheng/review"

// Application returns the application in its present revision: ErrNotFound when there is none, a DeniedError outside the
// account's scope.
func (s *Store) Application(by review.Actor, reference string) (review.Application, error) {
	var a review.Application
	err := s.view(func(t *txn) error {
		_, found, err := t.application(reference)
		if err == nil {
			err = by.Sees(&found)
		}
		if err == nil {
			a = found
		}
		return err
	})
	return a, about("application", reference, err)
}

// Revisions returns the earlier revisions of the application as they were when they were replaced, oldest first.
func (s *Store) Revisions(by review.Actor, reference string) ([]review.Application, error) {
	var list []review.Application
	err := s.view(func(t *txn) error {
		id, a, err := t.application(reference)
		if err == nil {
			err = by.Sees(&a)
		}
		if err != nil {
			return err
		}
		for key := range keys(t.in(revisions), idKey(id)) {
			earlier, err := t.revision(id, revisionOf(key))
			if err != nil {
				return err
			}
			list = append(list, *earlier)
		}
		return nil
	})
	return list, about("revisions of", reference, err)
}
