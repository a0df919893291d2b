package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"rongzheng/review"
)

// Renderer draws certificates. It may be used by many goroutines at once.
type Renderer interface {
	// Look returns everything that certificates are drawn with beside their records, as bytes; the same each time.
	Look() []byte
	// Draw returns the PDF of the version, drawn with a look that Look returned now or years ago. portrait is the prepared
	// JPEG that the version names, nil when it names none.
	Draw(look []byte, c review.Certificate, v review.CertificateVersion, portrait []byte) ([]byte, error)
}

// ErrNoRenderer says that a certificate has not been drawn yet and that this store was opened without what draws.
var ErrNoRenderer = errors.New("nothing here draws certificates")

// errEmptyDrawing says that what Draw returned is too small to be a certificate.
var errEmptyDrawing = errors.New("the renderer returned an empty certificate")

// appearance is what certificates are drawn with beside their records, and its hash; zero where there is no renderer.
type appearance struct {
	sha  string
	data []byte
}

func appearanceOf(r Renderer) appearance {
	if r == nil {
		return appearance{}
	}
	data := r.Look()
	return appearance{hashOf(data), data}
}

// vaultKind is the first byte of a key in vault.
type vaultKind byte

const (
	vaultOwed     vaultKind = 'o'
	vaultDay      vaultKind = 'd'
	vaultSerial   vaultKind = 's'
	vaultProposed vaultKind = 'p'
)

func vaultEntry(kind vaultKind, text []byte, n int, id uint64) entry {
	key := append([]byte{byte(kind)}, text...)
	return entry{tree: vault, key: appendID(binary.BigEndian.AppendUint32(key, uint32(n)), id)}
}

// owed reports whether the version waits to be drawn. What may not be drawn as it stands waits until it may.
func owed(c *review.Certificate, v *review.CertificateVersion) bool {
	return v.Owed() && c.RevokedOn.IsZero() && len(c.Missing) == 0
}

// owe notes in a version that is being issued what it is to be drawn with.
func (t *txn) owe(v *review.CertificateVersion) error {
	now := t.s.look()
	if now.sha == "" {
		return nil
	}
	v.Look, t.issued = now.sha, true
	return t.putLook(now)
}

func (t *txn) putLook(l appearance) error {
	raw, ok := rawHash(l.sha)
	if !ok {
		return fmt.Errorf("look %s: %w", l.sha, ErrDamaged)
	}
	if t.in(looks).Get(raw) != nil {
		return nil
	}
	return t.in(looks).Put(raw, l.data)
}

func (t *txn) lookNamed(sha string) ([]byte, error) {
	raw, ok := rawHash(sha)
	if !ok {
		return nil, fmt.Errorf("look %s: %w", sha, ErrDamaged)
	}
	data := t.in(looks).Get(raw)
	if data == nil || hashOf(data) != sha {
		return nil, fmt.Errorf("look %s: %w", sha, ErrDamaged)
	}
	return clone(data), nil
}

func (s *Store) tellIssued() {
	select {
	case s.issued <- struct{}{}:
	default: // it has been told already
	}
}

// Issued reports whether a version was issued since this was asked last, or since KeepDrawn looked: then something is to be
// drawn.
func (s *Store) Issued() bool {
	select {
	case <-s.issued:
		return true
	default:
		return false
	}
}

// sheet is a version on its way into the vault.
type sheet struct {
	id      uint64
	c       review.Certificate
	version int
	look    appearance
	pdf     []byte
}

// name identifies the version.
func (sh *sheet) name() string { return fmt.Sprintf("%s version %d", sh.c.Number, sh.version) }

func (sh *sheet) at(c *review.Certificate) *review.CertificateVersion {
	i := slices.IndexFunc(c.Versions, func(v review.CertificateVersion) bool { return v.Version == sh.version })
	if i < 0 {
		return nil
	}
	return &c.Versions[i]
}

// prepare reads what the version is drawn with: its own look, else the one in force.
func (s *Store) prepare(id uint64, version int) (*sheet, error) {
	sh := &sheet{id: id, version: version, look: s.look()}
	err := s.view(func(t *txn) error {
		c, err := t.certificateAt(id)
		if err != nil {
			return err
		}
		sh.c = c.Certificate
		v := sh.at(&sh.c)
		if v == nil {
			return review.ErrNotFound
		}
		if v.Look != "" && v.Look != sh.look.sha {
			sh.look.sha = v.Look
			sh.look.data, err = t.lookNamed(v.Look)
		}
		return err
	})
	return sh, err
}

