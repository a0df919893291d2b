package ui

// statsWords are the texts of the tabs that are screens of their own, of the overview and of the expiry screen.
var statsWords = map[string]text{
	"upgrade.working": {"数据由旧版本写成，正在更新", "the data are of an older version; bringing them up to date"},

	"command.tab": {"请写明标签页的名称，例如 :tab 已通过（tab 键补全）；须先回到队列", "name a tab, such as :tab approved (tab completes); from the queue only"},
}
