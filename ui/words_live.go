package ui

// liveWords are the texts of what others do while a desk is open.
var liveWords = map[string]text{
	"live.changed":     {"%s 刚有变化：%s", "%s has just changed: %s"},
	"live.event":       {"%s %s %s", "%s %s %s"},
	"live.look_first":  {"%s 刚有变化，请看过后再按", "%s has just changed; look at it, then press again"},
	"claimed":          {"{by} 正在办理此件（至 {until}）；在审核台按 t 可以接手", "{by} has it in hand (until {until}); t takes it over at the desk"},
	"claim.other":      {"%s 正在办理此件；按 t 可以接手", "%s has it in hand; t takes it over"},
	"claim.line":       {"%s 自 %s 起办理中；按 t 接手", "%s has it in hand since %s; t takes it over"},
	"claim.confirm":    {"%s 由 %s 正在办理。接手会告知对方，并记入日志。按 y 接手，其他键取消", "%s is in the hands of %s. They are told that you take it over, and it is recorded. y takes it over, any other key does not"},
	"claim.taken":      {"已接手 %s", "you have taken over %s"},
	"claim.free":       {"没有别人在办理 %s", "nobody else has %s in hand"},
	"claim.lost":       {"%s 已由 %s 接手；您填写的内容仍保留", "%s was taken over by %s; what you have written is kept"},
	"claim.lapsed":     {"%s 已 %d 分钟没有操作，不再占用", "%s is free again: nothing was done about it for %d minutes"},
	"column.claim":     {"办理中", "In hand"},
	"key.take_over":    {"接手", "take over"},
	"action.take_over": {"接手", "taken over"},
	"keep.unasked":     {"上次未写完：%s", "what you had not finished writing: %s"},
	"keep.hold":        {"未完成的挂起：%s · h 继续，D 丢弃", "not put on hold yet: %s · h goes on, D drops it"},
	"keep.remark":      {"未完成的内部记录：%s · N 继续，D 丢弃", "internal note not recorded yet: %s · N goes on, D drops it"},
	"keep.reroute":     {"未完成的改派：%s · m 继续，D 丢弃", "not re-routed yet: %s · m goes on, D drops it"},
	"keep.form":        {"已回到上次离开的地方：%s 的申请", "back where you left: the application of %s"},
	"keep.page":        {"已回到上次离开的地方：%s", "back where you left: %s"},
	"keep.not_back":    {"未回到上次离开的地方：%s；未办完的在草稿中", "not back where you left, %s, since you began to type; what is unfinished is among the drafts"},
	"keep.form_gone":   {"上次打开的申请已提交，或草稿已删除", "the form that was open has been submitted, or its draft is gone"},
	"keep.form_closed": {"没有回到上次打开的申请：%s", "the form that was open has not been opened again: %s"},
	"live.gone":        {"已变动", "moved on"},
}
