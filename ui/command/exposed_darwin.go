package command

import (
	"context"
	"errors"
	"os/exec"
	"time"
)

// exposed is the word for how memory may come to lie on a disk of this machine in clear, "" when FileVault is on. The system
// says so by the exit status of fdesetup isactive: 0 on, 1 off, another one while it changes.
func exposed() string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := exec.CommandContext(ctx, "/usr/bin/fdesetup", "isactive").Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		return "exposed.filevault"
	}
	return "exposed.disk"
}
