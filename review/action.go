package review

// Action is something that an account does. The workflow table (workflow.go) says when it may.
type Action string

// Actions on applications that the workflow table knows.
const (
	Submit   Action = "submit"    // 提交: a new application, or a new revision of a withdrawn or rejected one
	Approve  Action = "approve"   // 通过
	Reject   Action = "reject"    // 不通过
	Hold     Action = "hold"      // 挂起
	Release  Action = "release"   // 恢复
	Reroute  Action = "reroute"   // 改派
	TakeBack Action = "take_back" // 撤销决定
	Withdraw Action = "withdraw"  // 撤回
)

// Actions that only rights decide on.
const (
	View         Action = "view"      // see an application or a certificate
	Reveal       Action = "reveal"    // see masked data in clear (recorded)
	ViewFile     Action = "view_file" // look at an attachment (recorded)
	Print        Action = "print"     // print or download a certificate (recorded)
	Import       Action = "import"    // take in application packages
	Export       Action = "export"    // hand results to the portal
	ImportLegacy Action = "import_legacy"
	Administer   Action = "administer" // accounts, policy, backup, restore, check
	Note         Action = "note"       // write an internal note on an application in one's scope (recorded; never for the applicant)
	NotSame      Action = "not_same"   // record that a case is not the one it is like (已核对，非同一人/材料)
	TakeOver     Action = "take_over"  // take an application over that another reviewer has in hand (recorded; Target is who had it)
	CallList     Action = "call_list"  // export whom to remind of a renewal, with names and mobiles in clear (recorded)
	TakeOut      Action = "take_out"   // make a work pack; reviewers for themselves (recorded; Target is its number)
	HandBack     Action = "hand_back"  // hand in what came back from a work pack, or say what becomes of a conflict (recorded)
	CallBack     Action = "call_back"  // end the lease of a work pack (recorded)
	ReadLog      Action = "read_log"   // the event log; reviewers and clerks only their own lines
)

// Actions on the mailing (邮寄) of a paper certificate, which the table in mail.go knows. Mail is the right to all of them.
const (
	Mail        Action = "mail"
	MailPrint   Action = "mail_print"   // a sheet was printed for the envelope
	MailSend    Action = "mail_send"    // 寄出
	MailReturn  Action = "mail_return"  // 退回
	MailCollect Action = "mail_collect" // 自取
	MailReplace Action = "mail_replace" // a spoiled or lost sheet is replaced
	MailUndo    Action = "mail_undo"    // the last step was a mistake
	MailAddress Action = "mail_address" // the address of a letter is corrected
	MailLabels  Action = "mail_labels"  // addresses were printed or written to a list for the carrier (recorded)
)

// Actions on certificates. What the first three do is proposed by one person and confirmed by another.
const (
	Revoke    Action = "revoke"    // 注销
	Reinstate Action = "reinstate" // 恢复效力: a revocation was wrong
	Correct   Action = "correct"   // 更正: a new version, since a printed datum is wrong
	Propose   Action = "propose"   // one of the three is proposed
	Confirm   Action = "confirm"
	Dismiss   Action = "dismiss" // a proposal is turned down, or withdrawn by who made it
)

// Actions that only appear in the log.
const (
	Issued         Action = "issue"       // a certificate version came into being
	Voided         Action = "void"        // a version or number became void
	AddAccount     Action = "add_account" // an account was added
	EndAccount     Action = "disable_account"
	ChangedAccount Action = "change_account" // keys, areas or words of an account were changed, or it was enabled again
	Repaired       Action = "repair"
	Spoiled        Action = "spoil"   // a sheet of a copy was marked as spoiled
	BackedUp       Action = "backup"  // a whole backup was made
	Restored       Action = "restore" // the data came back from a backup
)

// Internal reports whether the action is between those who review: the portal, the counter and the applicant never hear of it.
func (a Action) Internal() bool { return a == Note || a == NotSame }
