package ui

import "github.com/charmbracelet/bubbles/key"

// keys are all bindings of the desk with their help texts.
type keys struct {
	up, down, top, bottom, pageUp, pageDown key.Binding
	scrollUp, scrollDown, next, previous    key.Binding
	finding                                 key.Binding
	open, back, quit, leave, help, command  key.Binding
	filter, tab, tabBack, tabNumber         key.Binding
	refresh, repaint                        key.Binding

	approve, reject, hold, reroute, takeBack key.Binding
	remark, takeOver                         key.Binding
	note, reveal, attachment, print          key.Binding
	unseen, viewer, fitRoom                  key.Binding

	markRow, markRange, markAll, unmark, marked, discard, own, compare, alike, apart key.Binding

	reprint, revoke, correct, reasonNumber key.Binding

	newAccount, disable, endSession, newKey, removeKey, areas key.Binding // of administrators

	accept, cancel, yes, mark, toggle, target, field, fieldBack, choice key.Binding

	number                   key.Binding // of a line
	takePack, takeDesk, redo key.Binding // of conflicts

	complete, completeBack key.Binding // of the lines in which filters and commands are typed
	clearLine              key.Binding // of the line in which filters are typed

	viewNext, viewPrevious, labels, carrierList, sendLetter, returned, collected, replaceSheet key.Binding // of the mail room
	carrierNext, carrierBefore, skipLetter, skipBack, labelNext, labelBefore, labelNumber      key.Binding
	formBlank, formFilled                                                                      key.Binding // of guide pages
	units, earlier, later, level, asSheet, asText                                              key.Binding // of the overview

	readdress key.Binding // of the mail room, beside the others of it

	download, completeRecord key.Binding // of the look-up

	paper key.Binding // of certificates

	nextPage, previousPage, rotate, rotateBack, zoomIn, zoomOut key.Binding
	panLeft, panRight, panUp, panDown                           key.Binding

	wayNumber, parent, submitForm, confirmSection, formHelp, nextSection, previousSection key.Binding // of the counter
	preview, replaceFile, removeFile, withdraw, editAgain, guidePage, paperForm           key.Binding
	resumeDraft                                                                           key.Binding
}

