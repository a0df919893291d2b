// Package store keeps the register in a data folder.
package store

import "rongzheng/review"

// Store is an open data folder. Its methods may be called from many goroutines at once.
type Store struct {
	dir    string
	policy *review.Policy
}
