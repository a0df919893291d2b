package ui

// mailWords are the texts of the mail room (待邮寄) and of what happens to a mailing.
var mailWords = map[string]text{
	"letter_none":      {"本申请没有需要邮寄的纸质证书", "this application has no paper certificate to mail"},
	"letter_to_print":  {"证书尚未打印，请先打印（p）", "the certificate is not printed yet; print it first (p)"},
	"letter_printed":   {"证书已打印，等待寄出", "the certificate is printed and waits to be sent"},
	"letter_sent":      {"已经寄出", "it has been sent"},
	"letter_returned":  {"邮件已退回，可重新寄出（s）", "the letter came back; it can be sent again (s)"},
	"letter_collected": {"证书已由本人领取", "the person has collected the certificate"},
	"letter_no_undo":   {"没有可以撤回的步骤", "there is no step to undo"},
	"carrier_unknown":  {"没有编码为 {carrier} 的承运单位", "there is no carrier with the code {carrier}"},
	"tracking_form":    {"运单号须为 6 至 32 位字母或数字", "a tracking number is 6 to 32 letters or digits"},
	"tracking_taken":   {"运单号 {tracking} 已用于 {reference}，请核对是否重复扫描", "tracking number {tracking} is {reference}'s already; was it scanned twice?"},
	"sheet_reason":     {"请说明证书是作废还是遗失", "say whether the sheet is spoiled or lost"},

	"action.mail":         {"邮寄", "mail"},
	"action.mail_print":   {"打印待寄证书", "print for mailing"},
	"action.mail_send":    {"寄出证书", "send certificate"},
	"action.mail_return":  {"邮件退回", "letter returned"},
	"action.mail_collect": {"改为自取", "collected in person"},
	"action.mail_replace": {"证书用纸作废或遗失", "sheet spoiled or lost"},
	"action.mail_undo":    {"撤回邮寄步骤", "undo mailing step"},
	"action.mail_labels":  {"打印收件地址", "print addresses"},

	"letter.to_print":  {"待打印", "To print"},
	"letter.printed":   {"待寄出", "To send"},
	"letter.sent":      {"已寄出", "Sent"},
	"letter.returned":  {"已退回", "Returned"},
	"letter.collected": {"已自取", "Collected"},
}
