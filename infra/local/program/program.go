// Package program runs a built Cairn as a process of its own, as its user does: for what must be seen from outside.
package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// Key and Secret are the first key of every program that is started here.
const (
	Key    = "key"
	Secret = "secret"
)

// startTime is how long a program may take to answer: DynamoDB Local is slow to start.
const startTime = time.Minute

// Options of a program.
type Options struct {
	Path  string    // of the built program
	Data  string    // folder that holds everything
	Store string    // "embedded", or "aws" for DynamoDB Local and the S3 server
	Env   []string  // further settings, NAME=value
	Log   io.Writer // takes what it says on stderr
}

// Stores are what a program can stand on.
var Stores = []string{"embedded", "aws"}

// Program is a Cairn that answers.
type Program struct {
	Address string // without a path
	cmd     *exec.Cmd
	ended   chan struct{}
}

// Start starts a program on a free port and waits until it answers.
func Start(ctx context.Context, o Options) (*Program, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	p := &Program{Address: fmt.Sprint("http://127.0.0.1:", port), cmd: exec.Command(o.Path), ended: make(chan struct{})}
	if o.Store == "aws" {
		p.cmd.Args = append(p.cmd.Args, "-aws")
	}
	p.cmd.Env = append(append(os.Environ(), fmt.Sprint("PORT=", port), "DATA="+o.Data, "KEY="+Key, "SECRET="+Secret), o.Env...)
	var said bytes.Buffer
	p.cmd.Stderr = &said
	if o.Log != nil {
		p.cmd.Stderr = io.MultiWriter(&said, o.Log)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w (make cairn)", err)
	}
	go func() {
		p.cmd.Wait() //nolint:errcheck // how it ended shows in what it said
		close(p.ended)
	}()
	if err := p.answers(ctx); err != nil {
		p.Stop()
		return nil, fmt.Errorf("%w; it said:\n%s", err, said.Bytes())
	}
	return p, nil
}

func (p *Program) answers(ctx context.Context) error {
	for wait := time.Now().Add(startTime); ; {
		answer, err := http.Get(p.Address + "/health")
		if err == nil {
			answer.Body.Close()
			return nil
		}
		select {
		case <-p.ended:
			return errors.New("the program ended")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(wait) {
			return errors.New("the program does not answer")
		}
	}
}

// XAPI is the address of the xAPI resources.
func (p *Program) XAPI() string { return p.Address + "/xapi" }

// PID is the process's number.
func (p *Program) PID() int { return p.cmd.Process.Pid }

// Stop has it end as Ctrl-C does, and waits.
func (p *Program) Stop() { p.end(os.Interrupt) }

// Kill ends it at once, wherever it stands, and waits.
func (p *Program) Kill() { p.end(os.Kill) }

// end may be asked for again.
func (p *Program) end(s os.Signal) {
	p.cmd.Process.Signal(s) //nolint:errcheck // it may have ended by itself
	<-p.ended
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
