package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// lookAt opens the look-up and asks for the text.
func lookAt(t testing.TB, s Register, account, text string, change ...func(*Options)) *desktop {
	t.Helper()
	d := open(t, s, account, change...)
	d.press(":")
	d.typeText("certificate")
	d.press("enter")
	d.sees("电子证书查询", "输入或扫描身份证号")
	d.typeText(text)
	d.press("enter")
	return d
}

// legacy takes in the certificate of a person from before the register; what is left out of the form makes it incomplete.
func legacy(t testing.TB, s *store.Store, n int, until string, without ...review.Key) {
	t.Helper()
	sub, _ := applicant{n: n, name: "格桑梅朵", area: "510107"}.submission()
	form := sub.Form
	form.Set("first_registered_on", "2020-05-01")
	form.Set("certificate_valid_until", until)
	form.Set("community_post", "41")
	for _, key := range without {
		form.Set(key, "")
	}
	c := store.LegacyCertificate{Number: "CD-2020-00000" + string(rune('0'+n%10)), Form: form, Portrait: photo(review.PortraitWidth, review.PortraitHeight, n)}
	answers, err := s.AddLegacy(admin, []store.LegacyCertificate{c}, noon)
	if err != nil || answers[0] != nil {
		t.Fatal(err, answers)
	}
}

// TestLookupOfAValidCertificate: by identity number, by number, by name; shown masked, downloaded as a file.
func TestLookupOfAValidCertificate(t *testing.T) {
	s, dir := withMail(t), t.TempDir()
	outlet := func(o *Options) { o.Outlet = Folder(dir) }
	for _, text := range []string{identity(1), " " + strings.ToLower(identity(1)) + " ", "CD-2026-000001", "cd-2026-000001", "王芳", "wang fang"} {
		d := lookAt(t, s, clerk, text, outlet)
		d.sees("✓ 证书 CD-2026-000001 有效，至 2029-11-15")
		d.misses(identity(1), "王芳 ", "13800001234")
		d.press("q")
	}
	d := lookAt(t, s, clerk, identity(1), outlet)
	d.golden("lookup_valid_zh_80x24")
	d.press("x")
	d.says("✓", "完整信息已显示")
	d.sees("王芳")
	d.press("x")
	d.misses("王芳")
	d.press("d")
	d.sees("下载证书 CD-2026-000001")
	d.press("enter")
	d.says("✓", "CD-2026-000001.pdf", "已记录")
	if data, err := os.ReadFile(filepath.Join(dir, "CD-2026-000001.pdf")); err != nil || !strings.HasPrefix(string(data), "%PDF") {
		t.Errorf("the file: %v", err)
	}
	d.press("p")
	d.sees("CD-2026-000001")
	d.press("esc", "e")
	d.says("✗", "没有需要完善的信息")
	ledger, err := s.Ledger(review.Account{Name: admin, Role: review.Administrator}, "CD-2026-000001")
	if err != nil || len(ledger) != 1 || ledger[0].Way != review.AsFile {
		t.Errorf("the ledger: %+v %v", ledger, err)
	}
}

func TestLookupOfAnExpiredCertificate(t *testing.T) {
	s := withPeople(t)
	legacy(t, s, 7, "2026-10-01")
	d := lookAt(t, s, clerk, identity(7))
	d.sees("证书 CD-2020-000007 已于 2026-10-01 到期，至今 46 天", "再次登记可以办理（按 2）")
	d = lookAt(t, s, wuhou, identity(7)) // a reviewer sees the same without the counter's ways
	d.sees("已于 2026-10-01 到期")
	d.misses("再次登记可以办理")
	d.press("2")
	d.says("✗", "“2”在此处无效")
}

func TestLookupOfAnIncompleteRecord(t *testing.T) {
	s := withPeople(t)
	legacy(t, s, 8, "2027-10-01", "fields", "honours", "community_post")
	d := lookAt(t, s, clerk, "CD-2020-000008")
	d.sees("信息待完善，缺少：社区岗位、主要从事社会工作领域、本人或主要参与的项目所获荣誉", "完善后方可下载、打印", "按 e 办理完善信息")
	d.golden("lookup_incomplete_zh_80x24")
	d.press("p")
	d.says("✗", "信息待完善")
	d.press("d")
	d.says("✗", "信息待完善")
	d = lookAt(t, s, wuhou, identity(8))
	d.sees("请由办事窗口办理完善信息")
	d.press("e")
	d.says("✗", "请由办事窗口办理")
}

