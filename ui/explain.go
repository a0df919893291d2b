package ui

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"net"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"rongzheng/cert"
	"rongzheng/cert/code"
	"rongzheng/cert/font"
	"rongzheng/cert/sign"
	"rongzheng/review"
	"rongzheng/review/picture"
	"rongzheng/store"
	"rongzheng/store/durable"
	"rongzheng/store/exchange"
	"rongzheng/ui/graphics"
)

// ErrNoAccount says that nobody knows as whom the desk is to be opened.
var ErrNoAccount = errors.New("no account is set up")

// Explain turns an error into the user's sentence: what happened and what to do next. A FormError has one line for each
// problem. An error that nobody foresaw gives a general sentence with a number, under which FaultNumber finds it in
// the log.
func (w Words) Explain(err error) string {
	if err == nil {
		return ""
	}
	if errors.As(err, new(*PanicError)) {
		return w.Say("fault.panic")
	}
	if errors.Is(err, ErrNoPrinter) {
		return w.Say("fault.no_printer")
	}
	if printer, ok := errors.AsType[*PrinterError](err); ok && !errors.As(err, new(*notPrintedError)) {
		return w.printer(printer)
	}
	if none, ok := errors.AsType[*notPrintedError](err); ok {
		return w.Say("printing.no_copy", w.Explain(none.err))
	}
	if of, ok := errors.AsType[*exchange.ResultError](err); ok {
		return w.Say("fault.result", of.Of, w.Explain(of.Err))
	}
	for _, way := range []func(error) (string, bool){w.refusal, w.standing, w.stored, w.pictured, w.printed, w.coded, w.filed, w.listened} {
		if sentence, ok := way(err); ok {
			return sentence
		}
	}
	return w.Say("fault.unknown", FaultNumber(err))
}

func (w Words) printer(e *PrinterError) string {
	if e.Fault != "" {
		return w.Say("fault.printer_"+string(e.Fault), Plain(e.Printer))
	}
	return w.Say("fault.printer", Plain(e.Said))
}

// FaultNumber is the short number under which an unforeseen error is shown and logged.
func FaultNumber(err error) string {
	h := fnv.New32a()
	h.Write([]byte(err.Error()))
	return fmt.Sprintf("%08X", h.Sum32())
}

// isForeseen tells whether Explain says something particular about the error.
func (w Words) isForeseen(err error) bool {
	return w.Explain(err) != w.Say("fault.unknown", FaultNumber(err))
}

func (w Words) refusal(err error) (string, bool) {
	if form, ok := errors.AsType[*review.FormError](err); ok {
		return w.problems(form.Problems), true
	}
	if denied, ok := errors.AsType[*review.DeniedError](err); ok {
		return w.denied(denied, nil), true
	}
	if rule, ok := errors.AsType[*review.RuleError](err); ok {
		return w.Code(rule.Code, rule.Args), true
	}
	if query, ok := errors.AsType[*review.QueryError](err); ok {
		return w.Code(query.Code, query.Args), true
	}
	if errors.Is(err, exchange.ErrTableKind) {
		return w.Say("fault.table_kind"), true
	}
	if file, ok := errors.AsType[*exchange.Error](err); ok {
		return w.inFile(file), true
	}
	if guide, ok := errors.AsType[*GuideError](err); ok {
		return w.guided(guide), true
	}
	if policy, ok := errors.AsType[*review.PolicyError](err); ok {
		return w.Say("fault.policy", w.policyProblems(policy)), true
	}
	return "", false
}

// inFile says what is wrong with a file of a sender, led by its name where the sentence does not hold it.
func (w Words) inFile(e *exchange.Error) string {
	args := maps.Clone(e.Args)
	if args == nil {
		args = review.Args{}
	}
	if _, ok := args["file"]; !ok {
		args["file"] = e.File
	}
	sentence := w.Code(e.Code, args)
	if e.File == "" || strings.Contains(catalogue[e.Code].zh, "{file}") {
		return sentence
	}
	return Plain(e.File) + w.Say("colon") + sentence
}

// guided says what is wrong with a guide page, and where.
func (w Words) guided(e *GuideError) string {
	if e.Line == 0 {
		return w.Say("fault.guide_file", Plain(e.File), w.Code(e.Code, e.Args))
	}
	return w.Say("fault.guide", Plain(e.File), e.Line, w.Code(e.Code, e.Args))
}

// policyProblems are what is wrong with a policy file, each with its line.
func (w Words) policyProblems(e *review.PolicyError) string {
	said := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		said[i] = w.Say("fault.policy_line", p.Line, Plain(w.policyProblem(p)))
	}
	return strings.Join(said, w.Say("fault.policy_join"))
}

