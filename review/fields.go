package review

import "slices"

// Codes of options that the rules of the form name.
const (
	// CommunityEmployer is 基层群众自治组织 in the list "employer_type": it alone asks for a community post.
	CommunityEmployer = "01"
	// NoDelegate is 否 in the list "delegate", NoHonour 无 in the list "honour": each excludes all others.
	NoDelegate = "0"
	NoHonour   = "0"
	// SeniorLevel is 高级社会工作师 in the list "level".
	SeniorLevel = "3"
	// lowestEducation is 普通高中 in the list "education"; by GB/T 4658 higher codes are lower education.
	lowestEducation = "61"
)

var (
	registry = slices.Concat(basicFields, workFields, credentialFields, attachmentSlots, mailingFields, consents)
	byKey    = indexFields(registry)
)

func indexFields(fields []Field) map[Key]*Field {
	index := make(map[Key]*Field, len(fields))
	for i := range fields {
		index[fields[i].Key] = &fields[i]
	}
	return index
}

// Fields returns the registry in the order of domain §2. It is built once and shared: nobody may change it.
func Fields() []Field { return registry }

// FieldOf returns the entry of the key, which nobody may change, and whether there is one.
func FieldOf(key Key) (*Field, bool) {
	field, ok := byKey[key]
	return field, ok
}

// FieldNamed returns the one entry with the Chinese label, in full or without its brackets, as the heading of a sheet
// has it. Two slots share the brief label of the identity card: that one names neither.
func FieldNamed(label string) (*Field, bool) {
	label = CleanText(label)
	var found *Field
	for i := range registry {
		switch field := &registry[i]; {
		case field.Label == label:
			return field, true
		case field.Brief() != label:
		case found != nil:
			return nil, false
		default:
			found = field
		}
	}
	return found, found != nil
}

// FieldsOf returns the entries of the section in their order.
func FieldsOf(section Section) []Field {
	var found []Field
	for _, field := range registry {
		if field.Section == section {
			found = append(found, field)
		}
	}
	return found
}

// Sections lists the sections in the order of domain §2.
func Sections() []Section {
	return []Section{Basic, Work, Credential, Attachments, Mailing, Consented}
}

var bothCardSides = []Key{"id_card_front", "id_card_back"}

