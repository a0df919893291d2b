package review

import "slices"

// WayName is one of the four entries of the citizens' home page.
type WayName string

// The ways, as the citizens' manual names them.
const (
	WayFirst       WayName = "first"       // 首次登记
	WayRenewal     WayName = "renewal"     // 再次登记
	WayRecords     WayName = "records"     // 申请记录
	WayCertificate WayName = "certificate" // 电子证书查询
)

// Way says whether an entry is open for a person. Code names a sentence of the catalogue: why it is closed, or what to
// know before taking it; "" when there is nothing to say.
type Way struct {
	Name WayName
	Open bool
	Code string
	Args Args
	From Date // first day on which a closed way opens by itself, zero when waiting does not open it
}

// Ways returns the four entries in the order of the citizens' home page.
func Ways(k *Known, p *Policy, today Date) []Way {
	return []Way{
		kindWay(WayFirst, First, k, p, today), kindWay(WayRenewal, Renewal, k, p, today), recordsWay(k),
		certificateWay(k, p, today),
	}
}

// WhyNot tells why the person cannot apply for the kind on the day, nil when they can: the rules of Accept that need no
// form.
func WhyNot(kind Kind, f Facts, p *Policy, today Date) *Problem {
	if f.InReview != "" {
		return &Problem{Refuse, "id_number", "in_review", Args{"reference": f.InReview}}
	}
	if problems := admission(kind, Form{}, f, p, today); len(problems) > 0 {
		return &problems[0]
	}
	return nil
}

func kindWay(name WayName, kind Kind, k *Known, p *Policy, today Date) Way {
	way := Way{Name: name, Open: true}
	if why := WhyNot(kind, k.Facts, p, today); why != nil {
		way.Open, way.Code, way.Args = false, why.Code, why.Args
		if why.Code == "renewal_early" {
			way.Code, way.From = "renewal_opens", p.RenewalOpens(k.Facts.Certificate.ValidUntil())
		}
		return way
	}
	switch c := k.Facts.Certificate; {
	case kind == Renewal && c == nil:
		way.Code = "renewal_unregistered"
	case kind == Renewal && c.ValidUntil().IsZero():
		way.Code, way.Args = "renewal_undated", Args{"certificate": c.Number}
	case kind == Renewal && c.ValidUntil().Before(today):
		way.Code, way.Args = "renewal_expired", Args{"until": c.ValidUntil().String()}
	case kind == Renewal:
		way.Code, way.Args = "renewal_until", Args{"certificate": c.Number, "until": c.ValidUntil().String()}
	}
	return way
}

func recordsWay(k *Known) Way {
	switch n := len(k.Applications); {
	case n > 0 && k.Hidden > 0:
		return Way{Name: WayRecords, Open: true, Code: "records_some", Args: Args{"count": number(n), "hidden": number(k.Hidden)}}
	case n > 0:
		return Way{Name: WayRecords, Open: true, Code: "records_count", Args: Args{"count": number(n)}}
	case k.Hidden > 0:
		return Way{Name: WayRecords, Code: "records_hidden", Args: Args{"hidden": number(k.Hidden)}}
	}
	return Way{Name: WayRecords, Code: "records_none"}
}

// struck are the arguments of certificate_struck.
func struck(f *Facts) Args { return Args{"certificate": f.Revoked, "on": f.RevokedOn.String()} }

// certificateWay is open as well where there is nothing to hand out: the look-up says so, and leads on from there.
func certificateWay(k *Known, p *Policy, today Date) Way {
	c := k.Facts.Certificate
	switch {
	case c == nil && k.Facts.Revoked != "":
		return Way{Name: WayCertificate, Open: true, Code: "certificate_struck", Args: struck(&k.Facts)}
	case c == nil:
		return Way{Name: WayCertificate, Open: true, Code: "certificate_none"}
	case !k.InScope:
		return Way{Name: WayCertificate, Code: "certificate_hidden", Args: Args{"certificate": c.Number}}
	case len(c.Missing) > 0:
		lacks := Args{"certificate": c.Number, "fields": joinKeys(k.ToComplete(p, today))}
		return Way{Name: WayCertificate, Open: true, Code: "certificate_incomplete", Args: lacks}
	case c.State(today) == Expired:
		return Way{Name: WayCertificate, Open: true, Code: "certificate_expired", Args: Args{"certificate": c.Number, "until": c.ValidUntil().String()}}
	}
	return Way{Name: WayCertificate, Open: true, Code: "certificate_valid", Args: Args{"certificate": c.Number, "until": c.ValidUntil().String()}}
}

// wayCodes are what Ways and a filing say beside what the rules refuse with.
var wayCodes = []string{
	"unconfirmed",          // taken over from an earlier record and not looked at
	"reference_counter",    // a package under a reference of the counter's
	"renewal_opens",        // {from} {until} the window has not opened
	"renewal_unregistered", // the person's certificate is not in the register: the form states its dates
	"renewal_undated",      // {certificate} is in the register without its last day
	"renewal_until",        // {certificate} {until} what is renewed
	"records_count",        // {count} applications
	"records_some",         // {count} {hidden} applications, and others outside of the account's scope
	"records_hidden",       // {hidden} applications, all outside of the account's scope
	"records_none",         // no application
	"certificate_none",     // no certificate: first registration or renewal
	"certificate_hidden",   // {certificate} lies outside of the account's scope
	"certificate_struck",   // {certificate} was revoked on the day {on}
	"certificate_expired",  // {certificate} {until}
	"certificate_valid",    // {certificate} {until}
}

// WayCodes lists the codes that Ways and a filing say beside the refusals of the rules.
func WayCodes() []string { return slices.Clone(wayCodes) }
