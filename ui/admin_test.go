package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui/graphics"
)

// service is a server with two sessions.
type service struct{ ended []uint64 }

func (s *service) Standing() Standing {
	var sessions []ServedSession
	for i, account := range []string{admin, wuhou} {
		if len(s.ended) == 0 || s.ended[0] != uint64(i+1) {
			sessions = append(sessions, ServedSession{
				ID: uint64(i + 1), Account: account, Address: "10.0.0.9", Kind: "desk", Since: noon.Add(-time.Hour), Idle: 90 * time.Second,
			})
		}
	}
	return Standing{Address: "127.0.0.1:2222", Since: noon, Memory: 12 << 20, Sessions: sessions}
}

func (s *service) End(session uint64) bool {
	s.ended = append(s.ended, session)
	return session == 2
}

// parseKey takes lines like "ssh-ed25519 NAME".
func parseKey(line string) (KeyFacts, error) {
	name, ok := strings.CutPrefix(line, "ssh-ed25519 ")
	if !ok {
		return KeyFacts{}, errors.New("no key")
	}
	facts := KeyFacts{Fingerprint: "SHA256:" + name, Kind: "ssh-ed25519", Comment: "office", Barred: strings.HasPrefix(name, "barred")}
	if strings.HasPrefix(name, "old") {
		facts.Expires = noon.Add(-time.Hour)
	}
	return facts, nil
}

func served(on *service) func(*Options) {
	return func(o *Options) { o.Service, o.ParseKey = on, parseKey }
}

func TestAdministratorsSeeAccountsAndSessions(t *testing.T) {
	s, on := register(t), &service{}
	d := open(t, s, admin, served(on))
	d.press(":")
	d.typeText("tab 管理")
	d.press("enter")
	d.sees("从未备份", "127.0.0.1:2222", "12.0 MB", "wuhou", "武侯区", "会话 2", "10.0.0.9", "空闲 1 分钟")
	rows := []string{
		"▸   admin        管理员                       公钥 0", "    wuhou        区（市）县初审 武侯区        公钥 0",
		"  会话 2  127.0.0.1:2222 · 内存 12.0 MB", "    wuhou        审核台 10.0.0.9       11-16 11:00  空闲 1 ",
	}
	d.sees(rows...)
	d.resize(60, 20)
	d.sees(rows...)
	d.resize(80, 24)

	d.press("x")
	d.says("请先选中一个会话")
	d.press("G", "x")
	d.sees("结束 wuhou")
	d.press("n")
	if len(on.ended) != 0 {
		t.Fatal("ended without y")
	}
	d.press("x", "y")
	d.says("已结束 wuhou")
	d.sees("会话 1")
	if len(on.ended) != 1 || on.ended[0] != 2 {
		t.Errorf("ended %v, want session 2", on.ended)
	}
	if e := lastEvent(t, s); e.Action != review.Administer || e.Target != wuhou {
		t.Errorf("in the log: %+v", e)
	}

	if err := s.BackedUp(admin, "", noon.AddDate(0, 0, -9)); err != nil {
		t.Fatal(err)
	}
	d.hear()
	d.sees("已 9 天没有备份")
}

func lastEvent(t *testing.T, s *store.Store) review.Event {
	t.Helper()
	by, err := s.Account(admin)
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.Events(by, 0, -1)
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	return list[len(list)-1]
}

// TestOnlyAdministratorsAdminister: nobody else has the tab.
func TestOnlyAdministratorsAdminister(t *testing.T) {
	s := register(t)
	for _, account := range []string{wuhou, clerk, audit} {
		d := open(t, s, account)
		d.misses("管理 ")
		if len(d.root.stack[0].(*queueScreen).hall.sections) > 0 {
			for _, one := range d.root.stack[0].(*queueScreen).hall.sections {
				if one.name == "admin" {
					t.Errorf("%s administers", account)
				}
			}
		}
	}
}

