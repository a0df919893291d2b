package demo

import (
	"slices"
	"time"

	"rongzheng/review"
)

// Names of accounts of the demo.
const (
	// Reviewer is the account that the demo opens with: first level, every area, so that there is much to see.
	Reviewer = "zhou"
	// Reviewer2 and Reviewer3 decide at the second and third level for the whole city.
	Reviewer2 = "chen"
	Reviewer3 = "luo"
	// Clerk works at the counter.
	Clerk = "he"
	// Administrator keeps accounts; Auditor reads everything, masked; Portal is the citizens' portal.
	Administrator = "admin"
	Auditor       = "audit"
	Portal        = "portal"
)

// colleagues are the other reviewers of the first level, with their areas.
var colleagues = []struct {
	name, title string
	areas       []string
}{
	{"zhang", "武侯区 张老师", []string{"510107"}},
	{"liu", "锦江区、青羊区 刘老师", []string{"510104", "510105"}},
	{"ma", "功能区 马老师", []string{"510171", "510172", "510173"}},
}

// seniors are the two reviewers of each level from the second on.
var seniors = [][2]struct{ name, title string }{
	{{Reviewer2, "陈老师"}, {"deng", "邓老师"}},
	{{Reviewer3, "罗老师"}, {"tang", "唐老师"}},
	{{"qin", "秦老师"}, {"xie", "谢老师"}},
	{{"bai", "白老师"}, {"yu", "余老师"}},
}

// reviewerPerson is who the account Reviewer is. She has filed an application of her own, which she may not decide on.
func reviewerPerson() person {
	p := person{name: "周若谷", sex: review.Female, birth: review.NewDate(1988, time.May, 16), idType: review.ResidentCard}
	p.idNumber = identityNumber("110102", p.birth, 11, p.sex)
	return p
}

// Accounts returns the made-up accounts of the demo, the administrator first: reviewers for every level of the policy,
// two clerks, an auditor and the portal. A policy with fewer levels has fewer of them.
func Accounts(p *review.Policy) []review.Account {
	self := reviewerPerson()
	all := areasOf(p)
	list := []review.Account{
		{Name: Administrator, Role: review.Administrator, Title: "管理员"},
		atLevel(p, 1, Reviewer, "全市初审 周老师", all),
	}
	list[1].Person = self.key()
	for _, c := range colleagues {
		areas := slices.DeleteFunc(slices.Clone(c.areas), func(area string) bool { return !slices.Contains(all, area) })
		if len(areas) > 0 {
			list = append(list, atLevel(p, 1, c.name, c.title, areas))
		}
	}
	for i := range p.Levels[1:] {
		for _, senior := range seniors[i] {
			list = append(list, atLevel(p, i+2, senior.name, senior.title, all))
		}
	}
	return append(list,
		review.Account{Name: Clerk, Role: review.Clerk, Areas: all, Office: "市民服务中心", Title: "窗口 何老师"},
		review.Account{Name: "wen", Role: review.Clerk, Office: "市民服务中心", Title: "窗口 文老师"},
		review.Account{Name: Auditor, Role: review.Auditor, Office: "审计", Title: "审计员"},
		review.Account{Name: Portal, Role: review.Portal, Title: "网上申报平台"},
	)
}

func atLevel(p *review.Policy, level int, name, title string, areas []string) review.Account {
	a := review.Account{Name: name, Role: review.Reviewer, Level: level, Office: p.Level(level).Office, Title: title}
	if !p.Level(level).City {
		a.Areas = areas
	}
	return a
}

// areasOf lists the review areas that are offered.
func areasOf(p *review.Policy) []string {
	var codes []string
	for _, o := range p.Options["area"] {
		if !o.Disabled {
			codes = append(codes, o.Code)
		}
	}
	return codes
}