func newKeys(w Words) keys {
	bind := func(word, shown string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, w.Say(word)))
	}
	return keys{
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
		leave:      bind("key.leave", "q", "q"),
		quit:       bind("key.quit", "ctrl+c", "ctrl+c"),
		help:       bind("key.help", "?", "?"),
		command:    bind("key.command", ":", ":"),
		filter:     bind("key.filter", "/", "/"),
		tab:        bind("key.tab", "tab", "tab", "right"),
		tabBack:    bind("key.tab_back", "shift+tab", "shift+tab", "left"),
		tabNumber:  bind("key.tab_number", "1…9 0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0"),
		refresh:    bind("key.refresh", "R", "R", "ctrl+r"),
		repaint:    bind("key.repaint", "ctrl+l", "ctrl+l"),

		approve:    bind("key.approve", "a", "a"),
		reject:     bind("key.reject", "r", "r"),
		hold:       bind("key.hold", "h", "h"),
		reroute:    bind("key.reroute", "m", "m"),
		takeBack:   bind("key.take_back", "u", "u"),
		note:       bind("key.note", "n", "n"),
		takeOver:   bind("key.take_over", "t", "t"),
		remark:     bind("key.remark", "N", "N"),
		reveal:     bind("key.reveal", "x", "x"),
		attachment: bind("key.attachment", "o", "o"),
		print:      bind("key.print", "p", "p"),
		unseen:     bind("key.unseen", "s", "s"),
		viewer:     bind("key.viewer", "O", "O"),
		fitRoom:    bind("key.fit", "0", "0"),

		reprint:      bind("key.reprint", "P", "P"),
		revoke:       bind("key.revoke", "X", "X"),
		correct:      bind("key.correct", "C", "C"),
		reasonNumber: bind("key.reason_number", "1…9", "1", "2", "3", "4", "5", "6", "7", "8", "9"),

		newAccount: bind("key.new_account", "n", "n"),
		disable:    bind("key.disable", "D", "D"),
		endSession: bind("key.end_session", "x", "x"),
		newKey:     bind("key.new_key", "n", "n"),
		removeKey:  bind("key.remove_key", "x", "x"),
		areas:      bind("key.areas", "m", "m"),

		accept:    bind("key.accept", "enter", "enter"),
		cancel:    bind("key.cancel", "esc", "esc"),
		yes:       bind("key.yes", "y", "y"),
		mark:      bind("key.mark", "space", " ", "enter"),
		target:    bind("key.target", "t", "t"),
		toggle:    bind("key.toggle", "space", " "),
		field:     bind("key.field", "tab ↓", "tab", "down"),
		fieldBack: bind("key.field_back", "shift+tab ↑", "shift+tab", "up"),
		choice:    bind("key.choice", "← →", "left", "right"),

		number:       bind("key.number", "1…9", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		clearLine:    bind("key.clear_line", "ctrl+u", "ctrl+u"),
		complete:     bind("key.complete", "tab", "tab"),
		completeBack: bind("key.complete_back", "shift+tab", "shift+tab"),

		takePack: bind("key.take_pack", "p", "p"),
		takeDesk: bind("key.take_desk", "d", "d"),
		redo:     bind("key.redo", "b", "b"),

		markRow:   bind("key.mark_row", "space", " "),
		markRange: bind("key.mark_range", "v", "v"),
		markAll:   bind("key.mark_all", "*", "*"),
		unmark:    bind("key.unmark", "-", "-"),
		marked:    bind("key.marked", "M", "M"),
		own:       bind("key.own", "U", "U"),
		compare:   bind("key.compare", "d", "d"),
		alike:     bind("key.alike", "=", "="),
		apart:     bind("key.apart", "y", "y"),
		discard:   bind("key.discard", "D", "D"),

		viewNext:      bind("key.view_next", "]", "]"),
		viewPrevious:  bind("key.view_previous", "[", "["),
		labels:        bind("key.labels", "l", "l"),
		carrierList:   bind("key.carrier_list", "e", "e"),
		sendLetter:    bind("key.send_letter", "s", "s"),
		returned:      bind("key.returned", "b", "b"),
		collected:     bind("key.collected", "c", "c"),
		replaceSheet:  bind("key.replace_sheet", "w", "w"),
		carrierNext:   bind("key.carrier_next", "tab", "tab"),
		carrierBefore: bind("key.carrier_before", "shift+tab", "shift+tab"),
		skipLetter:    bind("key.skip_letter", "↓", "down"),
		skipBack:      bind("key.skip_back", "↑", "up"),
		labelNext:     bind("key.label_next", "→", "right", "down", "+"),
		labelBefore:   bind("key.label_before", "←", "left", "up", "-"),
		labelNumber:   bind("key.label_number", "0…9", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		formBlank:     bind("key.form_blank", "p", "p"),
		formFilled:    bind("key.form_filled", "P", "P"),
		units:         bind("key.units", "w m s y", "w", "m", "s", "y"),
		earlier:       bind("key.earlier", "←", "left", "H"),
		later:         bind("key.later", "→", "right", "L"),
		level:         bind("key.level", "l", "l"),
		asSheet:       bind("key.as_sheet", "e", "e"),
		asText:        bind("key.as_text", "E", "E"),

		readdress: bind("key.readdress", "A", "A"),

		download:       bind("key.download", "d", "d"),
		completeRecord: bind("key.complete_record", "e", "e"),

		paper: bind("key.paper", "ctrl+o", "ctrl+o"),

		nextPage:     bind("key.next_page", "o ]", "j", "down", "]", "tab", " ", "pgdown", "enter"),
		previousPage: bind("key.previous_page", "[", "k", "up", "[", "shift+tab", "pgup"),
		rotate:       bind("key.rotate", "r", "r"),
		rotateBack:   bind("key.rotate_back", "R", "R"),
		zoomIn:       bind("key.zoom_in", "+", "+", "=", "z"),
		zoomOut:      bind("key.zoom_out", "-", "-", "_", "Z"),
		panLeft:      bind("key.pan_left", "H", "H", "left"),
		panRight:     bind("key.pan_right", "L", "L", "right"),
		panUp:        bind("key.pan_up", "K", "K"),
		panDown:      bind("key.pan_down", "J", "J"),

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
		guidePage:       bind("key.guide_page", "i", "i"),
		paperForm:       bind("key.paper_form", "ctrl+g", "ctrl+g"),
		editAgain:       bind("key.edit_again", "e", "e"),
		resumeDraft:     bind("key.resume_draft", "e", "e"),
	}
}
