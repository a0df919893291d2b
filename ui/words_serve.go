package ui

// serveWords are the texts of the desk over SSH: what its clients read, and what the command that serves says.
var serveWords = join(servingWords, opsWords)

// servingWords are those of the server and its clients.
var servingWords = map[string]text{
	"command.rongzheng.serve": {"通过 SSH 供多人同时使用", "let many work at once, over SSH"},
	"command.rongzheng.serve.long": {
		"每人用账号登记的公钥登录（account add --key）：ssh -p 2222 主机 打开审核台，ssh -p 2222 主机 list --json 执行命令，sftp 取文件。\n数据夹须只有本人可读。SIGTERM 或 ctrl+c 会先通知各会话，再有序停止。\n--status 查询正在运行的服务。",
		"Everybody logs in with a public key of their account (account add --key): ssh -p 2222 HOST opens the desk, ssh -p 2222 HOST list --json runs a command, sftp fetches files.\nThe data folder must be readable by its owner alone. SIGTERM or ctrl+c tells every session and stops in order.\n--status asks the server that is running.",
	},
	"flag.listen":  {"监听的地址和端口（systemd 给出套接字时不用）", "address and port to listen on (not used when systemd hands over a socket)"},
	"flag.log":     {"日志格式 text 或 json，写到标准错误", "form of the log on standard error, text or json"},
	"flag.metrics": {"在此本机地址提供 Prometheus 指标，例如 127.0.0.1:9222", "serve Prometheus metrics on this loopback address, such as 127.0.0.1:9222"},
	"flag.status":  {"查询正在运行的服务：会话、账号、内存", "ask the running server: sessions, accounts, memory"},
	"flag.idle":    {"无操作多久后结束会话", "end a session after this long without a key"},

	"usage.log":     {"--log 须为 text 或 json", "--log is text or json"},
	"usage.served":  {"通过 SSH 不能使用 %s；可用：%s", "%s cannot be used over SSH; there are: %s"},
	"usage.scp":     {"这是旧式的 scp 协议，这里不能使用；请用 scp -s（OpenSSH 8.7 起）或 sftp", "this is the old scp protocol, which is not served; use scp -s (OpenSSH 8.7 and later) or sftp"},
	"usage.no_file": {"通过 SSH 只能输出到标准输出（-o -），例如 ssh 主机 certificate print 编号 > 证书.pdf", "over SSH files go to standard output only (-o -): ssh HOST certificate print NUMBER > certificate.pdf"},

	"usage.verify_input": {"通过 SSH 只核验标准输入（verify - < 证书.pdf）或二维码的文字", "over SSH verify takes standard input (verify - < certificate.pdf) or the text of a code"},

	"serve.listening":       {"正在监听 %s\n主机密钥 %s\n连接：%s", "listening on %s\nhost key %s\nconnect with: %s"},
	"serve.metrics":         {"指标：http://%s/metrics", "metrics: http://%s/metrics"},
	"serve.running":         {"数据夹正由 rongzheng serve 使用；请连接：%s", "the data folder is in use by rongzheng serve; connect with: %s"},
	"serve.not_running":     {"这个数据夹上没有正在运行的服务；可用 rongzheng serve 启动", "no server runs on this data folder; start one with rongzheng serve"},
	"serve.open_folder":     {"其他用户可以读取数据夹 %s 或其中的主机密钥；请先执行 chmod -R go= %s", "others can read the data folder %s or the host key in it; first run chmod -R go= %s"},
	"serve.loopback":        {"指标只在本机提供；--metrics 须为本机地址，例如 127.0.0.1:9222", "metrics are for this machine alone; --metrics is a loopback address such as 127.0.0.1:9222"},
	"serve.signing_locked":  {"已加密，尚未解锁，不能核发证书。请停止服务，以口令重新启动（--key-passphrase 文件或 RONGZHENG_KEY_PASSPHRASE）", "locked, so no certificate can be issued. Stop the server and start it with the passphrase (--key-passphrase FILE or RONGZHENG_KEY_PASSPHRASE)"},
	"serve.signing_missing": {"没有，不能核发证书。请停止服务，由管理员运行 rongzheng key rotate", "none, so no certificate can be issued. Stop the server; an administrator runs rongzheng key rotate"},
	"serve.status":          {"%s · 主机密钥 %s\n自 %s 起运行 · 会话 %d · 账号 %d · 内存 %.1f MB · 未登记的公钥 %d · 拒绝的连接 %d", "%s · host key %s\nrunning since %s · %d sessions · %d accounts · %.1f MB · %d unknown keys · %d connections refused"},
	"serve.kind.desk":       {"审核台", "desk"},
	"serve.kind.files":      {"文件", "files"},
	"serve.kind.none":       {"—", "—"},
	"serve.idle_for":        {"空闲 %d 秒", "idle for %d s"},

	"serve.kind.command": {"命令", "command"},

	"serve.unknown_key":  {"公钥 %s 未登记。如无法进入，请把公钥交给管理员登记。", "Key %s is not registered here. If you cannot get in, give your public key to an administrator."},
	"serve.shared_key":   {"公钥 %s 登记在几个账号名下，请写明用哪一个：ssh 账号@主机", "Key %s is registered for several accounts. Say which one: ssh ACCOUNT@HOST."},
	"serve.disabled_key": {"公钥 %s 所属的账号已停用。如需恢复，请联系管理员。", "The account of key %s is disabled. An administrator can enable it again."},
	"serve.expired_key":  {"公钥 %s 已于 %s 到期，不能再用。请把新的公钥交给管理员登记。", "Key %s expired on %s and opens nothing any more. Give a new public key to an administrator."},
	"serve.no_package":   {"“%s”没有导入：只接收 .zip 申请包和 .json；请改成这样的名称，或删除后重新上传", "“%s” was not imported: only .zip packages and .json are; give it such a name, or remove it and send it again"},
	"serve.paste_long":   {"粘贴过长，只收下前 %d KB", "the paste is too long; only its first %d KB were taken"},
	"serve.too_many":     {"连接太多，请关闭一些再试。", "Too many connections; close some and try again."},
	"serve.many_open":    {"同时打开的文件太多，请先关闭一些", "too many files are open at once; close some first"},
	"serve.no_agent":     {"这里不接受密钥代理转发（ssh -A），您的代理没有被使用。", "No agent is forwarded here (ssh -A); yours has not been used."},
	"serve.fault":        {"程序出了错，没有做完；已存的都在，请再试一次，仍然不行就请管理员看日志。", "The program had a fault and did not finish; what was stored is stored. Try again, or ask an administrator to look at the log."},
	"serve.stopping":     {"服务即将停止；已作的决定均已保存，请稍后重新连接。", "The server is stopping; every decision is kept. Please connect again later."},
	"serve.will_stop":    {"服务将在 %d 秒后停止；一切都会保存，重新连接即可接着做。", "The server stops in %d seconds; everything is kept, connect again to go on."},
	"serve.idle":         {"长时间无操作，会话已结束；已作的决定均已保存。", "The session ended because nobody typed; every decision is kept."},
	"serve.disabled":     {"账号已停用，或登录所用的公钥已移除或到期。", "The account has been disabled, or the key that it came with was removed or ran out."},
	"serve.changed":      {"账号的权限已变更，请重新连接。", "The account's rights have changed; please connect again."},
	"serve.no_terminal":  {"审核台须在终端中打开：ssh 不带命令；脚本请给出命令，例如 ssh 主机 list --json", "the desk needs a terminal: ssh without a command; scripts give one, such as ssh HOST list --json"},
	"serve.quotes":       {"命令中的引号没有配对", "a quotation mark in the command has no partner"},
}
