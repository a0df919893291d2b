package ui

import "github.com/charmbracelet/bubbles/key"

// keys are all bindings of the desk with their help texts, by the screens that have them.
type keys struct {
	commonKeys
	panelKeys
	caseKeys
	markKeys
	pictureKeys
	certificateKeys
	figureKeys
	clerkKeys
	mailKeys
	adminKeys
	packKeys
}

// binder makes a binding: the word that explains it, how it is shown, and the keys.
type binder func(word, shown string, keys ...string) key.Binding

func newKeys(w Words) keys {
	bind := func(word, shown string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, w.Say(word)))
	}
	return keys{
		newCommonKeys(bind),
		newPanelKeys(bind),
		newCaseKeys(bind),
		newMarkKeys(bind),
		newPictureKeys(bind),
		newCertificateKeys(bind),
		newFigureKeys(bind),
		newClerkKeys(bind),
		newMailKeys(bind),
		newAdminKeys(bind),
		newPackKeys(bind),
	}
}

// commonKeys are the keys of every screen.
type commonKeys struct {
	up, down, top, bottom, pageUp, pageDown, scrollUp, scrollDown, next, previous, finding, open, back, quit key.Binding
	leave, help, command, filter, tab, tabBack, tabNumber, refresh, repaint                                  key.Binding
}

func newCommonKeys(bind binder) commonKeys {
	return commonKeys{
		up:         bind("key.up", "k ↑", "k", "up"),
		down:       bind("key.down", "j ↓", "j", "down"),
		top:        bind("key.top", "g", "g", "home"),
		bottom:     bind("key.bottom", "G", "G", "end"),
		pageUp:     bind("key.page_up", "ctrl+u", "ctrl+u"),
		pageDown:   bind("key.page_down", "ctrl+d", "ctrl+d"),
		scrollUp:   bind("key.scroll_up", "K pgup", "K", "pgup"),
		scrollDown: bind("key.scroll_down", "J pgdn", "J", "pgdown"),
		next:       bind("key.next", "]", "]"),
		previous:   bind("key.previous", "[", "["),
		finding:    bind("key.finding", "f", "f"),
		open:       bind("key.open", "enter", "enter"),
		back:       bind("key.back", "esc", "esc"),
		quit:       bind("key.quit", "ctrl+c", "ctrl+c"),
		leave:      bind("key.leave", "q", "q"),
		help:       bind("key.help", "?", "?"),
		command:    bind("key.command", ":", ":"),
		filter:     bind("key.filter", "/", "/"),
		tab:        bind("key.tab", "tab", "tab", "right"),
		tabBack:    bind("key.tab_back", "shift+tab", "shift+tab", "left"),
		tabNumber:  bind("key.tab_number", "1…9 0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0"),
		refresh:    bind("key.refresh", "R", "R", "ctrl+r"),
		repaint:    bind("key.repaint", "ctrl+l", "ctrl+l"),
	}
}

// panelKeys are the keys of panels, which ask one thing, and of lines that are typed.
type panelKeys struct {
	accept, cancel, yes, mark, toggle, target, field, fieldBack, choice, number, complete, completeBack key.Binding
	clearLine                                                                                           key.Binding
}

