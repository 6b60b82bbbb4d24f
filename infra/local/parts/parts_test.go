package parts

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
)

// TestMain is also the process that TestPartsEndWithAKilledProcess kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv("PARTS_TEST_DIR"); dir != "" {
		part, err := S3(context.Background(), dir)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(part.Endpoint)
		<-part.Ended()
	}
	os.Exit(m.Run())
}

func TestDynamoDBKeepsItsTablesInAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	item := kv.Item{Key: kv.Key{Table: kv.Log, Partition: []byte("p"), Sort: []byte("s")}, Value: []byte("v"), Version: kv.NewVersion()}
	for i := range 2 {
		part, err := DynamoDB(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		client := dynamodb.NewFromConfig(part.Config())
		if err := dynamo.CreateTables(t.Context(), client, dynamo.Names("cairn-")); err != nil {
			t.Fatal(err)
		}
		store := dynamo.New(client, dynamo.Names("cairn-"))
		if i == 0 {
			if err := store.Put(t.Context(), item, kv.Absent); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := store.Get(t.Context(), item.Key, kv.Strong); err != nil || got.Version != item.Version {
			t.Errorf("start %d: %v, %v", i, got, err)
		}
		part.Stop()
		if answers(part) {
			t.Error("answers after stop")
		}
	}
}

func TestS3TakesItsCredentialsAlone(t *testing.T) {
	part, err := S3(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer part.Stop()
	for _, secret := range []string{part.Secret, "another"} {
		part.Secret = secret
		client := s3.NewFromConfig(part.Config(), func(o *s3.Options) { o.UsePathStyle = true })
		_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("bucket-" + strings.ToLower(secret))})
		if (err == nil) != (secret != "another") {
			t.Errorf("with secret %q: %v", secret, err)
		}
	}
}

func TestPartsEndWithAKilledProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("parts are tied to their process on Linux alone")
		return
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PARTS_TEST_DIR="+t.TempDir())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	endpoint, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	part := &Part{Endpoint: strings.TrimSpace(endpoint)}
	if !answers(part) {
		t.Error("does not answer")
	}
	cmd.Process.Kill()
	cmd.Wait()
	for range 50 {
		if !answers(part) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("still answers after the process that started it was killed")
}

func answers(p *Part) bool {
	response, err := http.Get(p.Endpoint)
	if err == nil {
		response.Body.Close()
	}
	return err == nil
}

func TestErrorsSayWhatToDo(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := S3(t.Context(), "any"); err == nil || !strings.Contains(err.Error(), "go.mod") {
		t.Errorf("outside the repository: %v", err)
	}
	if err := os.WriteFile("go.mod", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := S3(t.Context(), "any"); err == nil || !strings.Contains(err.Error(), "make .build/versitygw") {
		t.Errorf("S3 server not installed: %v", err)
	}
	if _, err := DynamoDB(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "make .build/dynamodb") {
		t.Errorf("DynamoDB Local not installed: %v", err)
	}
	t.Setenv("PATH", "")
	if _, err := DynamoDB(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "Java 17") {
		t.Errorf("without java: %v", err)
	}
}
