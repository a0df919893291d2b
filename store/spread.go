package store

import (
	"iter"
	"runtime"
	"runtime/debug"
	"sync"

	bolt "go.etcd.io/bbolt"
)

const (
	// spreadWorkers is how many goroutines share the work on records at most.
	spreadWorkers = 8
	// batchRecords is how many records are handed over at a time.
	batchRecords = 128
)

// spread does work on every item, on several goroutines, and gives the results to take in the order of the items, on the
// goroutine of the caller. The items come from one goroutine. It returns the first error in that order; a panic of the
// others is thrown again here.
func spread[T, R any](items iter.Seq2[T, error], work func(T) (R, error), take func(R) error) error {
	return spreadOver(min(runtime.GOMAXPROCS(0), spreadWorkers), items, work, take)
}

// spreadOver is spread over so many goroutines, for work that waits more than it computes.
func spreadOver[T, R any](workers int, items iter.Seq2[T, error], work func(T) (R, error), take func(R) error) error {
	s := spreading[T, R]{
		work: work, queue: make(chan job[T, R], workers), order: make(chan chan result[R], 2*workers), stop: make(chan struct{}),
	}
	var group sync.WaitGroup
	group.Go(func() { s.feed(items) })
	for range workers {
		group.Go(s.serve)
	}
	defer func() { // also when take panics: what the items are read from may be gone after the return
		close(s.stop)
		for range s.order { // lets the feeder end
		}
		group.Wait()
	}()
	end := s.collect(take)
	if end.fault != nil {
		panic(end.fault)
	}
	return end.err
}

// spreading is work that is under way: the feeder puts each item into the queue of the workers and, in the order of the items,
// the place where its result will be.
type spreading[T, R any] struct {
	work  func(T) (R, error)
	queue chan job[T, R]
	order chan chan result[R]
	stop  chan struct{}
}

// job is an item with the place for its result.
type job[T, R any] struct {
	item T
	done chan result[R]
}

// result is what became of an item: a value, an error, or a panic.
type result[R any] struct {
	value R
	err   error
	fault any
}

// ends reports whether nothing after the result counts.
func (r *result[R]) ends() bool { return r.err != nil || r.fault != nil }

// caught does one part of the work, and turns a panic into a result; so does a page of a damaged file that cannot be read.
func caught[R any](do func() result[R]) (r result[R]) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			r = result[R]{fault: fault}
		}
	}()
	return do()
}

// feed hands out the items, and an end that came before theirs as the last result.
func (s *spreading[T, R]) feed(items iter.Seq2[T, error]) {
	defer close(s.order)
	defer close(s.queue)
	end := caught(func() result[R] { return s.handOut(items) })
	if !end.ends() {
		return
	}
	last := make(chan result[R], 1)
	last <- end
	select {
	case s.order <- last:
	case <-s.stop:
	}
}

// handOut hands out the items until they end, one of them is an error, or nobody wants them any more.
func (s *spreading[T, R]) handOut(items iter.Seq2[T, error]) result[R] {
	for item, err := range items {
		if err != nil {
			return result[R]{err: err}
		}
		done := make(chan result[R], 1)
		select {
		case s.order <- done:
		case <-s.stop:
			return result[R]{}
		}
		s.queue <- job[T, R]{item, done} // there is always a worker to take it
	}
	return result[R]{}
}

// serve is one worker.
func (s *spreading[T, R]) serve() {
	for j := range s.queue {
		j.done <- caught(func() result[R] {
			value, err := s.work(j.item)
			return result[R]{value: value, err: err}
		})
	}
}

// collect gives the results away in their order, and returns the first that ends it.
func (s *spreading[T, R]) collect(take func(R) error) result[R] {
	for done := range s.order {
		r := <-done
		if r.err == nil && r.fault == nil {
			r.err = take(r.value)
		}
		if r.ends() {
			return r
		}
	}
	return result[R]{}
}

// record is one key of a tree with what it holds; both lie in the transaction's memory.
type record struct{ key, value []byte }

// batchesOf yields the records of a tree in their order, in batches, with a scout ahead.
func batchesOf(b *bolt.Bucket, ahead *scout) iter.Seq2[[]record, error] {
	return func(yield func([]record, error) bool) {
		batch := make([]record, 0, batchRecords)
		c := b.Cursor()
		for key, value := c.First(); key != nil; key, value = c.Next() {
			if batch = append(batch, record{key, value}); len(batch) == batchRecords {
				ahead.at(key)
				if !yield(batch, nil) {
					return
				}
				batch = make([]record, 0, batchRecords)
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

// beside returns a transaction for another goroutine, which reads the same. All trees are open in it: opening one writes to
// what bbolt keeps of the transaction.
func (t *txn) beside() *txn {
	for tr := range treeCount {
		t.in(tr)
	}
	return &txn{Tx: t.Tx, s: t.s, trees: t.trees}
}
