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
	"syscall"
	"testing"
	"time"
)

// emulator runs one function as Lambda does, under the Runtime Interface Emulator.
type emulator struct {
	url  string
	said bytes.Buffer
}

// build compiles a function as for AWS, but for this machine's processor.
func build(t *testing.T, function string) (bootstrap string) {
	t.Helper()
	bootstrap = filepath.Join(t.TempDir(), "bootstrap")
	cmd := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", bootstrap, "./functions/"+function)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", function, err, out)
	}
	return bootstrap
}

// emulatorProgram is the emulator that the SAM CLI carries.
func emulatorProgram(t *testing.T) string {
	t.Helper()
	arch := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	found, err := filepath.Glob(filepath.Join(root, ".build/sam/lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-"+arch))
	if err != nil || len(found) != 1 {
		t.Fatalf("the Lambda Runtime Interface Emulator is not installed: run `make .build/sam`")
	}
	return found[0]
}

// start runs a function with just these variables until the test ends.
func start(t *testing.T, function string, environment map[string]string) *emulator {
	t.Helper()
	address, api := freeAddress(t), freeAddress(t)
	e := &emulator{url: "http://" + address + "/2015-03-31/functions/function/invocations"}
	cmd := exec.Command(emulatorProgram(t), "--runtime-interface-emulator-address", address, "--runtime-api-address", api, build(t, function))
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "AWS_LAMBDA_FUNCTION_NAME=" + function}
	for name, value := range environment {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Stdout, cmd.Stderr = &e.said, &e.said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // the emulator and the function
		cmd.Wait()
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

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// invoke hands an event to the function and reads its answer; an error of the function's fails the test.
func (e *emulator) invoke(t *testing.T, event []byte, answer any) {
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
	var failure struct{ ErrorType, ErrorMessage string }
	if json.Unmarshal(text, &failure) == nil && failure.ErrorType != "" {
		t.Fatalf("the function fails: %s: %s", failure.ErrorType, failure.ErrorMessage)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		t.Fatalf("the answer %.200q: %v", text, fmt.Errorf("status %d: %w", res.StatusCode, err))
	}
}

// readEvent reads a file of events/.
func readEvent(t *testing.T, name string) []byte {
	t.Helper()
	event, err := os.ReadFile(filepath.Join(root, "events", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return event
}
