package parts

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
)

const (
	startTime = 30 * time.Second
	stopTime  = 5 * time.Second
	starts    = 3 // a port that was free may be taken before the part listens on it
)

// process is a child that ends with this process.
type process struct {
	cmd   *exec.Cmd
	said  tail
	ended chan struct{}
}

// startOnFreePort starts what command makes of a port, and waits until it answers there over HTTP.
func startOnFreePort(ctx context.Context, command func(port int) *exec.Cmd) (p *process, endpoint string, err error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for range starts {
		port, err := freePort()
		if err != nil {
			return nil, "", fmt.Errorf("parts: %w", err)
		}
		if p, err = start(command(port)); err != nil {
			return nil, "", fmt.Errorf("parts: %w", err)
		}
		endpoint = fmt.Sprintf("http://127.0.0.1:%d", port)
		if p.answers(ctx, endpoint) {
			return p, endpoint, nil
		}
		p.stop()
		if ctx.Err() != nil {
			break
		}
	}
	return nil, "", fmt.Errorf("parts: %s does not start; it said:\n%s", filepath.Base(p.cmd.Path), p.said.String())
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// start runs the command from a thread that lives as long as it does: Linux kills a child when the thread that started it ends.
func start(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.said, &p.said
	cmd.SysProcAttr = tied()
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
			close(p.ended)
		}
	}()
	return p, <-started
}

func (p *process) answers(ctx context.Context, endpoint string) bool {
	client := &http.Client{Timeout: time.Second}
	for {
		if response, err := client.Get(endpoint); err == nil {
			response.Body.Close()
			return true
		}
		select {
		case <-p.ended:
			return false
		case <-ctx.Done():
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (p *process) stop() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(stopTime):
		p.cmd.Process.Kill()
		<-p.ended
	}
}

// tail keeps the end of what a process says.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 4 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	t.text = t.text[max(0, len(t.text)-tailSize):]
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