func TestAdministratorAddsAnAccountWithAKey(t *testing.T) {
	s := register(t)
	d := open(t, s, admin, served(&service{}))
	d.press(":")
	d.typeText("tab 管理")
	d.press("enter", "n")
	d.sees("新账号的角色", "审核员")
	d.press("enter") // reviewer of the first level: asks for areas
	d.typeText("jinj")
	d.sees("锦江区")
	d.press("space")
	d.typeText("青羊")
	d.press("space")
	d.sees("已选 2")
	d.press("enter")
	d.typeText("Zhang")
	d.press("enter", "enter")
	d.says("账号") // capital letters are refused by the one rule that there is
	d.press("n", "enter")
	d.typeText("510104")
	d.press("space", "enter")
	d.typeText("zhang")
	d.press("enter")
	d.sees("锦江区委社会工作部")
	d.press("enter")
	d.says("已新增账号 zhang")
	a, err := s.Account("zhang")
	if err != nil || a.Level != 1 || len(a.Areas) != 1 || a.Areas[0] != "510104" || a.Office != "锦江区委社会工作部" {
		t.Fatalf("got %+v, %v", a, err)
	}

	d.press("G", "k", "k") // the last account, above the two sessions
	d.selects("zhang")
	d.press("enter")
	d.sees("没有公钥")
	for _, one := range []struct{ line, says string }{
		{"nonsense", "这不是公钥"}, {"ssh-ed25519 barred", "不支持"}, {"ssh-ed25519 one", "已新增公钥 SHA256:one"},
		{"ssh-ed25519 one", "没有变化"}, {"ssh-ed25519 old", "已新增公钥 SHA256:old"},
	} {
		d.press("n")
		d.paste(one.line)
		d.press("enter")
		d.says(one.says)
	}
	if err := s.KeyUsed("SHA256:one", noon); err != nil {
		t.Fatal(err)
	}
	d.press("m")
	d.typeText("武侯")
	d.press("space", "enter")
	d.says("已更改")
	d.sees("锦江区、武侯区", "最近使用", "到期")
	d.golden("account_zh_80x24")
	d.press("j", "x", "y")
	d.says("已移除公钥 SHA256:old")
	d.press("D", "y")
	d.says("已停用账号 zhang")
	d.press("D", "y")
	d.says("已恢复账号 zhang")
	a, err = s.Account("zhang")
	if err != nil || len(a.Keys) != 1 || len(a.Areas) != 2 || a.Disabled {
		t.Errorf("got %+v, %v", a, err)
	}
	if e := lastEvent(t, s); e.Action != review.ChangedAccount || e.Target != "zhang" || e.Note != "enabled" {
		t.Errorf("in the log: %+v", e)
	}
}

