package review

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// filing is a whole application before it is handed in; tests spoil one thing in it.
type filing struct {
	kind        Kind
	form        Form
	consent     Consent
	attachments []Attachment
	policy      *Policy
	today       Date
}

func (f *filing) problems() []Problem {
	return Validate(f.kind, f.form, f.consent, f.attachments, f.policy, f.today)
}

// detach takes all files out of the slots.
func (f *filing) detach(slots ...Key) {
	f.attachments = slices.DeleteFunc(f.attachments, func(at Attachment) bool { return slices.Contains(slots, at.Slot) })
}

// attach puts a flawless picture into the slot.
func (f *filing) attach(slot Key) *Attachment {
	n := number(len(f.attachments))
	f.attachments = append(f.attachments, Attachment{
		Slot: slot, File: "picture.jpg", SHA256: strings.Repeat("0", 64-len(n)) + n,
		Size: 200_000, Type: TypeJPEG, Width: 1000, Height: 1400,
	})
	return &f.attachments[len(f.attachments)-1]
}

// flawless returns a filing of the kind, on 16 November 2026, by a woman of 35 who does not work in a community.
func flawless(kind Kind) *filing {
	given := time.Date(2026, 11, 16, 9, 30, 0, 0, Zone)
	f := &filing{kind: kind, policy: DefaultPolicy(), today: NewDate(2026, 11, 16), consent: Consent{Privacy: given, Truth: given}}
	f.form = Form{
		"name": {"王芳"}, "mobile": {"13800001234"}, "id_type": {"1"}, "id_number": {"510107199104180263"}, "sex": {Female},
		"ethnicity": {"01"}, "political_status": {"13"}, "education": {"21"}, "major": {"社会工作"},
		"address": {"四川省成都市武侯区浆洗街 1 号"}, "employer_type": {"07"}, "post_category": {"02"},
		"years_in_social_work": {"6"}, "fields": {"05", "21"}, "delegate_roles": {NoDelegate}, "honours": {NoHonour},
		"level": {"2"}, "exam_year": {"2025"}, "management_number": {"20250651010000001234"}, "review_area": {"510107"},
	}
	slots := []Key{"id_card_front", "id_card_back", "credential_scan", "application_form", "portrait"}
	switch kind {
	case Renewal:
		f.form.Set("first_registered_on", "2020-12-21")
		f.form.Set("certificate_valid_until", "2026-12-20")
		slots = append(slots, "previous_certificate", "education_hours_proof")
	case Completion:
		f.form = Form{
			"id_type": {"1"}, "id_number": {"510107199104180263"}, "community_post": {"41"}, "fields": {"05"},
			"delegate_roles": {NoDelegate}, "honours": {"4"}, "certificate_valid_until": {"2027-05-31"},
		}
		slots = []Key{"portrait"}
	}
	for _, slot := range slots {
		f.attach(slot)
	}
	return f
}

// mailed adds what mailing asks for.
func (f *filing) mailed() {
	f.form.Set("mail_paper", "true")
	f.form.Set("recipient", "王芳")
	f.form.Set("recipient_phone", "028-86512345")
	f.form.Set("region", "四川省成都市武侯区")
	f.form.Set("street_address", "浆洗街 1 号")
}

// found writes problems as "target code" for comparison.
func found(problems []Problem) []string {
	var list []string
	for _, p := range problems {
		list = append(list, string(p.Target)+" "+p.Code)
	}
	return list
}

func TestFlawlessFilingsPass(t *testing.T) {
	for _, kind := range Kinds() {
		for _, mail := range []bool{false, true} {
			f := flawless(kind)
			if mail && kind != Completion {
				f.mailed()
			}
			if got := f.problems(); got != nil {
				t.Errorf("%s, mailed %v: got %v, want none", kind, mail, got)
			}
			if diff := cmp.Diff(f.form, Clean(f.form)); diff != "" {
				t.Errorf("%s: cleaning changes a clean form (-form +clean):\n%s", kind, diff)
			}
		}
	}
}

