//go:build race

package export

// Files of rows take large buffers, which the race detector looks at byte by byte: under it each fourth call is failed, and make test runs the test without it as well.
func init() { callsApart = 4 }
