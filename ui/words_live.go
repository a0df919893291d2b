package ui

// liveWords are the texts of what others do while a desk is open.
var liveWords = map[string]text{
	"live.changed":    {"%s 刚有变化：%s", "%s has just changed: %s"},
	"live.event":      {"%s %s %s", "%s %s %s"},
	"live.look_first": {"%s 刚有变化，请看过后再按", "%s has just changed; look at it, then press again"},
	"live.gone":       {"已变动", "moved on"},
}
