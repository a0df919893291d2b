package command

import (
	"io/fs"
	"os"
	"path"
	"strings"
)

// exposed is the word for how memory may come to lie on a disk of this machine in clear, "" when it cannot: there is no swap, or
// only such as stays in memory or is encrypted.
func exposed() string { return exposedBy(os.DirFS("/")) }

func exposedBy(root fs.FS) string {
	swaps, err := fs.ReadFile(root, "proc/swaps")
	if err != nil {
		return "exposed.swap"
	}
	lines := strings.Split(strings.TrimSpace(string(swaps)), "\n")
	for _, line := range lines[1:] {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[1] != "partition" || !sheltered(root, path.Base(fields[0])) {
			return "exposed.swap"
		}
	}
	return ""
}

// sheltered reports whether a block device keeps what it holds in memory, or encrypted, itself or in what it lies on.
func sheltered(root fs.FS, device string) bool {
	folder := path.Join("sys/block", device)
	if strings.HasPrefix(device, "zram") {
		beneath, err := fs.ReadFile(root, path.Join(folder, "backing_dev"))
		return err != nil || strings.TrimSpace(string(beneath)) == "none"
	}
	kind, err := fs.ReadFile(root, path.Join(folder, "dm/uuid"))
	if err == nil && strings.HasPrefix(string(kind), "CRYPT-") {
		return true
	}
	beneath, err := fs.ReadDir(root, path.Join(folder, "slaves"))
	if err != nil || len(beneath) == 0 {
		return false
	}
	for _, one := range beneath {
		if !sheltered(root, one.Name()) {
			return false
		}
	}
	return true
}