// TestLogNotesAreRead: whatever the program notes is shown in the language of who reads it; people's own words stay.
func TestLogNotesAreRead(t *testing.T) {
	zh, en := NewWords("zh"), NewWords("en")
	for _, tt := range []struct {
		of           review.Action
		note, zh, en string
	}{
		{review.ChangedAccount, "key added SHA256:x", "新增公钥 SHA256:x", "key added: SHA256:x"},
		{review.ChangedAccount, "key removed SHA256:x", "移除公钥 SHA256:x", "key removed: SHA256:x"},
		{review.ChangedAccount, "areas 510107,510104", "区域改为 武侯区、锦江区", "areas now: Wuhou District, Jinjiang District"},
		{review.ChangedAccount, "enabled", "恢复", "enabled again"}, {review.ChangedAccount, "disabled", "停用", "disabled"},
		{review.ChangedAccount, "something else", "something else", "something else"},
		{review.Administer, "session ended", "结束会话", "session ended"},
		{review.Administer, "key protect", "签发密钥加密", "signing key locked with a passphrase"},
		{review.Administer, "key protect off", "签发密钥取消加密", "signing key without a passphrase"},
		{review.Administer, "key rotate 1a", "更换签发密钥 1a", "new signing key 1a"},
		{review.Administer, "key withdraw 1a since 2026-11-20: 服务器被入侵", "签发密钥 1a 自 2026-11-20 起作废：服务器被入侵",
			"signing key 1a withdrawn as of 2026-11-20: 服务器被入侵"},
		{review.Administer, "key signature off", "取消文件签名", "files are signed no more"},
		{review.Administer, "key signature 1a", "文件签名证书 1a", "files are signed with 1a"},
		{review.Import, "12 records", "12 条记录", "12 records"},
		{review.Export, "3 results, 2 certificates", "3 份结果，2 本证书", "3 results, 2 certificates"},
		{review.Export, "revocations", "注销名单", "list of revocations"},
		{review.CallList, "7 certificates that end 2026-12-01 to 2026-12-31", "7 本证书，到期日 2026-12-01 至 2026-12-31",
			"7 certificates that end 2026-12-01 to 2026-12-31"},
		{review.BackedUp, "since 2026-11-01T00:00:00+08:00", "2026-11-01T00:00:00+08:00 起的材料",
			"attachments since 2026-11-01T00:00:00+08:00"},
		{review.HandBack, "desk", "以审核台为准", "left as the desk has it"},
		{review.Note, "enabled", "enabled", "enabled"}, {review.Spoiled, "12 records", "12 records", "12 records"},
	} {
		if got := []string{zh.LogNote(tt.of, tt.note), en.LogNote(tt.of, tt.note)}; got[0] != tt.zh || got[1] != tt.en {
			t.Errorf("%s %q: got %q", tt.of, tt.note, got)
		}
	}
}

// TestLogTargetsAreRead: what an event is about is shown in the language of who reads the log.
func TestLogTargetsAreRead(t *testing.T) {
	zh, en := NewWords("zh"), NewWords("en")
	for _, tt := range []struct {
		of             review.Action
		target, zh, en string
	}{
		{review.Reroute, "510107", "武侯区", "Wuhou District"}, {review.CallList, "510107", "武侯区", "Wuhou District"},
		{review.Print, "mailed", "邮寄", "Mailed"}, {review.Export, "lost", "遗失补证", "Lost"},
		{review.Revoke, "request", "本人申请", "On request"}, {review.Propose, "revoke", "注销", "revocation"},
		{review.Dismiss, "correct", "更正", "correction"}, {review.Reveal, "audit", "操作日志", "the log"},
		{review.Reveal, "0123456789abcdef", "0123456789ab", "0123456789ab"}, {review.ViewFile, "0123456789abcdef", "0123456789ab", "0123456789ab"},
		{review.MailUndo, "printed", "待寄出", "To send"}, {review.AddAccount, "mailed", "mailed", "mailed"}, {review.Spoiled, "2", "2", "2"},
	} {
		if got := []string{zh.LogTarget(tt.of, tt.target), en.LogTarget(tt.of, tt.target)}; got[0] != tt.zh || got[1] != tt.en {
			t.Errorf("%s %q: got %q", tt.of, tt.target, got)
		}
	}
}

func TestAccountThatCannotBeWrittenIsSaid(t *testing.T) {
	s := doubled(register(t))
	fail(&s.changeAccount, errors.New("no room"))
	d := open(t, s, admin, served(&service{}))
	d.press(":")
	d.typeText("tab 管理")
	d.press("enter", "D", "y")
	d.says("未预料的错误")
	d.press("D", "n") // and the desk goes on
	d.says("取消")
}

