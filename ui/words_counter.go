package ui

// counterWords are the texts of the counter (办事窗口): a person's page, the entry form, drafts, records.
var counterWords = map[string]text{
	"unconfirmed":          {"由以前的登记资料带出，请与申请人核对后确认", "taken over from an earlier record; check it with the applicant and confirm it"},
	"reference_counter":    {"这一编号段由办事窗口使用，请改用其他编号", "references of this form are given at the counter; use another one"},
	"file_turn":            {"PDF 不能旋转，请重新扫描", "a PDF cannot be turned; scan it again"},
	"renewal_opens":        {"再次登记最早可于 {from} 提交（证书有效期至 {until}）", "a renewal can be submitted from {from} on (the certificate is valid until {until})"},
	"renewal_unregistered": {"登记册中没有本人的证书，有效期以所填为准，由审核人员对照证书照片", "the register has no certificate of this person; the dates are those of the form, compared with the photo"},
	"renewal_undated":      {"证书 {certificate} 的有效期未登记，以所填为准", "the register does not know until when {certificate} is valid; the form states it"},
	"renewal_until":        {"证书 {certificate} 有效期至 {until}", "certificate {certificate}, valid until {until}"},
	"records_count":        {"共 {count} 件", "{count} in all"},
	"records_some":         {"共 {count} 件，另有 {hidden} 件不在您的可见范围", "{count} in all; {hidden} more are outside of your scope"},
	"records_hidden":       {"有 {hidden} 件申请，不在您的可见范围", "{hidden} applications, all outside of your scope"},
	"records_none":         {"还没有申请记录", "no application yet"},
	"certificate_none":     {"登记册中没有本人的登记证书，请办理首次登记或再次登记", "the register has no certificate of this person; apply for first registration or renewal"},
	"certificate_hidden":   {"持有证书 {certificate}，不在您的可见范围", "holds certificate {certificate}, outside of your scope"},
	"certificate_struck":   {"证书 {certificate} 已注销", "certificate {certificate} was revoked"},
	"certificate_expired":  {"证书 {certificate} 已于 {until} 到期", "certificate {certificate} expired on {until}"},
	"certificate_valid":    {"证书 {certificate}，有效期至 {until}", "certificate {certificate}, valid until {until}"},
}
