package review

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// needsTable is the table of domain §2: key, then the columns first, renewal, completion.
const needsTable = `
name Y Y –
mobile Y Y –
id_type Y Y Y
id_number Y Y Y
sex Y Y –
age Y Y –
ethnicity Y Y –
political_status Y Y –
education Y Y –
major Y Y –
address Y Y –
employer_type Y Y –
post_category Y Y –
community_post C C Y
years_in_social_work Y Y –
fields Y Y Y
delegate_roles Y Y Y
honours Y Y Y
level Y Y –
exam_year Y Y –
management_number Y Y –
first_registered_on – Y –
certificate_valid_until – Y Y
review_area Y Y –
id_card_front Y Y –
id_card_back Y Y –
credential_scan Y Y –
application_form Y Y –
portrait Y Y Y
community_proof C C C
previous_certificate – Y –
education_hours_proof – Y –
mail_paper Y Y –
recipient C C –
recipient_phone C C –
region C C –
street_address C C –
consent_privacy Y Y Y
consent_truth Y Y Y
`

func TestFieldsAreThoseOfTheTable(t *testing.T) {
	sign := map[Need]string{Required: "Y", Conditional: "C", Optional: "N", Never: "–"}
	var got []string
	for _, field := range Fields() {
		row := []string{string(field.Key)}
		for _, kind := range Kinds() {
			row = append(row, sign[field.Need(kind)])
		}
		got = append(got, strings.Join(row, " "))
	}
	want := strings.Split(strings.TrimSpace(needsTable), "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestFieldsAreWhole(t *testing.T) {
	p := DefaultPolicy()
	for _, field := range Fields() {
		t.Run(string(field.Key), func(t *testing.T) {
			if found, ok := FieldOf(field.Key); !ok || found.Label != field.Label {
				t.Error("FieldOf does not find it")
			}
			if field.Label == "" || field.English == "" || field.Help[0] == "" || field.Help[1] == "" {
				t.Error("a label or a hint is missing")
			}
			if isOptional := field.Type == Choice || field.Type == Choices; isOptional != (len(p.Options[field.Options]) > 0) {
				t.Errorf("type %s with options %q", field.Type, field.Options)
			}
			conditional := field.First == Conditional || field.Renewal == Conditional || field.Completion == Conditional
			if conditional != (field.When != nil) {
				t.Error("a conditional field needs a condition, no other has one")
			}
			if (field.Type == Derived) != (field.Derive != nil) || (field.Type == Moment) != (field.Given != nil) {
				t.Errorf("type %s lacks its function", field.Type)
			}
			for _, slot := range field.Proof {
				if proof, ok := FieldOf(slot); !ok || proof.Type != File {
					t.Errorf("proof %s is no slot", slot)
				}
			}
			for _, code := range []string{field.Alone, field.Default} {
				if _, ok := p.Option(field.Options, code); code != "" && !ok {
					t.Errorf("option %q is not in the policy", code)
				}
			}
		})
	}
}

func TestFieldsOfCoverEverySection(t *testing.T) {
	var got []Key
	for _, section := range Sections() {
		for _, field := range FieldsOf(section) {
			got = append(got, field.Key)
		}
	}
	var want []Key
	for _, field := range Fields() {
		want = append(want, field.Key)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
}

func TestFieldOfUnknownKey(t *testing.T) {
	if field, ok := FieldOf("nmae"); ok || field != nil {
		t.Errorf("got %v, %v, want nothing", field, ok)
	}
}

func TestCounts(t *testing.T) {
	want := map[Key]int{"fields": 3, "credential_scan": 3, "application_form": 4, "education_hours_proof": 6, "portrait": 1, "delegate_roles": 0, "name": 1}
	for key, most := range want {
		field, _ := FieldOf(key)
		if got := field.most(); got != most {
			t.Errorf("%s: got at most %d, want %d", key, got, most)
		}
	}
}

func TestProofs(t *testing.T) {
	want := map[Key][]Key{
		"id_number": {"id_card_front", "id_card_back"}, "level": {"credential_scan"}, "exam_year": {"credential_scan"},
		"management_number": {"credential_scan"}, "community_post": {"community_proof"},
		"first_registered_on": {"previous_certificate"}, "certificate_valid_until": {"previous_certificate"},
	}
	for key, slots := range want {
		field, _ := FieldOf(key)
		if diff := cmp.Diff(slots, field.Proof); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}

func TestFieldNamed(t *testing.T) {
	tests := map[string]Key{
		"姓名": "name", " 水平证书管理号　": "management_number", "资料审核区域": "review_area",
		"资料审核区域（按照审核说明选择单位区域）": "review_area", "目前工作单位的类型": "employer_type",
		"是否为“两代表一委员”": "delegate_roles", "身份证正反面照片（国徽面）": "id_card_back",
		"身份证正反面照片": "", "": "", "登记证书编号": "",
	}
	for label, want := range tests {
		field, ok := FieldNamed(label)
		if ok != (want != "") || ok && field.Key != want {
			t.Errorf("FieldNamed(%q): got %v, want %q", label, field, want)
		}
	}
}

func TestFieldSpeaksBothLanguages(t *testing.T) {
	field := &Field{Label: "姓名", English: "Name", Help: [2]string{"与身份证一致", ""}}
	got := []string{field.Name(Chinese), field.Name(English), field.Hint(Chinese), field.Hint(English)}
	want := []string{"姓名", "Name", "与身份证一致", "与身份证一致"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
}
