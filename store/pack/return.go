package pack

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"
)

// WriteReturn seals what an officer did to the desk's key and signs it once with the officer's. The statement comes without
// format, number of acts and root; the acts are numbered from 1 in their order.
func WriteReturn(w io.Writer, s Statement, acts []Act, officer *Key, desk ssh.PublicKey) error {
	to, err := recipient(desk)
	if err != nil {
		return fmt.Errorf("%w: %w", refuse("pack_desk_key"), err)
	}
	leaves, t, err := grown(acts)
	if err != nil {
		return err
	}
	s.Format, s.Acts = returnFormat, len(acts)
	if s.Root, err = t.root(); err != nil {
		return err
	}
	statement, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	signature, err := officer.sign(statement, returnNamespace)
	if err != nil {
		return err
	}
	out, err := newSealed(w, []age.Recipient{to})
	if err != nil {
		return err
	}
	if err := out.add("return.json", statement); err != nil {
		return err
	}
	if err := out.add("return.json.sig", signature); err != nil {
		return err
	}
	for i, leaf := range leaves {
		proof, err := t.prove(int64(i))
		if err != nil {
			return err
		}
		if err := out.add(actName(i, "json"), leaf); err != nil {
			return err
		}
		if err := out.add(actName(i, "proof"), proof); err != nil {
			return err
		}
	}
	return out.close()
}

func grown(acts []Act) (leaves [][]byte, t *tree, err error) {
	t = &tree{}
	for i, act := range acts {
		act.Number = i + 1
		leaf, err := json.Marshal(act)
		if err != nil {
			return nil, nil, err
		}
		if err := t.add(leaf); err != nil {
			return nil, nil, err
		}
		leaves = append(leaves, leaf)
	}
	return leaves, t, nil
}

func actName(index int, ext string) string { return fmt.Sprintf("acts/%06d.%s", index+1, ext) }

// Return is what came back, with a signature that fits.
type Return struct {
	Statement Statement
	// Officer is the key that signed. Whoever takes a return must know it for one of the account's.
	Officer   ssh.PublicKey
	statement []byte
	signature []byte
	in        *opened
}

// OpenReturn opens a return with the desk's key. The errors are those of Open.
func OpenReturn(r io.ReaderAt, size int64, desk *Key) (*Return, error) {
	in, err := open(r, size, desk)
	if err != nil {
		return nil, err
	}
	b := &Return{in: in}
	if b.statement, err = in.read("return.json", 1<<20); err != nil {
		return nil, err
	}
	if b.signature, err = in.read("return.json.sig", 1<<16); err != nil {
		return nil, err
	}
	if b.Officer, err = signer(b.statement, b.signature, returnNamespace); err != nil {
		return nil, err
	}
	if err := document(b.statement, returnFormat, &b.Statement); err != nil {
		return nil, err
	}
	if n := b.Statement.Acts; n < 0 || len(in.files) != 2*n+2 {
		return nil, refuse("pack_damaged")
	}
	return b, nil
}

// Proof is one act with everything that shows who signed it. It is what the desk keeps.
type Proof struct {
	Statement string `json:"statement"` // return.json, byte by byte
	Signature string `json:"signature"`
	Index     int    `json:"index"` // from 0
	Act       string `json:"act"`   // byte by byte
	Path      string `json:"path"`  // its proof
}

// ID names the act for ever: the hash of its leaf.
func (p *Proof) ID() string { return hashOf([]byte("\x00" + p.Act)) }

// Acts yields the acts in their order, each held to the signature. It ends with the first error.
func (b *Return) Acts() iter.Seq2[Act, Proof] {
	return func(yield func(Act, Proof) bool) {
		for i := range b.Statement.Acts {
			act, proof, err := b.act(i)
			if err != nil || !yield(act, proof) {
				return
			}
		}
	}
}

// Check holds every act to the signature, so that Acts yields all of them.
func (b *Return) Check() error {
	for i := range b.Statement.Acts {
		if _, _, err := b.act(i); err != nil {
			return err
		}
	}
	return nil
}

func (b *Return) act(index int) (Act, Proof, error) {
	var act Act
	leaf, err := b.in.read(actName(index, "json"), 1<<20)
	if err != nil {
		return act, Proof{}, err
	}
	path, err := b.in.read(actName(index, "proof"), 1<<16)
	if err != nil {
		return act, Proof{}, err
	}
	p := Proof{Statement: string(b.statement), Signature: string(b.signature), Index: index, Act: string(leaf), Path: string(path)}
	if err := proves(&b.Statement, int64(index), leaf, path); err != nil {
		return act, Proof{}, err
	}
	return act, p, b.parse(index, leaf, &act)
}

// parse reads an act and holds it to the statement: the same pack, the same account, its own number.
func (b *Return) parse(index int, leaf []byte, act *Act) error {
	if err := json.Unmarshal(leaf, act); err != nil {
		return damaged(err)
	}
	if act.Pack != b.Statement.Pack || act.Account != b.Statement.Account || act.Number != index+1 {
		return refuse("pack_damaged")
	}
	return nil
}

// Verify holds one kept act to the signature of its statement and returns both, with the key that signed.
func (p *Proof) Verify() (Act, Statement, ssh.PublicKey, error) {
	var act Act
	var s Statement
	key, err := signer([]byte(p.Statement), []byte(p.Signature), returnNamespace)
	if err != nil {
		return act, s, nil, err
	}
	if err := document([]byte(p.Statement), returnFormat, &s); err != nil {
		return act, s, nil, err
	}
	if err := proves(&s, int64(p.Index), []byte(p.Act), []byte(p.Path)); err != nil {
		return act, s, nil, err
	}
	return act, s, key, (&Return{Statement: s}).parse(p.Index, []byte(p.Act), &act)
}