var basicFields = []Field{
	{
		Key: "name", Section: Basic, Type: Text, Label: "姓名", English: "Name", First: Required, Renewal: Required,
		Length: MaxName, Clean: CleanName, Check: checkName, Inspect: inspectName, Mask: MaskName,
		Proof: bothCardSides, Print: true,
		Help: [2]string{"与身份证一致；少数民族姓名各部分之间用“·”", "As on the identity card; “·” between the parts of a name"},
	},
	{
		Key: "mobile", Section: Basic, Type: Text, Label: "手机号", English: "Mobile", First: Required, Renewal: Required,
		Clean: CleanMobile, Check: refuseUnless(IsMobile, "mobile", "mobile_form"), Mask: MaskMobile,
		Proof: []Key{"application_form"},
		Help:  [2]string{"11 位手机号", "Mobile number of 11 digits"},
	},
	{
		Key: "id_type", Section: Basic, Type: Choice, Options: "id_type", Label: "证件类型", English: "Identity document",
		First: Required, Renewal: Required, Completion: Required,
		Person: true, Default: ResidentCard, Check: checkDocumentType, Proof: bothCardSides,
		Help: [2]string{"须与号码一致", "Must agree with the number"},
	},
	{
		Key: "id_number", Section: Basic, Type: Text, Label: "身份证号", English: "Identity number",
		First: Required, Renewal: Required, Completion: Required,
		Person: true, Clean: CleanIdentity, Check: checkIdentity, Mask: MaskIdentity, Proof: bothCardSides, Print: true,
		Help: [2]string{"18 位，末位可为 X", "18 characters, the last may be X"},
	},
	{
		Key: "sex", Section: Basic, Type: Choice, Options: "sex", Label: "性别", English: "Sex",
		First: Required, Renewal: Required,
		Check: checkSex, Fill: fillSex, Inspect: sameAsRegister(Warn), Proof: bothCardSides, Print: true,
		Help: [2]string{"须与身份证号一致", "Must agree with the identity number"},
	},
	{
		Key: "age", Section: Basic, Type: Derived, Label: "年龄", English: "Age", First: Required, Renewal: Required,
		Derive: deriveAge, Check: checkAge, Inspect: inspectAge, Proof: bothCardSides,
		Help: [2]string{"按身份证号和提交日期计算", "From the identity number, on the day of submission"},
	},
	{
		Key: "ethnicity", Section: Basic, Type: Choice, Options: "ethnicity", Label: "民族", English: "Ethnicity",
		First: Required, Renewal: Required, Proof: bothCardSides,
		Help: [2]string{"与身份证一致", "As on the identity card"},
	},
	{
		Key: "political_status", Section: Basic, Type: Choice, Options: "political_status",
		Label: "政治面貌", English: "Political status", First: Required, Renewal: Required,
		Proof: []Key{"application_form"},
		Help:  [2]string{"按现在的情况", "As of now"},
	},
	{
		Key: "education", Section: Basic, Type: Choice, Options: "education", Label: "学历", English: "Education",
		First: Required, Renewal: Required, Inspect: inspectEducation, Proof: []Key{"application_form"},
		Help: [2]string{"已取得的最高学历", "Highest education completed"},
	},
	{
		Key: "major", Section: Basic, Type: Text, Label: "所学专业", English: "Major", First: Required, Renewal: Required,
		Length: 100, Proof: []Key{"application_form"},
		Help: [2]string{"与最高学历对应；没有专业填“无”", "Of the highest education; 无 for none"},
	},
	{
		Key: "address", Section: Basic, Type: Text, Label: "联系地址", English: "Address", First: Required, Renewal: Required,
		Length: 200, Mask: MaskAddress, Proof: []Key{"application_form"},
		Help: [2]string{"从省、市、区（县）写起", "Beginning with province, city and district"},
	},
}

var workFields = []Field{
	{
		Key: "employer_type", Section: Work, Type: Choice, Options: "employer_type",
		Label: "目前工作单位（或工作地点）的类型", English: "Type of present employer or place of work",
		First: Required, Renewal: Required, Proof: []Key{"application_form"},
		Help: [2]string{"村（社区）“两委”选基层群众自治组织", "For village and community committees: grassroots self-governing organisation"},
	},
	{
		Key: "post_category", Section: Work, Type: Choice, Options: "post_category",
		Label: "岗位类别", English: "Category of post", First: Required, Renewal: Required, Proof: []Key{"application_form"},
		Help: [2]string{"按现在的岗位", "Of the present post"},
	},
	{
		Key: "community_post", Section: Work, Type: Choice, Options: "community_post",
		Label: "社区岗位", English: "Community post", First: Conditional, Renewal: Conditional, Completion: Required,
		When: worksInCommunity, Inspect: inspectCommunityPost, Proof: []Key{"community_proof"},
		Help: [2]string{"工作单位为基层群众自治组织时填写", "Only for grassroots self-governing organisations"},
	},
	{
		Key: "years_in_social_work", Section: Work, Type: Number,
		Label: "从事社会工作年限", English: "Years in social work", First: Required, Renewal: Required,
		Check: checkYears, Passing: true, Proof: []Key{"application_form"},
		Help: [2]string{"整年数，不足一年填 0", "Whole years, 0 for less than one"},
	},
	{
		Key: "fields", Section: Work, Type: Choices, Options: "field", Max: 3,
		Label: "主要从事社会工作领域", English: "Main fields of social work",
		First: Required, Renewal: Required, Completion: Required, Proof: []Key{"application_form"},
		Help: [2]string{"选一至三项", "One to three"},
	},
	{
		Key: "delegate_roles", Section: Work, Type: Choices, Options: "delegate", Alone: NoDelegate,
		Label:   "是否为“两代表一委员”（党代表、人大代表和政协委员）",
		English: "Delegate or deputy (Party congress, people's congress, CPPCC)",
		First:   Required, Renewal: Required, Completion: Required, Proof: []Key{"application_form"},
		Help: [2]string{"不是选“否”，是则选一项或多项", "否 for none, otherwise one or more"},
	},
	{
		Key: "honours", Section: Work, Type: Choices, Options: "honour", Alone: NoHonour,
		Label: "本人或主要参与的项目所获荣誉", English: "Honours of the person or of their main projects",
		First: Required, Renewal: Required, Completion: Required, Proof: []Key{"application_form"},
		Help: [2]string{"没有选“无”，有则选一项或多项", "无 for none, otherwise one or more"},
	},
}

