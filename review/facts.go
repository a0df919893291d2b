package review

// Facts is what the rules need to know of the register. The store gathers it inside the transaction that applies the
// rule, so that no two desks together can break one.
type Facts struct {
	// InReview is the reference of the person's application in review, "" for none.
	InReview string
	// Certificate is the person's certificate that is neither void nor revoked, nil for none.
	Certificate *Certificate
	// Revoked is the number of the person's revoked certificate, "" for none; RevokedOn is the day.
	Revoked   string
	RevokedOn Date
	// SameManagementNumber lists references and certificate numbers of other persons with this management number.
	SameManagementNumber []string
	// SameFile lists, by SHA-256, references of other persons' applications that hold the identical file.
	SameFile map[string][]string
	// SameBirth lists references and certificate numbers of other persons with this name and birth date.
	SameBirth []string
	// Checked tells, by reference or certificate number in these lists, who has found that it is not the same.
	Checked map[string]Checked
	// Undrawable lists, by field, the characters that the certificate's font cannot draw.
	Undrawable map[Key][]rune
	// Followed is the application that a submission names as the one it follows, nil where it is not known.
	Followed *Application
	// SameRevision is what is stored under the reference and revision of a submission, nil for nothing.
	SameRevision *Application
	// Unseen lists the slots that must be looked at before approval and hold files that the acting account has not looked at
	// in this revision; nil where nothing is missing.
	Unseen []Key
	// SeenStated says that the account states to have looked at them elsewhere; the approval records what was stated.
	SeenStated bool
	// Claim says who has the application in hand at the time of the decision, nil for nobody.
	Claim *Claim
	// Lease says with which work pack the application is outside at that time, nil for none.
	Lease *Lease
}

// Checked is a look at two records that are alike, which found that they are not of the same person or not the same material.
type Checked struct {
	By string // account
	On Date
}
