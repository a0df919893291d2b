package ui

import (
	"context"
	"errors"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// blot is a pen that cannot draw one certificate.
type blot struct {
	pen
	number string
}

func (b *blot) Draw(look []byte, c review.Certificate, v review.CertificateVersion, portrait []byte) ([]byte, error) {
	if c.Number == b.number {
		return nil, &review.RuleError{Code: "certificate_void", Args: review.Args{"certificate": c.Number}}
	}
	return b.pen.Draw(look, c, v, portrait)
}

// withWithdrawnKey is a register of n certificates whose key was withdrawn.
func withWithdrawnKey(t *testing.T, n int, ink store.Renderer) *store.Store {
	t.Helper()
	before := register(t)
	records := func(yield func(store.Record, error) bool) {
		for i := range n {
			number := review.FormatNumber("CD", 2026, i+1)
			c := &review.Certificate{
				Number: number, Person: review.PersonKey{Type: review.ResidentCard, Number: identity(i)},
				Versions: []review.CertificateVersion{{
					Version: 1, ValidUntil: review.NewDate(2029, 11, 15), Form: review.Form{"name": {"王芳"}, "level": {"2"}}, Area: "510107",
					IssuedAt: noon, Code: review.Code{Text: "RZ1:" + number, Key: "stolen"},
				}},
			}
			if !yield(store.Record{Certificate: c}, nil) {
				return
			}
		}
	}
	if err := errors.Join(before.Load(admin, records, noon, nil), before.Close()); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(before.Dir(), store.Options{
		Policy: asksNothing(), Renderer: ink, Distrusts: func(v *review.CertificateVersion) bool { return v.Code.Key == "stolen" },
		Code: func(c *review.Certificate, _ *review.CertificateVersion) (review.Code, error) {
			return review.Code{Text: "RZ1:NEW" + c.Number, Key: "new"}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// withReissues is such a register, where admin has proposed all of them to be issued anew.
func withReissues(t *testing.T, n int, ink store.Renderer) *store.Store {
	t.Helper()
	s := withWithdrawnKey(t, n, ink)
	by, err := s.Account(admin)
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.Distrusted(by, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	at := func() time.Time { return noon }
	err = s.ProposeReissues(context.Background(), admin, "签发密钥作废", list, at, func(_ store.Reissue, err error) {
		if err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func leftToReissue(t *testing.T, s *store.Store) int {
	t.Helper()
	by, err := s.Account(third)
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.Reissues(by, "")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// TestReissuesAreConfirmedTogether: once, by somebody else, who types their number; esc stops, enter goes on.
func TestReissuesAreConfirmedTogether(t *testing.T) {
	s := withReissues(t, 40, pen{})
	revoke := review.Proposal{Action: review.Revoke, Reason: "request"}
	if _, err := s.Dismiss(admin, "CD-2026-000007", 0, "", noon); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Propose(admin, "CD-2026-000007", 0, revoke, noon); err != nil {
		t.Fatal(err)
	}
	d := open(t, s, admin)
	d.press("P", "enter")
	d.says("✗", "这是您提出的")

	d = open(t, s, third)
	d.press("P")
	d.sees("▸ 换发 39 本证书（签发密钥已作废）", "CD-2026-000007", "待确认：换发之前不能打印、下载；作废的签发密钥 stolen", "admin 提出")
	d.golden("reissue_zh_80x24")
	d.press("ctrl+o")
	d.says("✗", "请先选一本证书")
	d.press("enter")
	d.sees("换发 39 本证书？")
	d.press("y", "enter")
	d.says("✗", "应为 39")
	d.hold = true
	d.typeText("39")
	d.press("enter", "x")
	d.says("正在保存，请稍候")
	d.press("esc")
	d.says("这一批完成后停止")
	d.flush()
	d.hold = false
	d.says("✗", "换发：完成 16 本，未能换发 0 本，未处理 23 本")
	if n := leftToReissue(t, s); n != 23 {
		t.Errorf("%d left", n)
	}
	d.sees("换发 23 本证书")
	d.press("enter")
	d.typeText("23")
	d.press("enter")
	d.says("✓", "已换发 23 本")
	d.sees("▸ CD-2026-000007") // what is no reissue waits as before
	d.press("enter")
	d.sees("确认注销证书 CD-2026-000007")
}

// TestReissueThatCannotBe: it is named with its reason, goes on waiting, and does not keep the others back.
func TestReissueThatCannotBe(t *testing.T) {
	ink := &blot{}
	s := withReissues(t, 20, ink)
	ink.number = "CD-2026-000003"
	d := open(t, s, third)
	d.press("P", "enter")
	d.typeText("20")
	d.press("enter")
	d.sees("✗ 换发：完成 19 本，未能换发 1 本，未处理 0 本", "✗ CD-2026-000003：证书 CD-2026-000003 已作废")
	d.sees("▸ CD-2026-000003", "✗ 证书 CD-2026-000003 已作废")
	ink.number = ""
	d.press("enter", "y")
	d.says("✓", "CD-2026-000003")
	d.sees("没有待确认的事项")
}

// TestQuitStopsReissues: leaving waits for the write that is under way and for no other.
func TestQuitStopsReissues(t *testing.T) {
	s := withReissues(t, 40, pen{})
	d := open(t, s, third, func(o *Options) { o.Unsealed = true })
	d.press("P", "enter")
	d.sees("换发 40 本证书？", "没有印章文件 seal.png") // before it is too late
	d.hold = true
	d.typeText("40")
	d.press("enter")
	d.send(quitMsg{})
	d.flush()
	if n := leftToReissue(t, s); !d.quit || n != 24 {
		t.Errorf("left: %t, with %d to do", d.quit, n)
	}
}

// TestReissuesAreProposedTogether: on the desk too, for one reason; what cannot be is named, and what waits is left alone.
func TestReissuesAreProposedTogether(t *testing.T) {
	s := withWithdrawnKey(t, 20, pen{})
	if _, err := s.Propose(admin, "CD-2026-000002", 0, review.Proposal{Action: review.Revoke, Reason: "request"}, noon); err != nil {
		t.Fatal(err)
	}
	asks := func(d *desktop, text string) {
		d.press(":")
		d.typeText(text)
		d.press("enter")
	}
	d := open(t, s, wuhou)
	asks(d, "reissue 密钥被盗")
	d.says("✗", "只有管理员和终审人员可以办理")

	d = open(t, s, third)
	asks(d, "reissue")
	d.sees("换发签发密钥已作废的全部证书")
	d.typeText("密钥被盗")
	d.press("enter")
	d.sees("提出换发 20 本证书？")
	d.typeText("20")
	d.press("enter")
	d.sees("✗ 提出换发：19 本已提出，1 本不能，0 本未处理", "CD-2026-000002：", "▸ 换发 19 本证书")
	d.press("enter")
	d.says("✗", "这是您提出的")
	if _, err := s.Dismiss(admin, "CD-2026-000002", 0, "", noon); err != nil {
		t.Fatal(err)
	}
	d.press("esc")
	asks(d, "换发 密钥被盗")
	d.sees("提出换发 1 本证书？")
	d.press("1", "enter")
	d.says("✓", "已提出换发 1 本")
	d.press("esc")
	asks(d, "reissue 密钥被盗")
	d.says("新提出换发 0 本，现共 20 本待确认")
}
