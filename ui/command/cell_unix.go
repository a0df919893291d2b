//go:build unix

package command

import (
	"os"

	"golang.org/x/sys/unix"

	"rongzheng/ui/graphics"
)

// cellOf asks the system how large a cell of the terminal is, for terminals that do not answer that themselves (xterm); zero
// where it does not know.
func cellOf(terminal *os.File) graphics.CellSize {
	size, err := unix.IoctlGetWinsize(int(terminal.Fd()), unix.TIOCGWINSZ)
	if err != nil || size.Col == 0 || size.Row == 0 {
		return graphics.CellSize{}
	}
	return graphics.CellSize{W: int(size.Xpixel / size.Col), H: int(size.Ypixel / size.Row)}
}
