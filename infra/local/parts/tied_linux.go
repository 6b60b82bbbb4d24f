package parts

import "syscall"

// tied makes a child end when this process does, however that ends, and keeps the terminal's Ctrl-C from it: whoever started it
// stops it when nothing needs it any more.
func tied() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
