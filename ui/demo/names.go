package demo

import (
	"math/rand/v2"
	"slices"
	"strings"

	"rongzheng/review"
)

// The lists are strings of words, so that a page of them reads like one. A weighted list says how many of a thousand
// people bear a name of the group before the colon.

// surnames are the hundred most common family names with a few compound ones, in groups of falling frequency.
var surnames = weighted(
	"72:王 李 张 刘", "46:陈 杨", "26:赵 黄 周 吴 罗", "17:徐 孙 胡 朱 高 林 何 郭 马", "10:唐 谢 邓 曾 肖 冯 程 蒋 曹 彭 袁 董 萧 田",
	"6:郑 梁 宋 韩 于 余 叶 魏 苏 吕 丁 任 沈 姚 卢 姜 崔 钟 谭 陆 汪 范 金 石 廖 贾 夏 付 方 白 邹 孟 熊 秦 邱 江 尹 薛 阎 段 雷 侯 龙 史 陶 黎 贺 顾 毛 郝 龚 邵 万 钱 严 覃 武 戴 莫 孔 向 汤",
	"3:文 蒲 游 敬 涂 鲜 庞 牟 卿 税 苟 兰 冷 温 施 洪 翟 安 颜 倪 牛 殷 甘 骆 代 古 岳 柴 庄 祝 阳 邬 补", "1:欧阳 司马 上官 诸葛 司徒 令狐 皇甫 尉迟 夏侯 东方",
)

// Given names by sex and by the age of those who bear them: before 1975, to 1990, later.
var (
	elderMale    = words("建国 国强 志明 明华 德荣 永福 大勇 光辉 世杰 文彬 朝阳 正德 兴全 良才 家富 学文 代明 仕林 绍武 天祥")
	elderFemale  = words("秀英 桂兰 玉珍 淑华 素芳 凤英 琼芳 素琼 惠芬 春兰 秀琼 群英 碧华 玉蓉 锦蓉 仕芳 朝芬 德蓉 世琼 淑清")
	middleMale   = words("勇 刚 军 伟 强 波 涛 磊 鹏 斌 杰 超 林 平 辉 浩 建军 志强 小波 晓东 海涛 俊杰 永刚 国栋 立新 文涛 春雷 小龙 长江 开明")
	middleFemale = words("敏 静 丽 娟 艳 燕 芳 玲 霞 莉 蓉 红梅 小红 晓燕 丽华 雪梅 春燕 海燕 晓蓉 玉梅 小琴 红英 秋菊 冬梅 建蓉 素梅 雪莲 晓芳 小凤 金花")
	youngMale    = words("宇航 浩然 子豪 俊熙 博文 天宇 思远 嘉豪 家乐 明轩 一帆 泽宇 皓 睿 晨曦 文博 梓轩 鑫 川 霖 逸飞 云开 知行 若谷 锦程 见山 亦辰 景行 沐阳 砚秋")
	youngFemale  = words("雨欣 梦琪 思雨 佳怡 诗涵 欣怡 婷婷 雪儿 可馨 梓涵 语嫣 晓雯 倩 颖 琳 璐 瑶 慧 蕊 芷若 清扬 知夏 书窈 以宁 念慈 锦书 望舒 采薇 听雨 如初")
)

// rareGiven holds given names with characters outside the basic plane or rarely found in fonts; all are in the standard
// name table (通用规范汉字表).
var rareGiven = words("𬭎 𫖯 𬱖 䶮 㼆 𬍛 𫍯 𬘭 𬤊 𬀩 𬬮 𫘧 玥婧 翀 昇 喆 赟 犇 骉 燚 垚 淼 彧 頔 珺 祎 翛 珝")

// A naming is how a people's names are made.
type naming func(r *rand.Rand, sex string) string

// A people is an ethnicity with its part of a hundred thousand applicants.
type people struct {
	code   string // option of the list "ethnicity"
	weight int
	naming naming
}

