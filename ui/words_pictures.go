package ui

// pictureWords are the texts about looking at attachments.
var pictureWords = map[string]text{
	"attachment.unseen":        {"尚未查看：%s。按 %s 查看下一份，看过后再通过", "not looked at yet: %s. %s shows the next one; approve after that"},
	"attachment.all_seen":      {"须查看的材料都已看过", "everything that must be seen has been"},
	"attachment.seen":          {"已看", "seen"},
	"attachment.to_see":        {"须看", "to be seen"},
	"attachment.not_seen":      {"未看", "not seen"},
	"attachment.page":          {"第 %d 页", "page %d"},
	"attachment.no_viewer":     {"只有本机的审核台能用系统程序打开文件", "files are opened with the system's viewer only at a desk of this machine"},
	"attachment.lent":          {"“%s”已交给系统程序打开，查看已记录", "“%s” is opened by the system's viewer; this has been recorded"},
	"attachment.card_slot":     {"材料", "Attachment"},
	"attachment.card_file":     {"文件", "File"},
	"attachment.card_kind":     {"类型", "Type"},
	"attachment.card_captured": {"拍摄时间", "Taken"},
	"column.unseen":            {"未看", "Unseen"},
	"key.unseen":               {"下一份未看", "next unseen"},
	"key.viewer":               {"系统程序打开", "system viewer"},
	"key.fit":                  {"完整显示", "whole picture"},
	"fault.picture_cost":       {"图片的存储方式要占用太多内存，不能在这里显示；可按 O 用系统程序打开", "showing this picture would take too much memory; O opens it with the system's viewer"},
	"fault.pdf_encrypted":      {"PDF 已加密，不能在这里显示；可按 O 用系统程序打开，或请申请人另交未加密的", "the PDF is encrypted and cannot be shown here; O opens it with the system's viewer, or ask for one without encryption"},
	"fault.pdf_page":           {"PDF 没有这一页，或已损坏；请另要一份", "the PDF has no such page, or is damaged; ask for another"},
	"fault.pdf_nothing":        {"此页没有能显示的图片或文字；可按 O 用系统程序打开", "this page has no picture or text that can be shown; O opens it with the system's viewer"},
	"fault.images":             {"没有图片方式“%s”；可用：auto、kitty、iterm2、sixel、blocks、none", "no way of showing images “%s”; there are auto, kitty, iterm2, sixel, blocks, none"},
	"flag.images":              {"图片的显示方式：auto、kitty、iterm2、sixel、blocks、none", "how pictures are shown: auto, kitty, iterm2, sixel, blocks, none"},
	"attachment.pages_unknown": {"页数过多或无法读出，此处只显示第 1 页", "too many pages, or their number cannot be read; only the first is shown here"},
	"timeline.stated":          {"声明已查看：%s", "stated to have been seen: %s"},
}
