package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"rongzheng/review"
)

// A person is one made-up applicant. Everything in it follows from the seed and the index alone, so that the same
// person is met whatever the number of applications is.
type person struct {
	index     int
	name      string
	shown     string // the name as on the identity card, "" for the same
	sex       string // option code
	birth     review.Date
	idType    string
	idNumber  string
	ethnicity string
	mobile    string
	area      string // where they work, option code
	district  string // label of area
	political string
	education string
	major     string
	address   string
	employer  employment
	level     string
	fields    []string
	delegate  []string
	honours   []string
	mail      bool
	look      look
}

// employment is what the form asks about the work.
type employment struct {
	kind, post, community string
	since                 int // year in which they took up social work
}

// fixtures are the names of domain §5, given to the first people whose turn it is.
var fixtures = []struct{ name, sex, ethnicity string }{
	{"王𬭎", review.Male, "01"}, {"李𫖯", review.Male, "01"}, {"司马𬱖", review.Female, "01"}, {"张䶮", review.Male, "01"},
	{"徐㼆", review.Female, "01"}, {"其美", review.Female, "04"}, {"买买提·吐尔逊", review.Male, "05"},
	{"阿卜杜热合曼·阿卜杜克里木·买买提依明", review.Male, "05"},
}

const (
	fixtureEvery = 8
	fixtureAt    = 3
)

// Streams of random numbers that belong to one person; each part of the generator has its own, so that a change of one
// leaves the others as they are.
const (
	streamPerson = iota
	streamStory
	streamLook
	streamPaper
	streams
)

// random returns the random numbers of one part of one person.
func random(seed uint64, index, stream int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(index)*streams+uint64(stream)))
}

// spread returns numbers below 1 that lie evenly however few of them are taken: the golden ratio's multiples.
func spread(index int, offset float64) float64 {
	_, fraction := math.Modf(float64(index)*math.Phi + offset)
	return fraction
}

// newPerson makes the person with the index, 0 ≤ index < places × serials × blocks.
func (b *builder) newPerson(index int) person {
	r := random(b.seed, index, streamPerson)
	p := person{index: index, sex: review.Female}
	if r.IntN(100) < 27 { // the profession is one of women
		p.sex = review.Male
	}
	group := peopleOf(r.Float64())
	p.name, p.ethnicity = group.naming(r, p.sex), group.code
	if n := index / fixtureEvery; index%fixtureEvery == fixtureAt && n < len(fixtures) {
		p.name, p.sex, p.ethnicity = fixtures[n].name, fixtures[n].sex, fixtures[n].ethnicity
	}
	p.identify(r)
	p.mobile = fmt.Sprintf("13800%06d", index)
	p.area = b.areaOf(index)
	p.district = b.policy.AreaLabel(p.area)
	p.study(r, review.AgeOn(p.birth, b.today))
	p.work(r)
	p.address = address(r, p.district)
	p.mail = r.IntN(100) < 35
	p.look = newLook(random(b.seed, index, streamLook), p.sex, review.AgeOn(p.birth, b.today))
	return p
}

// identify gives the person a valid identity number that nobody else has: place, serial and the remainder of the day of
// birth together tell the index.
func (p *person) identify(r *rand.Rand) {
	slot := (p.index*slotStep + slotStart) % (len(places) * serials * blocks)
	place, slot := places[slot%len(places)], slot/len(places)
	serial, block := slot%serials, slot/serials
	oldest := review.NewDate(1958, time.March, 1)
	const days = 15_500 // to August 2000
	day := int((r.Float64() + r.Float64()) / 2 * days)
	p.birth = oldest.AddDays(day/blocks*blocks + block)
	p.idNumber = identityNumber(place, p.birth, serial, p.sex)
	p.idType = documentOf(place)
}

// identityNumber puts a number of GB 11643-1999 together; serial counts those of one sex, place and day.
func identityNumber(place string, birth review.Date, serial int, sex string) string {
	serial *= 2
	if sex == review.Male {
		serial++
	}
	digits := fmt.Sprintf("%s%04d%02d%02d%03d", place, birth.Year(), birth.Month(), birth.Day(), serial)
	return digits + checkCharacter(digits)
}

