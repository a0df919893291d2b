package serve

import (
	"bytes"
	"cmp"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/ssh"
	gossh "golang.org/x/crypto/ssh"

	"rongzheng/review"
	"rongzheng/ui"
)

// accountExtension carries the account's name from the checked signature to the visits of the line.
const accountExtension = "rongzheng-account"

// keyExtension carries the key whose signature was checked, in its wire form.
const keyExtension = "rongzheng-key"

// preAuthKey is where a line keeps what can speak to a client that has not logged in.
type preAuthKey struct{}

// smallestRSA is the length in bits below which an RSA key is not accepted.
const smallestRSA = 2048

var (
	errUnknownKey = errors.New("key of no account")
	errWhichOne   = errors.New("key of several accounts, none of which was named")
	errTooMany    = errors.New("too many connections of the account")
)

// config sets what the library leaves open: algorithms, tries, and whom a checked signature stands for.
func (v *Server) config(ctx ssh.Context) *gossh.ServerConfig {
	return &gossh.ServerConfig{
		MaxAuthTries: v.limits.Tries,
		PublicKeyAuthAlgorithms: []string{
			gossh.KeyAlgoED25519, gossh.KeyAlgoSKED25519, gossh.KeyAlgoECDSA256, gossh.KeyAlgoECDSA384, gossh.KeyAlgoECDSA521,
			gossh.KeyAlgoSKECDSA256, gossh.KeyAlgoRSASHA256, gossh.KeyAlgoRSASHA512,
		},
		PreAuthConnCallback: func(c gossh.ServerPreAuthConn) { ctx.SetValue(preAuthKey{}, c) },
		VerifiedPublicKeyCallback: func(c gossh.ConnMetadata, key gossh.PublicKey, p *gossh.Permissions, _ string) (*gossh.Permissions, error) {
			return v.verified(ctx, c, key, p)
		},
	}
}

// offered answers whether a key may be tried. It is asked before anything is proved, so nothing is kept of its answer.
func (v *Server) offered(ctx ssh.Context, key ssh.PublicKey) bool {
	_, err := v.holder(key, ctx.User())
	if err == nil {
		return true
	}
	address := addressOf(ctx.RemoteAddr())
	v.counts.unknown.Add(1)
	v.log.Warn("unknown key", "address", address, "key", gossh.FingerprintSHA256(key), "reason", err)
	v.tell(ctx, v.barred(key, err))
	v.wait(ctx, v.gate.stranger(address))
	return false
}

// barred says why a key opens nothing: that it is registered for several accounts and none was named, that it ran out,
// and when, or that its account is disabled; else that it is not registered.
func (v *Server) barred(key gossh.PublicKey, why error) string {
	fingerprint := gossh.FingerprintSHA256(key)
	if errors.Is(why, errWhichOne) {
		return v.o.Words.Say("serve.shared_key", fingerprint)
	}
	accounts, err := v.o.Store.Accounts()
	if err != nil {
		accounts = nil // nothing is known of the key then
	}
	said := v.o.Words.Say("serve.unknown_key", fingerprint)
	for _, a := range accounts {
		for _, line := range a.Keys {
			facts, err := ParseKey(line)
			if err != nil || facts.Fingerprint != fingerprint || facts.Barred {
				continue
			}
			over := !facts.Expires.IsZero() && !v.clock().Before(facts.Expires)
			switch {
			case over && !a.Disabled:
				return v.o.Words.Say("serve.expired_key", fingerprint, facts.Expires.In(review.Zone).Format("2006-01-02 15:04"))
			case a.Disabled && !over:
				said = v.o.Words.Say("serve.disabled_key", fingerprint)
			}
		}
	}
	return said
}

// tell says one line to a client that has not logged in, once for each line.
func (v *Server) tell(ctx ssh.Context, text string) {
	c, ok := ctx.Value(preAuthKey{}).(gossh.ServerPreAuthConn)
	if !ok {
		return
	}
	ctx.SetValue(preAuthKey{}, nil)
	c.SendAuthBanner(text + "\r\n")
}

// wait slows a stranger down; the time to log in runs on.
func (v *Server) wait(ctx ssh.Context, pause time.Duration) {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	case <-v.life.Done():
	}
}

