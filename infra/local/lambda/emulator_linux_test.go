package lambda

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// emulator runs one function as Lambda does, under the Runtime Interface Emulator.
type emulator struct {
	url  string
	said bytes.Buffer
	stop func()
}

// build compiles a function's folder as for AWS, but for this machine's processor.
func build(t testing.TB, folder string) (bootstrap string) {
	return buildFor(t, runtime.GOARCH, folder)
}

func buildFor(t testing.TB, arch, folder string) (bootstrap string) {
	t.Helper()
	bootstrap = filepath.Join(t.TempDir(), "bootstrap")
	cmd := exec.Command("go", "build", "-tags", "lambda.norpc", "-trimpath", "-ldflags=-s -w", "-o", bootstrap, "./"+folder)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", folder, err, out)
	}
	return bootstrap
}

// emulatorProgram is the emulator that the SAM CLI carries.
func emulatorProgram(t testing.TB) string {
	t.Helper()
	arch := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	found, err := filepath.Glob(filepath.Join(root, ".build/sam/lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-"+arch))
	if err != nil || len(found) != 1 {
		t.Fatalf("the Lambda Runtime Interface Emulator is not installed: run `make .build/sam`")
	}
	return found[0]
}

// start builds a function and runs it with just these variables until the test ends.
func start(t testing.TB, function string, environment map[string]string) *emulator {
	t.Helper()
	return emulate(t, build(t, "functions/"+function), function, environment)
}

func emulate(t testing.TB, bootstrap, function string, environment map[string]string) *emulator {
	t.Helper()
	address, api := freeAddress(t), freeAddress(t)
	e := &emulator{url: "http://" + address + "/2015-03-31/functions/function/invocations"}
	cmd := exec.Command(emulatorProgram(t), "--runtime-interface-emulator-address", address, "--runtime-api-address", api, bootstrap)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "AWS_LAMBDA_FUNCTION_NAME=" + function}
	for name, value := range environment {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Stdout, cmd.Stderr = &e.said, &e.said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	e.stop = sync.OnceFunc(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // the emulator and the function
		cmd.Wait()                                      //nolint:errcheck // it was killed
	})
	t.Cleanup(func() {
		e.stop()
		if t.Failed() {
			t.Logf("%s said:\n%s", function, e.said.String())
		}
	})
	for range 100 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return e
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the emulator of %s does not start", function)
	return nil
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// invoke hands an event to the function and reads its answer; an error of the function's fails the test.
func (e *emulator) invoke(t testing.TB, event []byte, answer any) {
	t.Helper()
	if failure := e.try(t, event, answer); failure != "" {
		t.Fatalf("the function fails: %s", failure)
	}
}

// try posts an event, and returns why the function fails; empty when it does not.
func (e *emulator) try(t testing.TB, event []byte, answer any) (failure string) {
	t.Helper()
	res, err := http.Post(e.url, "application/json", bytes.NewReader(event))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var failed struct{ ErrorType, ErrorMessage string }
	if json.Unmarshal(text, &failed) == nil && failed.ErrorType != "" {
		return failed.ErrorType + ": " + failed.ErrorMessage
	}
	if err := json.Unmarshal(text, answer); err != nil {
		t.Fatalf("the answer %.200q: %v", text, fmt.Errorf("status %d: %w", res.StatusCode, err))
	}
	return ""
}

// readEvent reads a file of events/.
func readEvent(t testing.TB, name string) []byte {
	t.Helper()
	event, err := os.ReadFile(filepath.Join(root, "events", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return event
}
