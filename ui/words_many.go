package ui

// manyWords are the texts of working on many cases at once.
var manyWords = map[string]text{
	"key.mark_row":        {"标记", "mark"},
	"key.mark_range":      {"标记一段", "mark a range"},
	"key.mark_all":        {"标记全部", "mark all"},
	"key.unmark":          {"取消标记", "unmark all"},
	"key.unmark_one":      {"取消标记", "unmark"},
	"key.marked":          {"已标记的", "marked ones"},
	"many.marked":         {"已标记 %d 件", "%d marked"},
	"many.marked_first":   {"已标记 %d 件；一次最多标记 %d 件，其余未标记", "%d marked; at most %d can be marked at once, the others are not"},
	"many.full":           {"一次最多标记 %d 件", "at most %d can be marked at once"},
	"many.unmarked":       {"已取消 %d 件的标记", "%d are no longer marked"},
	"many.range":          {"从 %s 起标记一段：移动后再按 v，esc 取消", "a range begins at %s: move and press v again, esc ends it"},
	"many.looking":        {"正在查找要标记的申请…", "looking for what to mark …"},
	"many.none":           {"没有标记的申请：space 标记一件，v 一段，* 全部", "nothing is marked: space marks one, v a range, * all"},
	"many.list":           {"已标记 %d 件", "%d marked"},
	"many.no_certificate": {"%s 尚未发证，请先取消其标记", "%s has no certificate; unmark it first"},
	"many.title.hold":     {"挂起已标记的 %d 件", "Put the %d marked ones on hold"},
	"many.title.reject":   {"不通过已标记的 %d 件", "Reject the %d marked ones"},
	"many.title.reroute":  {"改派已标记的 %d 件", "Re-route the %d marked ones"},

	"many.confirm.approve": {"通过已标记的 %d 件？%s每件仍单独核对。按 y 确认，其他键取消。", "Approve the %d marked ones? %sEach is still checked by itself. y does it, any other key does not."},
	"many.confirm.reject":  {"已标记的 %d 件均作不通过处理（%s）？按 y 确认，其他键取消。", "Reject the %d marked ones (%s)? y does it, any other key does not."},
	"many.confirm.hold":    {"挂起已标记的 %d 件（%s）？按 y 确认，其他键取消。", "Put the %d marked ones on hold (%s)? y does it, any other key does not."},
	"many.confirm.reroute": {"将已标记的 %d 件改派至%s？按 y 确认，其他键取消。", "Re-route the %d marked ones to %s? y does it, any other key does not."},
	"many.confirm.print":   {"打印已标记的 %d 张证书？%s首次打印后，通过决定不能再撤销。按 y 确认，其他键取消。", "Print the %d marked certificates? %sOnce printed, an approval cannot be taken back. y does it, any other key does not."},

	"many.progress":  {"%s：第 %d 件，共 %d 件 · esc 停止", "%s: %d of %d · esc stops"},
	"many.stopping":  {"这一件完成后停止", "stopping after this one"},
	"many.done":      {"%s：%d 件全部完成", "%s: all %d done"},
	"many.done_some": {"%s：完成 %d 件，未能完成 %d 件，未处理 %d 件；这些仍有标记，M 查看", "%s: %d done, %d could not be, %d left; those are still marked, M shows them"},
}