var credentialFields = []Field{
	{
		Key: "level", Section: Credential, Type: Choice, Options: "level",
		Label: "资格证书级别", English: "Level of the professional certificate", First: Required, Renewal: Required,
		Inspect: sameAsRegister(Info), Proof: []Key{"credential_scan"}, Print: true,
		Help: [2]string{"已取得的最高级别", "Highest level obtained"},
	},
	{
		Key: "exam_year", Section: Credential, Type: Number,
		Label: "社工考试通过年度（按资格证书最高级别）", English: "Year of passing the examination (highest level)",
		First: Required, Renewal: Required,
		Check: checkExamYear, Inspect: inspectExamYear, Proof: []Key{"credential_scan"},
		Help: [2]string{"四位年份，2008 年起；高级自 2019 年起", "From 2008; senior level from 2019"},
	},
	{
		Key: "management_number", Section: Credential, Type: Text,
		Label: "水平证书管理号", English: "Management number of the professional certificate",
		First: Required, Renewal: Required,
		Clean: CleanManagementNumber, Check: refuseUnless(IsManagementNumber, "management_number", "management_form"),
		Inspect: inspectManagementNumber, Proof: []Key{"credential_scan"}, Print: true,
		Help: [2]string{"证书上的管理号，8 至 32 位字母或数字", "As on the certificate, 8 to 32 letters or digits"},
	},
	{
		Key: "first_registered_on", Section: Credential, Type: Day,
		Label: "首次登记时间", English: "First registered on", Renewal: Required,
		Check: checkFirstRegistered, Inspect: inspectFirstRegistered, Passing: true, Proof: []Key{"previous_certificate"}, Print: true,
		Register: func(c *Certificate) string { return dayText(c.FirstRegistered) },
		Help:     [2]string{"年-月-日，见登记证书", "YYYY-MM-DD, as on the registration certificate"},
	},
	{
		Key: "certificate_valid_until", Section: Credential, Type: Day, Shown: true,
		Label: "登记证书最新有效期到期时间", English: "Registration certificate valid until",
		Renewal: Required, Completion: Required,
		Inspect: inspectValidUntil, Passing: true, Proof: []Key{"previous_certificate"},
		Register: func(c *Certificate) string { return dayText(c.ValidUntil()) },
		Help:     [2]string{"年-月-日，见最近一次登记证书", "YYYY-MM-DD, as on the latest registration certificate"},
	},
	{
		Key: "review_area", Section: Credential, Type: Choice, Options: "area",
		Label: "资料审核区域（按照审核说明选择单位区域）", English: "Review area (district of the employer)",
		First: Required, Renewal: Required, Proof: []Key{"application_form"}, Print: true,
		Register: func(c *Certificate) string { return c.Current().Area },
		Help:     [2]string{"按工作单位所在区域选择；功能区单独列出", "By the place of the employer; functional areas are listed apart"},
	},
}