// TestEveryRequiredRow empties each row of each kind in turn.
func TestEveryRequiredRow(t *testing.T) {
	for _, kind := range Kinds() {
		for _, field := range Fields() {
			if field.Need(kind) != Required || field.Type == YesNo || field.Type == Derived {
				continue
			}
			f := flawless(kind)
			code := "required"
			switch field.Type {
			case File:
				f.detach(field.Key)
			case Moment:
				code = "consent_missing"
				if field.Key == "consent_privacy" {
					f.consent.Privacy = time.Time{}
				} else {
					f.consent.Truth = time.Time{}
				}
			default:
				delete(f.form, field.Key)
			}
			want := string(field.Key) + " " + code
			if got := found(f.problems()); !slices.Contains(got, want) {
				t.Errorf("%s without %s: got %q, want %q among them", kind, field.Key, got, want)
			}
		}
	}
}

// TestEveryRowThatIsNotAskedFor fills each row that the kind has no place for.
func TestEveryRowThatIsNotAskedFor(t *testing.T) {
	for _, kind := range Kinds() {
		for _, field := range Fields() {
			f := flawless(kind)
			if asked, _ := field.Asked(kind, f.form, f.policy); asked || field.Type == Derived {
				continue
			}
			if field.Type == File {
				f.attach(field.Key)
			} else {
				f.form.Set(field.Key, "2020-12-21")
			}
			code := map[Need]string{Never: " not_asked", Conditional: " not_empty"}[field.Need(kind)]
			want := []string{string(field.Key) + code}
			if diff := cmp.Diff(want, found(f.problems())); diff != "" {
				t.Errorf("%s with %s (-want +got):\n%s", kind, field.Key, diff)
			}
		}
	}
}

