// Package graphics shows pictures in a terminal: with the graphics of kitty,
// iTerm2 and sixel terminals where there are any, else in half blocks in the
// colours that the terminal has, else as a card of facts.
//
// What is drawn are lines of an exact width, as many as the box has rows, so
// that they can stand beside other text in a View. Escape sequences take no
// width and pass through ansi.Truncate; nothing else may be done to a drawing
// than to put text beside, above and below it: wrapping or styling it breaks
// the sequences. A screen leaves its last line to other things, since a
// picture there may make a terminal scroll.
//
// The renderer of Bubble Tea writes a line again when anything in it changes,
// and no other. So each line must bring what it shows, whatever is written
// beside it:
//
//   - Half blocks are text. A colour is named only where it changes, and in
//     true colour a difference that nobody sees is no change, since drawings
//     may have to pass a slow line. Terminals without colour get brightness in
//     ASCII characters, which no terminal takes for wide, whatever its locale.
//   - Inline images of iTerm2 and sixels are cut into strips of one row of
//     cells. A line blanks its cells, which gives it its width, goes back and
//     draws its strip over them.
//   - With kitty, cells hold Unicode placeholders (U+10EEEE) whose colour says
//     which picture they show. The picture itself is sent once, in [Draw] in
//     front of the first line, or by the screen through a [Sender], which is
//     better: a line that carries a picture of 300 KB is 300 KB each time that
//     something beside it changes.
//
// Where a picture was, other text takes its place by being written there; what
// kitty has been sent, [Clear] takes back.
//
// [Detect] asks a terminal what it can show, with a deadline, best through an
// [Input], which keeps late answers from being taken for keys; [ParseWay] reads
// the answer of who knows better. An [Album] decodes, draws and keeps for all
// screens of a process; a [Viewport] is what is seen of a picture.
package graphics