// draw makes the bytes of the sheet. No transaction is open meanwhile.
func (s *Store) draw(sh *sheet) error {
	v := *sh.at(&sh.c)
	var portrait []byte
	var err error
	if v.Portrait != "" {
		if portrait, err = s.Blob(v.Portrait); err != nil {
			return err
		}
	}
	sh.pdf, err = s.options.Renderer.Draw(sh.look.data, sh.c, v, portrait)
	if err == nil && len(sh.pdf) <= smallBlob {
		err = errEmptyDrawing
	}
	return err
}

// keep writes the bytes and then names them in the records, all in one commit. A version that got its bytes meanwhile, or
// became void, keeps what it has: the bytes that nobody names are removed.
func (s *Store) keep(sheets []*sheet) error {
	if len(sheets) == 0 {
		return nil
	}
	data := map[string][]byte{}
	for _, sh := range sheets {
		data[hashOf(sh.pdf)] = sh.pdf
	}
	hashes := slices.Sorted(maps.Keys(data))
	err := s.withFiles(hashes, data, func(t *txn) error {
		for _, sh := range sheets {
			if err := t.keepSheet(sh); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.claims.take(hashes)
	return s.release(hashes, true)
}

func (t *txn) keepSheet(sh *sheet) error {
	before, err := t.certificateAt(sh.id)
	if err != nil {
		return err
	}
	c := certificate{before.Clone(), before.EnteredBy}
	v := sh.at(&c.Certificate)
	if v == nil || v.File != "" || v.Void {
		return nil
	}
	v.File, v.Size, v.Look = hashOf(sh.pdf), int64(len(sh.pdf)), sh.look.sha
	if err := t.putLook(sh.look); err != nil {
		return err
	}
	return t.putCertificate(sh.id, &before, &c)
}

// drawBatch is how many versions are drawn before they are committed together.
const drawBatch = 32

// DrawOwed draws the versions that were issued and are still to be drawn, and keeps their bytes. It returns how many; a
// version that cannot be drawn is told to failed (nil is allowed) and left for the next time, and does not keep others from
// being drawn. The error is for what stops the whole: a full disk, the context. Without a renderer it does nothing.
func (s *Store) DrawOwed(ctx context.Context, failed func(certificate string, err error)) (drawn int, err error) {
	if s.options.Renderer == nil || s.options.ReadOnly {
		return 0, nil
	}
	var from []byte
	for {
		var next [][]byte
		if next, err = s.owedFrom(from); err != nil || len(next) == 0 {
			return drawn, err
		}
		var sheets []*sheet
		for _, key := range next {
			if ctx.Err() != nil {
				return drawn, ctx.Err()
			}
			sh, err := s.prepare(lastID(key), owedVersion(key))
			if err == nil {
				err = s.draw(sh)
			}
			if err == nil {
				sheets = append(sheets, sh)
			} else if failed != nil {
				failed(sh.c.Number, fmt.Errorf("draw %s: %w", sh.name(), err))
			}
		}
		if err := s.keep(sheets); err != nil {
			return drawn, fmt.Errorf("keep what was drawn: %w", err)
		}
		drawn += len(sheets)
		from = append(next[len(next)-1], 0)
	}
}

func owedVersion(key []byte) int { return int(binary.BigEndian.Uint32(key[1:])) }

// owedFrom reads the next keys of versions that are to be drawn, from a place on.
func (s *Store) owedFrom(from []byte) ([][]byte, error) {
	if from == nil {
		from = []byte{byte(vaultOwed)}
	}
	var list [][]byte
	err := s.view(func(t *txn) error {
		c := t.in(vault).Cursor()
		for key, _ := c.Seek(from); key != nil && key[0] == byte(vaultOwed) && len(list) < drawBatch; key, _ = c.Next() {
			list = append(list, bytes.Clone(key))
		}
		return nil
	})
	return list, err
}

// KeepDrawn draws what is owed, at once and then after each decision that issues, until the context ends. One goroutine of
// whoever owns the store runs it: what a process that was killed left undrawn is made up for at the next start. What it
// cannot do is told to failed and tried again after the next decision.
func (s *Store) KeepDrawn(ctx context.Context, failed func(certificate string, err error)) {
	for ctx.Err() == nil {
		if _, err := s.DrawOwed(ctx, failed); err != nil && ctx.Err() == nil && failed != nil {
			failed("", err)
		}
		select {
		case <-ctx.Done():
		case <-s.issued:
		}
	}
}

// Paper is a certificate as it leaves the desk: the bytes that were drawn once, whoever asks and whenever.
type Paper struct {
	Certificate review.Certificate
	Version     review.CertificateVersion
	PDF         []byte
}

// Paper returns the current version of the certificate for a copy that leaves this way: the bytes that the vault keeps,
// drawn now and kept when nobody has asked for them before. It counts nothing: Copy does, once the bytes are where they
// are to go. Its errors are those of review.MayCopy, ErrNotFound, those of the renderer, ErrNoRenderer, and ErrDamaged when
// the bytes are not those that were drawn; a RuleError certificate_distrusted for one whose code nobody would believe, which
// is to be issued anew: only results, which are whole or are not, still take it along.
func (s *Store) Paper(by review.Actor, number string, way review.CopyWay) (Paper, error) {
	p, err := s.paper(by, number, way)
	return p, about("print", number, err)
}

func (s *Store) paper(by review.Actor, number string, way review.CopyWay) (Paper, error) {
	for {
		var id uint64
		var c certificate
		err := s.view(func(t *txn) (err error) {
			if id, c, err = t.certificate(number); err == nil {
				err = by.MayCopy(&c.Certificate, c.EnteredBy, way)
			}
			return err
		})
		if err != nil {
			return Paper{}, err
		}
		v := c.Current()
		if way != review.InResults && s.distrusts(v) {
			return Paper{}, &review.RuleError{Code: "certificate_distrusted", Args: review.Args{"certificate": c.Number}}
		}
		if v.File != "" {
			pdf, err := s.Blob(v.File)
			return Paper{c.Certificate, *v, pdf}, err
		}
		if err := s.drawNow(id, v.Version); err != nil {
			return Paper{}, err
		}
	}
}

// drawNow draws one version and keeps it.
func (s *Store) drawNow(id uint64, version int) error {
	if s.options.Renderer == nil || s.options.ReadOnly {
		return ErrNoRenderer
	}
	sh, err := s.prepare(id, version)
	if err != nil {
		return err
	}
	if err := s.draw(sh); err != nil {
		return err
	}
	return s.keep([]*sheet{sh})
}

// Drawing returns any version of a certificate as it was drawn, for who looks at what was issued; the current one is drawn
// now and kept when nobody has asked for it before, as Paper does. ErrNotFound when there is no such version, or an earlier
// one, or one that may not leave the desk, was never drawn; ErrNoRenderer and the renderer's own errors. Nothing is counted:
// the bytes must not leave the desk as a copy.
func (s *Store) Drawing(by review.Actor, number string, version int) (Paper, error) {
	p, err := s.drawing(by, number, version)
	return p, about("look at", number, err)
}

func (s *Store) drawing(by review.Actor, number string, version int) (Paper, error) {
	for {
		var id uint64
		var c certificate
		err := s.view(func(t *txn) (err error) {
			if id, c, err = t.certificate(number); err == nil {
				err = by.SeesCertificate(&c.Certificate, c.EnteredBy)
			}
			return err
		})
		if err != nil {
			return Paper{}, err
		}
		i := slices.IndexFunc(c.Versions, func(v review.CertificateVersion) bool { return v.Version == version })
		if i < 0 {
			return Paper{}, review.ErrNotFound
		}
		v := &c.Versions[i]
		if v.File != "" {
			pdf, err := s.Blob(v.File)
			return Paper{c.Certificate, *v, pdf}, err
		}
		if !c.Drawable(v) {
			return Paper{}, review.ErrNotFound
		}
		if err := s.drawNow(id, version); err != nil {
			return Paper{}, err
		}
	}
}

// version checks what a version of a certificate names.
func (c *checker) version(number string, v *review.CertificateVersion) {
	for _, sha := range []string{v.Portrait, v.File} {
		if sha != "" {
			c.files(number, []string{sha})
		}
	}
	if _, whole := c.looks.Load(v.Look); v.Look == "" || whole {
		return
	}
	if _, err := c.t.lookNamed(v.Look); err != nil {
		c.fault(Damage, looks.String(), number, "names a look that is not whole", false)
		return
	}
	c.looks.Store(v.Look, true)
}