func TestRules(t *testing.T) {
	set := func(key Key, values ...string) func(*filing) {
		return func(f *filing) { f.form.Set(key, values...) }
	}
	both := func(changes ...func(*filing)) func(*filing) {
		return func(f *filing) {
			for _, change := range changes {
				change(f)
			}
		}
	}
	born := func(digits string) func(*filing) { return set("id_number", withCheck(digits)) }
	community := both(set("employer_type", CommunityEmployer), set("community_post", "41"))
	tests := []struct {
		name   string
		kind   Kind
		change func(*filing)
		want   []string
	}{
		{"kind", "transfer", func(*filing) {}, []string{" kind_unknown"}},
		{"misspelt key", First, set("nmae", "王芳"), []string{" field_unknown"}},
		{"slot as answer", First, set("portrait", "x"), []string{" field_unknown"}},
		{"name", First, set("name", "·王芳"), []string{"name name_separator"}},
		{"name with digit", First, set("name", "王芳1"), []string{"name name_character"}},
		{"name too long", First, set("name", strings.Repeat("王", 101)), []string{"name text_long"}},
		{"two names", First, set("name", "王芳", "李芳"), []string{"name too_many"}},
		{"escape in major", First, set("major", "\x1b[2J"), []string{"major text_control"}},
		{"bidi in address", First, set("address", "武侯\u202e区"), []string{"address text_bidi"}},
		{"bad bytes in address", First, set("address", "武侯\xff"), []string{"address text_encoding"}},
		{"major of 100", First, set("major", strings.Repeat("社", 100)), nil},
		{"major of 101", First, set("major", strings.Repeat("社", 101)), []string{"major text_long"}},
		{"address of 201", First, set("address", strings.Repeat("社", 201)), []string{"address text_long"}},
		{"mobile", First, set("mobile", "12800001234"), []string{"mobile mobile_form"}},
		{"check digit", First, set("id_number", "510107199104180264"), []string{"id_number identity_checksum"}},
		{"15 digits", First, set("id_number", "510107910418026"), []string{"id_number identity_fifteen"}},
		{"foreigners' card off", First, both(set("id_number", "932682198501010017"), set("id_type", "4"), set("sex", Male)), []string{"id_number identity_foreigners"}},
		{"foreigners' card on", First, func(f *filing) {
			p := *f.policy
			p.ForeignersCard, f.policy = true, &p
			both(set("id_number", "932682198501010017"), set("id_type", "4"), set("sex", Male))(f)
		}, nil},
		{"document type", First, set("id_type", "2"), []string{"id_type identity_type"}},
		{"Hong Kong permit", First, both(set("id_type", "2"), set("id_number", "810000199408230021")), nil},
		{"sex", First, set("sex", Male), []string{"sex identity_sex"}},
		{"age typed", First, set("age", "35"), []string{"age derived"}},
		{"age 15", First, both(born("51010720101117026"), set("years_in_social_work", "0")), []string{"age age_range"}},
		{"age 16", First, both(born("51010720101116026"), set("years_in_social_work", "0")), nil},
		{"age 16, a year of work", First, both(born("51010720101116026"), set("years_in_social_work", "1")), []string{"years_in_social_work years_age"}},
		{"age 100", First, born("51010719251117026"), nil},
		{"age 101", First, born("51010719251116026"), []string{"age age_range"}},
		{"ethnicity", First, set("ethnicity", "99"), []string{"ethnicity option_unknown"}},
		{"two ethnicities", First, set("ethnicity", "01", "02"), []string{"ethnicity too_many"}},
		{"option ended", First, func(f *filing) {
			p := *f.policy
			p.Options = map[string][]Option{}
			for list, options := range f.policy.Options {
				p.Options[list] = slices.Clone(options)
			}
			p.Options["education"][2].Disabled, f.policy = true, &p
		}, []string{"education option_disabled"}},
		{"community worker", First, community, nil},
		{"community employer without post", First, set("employer_type", CommunityEmployer), []string{"community_post required"}},
		{"post without community employer", First, set("community_post", "41"), []string{"community_post not_empty"}},
		{"head without proof", First, both(community, set("community_post", "11")), []string{"community_proof required"}},
		{"deputy without proof", Renewal, both(community, set("community_post", "22")), []string{"community_proof required"}},
		{"member without proof", Completion, set("community_post", "31"), []string{"community_proof required"}},
		{"member with proof", Completion, both(set("community_post", "31"), func(f *filing) { f.attach("community_proof") }), nil},
		{"worker with proof", First, both(community, func(f *filing) { f.attach("community_proof") }), []string{"community_proof not_empty"}},
		{"years 0", First, set("years_in_social_work", "0"), nil},
		{"years of age − 16", First, set("years_in_social_work", "19"), nil},
		{"years of age − 15", First, set("years_in_social_work", "20"), []string{"years_in_social_work years_age"}},
		{"years 61", First, both(born("51010719400101026"), set("years_in_social_work", "61")), []string{"years_in_social_work number_range"}},
		{"years 60", First, both(born("51010719400101026"), set("years_in_social_work", "60")), nil},
		{"years negative", First, set("years_in_social_work", "-1"), []string{"years_in_social_work number_form"}},
		{"years broken", First, set("years_in_social_work", "2.5"), []string{"years_in_social_work number_form"}},
		{"years beyond int", First, set("years_in_social_work", strings.Repeat("9", 30)), []string{"years_in_social_work number_form"}},
		{"three fields", First, set("fields", "01", "02", "03"), nil},
		{"four fields", First, set("fields", "01", "02", "03", "04"), []string{"fields too_many"}},
		{"same field twice", First, set("fields", "01", "01"), []string{"fields repeated"}},
		{"unknown field", First, set("fields", "01", "77"), []string{"fields option_unknown"}},
		{"all delegates", First, set("delegate_roles", "1", "2", "3"), nil},
		{"no and delegate", First, set("delegate_roles", "0", "1"), []string{"delegate_roles alone"}},
		{"none and honour", Completion, set("honours", "1", "0"), []string{"honours alone"}},
		{"exam 2007", First, set("exam_year", "2007"), []string{"exam_year number_range"}},
		{"exam 2008", First, set("exam_year", "2008"), nil},
		{"exam this year", First, set("exam_year", "2026"), nil},
		{"exam next year", First, set("exam_year", "2027"), []string{"exam_year number_range"}},
		{"senior 2018", First, both(set("level", SeniorLevel), set("exam_year", "2018")), []string{"exam_year exam_level"}},
		{"senior 2019", First, both(set("level", SeniorLevel), set("exam_year", "2019")), nil},
		{"management number of 7", First, set("management_number", "1234567"), []string{"management_number management_form"}},
		{"management number of 8", First, set("management_number", "1234567a"), nil},
		{"management number of 33", First, set("management_number", strings.Repeat("1", 33)), []string{"management_number management_form"}},
		{"no such day", Renewal, set("first_registered_on", "2021-02-29"), []string{"first_registered_on date_form"}},
		{"other writing of a day", Renewal, set("first_registered_on", "2021/2/1"), []string{"first_registered_on date_form"}},
		{"registered today", Renewal, set("first_registered_on", "2026-11-16"), nil},
		{"registered tomorrow", Renewal, set("first_registered_on", "2026-11-17"), []string{"first_registered_on date_ahead"}},
		{"registered on the last day", Renewal, both(set("first_registered_on", "2026-11-15"), set("certificate_valid_until", "2026-11-15")), []string{"first_registered_on date_order"}},
		{"registered the day before", Renewal, both(set("first_registered_on", "2026-11-14"), set("certificate_valid_until", "2026-11-15")), nil},
		{"area", First, set("review_area", "510100"), []string{"review_area option_unknown"}},
		{"mail flag", First, set("mail_paper", "perhaps"), []string{"mail_paper flag_form"}},
		{"mailed to nobody", First, both((*filing).mailed, set("recipient")), []string{"recipient required"}},
		{"mailed without phone", First, both((*filing).mailed, set("recipient_phone", "8651")), []string{"recipient_phone phone_form"}},
		{"not mailed with region", First, set("region", "四川省"), []string{"region not_empty"}},
		{"consent tomorrow", First, func(f *filing) { f.consent.Truth = f.consent.Truth.AddDate(0, 0, 1) }, []string{"consent_truth consent_ahead"}},
		{"several at once", First, both(set("name", "-"), set("mobile", "1"), set("fields"), func(f *filing) { f.detach("portrait") }),
			[]string{"name name_letters", "mobile mobile_form", "fields required", "portrait required"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := flawless(test.kind)
			test.change(f)
			got := f.problems()
			if diff := cmp.Diff(test.want, found(got)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			for _, p := range got {
				if p.Severity != Refuse {
					t.Errorf("%s: got severity %s, want %s", p.Code, p.Severity, Refuse)
				}
			}
		})
	}
}

func TestAttachmentRules(t *testing.T) {
	tests := []struct {
		name   string
		slot   Key
		change func(*Attachment)
		want   []string
	}{
		{"PNG", "portrait", func(at *Attachment) { at.Type = TypePNG }, nil},
		{"GIF", "portrait", func(at *Attachment) { at.Type = "image/gif" }, []string{"portrait file_type"}},
		{"PDF as portrait", "portrait", func(at *Attachment) { at.Type, at.Width, at.Height = TypePDF, 0, 0 }, []string{"portrait file_image"}},
		{"PDF as card", "id_card_front", func(at *Attachment) { at.Type = TypePDF }, []string{"id_card_front file_image"}},
		{"PDF as card's back", "id_card_back", func(at *Attachment) { at.Type = TypePDF }, []string{"id_card_back file_image"}},
		{"PDF as old certificate", "previous_certificate", func(at *Attachment) { at.Type = TypePDF }, []string{"previous_certificate file_image"}},
		{"PDF as form", "application_form", func(at *Attachment) { at.Type = TypePDF }, nil},
		{"PDF as hours", "education_hours_proof", func(at *Attachment) { at.Type = TypePDF }, nil},
		{"10 MB", "portrait", func(at *Attachment) { at.Size = 10 << 20 }, nil},
		{"over 10 MB", "portrait", func(at *Attachment) { at.Size = 10<<20 + 1 }, []string{"portrait file_size"}},
		{"empty", "portrait", func(at *Attachment) { at.Size = 0 }, []string{"portrait file_empty"}},
		{"50 megapixels", "portrait", func(at *Attachment) { at.Width, at.Height = 5000, 10000 }, nil},
		{"over 50 megapixels", "portrait", func(at *Attachment) { at.Width, at.Height = 5000, 10001 }, []string{"portrait file_pixels"}},
		{"unknown slot", "portrait", func(at *Attachment) { at.Slot = "portait" }, []string{" slot_unknown", "portrait required"}},
		{"field as slot", "portrait", func(at *Attachment) { at.Slot = "name" }, []string{" slot_unknown", "portrait required"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := flawless(Renewal)
			at := slices.IndexFunc(f.attachments, func(at Attachment) bool { return at.Slot == test.slot })
			test.change(&f.attachments[at])
			if diff := cmp.Diff(test.want, found(f.problems())); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCountsOfFiles(t *testing.T) {
	most := map[Key]int{"id_card_front": 1, "credential_scan": 3, "application_form": 4, "portrait": 1, "previous_certificate": 1, "education_hours_proof": 6}
	for slot, n := range most {
		f := flawless(Renewal)
		for range n - 1 {
			f.attach(slot)
		}
		if got := found(f.problems()); got != nil {
			t.Errorf("%d files of %s: got %q, want none", n, slot, got)
		}
		f.attach(slot)
		if diff := cmp.Diff([]string{string(slot) + " too_many_files"}, found(f.problems())); diff != "" {
			t.Errorf("%d files of %s (-want +got):\n%s", n+1, slot, diff)
		}
	}
}

// TestUnknownOptionIsNamed: who sent it must find it in the file, and nobody's name or number may get into an error.
func TestUnknownOptionIsNamed(t *testing.T) {
	tests := map[string]string{
		"汉": "汉", "王芳": "…", "510107199104180263": "…", "13800001234": "…", "王芳，女": "…", "1990-01-01": "…",
		"\x1b[2J汉": "?[2J汉", strings.Repeat("长", 30): strings.Repeat("长", 24) + "…",
	}
	for value, want := range tests {
		f := flawless(First)
		f.form.Set("ethnicity", value)
		got := f.problems()
		if diff := cmp.Diff([]Problem{{Refuse, "ethnicity", "option_unknown", Args{"value": want}}}, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", value, diff)
		}
	}
}

func TestClean(t *testing.T) {
	got := Clean(Form{
		"name": {" 买买提．吐尔逊 "}, "mobile": {"+86 138 0000 1234"}, "id_number": {"510107 19910418 0263"},
		"major": {"　社会工作\u200b "}, "years_in_social_work": {"０６"}, "exam_year": {" 2025 "},
		"first_registered_on": {"2020年1月5日"}, "certificate_valid_until": {"2026/12/20"},
		"fields": {"05", "", "05", " 21"}, "mail_paper": {"否"}, "recipient": {""}, "region": {" "},
		"management_number": {"2025 0651"}, "nmae": {" x "},
	})
	want := Form{
		"name": {"买买提·吐尔逊"}, "mobile": {"13800001234"}, "id_number": {"510107199104180263"}, "id_type": {ResidentCard},
		"major": {"社会工作"}, "years_in_social_work": {"6"}, "exam_year": {"2025"},
		"first_registered_on": {"2020-01-05"}, "certificate_valid_until": {"2026-12-20"},
		"fields": {"05", "21"}, "management_number": {"20250651"}, "nmae": {"x"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("clean (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, Clean(got)); diff != "" {
		t.Errorf("cleaned twice (-want +got):\n%s", diff)
	}
}

func TestCleanFlagsAndDays(t *testing.T) {
	tests := []struct {
		key        Key
		text, want string
	}{
		{"mail_paper", "是", "true"}, {"mail_paper", "TRUE", "true"}, {"mail_paper", "false", ""}, {"mail_paper", "maybe", "maybe"},
		{"first_registered_on", "20200105", "2020-01-05"}, {"first_registered_on", "2020.1.5", "2020-01-05"},
		{"first_registered_on", "2020－01－05", "2020-01-05"}, {"first_registered_on", "5.1.2020", "5.1.2020"},
		{"years_in_social_work", "99999999999999999999", "99999999999999999999"}, {"years_in_social_work", "+6", "+6"},
	}
	for _, test := range tests {
		if got := CleanAnswer(test.key, test.text); got != test.want {
			t.Errorf("%s %q: got %q, want %q", test.key, test.text, got, test.want)
		}
	}
}
