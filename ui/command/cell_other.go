//go:build !unix

package command

import (
	"os"

	"rongzheng/ui/graphics"
)

// cellOf knows nothing of a console that is not a terminal of Unix.
func cellOf(*os.File) graphics.CellSize { return graphics.CellSize{} }