// peoples follow the part of each among those who live in Chengdu, the small ones raised so that they are met.
var peoples = []people{
	{"01", 83000, han}, {"07", 3200, yi}, {"04", 3600, tibetan}, {"33", 1800, qiang}, {"03", 1700, hui},
	{"15", 900, familyOf("田 向 彭 冉 覃 谭 张 杨")}, {"06", 700, familyOf("龙 石 麻 吴 杨 熊 罗")}, {"11", 700, familyOf("佟 关 马 索 齐 富 那 郎 赵 金")},
	{"02", 800, mongol}, {"05", 800, uygur}, {"08", 350, familyOf("韦 覃 黄 蒙 农 陆 梁")}, {"14", 250, familyOf("段 杨 李 赵 董 尹 高")},
	{"17", 220, kazak}, {"10", 220, familyOf("金 朴 崔 李 郑 姜 全 南宫")}, {"12", 150, familyOf("吴 石 杨 陆 粟 潘")}, {"09", 150, familyOf("韦 罗 王 岑 黄 贺")},
	{"18", 150, dai}, {"13", 120, familyOf("盘 邓 赵 李 黄 冯")}, {"27", 120, familyOf("和 木 李 杨 年")}, {"20", 120, familyOf("余 熊 丰 褚 谷 麻")},
	{"16", 80, familyOf("李 白 杨 马 普 车")}, {"19", 60, familyOf("王 符 黄 郑 韦 羊")}, {"21", 60, familyOf("赵 李 田 鲍 肖 魏")}, {"37", 60, familyOf("申 王 杨 冯 邓 勾")},
	{"38", 60, familyOf("关 佟 郭 吴 何 安")}, {"31", 60, familyOf("敖 鄂 孟 郭 苏 多")}, {"30", 60, familyOf("李 祁 鲁 东 辛")}, {"35", 50, familyOf("韩 马 沈 何 刘")},
	{"26", 50, familyOf("马 汪 牟 妥 祁")}, {"22", 50, familyOf("蓝 雷 钟 盘")}, {"24", 40, familyOf("李 张 罗 胡 扎")}, {"25", 40, familyOf("韦 潘 石 蒙 陆")},
	{"28", 40, familyOf("排 勒 岳 金 雷 石")}, {"29", 40, kazak}, {"34", 30, familyOf("岩 玉 李 俸 陶")}, {"40", 30, familyOf("和 熊 杨 胡 茸")},
	{"41", 30, uygur}, {"43", 20, uygur}, {"45", 20, familyOf("杜 涂 何 哈 那")}, {"44", 20, russian}, {"54", 20, tibetan}, {"55", 20, familyOf("达 亚 林 东")},
	{"56", 20, familyOf("白 车 资 周 切")}, {"98", 20, han}, {"97", 20, han},
}

func words(text string) []string { return strings.Fields(text) }

// weighted spreads "weight:word word" groups out into a list in which each word stands as often as its weight says.
func weighted(groups ...string) []string {
	var list []string
	for _, group := range groups {
		weight, rest, _ := strings.Cut(group, ":")
		for _, word := range words(rest) {
			list = append(list, slices.Repeat([]string{word}, count(weight))...)
		}
	}
	return list
}

// count reads the weights of the lists in this package.
func count(digits string) int {
	n := 0
	for _, digit := range digits {
		n = 10*n + int(digit-'0')
	}
	return n
}

// odds is a choice among codes.
type odds struct {
	codes []string
	ends  []int // running sums of the weights
}

// newOdds reads "code:weight code:weight".
func newOdds(list string) odds {
	var o odds
	sum := 0
	for _, entry := range words(list) {
		code, weight, _ := strings.Cut(entry, ":")
		sum += count(weight)
		o.codes, o.ends = append(o.codes, code), append(o.ends, sum)
	}
	return o
}

func (o odds) choose(r *rand.Rand) string { return o.at(r.Float64()) }