// checkCharacter computes the 18th character (ISO 7064, MOD 11-2).
func checkCharacter(digits string) string {
	sum, weight := 0, 1
	for i := len(digits) - 1; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += weight * int(digits[i]-'0')
	}
	return string("10X98765432"[sum%11])
}

func documentOf(place string) string {
	switch place[:2] {
	case "81", "82":
		return review.HongKongPermit
	case "83":
		return review.TaiwanPermit
	}
	return review.ResidentCard
}

var majors = words("社会工作 社会工作 社会工作 社会学 社会工作与管理 公共事业管理 行政管理 法学 心理学 汉语言文学 教育学 护理学 会计学 工商管理 人力资源管理 思想政治教育 学前教育 劳动与社会保障 计算机科学与技术 英语 老年服务与管理 社区管理与服务 城市管理 新闻学")

// Odds of the options, by code: so many of the sum of all.
var (
	politicalOdds = newOdds("01:38 02:3 03:12 13:41 12:1 04:1 05:2 06:1 07:1 08:1 10:1")
	educationOdds = newOdds("21:55 31:30 14:8 41:4 61:3 11:1")
	levelOdds     = newOdds("1:60 2:38 3:2")
	employerOdds  = newOdds("01:52 07:20 04:7 02:5 03:4 06:4 05:3 08:3 09:1 10:1")
	postOdds      = newOdds("02:42 04:25 01:12 05:11 03:6 06:4")
	communityOdds = newOdds("41:44 42:16 43:6 31:14 22:7 12:4 21:4 11:5")
	localPostOdds = newOdds("04:70 02:20 05:10")
	delegateOdds  = newOdds("1:6 2:3 3:2")
	honourOdds    = newOdds("4:8 3:4 2:2 1:1")
	fieldOdds     = newOdds("05:30 21:18 22:9 01:8 02:7 11:6 07:6 06:5 23:4 08:4 04:3 24:3 16:3 09:2 12:2 14:2 15:2 17:3 19:1 20:2 10:1 13:1 03:2 18:1 25:2 26:1")
)

// noMajor is the education that has no major (普通高中).
const noMajor = "61"

func (p *person) study(r *rand.Rand, age int) {
	p.political, p.education, p.level = politicalOdds.choose(r), educationOdds.choose(r), levelOdds.choose(r)
	const leagueMember, nonMember, oldestInLeague = "03", "13", 28
	if p.political == leagueMember && age > oldestInLeague {
		p.political = nonMember
	}
	p.major = pick(r, majors)
	if p.education == noMajor {
		p.major = "无"
	}
}

func (p *person) work(r *rand.Rand) {
	p.employer = employment{kind: employerOdds.choose(r), post: postOdds.choose(r), since: p.birth.Year() + 22 + r.IntN(12)}
	if p.employer.kind == review.CommunityEmployer {
		p.employer.community, p.employer.post = communityOdds.choose(r), localPostOdds.choose(r)
	}
	for range 1 + r.IntN(3) {
		if field := fieldOdds.choose(r); !slices.Contains(p.fields, field) {
			p.fields = append(p.fields, field)
		}
	}
	p.delegate, p.honours = []string{review.NoDelegate}, []string{review.NoHonour}
	if r.IntN(12) == 0 {
		p.delegate = []string{delegateOdds.choose(r)}
	}
	if r.IntN(5) == 0 {
		p.honours = []string{honourOdds.choose(r)}
	}
}

var streets = words("芙蓉街 锦云路 望江里 青竹巷 百草路 桂香街 晓风路 安居巷 兴盛街 民安路 长青街 春水路 新荷街 玉兰巷 银杏大道 东林街 南苑路 西岭街 北湖路 梧桐里 清溪路 花照壁街 石榴巷 双桥路")

func address(r *rand.Rand, district string) string {
	return fmt.Sprintf("四川省成都市%s%s%d号%d栋%d单元%d%02d室", district, pick(r, streets), 1+r.IntN(199), 1+r.IntN(18), 1+r.IntN(4), 1+r.IntN(24), 1+r.IntN(6))
}

// key identifies the person.
func (p *person) key() review.PersonKey { return review.PersonKey{Type: p.idType, Number: p.idNumber} }
