package review

import "time"

// Limits of one attachment (domain §2).
const (
	MaxAttachmentBytes  = 10 << 20
	MaxAttachmentPixels = 50_000_000
)

// Media types of attachments, as found in their content.
const (
	TypeJPEG = "image/jpeg"
	TypePNG  = "image/png"
	TypePDF  = "application/pdf"
)

// The portrait on a certificate: 25 × 35 mm at 300 dots per inch.
const (
	PortraitWidth  = 295
	PortraitHeight = 413
)

var attachmentSlots = []Field{
	{
		Key: "id_card_front", Section: Attachments, Type: File, ImageOnly: true,
		Label: "身份证正反面照片（人像面）", English: "Identity card, side with the portrait", First: Required, Renewal: Required,
		Help: [2]string{"四角完整、字迹清晰", "All four corners, legible"},
	},
	{
		Key: "id_card_back", Section: Attachments, Type: File, ImageOnly: true,
		Label: "身份证正反面照片（国徽面）", English: "Identity card, side with the emblem", First: Required, Renewal: Required,
		Help: [2]string{"四角完整，有效期限清晰", "All four corners, period of validity legible"},
	},
	{
		Key: "credential_scan", Section: Attachments, Type: File, Max: 3,
		Label:   "社工证书（纸质或电子证书照片）",
		English: "Professional certificate (photo of the paper or electronic one)", First: Required, Renewal: Required,
		Help: [2]string{"一至三个文件，管理号清晰", "One to three files, management number legible"},
	},
	{
		Key: "application_form", Section: Attachments, Type: File, Max: 4,
		Label: "社会工作者首次登记申请表 / 再登记申请表", English: "Application form, first or renewed registration",
		First: Required, Renewal: Required,
		Help: [2]string{"填写完整并盖章后拍照，一至四个文件", "Filled in, stamped, photographed; one to four files"},
	},
	{
		Key: "portrait", Section: Attachments, Type: File, ImageOnly: true,
		Label: "证件照（用于电子登记证书）", English: "Portrait (for the certificate)",
		First: Required, Renewal: Required, Completion: Required,
		Picture: PictureRule{Width: PortraitWidth, Height: PortraitHeight, RatioWidth: 5, RatioHeight: 7},
		Proof:   []Key{"id_card_front"},
		Help:    [2]string{"JPEG 或 PNG，至少 295 × 413 像素，宽高比约 5 : 7", "JPEG or PNG, at least 295 × 413 pixels, about 5 : 7"},
	},
	{
		Key: "community_proof", Section: Attachments, Type: File,
		Label:   "社区两委或社区正副职选证或选举结果批复照片或其他相关证明",
		English: "Proof of the community post (election certificate, approval or other)",
		First:   Conditional, Renewal: Conditional, Completion: Conditional, When: postNeedsProof,
		Help: [2]string{"社区正职、副职、“两委”委员须提供", "For heads, deputies and committee members"},
	},
	{
		Key: "previous_certificate", Section: Attachments, Type: File, ImageOnly: true,
		Label: "登记证书（上次登记证书照片）", English: "Previous registration certificate", Renewal: Required,
		Help: [2]string{"首次登记时间和有效期清晰", "First registration and validity legible"},
	},
	{
		Key: "education_hours_proof", Section: Attachments, Type: File, Max: 6,
		Label: "社会工作者继续教育学时证明", English: "Proof of continuing education", Renewal: Required,
		// 《社会工作者继续教育办法》 民发〔2009〕123号.
		Help: [2]string{"三年内：助理社会工作师 72 学时，社会工作师、高级社会工作师 90 学时；一至六个文件",
			"In three years: assistant 72 hours, social worker and senior 90; one to six files"},
	},
}

var mailingFields = []Field{
	{
		Key: "mail_paper", Section: Mailing, Type: YesNo,
		Label: "是否邮寄纸质登记证书", English: "Mail the paper certificate", First: Required, Renewal: Required,
		Help: [2]string{"自愿选择，邮费到付", "Voluntary, freight collect"},
	},
	{
		Key: "recipient", Section: Mailing, Type: Text, Length: 50,
		Label: "收件人姓名", English: "Recipient", First: Conditional, Renewal: Conditional, When: wantsPaper,
		Inspect: inspectRecipient, Mask: MaskName,
		Help: [2]string{"选择邮寄时填写", "Only when it is mailed"},
	},
	{
		Key: "recipient_phone", Section: Mailing, Type: Text,
		Label: "收件人电话", English: "Recipient's telephone", First: Conditional, Renewal: Conditional, When: wantsPaper,
		Clean: CleanPhone, Check: refuseUnless(IsPhone, "recipient_phone", "phone_form"),
		Inspect: inspectRecipient, Mask: MaskMobile,
		Help: [2]string{"手机或带区号的固定电话", "Mobile, or landline with area code"},
	},
	{
		Key: "region", Section: Mailing, Type: Text, Length: 100,
		Label: "所在地区", English: "Region", First: Conditional, Renewal: Conditional, When: wantsPaper,
		Inspect: inspectRegion, Mask: MaskAddress,
		Help: [2]string{"省、市、区（县）", "Province, city, district"},
	},
	{
		Key: "street_address", Section: Mailing, Type: Text, Length: 200,
		Label: "详细地址", English: "Street address", First: Conditional, Renewal: Conditional, When: wantsPaper,
		Inspect: inspectRecipient, Mask: MaskAddress,
		Help: [2]string{"街道、门牌号", "Street and number"},
	},
}

var consents = []Field{
	{
		Key: "consent_privacy", Section: Consented, Type: Moment,
		Label: "我已知晓《隐私政策》并授权收集信息", English: "I know the privacy policy and allow the collection of my data",
		First: Required, Renewal: Required, Completion: Required,
		Given: func(c Consent) time.Time { return c.Privacy },
		Give:  func(c *Consent, at time.Time) { c.Privacy = at },
		Help:  [2]string{"须由申请人作出", "Given by the applicant"},
	},
	{
		Key: "consent_truth", Section: Consented, Type: Moment,
		Label:   "本人承诺填报、提交的所有信息（证明）均真实、准确、完整、有效",
		English: "All information and proofs that I submit are true, accurate, complete and valid",
		First:   Required, Renewal: Required, Completion: Required,
		Given: func(c Consent) time.Time { return c.Truth },
		Give:  func(c *Consent, at time.Time) { c.Truth = at },
		Help:  [2]string{"须由申请人作出", "Given by the applicant"},
	},
}
