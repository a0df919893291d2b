package ui

// lookupWords are the texts of the look-up of certificates (电子证书查询).
var lookupWords = map[string]text{
	"key.download":        {"下载 PDF", "download"},
	"key.complete_record": {"完善信息", "complete"},
	"lookup.key_ask":      {"另查", "ask again"},

	"lookup.title":          {"电子证书查询", "Certificates"},
	"lookup.ask":            {"输入或扫描身份证号，也可输入证书编号或姓名，按 enter 查询", "type or scan an identity number, or type a certificate number or a name, then enter"},
	"lookup.nothing":        {"请输入身份证号、证书编号或姓名", "type an identity number, a certificate number or a name"},
	"lookup.several":        {"有 %d 本证书符合，请选择；或按 / 输入完整身份证号", "%d certificates fit; choose one, or give the whole identity number with /"},
	"lookup.none":           {"登记册中没有此人的登记证书", "the register has no certificate of this person"},
	"lookup.none_named":     {"没有符合的登记证书；请用身份证号查询（/），以确认此人是否持证", "no certificate fits; ask by the identity number (/) to be sure of the person"},
	"lookup.valid":          {"证书 %s 有效，至 %s", "certificate %s is valid until %s"},
	"lookup.expired":        {"证书 %s 已于 %s 到期，至今 %d 天", "certificate %s expired on %s, %d days ago"},
	"lookup.revoked":        {"证书 %s 已于 %s 注销：%s", "certificate %s was revoked on %s: %s"},
	"lookup.incomplete":     {"证书 %s 信息待完善，缺少：%s；完善后方可下载、打印", "certificate %s is incomplete; it lacks: %s. Only then can it be downloaded or printed"},
	"lookup.complete_here":  {"按 e 办理完善信息，只需填写缺少的项目", "e opens the form that asks for just that"},
	"lookup.complete_clerk": {"请由办事窗口办理完善信息", "a clerk at the counter completes the record"},
	"lookup.complete_none":  {"没有需要完善的信息", "nothing is missing"},
	"lookup.at_the_counter": {"请在“办事窗口”输入身份证号，办理完善信息", "type the identity number at the counter and complete the record there"},
	"lookup.open":           {"可以办理（按 %d）", " is open (%d)"},
	"lookup.closed":         {"不能办理", " is closed"},
	"lookup.download":       {"下载证书 %s", "Download certificate %s"},
	"lookup.download_label": {"写入文件（当前文件夹，或完整路径）", "into the file, in the present folder or by its whole path"},
	"lookup.downloaded":     {"证书 %s 已写入 %s，并已记录", "certificate %s is in %s; this was recorded"},
}