func newPanelKeys(bind binder) panelKeys {
	return panelKeys{
		accept:       bind("key.accept", "enter", "enter"),
		cancel:       bind("key.cancel", "esc", "esc"),
		yes:          bind("key.yes", "y", "y"),
		mark:         bind("key.mark", "space", " ", "enter"),
		toggle:       bind("key.toggle", "space", " "),
		target:       bind("key.target", "t", "t"),
		field:        bind("key.field", "tab ↓", "tab", "down"),
		fieldBack:    bind("key.field_back", "shift+tab ↑", "shift+tab", "up"),
		choice:       bind("key.choice", "← →", "left", "right"),
		number:       bind("key.number", "1…9", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		complete:     bind("key.complete", "tab", "tab"),
		completeBack: bind("key.complete_back", "shift+tab", "shift+tab"),
		clearLine:    bind("key.clear_line", "ctrl+u", "ctrl+u"),
	}
}

// caseKeys are the keys of a case.
type caseKeys struct {
	approve, reject, hold, reroute, takeBack, note, remark, takeOver, reveal, attachment, print, unseen, viewer key.Binding
	discard, own, compare, alike, apart                                                                         key.Binding
}

func newCaseKeys(bind binder) caseKeys {
	return caseKeys{
		approve:    bind("key.approve", "a", "a"),
		reject:     bind("key.reject", "r", "r"),
		hold:       bind("key.hold", "h", "h"),
		reroute:    bind("key.reroute", "m", "m"),
		takeBack:   bind("key.take_back", "u", "u"),
		note:       bind("key.note", "n", "n"),
		remark:     bind("key.remark", "N", "N"),
		takeOver:   bind("key.take_over", "t", "t"),
		reveal:     bind("key.reveal", "x", "x"),
		attachment: bind("key.attachment", "o", "o"),
		print:      bind("key.print", "p", "p"),
		unseen:     bind("key.unseen", "s", "s"),
		viewer:     bind("key.viewer", "O", "O"),
		discard:    bind("key.discard", "D", "D"),
		own:        bind("key.own", "U", "U"),
		compare:    bind("key.compare", "d", "d"),
		alike:      bind("key.alike", "=", "="),
		apart:      bind("key.apart", "y", "y"),
	}
}

// markKeys are the keys of marked rows.
type markKeys struct {
	markRow, markRange, markAll, unmark, marked key.Binding
}

func newMarkKeys(bind binder) markKeys {
	return markKeys{
		markRow:   bind("key.mark_row", "space", " "),
		markRange: bind("key.mark_range", "v", "v"),
		markAll:   bind("key.mark_all", "*", "*"),
		unmark:    bind("key.unmark", "-", "-"),
		marked:    bind("key.marked", "M", "M"),
	}
}

// pictureKeys are the keys of attachments.
type pictureKeys struct {
	nextPage, previousPage, rotate, rotateBack, zoomIn, zoomOut, fitRoom, panLeft, panRight, panUp key.Binding
	panDown                                                                                        key.Binding
}

func newPictureKeys(bind binder) pictureKeys {
	return pictureKeys{
		nextPage:     bind("key.next_page", "o ]", "j", "down", "]", "tab", " ", "pgdown", "enter"),
		previousPage: bind("key.previous_page", "[", "k", "up", "[", "shift+tab", "pgup"),
		rotate:       bind("key.rotate", "r", "r"),
		rotateBack:   bind("key.rotate_back", "R", "R"),
		zoomIn:       bind("key.zoom_in", "+", "+", "=", "z"),
		zoomOut:      bind("key.zoom_out", "-", "-", "_", "Z"),
		fitRoom:      bind("key.fit", "0", "0"),
		panLeft:      bind("key.pan_left", "H", "H", "left"),
		panRight:     bind("key.pan_right", "L", "L", "right"),
		panUp:        bind("key.pan_up", "K", "K"),
		panDown:      bind("key.pan_down", "J", "J"),
	}
}

// certificateKeys are the keys of certificates and of the look-up.
type certificateKeys struct {
	reprint, revoke, correct, reasonNumber, download, completeRecord, paper key.Binding
}

func newCertificateKeys(bind binder) certificateKeys {
	return certificateKeys{
		reprint:        bind("key.reprint", "P", "P"),
		revoke:         bind("key.revoke", "X", "X"),
		correct:        bind("key.correct", "C", "C"),
		reasonNumber:   bind("key.reason_number", "1…9", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		download:       bind("key.download", "d", "d"),
		completeRecord: bind("key.complete_record", "e", "e"),
		paper:          bind("key.paper", "ctrl+o", "ctrl+o"),
	}
}

// figureKeys are the keys of the overview and of what expires.
type figureKeys struct {
	units, earlier, later, level, asSheet, asText key.Binding
}

func newFigureKeys(bind binder) figureKeys {
	return figureKeys{
		units:   bind("key.units", "w m s y", "w", "m", "s", "y"),
		earlier: bind("key.earlier", "←", "left", "H"),
		later:   bind("key.later", "→", "right", "L"),
		level:   bind("key.level", "l", "l"),
		asSheet: bind("key.as_sheet", "e", "e"),
		asText:  bind("key.as_text", "E", "E"),
	}
}

// clerkKeys are the keys of the counter and its guide pages.
type clerkKeys struct {
	wayNumber, parent, submitForm, confirmSection, formHelp, nextSection, previousSection, preview, replaceFile key.Binding
	removeFile, withdraw, editAgain, guidePage, paperForm, formBlank, formFilled, resumeDraft                   key.Binding
}

func newClerkKeys(bind binder) clerkKeys {
	return clerkKeys{
		wayNumber:       bind("key.way_number", "1…4", "1", "2", "3", "4"),
		parent:          bind("key.parent", "backspace", "backspace", "left"),
		submitForm:      bind("key.submit_form", "ctrl+s", "ctrl+s"),
		confirmSection:  bind("key.confirm_section", "ctrl+y", "ctrl+y"),
		formHelp:        bind("key.form_help", "F1", "f1"),
		nextSection:     bind("key.next_section", "pgdn", "pgdown", "ctrl+n"),
		previousSection: bind("key.previous_section", "pgup", "pgup", "ctrl+p"),
		preview:         bind("key.preview", "v", "v", "o"),
		replaceFile:     bind("key.replace_file", "c", "c"),
		removeFile:      bind("key.remove_file", "x", "x", "delete", "backspace"),
		withdraw:        bind("key.withdraw", "w", "w"),
		editAgain:       bind("key.edit_again", "e", "e"),
		guidePage:       bind("key.guide_page", "i", "i"),
		paperForm:       bind("key.paper_form", "ctrl+g", "ctrl+g"),
		formBlank:       bind("key.form_blank", "p", "p"),
		formFilled:      bind("key.form_filled", "P", "P"),
		resumeDraft:     bind("key.resume_draft", "e", "e"),
	}
}

// mailKeys are the keys of the mail room.
type mailKeys struct {
	viewNext, viewPrevious, labels, carrierList, sendLetter, returned, collected, replaceSheet, readdress key.Binding
	carrierNext, carrierBefore, skipLetter, skipBack, labelNext, labelBefore, labelNumber                 key.Binding
}

func newMailKeys(bind binder) mailKeys {
	return mailKeys{
		viewNext:      bind("key.view_next", "]", "]"),
		viewPrevious:  bind("key.view_previous", "[", "["),
		labels:        bind("key.labels", "l", "l"),
		carrierList:   bind("key.carrier_list", "e", "e"),
		sendLetter:    bind("key.send_letter", "s", "s"),
		returned:      bind("key.returned", "b", "b"),
		collected:     bind("key.collected", "c", "c"),
		replaceSheet:  bind("key.replace_sheet", "w", "w"),
		readdress:     bind("key.readdress", "A", "A"),
		carrierNext:   bind("key.carrier_next", "tab", "tab"),
		carrierBefore: bind("key.carrier_before", "shift+tab", "shift+tab"),
		skipLetter:    bind("key.skip_letter", "↓", "down"),
		skipBack:      bind("key.skip_back", "↑", "up"),
		labelNext:     bind("key.label_next", "→", "right", "down", "+"),
		labelBefore:   bind("key.label_before", "←", "left", "up", "-"),
		labelNumber:   bind("key.label_number", "0…9", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
	}
}

// adminKeys are the keys of administrators.
type adminKeys struct {
	newAccount, disable, endSession, newKey, removeKey, areas key.Binding
}

func newAdminKeys(bind binder) adminKeys {
	return adminKeys{
		newAccount: bind("key.new_account", "n", "n"),
		disable:    bind("key.disable", "D", "D"),
		endSession: bind("key.end_session", "x", "x"),
		newKey:     bind("key.new_key", "n", "n"),
		removeKey:  bind("key.remove_key", "x", "x"),
		areas:      bind("key.areas", "m", "m"),
	}
}

// packKeys are the keys of work packs and their conflicts.
type packKeys struct {
	takePack, takeDesk, redo key.Binding
}

func newPackKeys(bind binder) packKeys {
	return packKeys{
		takePack: bind("key.take_pack", "p", "p"),
		takeDesk: bind("key.take_desk", "d", "d"),
		redo:     bind("key.redo", "b", "b"),
	}
}