// TestAccountsKeepHowPicturesAreShown: the next desk shows them so, unless its terminal's owner says otherwise.
func TestAccountsKeepHowPicturesAreShown(t *testing.T) {
	s := register(t)
	d := open(t, s, wuhou)
	d.press(":")
	d.typeText("images holograms")
	d.press("enter")
	d.says("holograms")
	d.press("esc", ":")
	d.typeText("images none")
	d.press("enter")
	d.says("图片显示方式：none")
	if got := open(t, s, wuhou).root.s.pictures.way; got != graphics.Facts {
		t.Errorf("the next desk: got way %v, want facts", got)
	}
	if got := open(t, s, wuhou, func(o *Options) { o.Images = "kitty" }).root.s.pictures.way; got != graphics.Kitty {
		t.Errorf("with --images kitty: got way %v", got)
	}
	byEnvironment := func(o *Options) { o.Environ = []string{"RONGZHENG_IMAGES=sixel"} }
	if got := open(t, s, wuhou, byEnvironment).root.s.pictures.way; got != graphics.Sixel {
		t.Errorf("with RONGZHENG_IMAGES=sixel: got way %v", got)
	}
	d.press(":")
	d.typeText("images auto")
	d.press("enter")
	if got := open(t, s, wuhou).root.s.pictures.way; got != graphics.HalfBlocks {
		t.Errorf("auto again: got way %v, want half blocks", got)
	}
}

// TestMissingSealIsSaidBefore: nobody issues certificates with a specimen of a seal without having been told.
func TestMissingSealIsSaidBefore(t *testing.T) {
	unsealed := func(o *Options) { o.Unsealed = true }
	for account, concerned := range map[string]bool{admin: true, third: true, second: false, wuhou: false} {
		mark := "没有印章，发出的是样章"
		if d := open(t, register(t), account, unsealed); concerned {
			d.sees(mark)
		} else {
			d.misses(mark)
		}
		open(t, register(t), account).misses(mark)
	}
	d := open(t, register(t), admin, unsealed)
	d.press(":")
	d.typeText("tab 管理")
	d.press("enter")
	d.sees("没有印章文件 seal.png")
	both := open(t, register(t), third, unsealed, func(o *Options) { o.Signing = code.ErrLocked })
	both.sees("签发密钥未解锁，不能发证")
}

// TestEndOfTheSignatureIsSaidBefore: the month before the certificate that signs files ends, and afterwards.
func TestEndOfTheSignatureIsSaidBefore(t *testing.T) {
	until := func(end time.Time) func(*Options) {
		return func(o *Options) { o.FilesUntil = func() time.Time { return end } }
	}
	for end, mark := range map[time.Time]string{
		{}: "", noon.AddDate(0, 2, 0): "", noon.AddDate(0, 0, 20): "签名用的数字证书快到期", noon.Add(-time.Hour): "签名用的数字证书已到期",
	} {
		for account, concerned := range map[string]bool{admin: true, third: true, second: false} {
			d := open(t, register(t), account, until(end))
			if concerned && mark != "" {
				d.sees(mark)
			} else {
				d.misses("签名用的数字证书")
			}
		}
	}
	d := open(t, register(t), admin, until(noon.Add(-time.Hour)))
	d.press(":")
	d.typeText("tab 管理")
	d.press("enter")
	d.sees("现在发出的证书不带电子签名")
}

// TestLockedSigningKeyIsSaidBefore: who approves at the last level and who can help it see it before they try; others
// are not bothered.
func TestLockedSigningKeyIsSaidBefore(t *testing.T) {
	locked := func(o *Options) { o.Signing = code.ErrLocked }
	for account, concerned := range map[string]bool{admin: true, third: true, second: false, wuhou: false} {
		d := open(t, register(t), account, locked)
		mark := "签发密钥未解锁，不能发证"
		if concerned {
			d.sees(mark)
		} else {
			d.misses(mark)
		}
		open(t, register(t), account).misses(mark)
	}
	d := open(t, register(t), admin, locked)
	d.press(":")
	d.typeText("tab 管理")
	d.press("enter")
	d.sees("签发密钥已加密，尚未解锁，不能核发证书")
}
