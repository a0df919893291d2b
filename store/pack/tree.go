package pack

import (
	"encoding/hex"
	"encoding/json"

	"golang.org/x/mod/sumdb/tlog"
)

// tree is the tree of RFC 6962 over the acts.
type tree struct {
	stored []tlog.Hash
	n      int64
}

func (t *tree) read(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		hashes[i] = t.stored[at]
	}
	return hashes, nil
}

func (t *tree) add(leaf []byte) error {
	hashes, err := tlog.StoredHashes(t.n, leaf, tlog.HashReaderFunc(t.read))
	if err != nil {
		return err
	}
	t.stored = append(t.stored, hashes...)
	t.n++
	return nil
}

// root is the hash of the whole tree in hexadecimal digits. Of no acts it is the hash of nothing, as RFC 6962 has it.
func (t *tree) root() (string, error) {
	if t.n == 0 {
		return hashOf(nil), nil
	}
	h, err := tlog.TreeHash(t.n, tlog.HashReaderFunc(t.read))
	return hex.EncodeToString(h[:]), err
}

// steps is the document that proves one act.
type steps struct {
	Path []string `json:"path"`
}

func (t *tree) prove(index int64) ([]byte, error) {
	proof, err := tlog.ProveRecord(t.n, index, tlog.HashReaderFunc(t.read))
	if err != nil {
		return nil, err
	}
	p := steps{Path: make([]string, len(proof))}
	for i, h := range proof {
		p.Path[i] = hex.EncodeToString(h[:])
	}
	return json.Marshal(p)
}

// proves holds one act to the root of the statement.
func proves(s *Statement, index int64, act, proof []byte) error {
	var p steps
	if err := json.Unmarshal(proof, &p); err != nil {
		return damaged(err)
	}
	root, err := parseHash(s.Root)
	if err != nil {
		return err
	}
	hashes := make(tlog.RecordProof, len(p.Path))
	for i, text := range p.Path {
		if hashes[i], err = parseHash(text); err != nil {
			return err
		}
	}
	if err := tlog.CheckRecord(hashes, int64(s.Acts), root, index, tlog.RecordHash(act)); err != nil {
		return refuse("pack_signature")
	}
	return nil
}

func parseHash(text string) (tlog.Hash, error) {
	var h tlog.Hash
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(h) {
		return h, refuse("pack_damaged")
	}
	return tlog.Hash(raw), nil
}
