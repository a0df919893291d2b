//go:build !linux && !darwin

package command

// exposed is the word for how memory may come to lie on a disk of this machine in clear. Whether the disk is encrypted can be
// asked by administrators of the machine only.
func exposed() string { return "exposed.disk" }