func (w Words) policyProblem(p review.PolicyProblem) string {
	form, known := policyWords[p.Form]
	switch {
	case p.Form == "":
		return w.Say("fault.policy_syntax", p.Reason)
	case !known || w.Lang() != review.Chinese:
		return p.Reason
	}
	args := make([]any, len(p.Args))
	for i, arg := range p.Args {
		args[i] = arg
		if text, ok := arg.(string); ok && policyWords[text] != "" {
			args[i] = policyWords[text]
		}
	}
	return fmt.Sprintf(form, args...)
}

// problems has one line for each problem.
func (w Words) problems(problems []review.Problem) string {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = w.Problem(p)
	}
	return strings.Join(lines, "\n")
}

func (w Words) standing(err error) (string, bool) {
	if stale, ok := errors.AsType[*review.StaleError](err); ok {
		at := stale.At.In(review.Zone).Format("2006-01-02 15:04")
		return w.Say("fault.stale", stale.Reference, Plain(stale.By), at, w.Say("action."+string(stale.Action))), true
	}
	for _, known := range []struct {
		err error
		key string
	}{
		{store.ErrFileMissing, "fault.blob_missing"},
		{review.ErrNotFound, "fault.not_found"}, {review.ErrExists, "fault.exists"}, {review.ErrAlready, "fault.already"},
		{review.ErrStale, "fault.stale_plain"}, {review.ErrDenied, "fault.denied"}, {ErrNoAccount, "fault.no_account"},
		{context.Canceled, "fault.cancelled"}, {errNoScans, "fault.no_scans"},
	} {
		if errors.Is(err, known.err) {
			return w.Say(known.key), true
		}
	}
	return "", false
}

func (w Words) stored(err error) (string, bool) {
	for _, known := range []struct {
		err error
		key string
	}{
		{store.ErrLocked, "fault.locked"}, {store.ErrNewer, "fault.newer"}, {store.ErrNoData, "fault.no_data"},
		{store.ErrDamaged, "fault.damaged"}, {store.ErrNotEmpty, "fault.not_empty"}, {store.ErrNoRenderer, "fault.no_renderer"},
	} {
		if errors.Is(err, known.err) {
			return w.Say(known.key), true
		}
	}
	return "", false
}

func (w Words) pictured(err error) (string, bool) {
	if e, ok := errors.AsType[picture.UnsupportedError](err); ok && e.Found == picture.Unknown {
		return w.Say("fault.picture_strange"), true
	} else if ok {
		return w.Say("fault.picture_kind", e.Found), true
	}
	if e, ok := errors.AsType[picture.SizeError](err); ok {
		return w.Say("fault.picture_size", e.Limit>>20), true
	}
	if e, ok := errors.AsType[picture.PixelsError](err); ok {
		return w.Say("fault.picture_pixels", e.Width, e.Height), true
	}
	if _, ok := errors.AsType[picture.DamagedError](err); ok || errors.Is(err, picture.ErrEmpty) {
		return w.Say("fault.picture_damaged"), true
	}
	if _, ok := errors.AsType[picture.CostError](err); ok {
		return w.Say("fault.picture_cost"), true
	}
	if e, ok := errors.AsType[graphics.WayError](err); ok {
		return w.Say("fault.images", Plain(e.Text)), true
	}
	for _, known := range []struct {
		err error
		key string
	}{
		{picture.ErrEncrypted, "fault.pdf_encrypted"}, {picture.ErrUndrawn, "paper.not_shown"}, {picture.ErrNoPage, "fault.pdf_page"}, {picture.ErrNoPicture, "fault.pdf_nothing"},
	} {
		if errors.Is(err, known.err) {
			return w.Say(known.key), true
		}
	}
	return "", false
}

// printed explains why a certificate cannot be drawn, one line for each field.
func (w Words) printed(err error) (string, bool) {
	refused, ok := errors.AsType[*cert.RefusedError](err)
	if !ok {
		return w.Say("fault.certificate_state"), errors.Is(err, cert.ErrState)
	}
	lines := make([]string, 0, len(refused.Fields))
	for _, field := range refused.Fields {
		lines = append(lines, w.Label(field.Field)+w.Say("colon")+w.unprintable(field.Err))
	}
	return strings.Join(lines, "\n"), true
}

func (w Words) unprintable(err error) string {
	missing, ok := errors.AsType[*font.MissingError](err)
	switch {
	case ok:
		return w.Code("undrawable", review.Args{"characters": font.Name(missing.Rune)})
	case errors.Is(err, cert.ErrTooLong):
		return w.Say("fault.print_long")
	case errors.Is(err, cert.ErrPortrait):
		return w.Say("fault.print_portrait")
	}
	return w.Say("fault.print_empty")
}