// verified binds the line to the account of the key whose signature was checked.
func (v *Server) verified(ctx ssh.Context, c gossh.ConnMetadata, key gossh.PublicKey, p *gossh.Permissions) (*gossh.Permissions, error) {
	account, err := v.holder(key, c.User())
	if err != nil {
		return nil, err
	}
	line, ok := ctx.Value(lineKey{}).(*line)
	if !ok || !line.login(account.Name) {
		v.counts.refused.Add(1)
		v.log.Warn("login refused", "account", account.Name, "address", addressOf(c.RemoteAddr()), "reason", errTooMany)
		v.tell(ctx, v.o.Words.Say("serve.too_many"))
		return nil, errTooMany
	}
	v.counts.logins.Add(1)
	if err := v.o.Store.KeyUsed(gossh.FingerprintSHA256(key), v.clock()); err != nil { // nobody is kept out by that
		v.log.Error("use of a key", "account", account.Name, "error", err)
	}
	v.log.Info("login", "account", account.Name, "address", line.address, "key", gossh.FingerprintSHA256(key))
	if p == nil {
		p = &gossh.Permissions{}
	}
	if p.Extensions == nil {
		p.Extensions = map[string]string{}
	}
	p.Extensions[accountExtension] = account.Name
	p.Extensions[keyExtension] = string(key.Marshal())
	return p, nil
}

// holder finds the account that the key stands in. A key of several accounts is that of the one named by user.
func (v *Server) holder(key gossh.PublicKey, user string) (review.Account, error) {
	if !strong(key) {
		return review.Account{}, fmt.Errorf("%w: too short", errUnknownKey)
	}
	accounts, err := v.o.Store.Accounts()
	if err != nil {
		return review.Account{}, err
	}
	var found []review.Account
	for _, a := range accounts {
		if !a.Disabled && holds(&a, key, v.clock()) {
			found = append(found, a)
		}
	}
	for _, a := range found {
		if len(found) == 1 || a.Name == user {
			return a, nil
		}
	}
	if len(found) > 1 {
		return review.Account{}, errWhichOne
	}
	return review.Account{}, errUnknownKey
}

func strong(key gossh.PublicKey) bool {
	wrapped, ok := key.(gossh.CryptoPublicKey)
	if !ok {
		return true
	}
	r, ok := wrapped.CryptoPublicKey().(*rsa.PublicKey)
	return !ok || r.N.BitLen() >= smallestRSA
}

// holds tells whether the key stands in the account and has not run out. A line that cannot be read bars only itself.
func holds(a *review.Account, key gossh.PublicKey, now time.Time) bool {
	return holdsWire(a, key.Marshal(), now)
}

func holdsWire(a *review.Account, wire []byte, now time.Time) bool {
	for _, text := range a.Keys {
		for line := range strings.Lines(text) {
			known, _, options, _, err := gossh.ParseAuthorizedKey([]byte(line))
			if err == nil && bytes.Equal(known.Marshal(), wire) && allowed(options, now) {
				return true
			}
		}
	}
	return false
}

// ParseKey reads a line of authorized_keys as holds does.
func ParseKey(line string) (ui.KeyFacts, error) {
	key, comment, options, rest, err := gossh.ParseAuthorizedKey([]byte(line))
	switch {
	case err != nil:
		return ui.KeyFacts{}, err
	case len(bytes.TrimSpace(rest)) > 0:
		return ui.KeyFacts{}, errors.New("more than one line")
	case !strong(key):
		return ui.KeyFacts{}, errors.New("too short")
	}
	facts := ui.KeyFacts{Fingerprint: gossh.FingerprintSHA256(key), Kind: key.Type(), Comment: comment}
	for _, option := range options {
		name, value, _ := strings.Cut(option, "=")
		switch name = strings.ToLower(name); {
		case name == "expiry-time":
			at, err := expiry(strings.Trim(value, `"`))
			if err != nil {
				return ui.KeyFacts{}, err
			}
			if facts.Expires.IsZero() || at.Before(facts.Expires) {
				facts.Expires = at
			}
		case !harmless[name]:
			facts.Barred = true
		}
	}
	return facts, nil
}

// harmless are options that forbid what is never allowed here.
var harmless = map[string]bool{
	"restrict": true, "pty": true, "no-port-forwarding": true, "no-agent-forwarding": true, "no-x11-forwarding": true, "no-user-rc": true,
}

// allowed reads the options of a key: expiry-time is kept, every other one that would narrow the key bars it.
func allowed(options []string, now time.Time) bool {
	for _, option := range options {
		name, value, _ := strings.Cut(option, "=")
		switch name = strings.ToLower(name); {
		case harmless[name]:
		case name != "expiry-time" || expired(strings.Trim(value, `"`), now):
			return false
		}
	}
	return true
}

// expired tells whether a key's time is over. What cannot be read has run out.
func expired(text string, now time.Time) bool {
	at, err := expiry(text)
	return err != nil || !now.Before(at)
}

// expiry reads a time as sshd does: YYYYMMDD[HHMM[SS]], in the office's zone unless it ends in Z.
func expiry(text string) (time.Time, error) {
	zone := review.Zone
	if utc, ok := strings.CutSuffix(text, "Z"); ok {
		text, zone = utc, time.UTC
	}
	layout := map[int]string{8: "20060102", 12: "200601021504", 14: "20060102150405"}[len(text)]
	return time.ParseInLocation(cmp.Or(layout, "-"), text, zone)
}
