package ui

// packWords are the texts of work packs.
var packWords = map[string]text{
	"pack_last_level":     {"终审在审核台办理，工作包里不能发证", "the last level decides at the desk; no certificate is issued on a work pack"},
	"pack_expired":        {"工作包 {pack} 已于 {until} 到期：不能再作决定，请交回", "the work pack {pack} ended on {until}: nothing more can be decided; hand it back"},
	"pack_clock":          {"本机时钟显示 {now}，早于工作包领出的时间 {from}，请先校准时钟", "this machine's clock says {now}, before the pack was taken out ({from}); set the clock first"},
	"pack_other_key":      {"这个文件不是给这把密钥的，请换用领取人的密钥", "the file is not sealed to this key; use the key of who it was made for"},
	"pack_damaged":        {"文件不完整或被改动，请重新拷贝", "the file is cut off or was changed; copy it again"},
	"pack_signature":      {"签名不符：文件被改动，或不是由签名人发出", "the signature does not fit: the file was changed, or somebody else made it"},
	"pack_format":         {"格式“{format}”不是 {known}：请升级程序，或检查是不是工作包", "format “{format}” is not {known}: update the program, or check that it is a work pack"},
	"pack_large":          {"工作包里的文件过多", "the pack holds too many files"},
	"pack_moved":          {"打包时 {reference} 发生了变化，请重新打包", "{reference} changed while it was packed; make the pack again"},
	"pack_nobody":         {"请说明工作包给谁：--for ACCOUNT", "say whom the pack is for: --for ACCOUNT"},
	"pack_no_key":         {"账户 {account} 没有可以加密的 SSH 公钥（Ed25519 或 RSA），请先登记", "account {account} has no SSH key that can be sealed to (Ed25519 or RSA); register one first"},
	"pack_desk_key":       {"审核台的密钥不能用于加密", "the desk's key cannot be sealed to"},
	"pack_key_kind":       {"只能使用 Ed25519 或 RSA 的 SSH 密钥", "only SSH keys of Ed25519 or RSA can be used"},
	"pack_key_protected":  {"密钥有口令，请在终端里打开以便输入", "the key has a passphrase; open it on a terminal so that it can be typed"},
	"pack_key_passphrase": {"口令不对", "the passphrase is wrong"},
	"pack_key_unreadable": {"这不是 SSH 私钥文件", "this is not a file with a private SSH key"},
}