func TestLookupOfNobody(t *testing.T) {
	s := withPeople(t)
	d := lookAt(t, s, clerk, "11010519491231002X")
	d.sees("登记册中没有此人的登记证书", "首次登记可以办理（按 1）", "再次登记可以办理（按 2）")
	d.sees("110***********002X")
	d.misses("11010519491231002X")
	d.golden("lookup_none_zh_80x24")
	d.press("1")
	d.sees("首次登记", "11010519491231002X", "已填 1/")
	d.press("esc")
	d.sees("登记册中没有此人的登记证书")
	d = lookAt(t, s, clerk, identity(1)) // in review
	d.sees("首次登记不能办理：已有正在审核流程中的申报 SQ202600000001")
	d.press("1")
	d.says("✗", "已有正在审核流程中的申报 SQ202600000001")
	d = lookAt(t, s, clerk, "诸葛")
	d.sees("没有符合的登记证书", "身份证号")
	d = lookAt(t, s, clerk, "CD-2026-999999")
	d.sees("没有找到")
}

// TestLookupOfARecordWithoutDates says that there are none.
func TestLookupOfARecordWithoutDates(t *testing.T) {
	s := withPeople(t)
	legacy(t, s, 8, "", "certificate_valid_until", "first_registered_on")
	d := lookAt(t, s, clerk, "CD-2020-000008")
	d.sees("第 1 版", "有效期未登记")
	d.misses(" 至\n")
}

func TestLookupOfARevokedCertificate(t *testing.T) {
	s := doubled(withMail(t))
	s.certificateOf = func(by review.Actor, person review.PersonKey) (review.Certificate, error) {
		c, err := s.Store.CertificateOf(by, person)
		c.RevokedOn, c.RevokedFor = review.NewDate(2026, 11, 2), "lent"
		return c, err
	}
	d := lookAt(t, s, clerk, identity(1))
	d.sees("证书 CD-2026-000001 已于 2026-11-02 注销：出租、出借或转让")
	d.press("p")
	d.says("✗", "注销")
}

// TestLookupOutsideOfTheScope says no more than that.
func TestLookupOutsideOfTheScope(t *testing.T) {
	d := lookAt(t, withMail(t), jinniu, identity(1))
	d.sees("不在您的审核区域内")
	d.misses("CD-2026-000001 有效", "王*")
}

func TestLookupOfSeveral(t *testing.T) {
	s := withMail(t)
	legacy(t, s, 7, "2027-10-01")
	legacy(t, s, 9, "2027-10-01")
	d := lookAt(t, s, clerk, "格桑")
	d.sees("有 2 本证书符合", "格*")
	d.press("j", "enter")
	d.sees("有效，至 2027-10-01")
	d.press("/")
	d.typeText(identity(2))
	d.press("enter")
	d.sees("CD-2026-000002 有效")
	d.resize(60, 20)
	d.sees("CD-2026-000002 有效")
}

func TestLookupLater(t *testing.T) {
	later := func(o *Options) { o.Clock = func() time.Time { return noon.AddDate(4, 0, 0) } }
	d := lookAt(t, withMail(t), clerk, identity(1), later)
	d.sees("已于 2029-11-15 到期，至今 366 天")
}

// TestClerkHandsOutWhatTheyEnteredForAnotherArea: who has filed a case sees its certificate, wherever it lies, and whoever
// sees it may hand it out: by the look-up, by P, and as a file.
func TestClerkHandsOutWhatTheyEnteredForAnotherArea(t *testing.T) {
	s, dir := withPeople(t), t.TempDir()
	sub, files := applicant{n: 7, name: "格桑梅朵", area: "510106"}.submission()
	a, err := s.Submit(clerk, sub, files, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, account := range []string{jinniu, second, third} {
		a = decideAs(t, s, account, a.Reference, approves(s))
	}
	outlet := func(o *Options) { o.Outlet = Folder(dir) }
	d := lookAt(t, s, clerk, identity(7), outlet)
	d.sees("✓ 证书 " + a.Certificate + " 有效")
	d.press("p", "y")
	d.says("✓", a.Certificate+" 第 1 份")
	d.press("d", "enter")
	d.says("✓", a.Certificate+".pdf", "已记录")
	d.press("P")
	d.typeText(a.Certificate)
	d.misses("不在您的审核区域内")
	d.press("enter", "4")
	d.says("✓", a.Certificate+" 第 3 份")
	lookAt(t, s, wuhou, a.Certificate, outlet).sees("不在您的审核区域内")
}