// coded explains what keeps a verification code or a signature from being made, or a list of revocations from being read.
func (w Words) coded(err error) (string, bool) {
	if unknown, ok := errors.AsType[code.UnknownKeyError](err); ok {
		return w.Say("fault.list_unknown", unknown.Key), true
	}
	for _, known := range []struct {
		err error
		key string
	}{
		{code.ErrLocked, "fault.key_locked"}, {code.ErrNoKey, "fault.key_none"}, {code.ErrKeyFile, "fault.key_file"},
		{code.ErrUnknownID, "fault.key_id"}, {code.ErrStillSigns, "fault.key_signs"}, {code.ErrKeyWithdrawn, "fault.list_withdrawn"},
		{code.ErrPassphrase, "fault.key_passphrase"}, {code.ErrKeys, "fault.key_public"}, {code.ErrForged, "fault.list_forged"},
		{cert.ErrSeal, "fault.seal"}, {code.ErrDamaged, "fault.list_damaged"}, {code.ErrNoCode, "fault.list_none"},
		{code.ErrFileSignerLocked, "fault.signer_locked"}, {sign.ErrPassphrase, "fault.signer_passphrase"},
		{sign.ErrForm, "fault.signer_form"}, {sign.ErrEncrypted, "fault.signer_encrypted"}, {sign.ErrKind, "fault.signer_kind"},
		{sign.ErrCertificate, "fault.signer_certificate"}, {sign.ErrUse, "fault.signer_use"},
	} {
		if errors.Is(err, known.err) {
			return w.Say(known.key), true
		}
	}
	return "", false
}

// filed explains what the operating system refused, with the file's name.
func (w Words) filed(err error) (string, bool) {
	if isFull(err) {
		return w.Say("fault.disk_full"), true
	}
	path, ok := errors.AsType[*fs.PathError](err)
	if !ok {
		return "", false
	}
	key := "fault.file"
	switch {
	case isOne(err, readOnly()):
		key = "fault.file_read_only"
	case isOne(err, pulledOut()):
		key = "fault.file_pulled_out"
	case errors.Is(err, durable.ErrDevice):
		key = "fault.file_device"
	case errors.Is(err, errFolder):
		key = "fault.file_folder"
	case errors.Is(err, fs.ErrPermission):
		key = "fault.file_permission"
	case errors.Is(err, fs.ErrNotExist):
		key = "fault.file_missing"
	case errors.Is(err, fs.ErrExist):
		key = "fault.file_exists"
	}
	return w.Say(key, Plain(path.Path)), true
}

// listened explains why an address cannot be listened at.
func (w Words) listened(err error) (string, bool) {
	refused, ok := errors.AsType[*net.OpError](err)
	if !ok || refused.Op != "listen" {
		return "", false
	}
	if refused.Addr == nil {
		return w.Say("fault.listen_address"), true
	}
	if errors.Is(err, fs.ErrPermission) {
		return w.Say("fault.listen_permission", Plain(refused.Addr.String())), true
	}
	return w.Say("fault.listen", Plain(refused.Addr.String())), true
}

// readOnly are the errors of a disk that cannot be written to, pulledOut those of one that is no longer there; the numbers are
// what Windows calls them: WRITE_PROTECT, then NOT_READY, GEN_FAILURE, DEV_NOT_EXIST, NO_SUCH_DEVICE, DEVICE_NOT_CONNECTED.
func readOnly() []syscall.Errno { return onSystem([]syscall.Errno{syscall.EROFS}, 19) }
func pulledOut() []syscall.Errno {
	return onSystem([]syscall.Errno{syscall.EIO, syscall.ENODEV, syscall.ENXIO}, 21, 31, 55, 433, 1167)
}

func onSystem(unix []syscall.Errno, windows ...syscall.Errno) []syscall.Errno {
	if runtime.GOOS == "windows" {
		return windows
	}
	return unix
}

func isOne(err error, of []syscall.Errno) bool {
	return slices.ContainsFunc(of, func(no syscall.Errno) bool { return errors.Is(err, no) })
}

// isFull tells that a disk has no room left: ENOSPC, and what Windows calls it (ERROR_DISK_FULL).
func isFull(err error) bool {
	const windowsDiskFull = syscall.Errno(112)
	return errors.Is(err, syscall.ENOSPC) || runtime.GOOS == "windows" && errors.Is(err, windowsDiskFull)
}
