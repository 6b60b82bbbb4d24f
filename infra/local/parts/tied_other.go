//go:build !linux

package parts

import "syscall"

// tied is for Linux alone: elsewhere a process that is killed leaves its parts running.
func tied() *syscall.SysProcAttr { return nil }
