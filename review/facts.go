package review

// Facts is what the rules need to know of the register. The store gathers it inside the transaction that applies the
// rule, so that no two desks together can break one.
type Facts struct {
	// InReview is the reference of the person's application in review, "" for none.
	InReview string
	// Certificate is the person's certificate that is not void, nil for none.
	Certificate *Certificate
	// SameManagementNumber lists references and certificate numbers of other persons with this management number.
	SameManagementNumber []string
	// SameFile lists, by SHA-256, references of other persons' applications that hold the identical file.
	SameFile map[string][]string
	// Undrawable lists, by field, the characters that the certificate's font cannot draw.
	Undrawable map[Key][]rune
	// FollowedState is the state of the application named in Follows; FollowedPerson whose it is.
	FollowedState  State
	FollowedPerson PersonKey
}
