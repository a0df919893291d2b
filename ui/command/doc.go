// Package command is the command line of rongzheng: flags, output for people and as JSON, progress, exit statuses; one
// file per command. It joins the other rooms for one run and then goes away.
//
// # Exit status
//
//	0  done
//	1  refused or failed; one sentence on standard error says what to do next
//	2  wrong usage
//	3  some of a batch was refused; each is named
//
// # Rules of the package
//
// Every command that reads or decides acts as the account given by --as, by RONGZHENG_AS, or set up at the first start,
// and is refused what that account may not do: the rights are asked of the same functions as on the desk. Results go
// to standard output, everything else to standard error. A command that fails leaves no half-written file. Texts come
// from the catalogue of package ui, in Chinese or English: what a command does is under command.rongzheng.NAME.
//
// # On this machine and over SSH
//
// program.root (program.go) is the tree of commands for this machine, remoteRoot (remote.go) the one for a line that came
// over SSH or is for a work pack: there the store is open, the account is that of the key, and no file of the server is
// named. A command that both have is made by one function, which asks with for the desk and bound where the two differ.
package command