// at returns the code at the part u of the whole, 0 ≤ u < 1.
func (o odds) at(u float64) string {
	n := int(u * float64(o.ends[len(o.ends)-1]))
	at, _ := slices.BinarySearch(o.ends, n+1)
	return o.codes[at]
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// peopleOf turns a number below 1 into a people.
func peopleOf(u float64) people {
	rest := int(u * 100000)
	for _, p := range peoples {
		if rest -= p.weight; rest < 0 {
			return p
		}
	}
	return peoples[0]
}

func han(r *rand.Rand, sex string) string { return pick(r, surnames) + given(r, sex) }

// familyOf makes names of Han form with the family names of a people.
func familyOf(families string) naming {
	list := words(families)
	return func(r *rand.Rand, sex string) string { return pick(r, list) + given(r, sex) }
}

func given(r *rand.Rand, sex string) string {
	generation := r.IntN(10)
	switch {
	case r.IntN(250) == 0:
		return pick(r, rareGiven)
	case generation < 2:
		return bySex(r, sex, elderMale, elderFemale)
	case generation < 6:
		return bySex(r, sex, middleMale, middleFemale)
	}
	return bySex(r, sex, youngMale, youngFemale)
}

func bySex(r *rand.Rand, sex string, male, female []string) string {
	if sex == review.Male {
		return pick(r, male)
	}
	return pick(r, female)
}

var (
	tibetanFirst  = words("扎西 丹增 格桑 次仁 索朗 仁青 洛桑 阿旺 尼玛 达瓦 贡布 白玛 德吉 泽仁 罗尔 益西")
	tibetanMale   = words("多吉 顿珠 旺堆 平措 尼玛 罗布 加措 次旦 扎西 江村 泽郎")
	tibetanFemale = words("卓玛 央金 拉姆 曲珍 卓嘎 措姆 白珍 德吉 梅朵 初")
)

func tibetan(r *rand.Rand, sex string) string {
	return pick(r, tibetanFirst) + bySex(r, sex, tibetanMale, tibetanFemale)
}

var (
	yiClans  = words("吉克 阿侯 沙马 吉木 马海 阿尔 罗洪 吉伍 曲木 阿的 莫色 俄木 勒格 海来 沙马曲比")
	yiMale   = words("木呷 拉日 尔布 伍达 日黑 木乃 尔铁 子哈 阿鲁 克其")
	yiFemale = words("阿呷 伍呷 阿依 尔作 木果 阿支莫 色果 伍各莫 日扎 约则")
)

func yi(r *rand.Rand, sex string) string {
	name := bySex(r, sex, yiMale, yiFemale)
	switch r.IntN(4) {
	case 0:
		return pick(r, yiClans) + "·" + name
	case 1:
		return pick(r, surnames) + given(r, sex)
	}
	return pick(r, yiClans) + name
}

func qiang(r *rand.Rand, sex string) string {
	if r.IntN(6) == 0 {
		return "尔玛" + bySex(r, sex, words("木纳 吉波 阿巴 泽基"), words("依娜 阿妹 木姐 格蕊"))
	}
	return pick(r, words("余 杨 何 王 陈 龙 周 蔡 毛 马 赵 罗 耿 苟")) + given(r, sex)
}

func hui(r *rand.Rand, sex string) string {
	return pick(r, words("马 马 马 哈 撒 穆 丁 沙 白 苏 虎 米 张 海")) + given(r, sex)
}

var (
	mongolMale   = words("巴特尔 苏和 那顺 阿古拉 宝力德 孟和 吉日嘎拉 乌力吉 格日勒图 青格勒")
	mongolFemale = words("其其格 乌兰 苏日娜 萨仁 娜仁托娅 乌云 托娅 琪琪格 斯琴 高娃 乌日娜")
	mongolClans  = words("孛儿只斤 包 白 宝 吴 韩 乌兰 哈斯 阿拉坦")
)

func mongol(r *rand.Rand, sex string) string {
	name := bySex(r, sex, mongolMale, mongolFemale)
	switch r.IntN(5) {
	case 0:
		return "孛儿只斤·" + name
	case 1:
		return "哈斯·" + name
	case 2:
		return name
	}
	return pick(r, mongolClans) + name
}

var (
	uygurMale   = words("买买提 吐尔逊 阿卜杜热合曼 艾尼瓦尔 阿迪力 库尔班 玉素甫 艾合买提 亚森 热合曼 木拉提 伊力亚斯 艾力 阿卜力米提 凯赛尔")
	uygurFemale = words("阿依古丽 古丽娜尔 热孜万古丽 帕提古丽 阿孜古丽 古丽扎尔 米热阿依 迪丽努尔 祖丽皮耶 阿米娜 茹仙古丽 再努尔")
)

func uygur(r *rand.Rand, sex string) string {
	name := bySex(r, sex, uygurMale, uygurFemale) + "·" + pick(r, uygurMale)
	if r.IntN(12) == 0 {
		name += "·" + pick(r, uygurMale)
	}
	return name
}

func kazak(r *rand.Rand, sex string) string {
	fathers := words("叶尔兰 巴合提 努尔兰 哈力别克 木拉提别克 赛力克 热斯别克 阿依丁")
	return bySex(r, sex, fathers, words("阿依达娜 古丽米拉 努尔古丽 阿依娜 加娜尔 巴哈尔")) + "·" + pick(r, fathers)
}

func dai(r *rand.Rand, sex string) string {
	return bySex(r, sex, words("岩温 岩罕 刀建国 岩香 刀文学"), words("玉罕 玉香 玉波 刀美兰 玉腊")) + pick(r, words("罕 叫 香 扁 囡"))
}

func russian(r *rand.Rand, sex string) string {
	return bySex(r, sex, words("伊万 尼古拉 阿列克谢 瓦西里"), words("娜塔莎 安娜 玛丽娅 叶莲娜")) + "·" + pick(r, words("伊万诺维奇 彼得洛娃 尼古拉耶夫 谢尔盖"))
}
