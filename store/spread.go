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
	type result struct {
		value R
		err   error
		fault any
	}
	type job struct {
		item T
		done chan result
	}
	workers := min(runtime.GOMAXPROCS(0), spreadWorkers)
	queue, order, stop := make(chan job, workers), make(chan chan result, 2*workers), make(chan struct{})
	var group sync.WaitGroup
	guard := func(done chan<- result, do func() result) {
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		defer func() {
			if fault := recover(); fault != nil {
				done <- result{fault: fault}
			}
		}()
		done <- do()
	}
	group.Go(func() { // the feeder
		defer close(order)
		defer close(queue)
		last := make(chan result, 1)
		guard(last, func() result {
			for item, err := range items {
				if err != nil {
					return result{err: err}
				}
				done := make(chan result, 1)
				select {
				case order <- done:
				case <-stop:
					return result{}
				}
				queue <- job{item, done} // there is always a worker to take it
			}
			return result{}
		})
		if end := <-last; end.err != nil || end.fault != nil {
			last <- end
			select {
			case order <- last:
			case <-stop:
			}
		}
	})
	for range workers {
		group.Go(func() {
			for j := range queue {
				guard(j.done, func() result {
					value, err := work(j.item)
					return result{value: value, err: err}
				})
			}
		})
	}
	var err error
	var fault any
	for done := range order {
		r := <-done
		if fault, err = r.fault, r.err; err == nil && fault == nil {
			err = take(r.value)
		}
		if err != nil || fault != nil {
			break
		}
	}
	close(stop)
	for range order { // lets the feeder end
	}
	group.Wait()
	if fault != nil {
		panic(fault)
	}
	return err
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
