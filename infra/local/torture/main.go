// Command torture runs a built Cairn, loads it, and kills it at a random moment, again and again, with everything that belongs to it.
// After each start it looks at what became of what it had sent: nothing that was answered with 200 is lost, and no batch is there by half.
// In the end it reads the whole log as a client would, and has Cairn prove it. Before that it fills the disk under it.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"cairn/infra/local/program"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	path := flag.String("program", ".build/cairn", "the built `program`")
	stores := flag.String("stores", "embedded,aws", "`stores` to run on")
	kills := flag.Int("kills", 100, "how often it is killed on each store")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "`seed` of when it is killed and what is sent")
	flag.Parse()
	fmt.Printf("seed %d\n", *seed)
	if err := fullDisk(ctx, *path, *seed); err != nil {
		fmt.Fprintf(os.Stderr, "torture: %v\n", err)
		os.Exit(1)
	}
	for _, store := range strings.Split(*stores, ",") {
		if err := torture(ctx, *path, store, *kills, *seed); err != nil {
			fmt.Fprintf(os.Stderr, "torture: %s: %v\n", store, err)
			os.Exit(1)
		}
	}
}

// longest is how long a program is loaded before it is killed, at most: DynamoDB Local takes its time to get going.
var longest = map[string]time.Duration{"embedded": 700 * time.Millisecond, "aws": 3 * time.Second}

func torture(ctx context.Context, path, store string, kills int, seed uint64) error {
	data, err := os.MkdirTemp("", "cairn-torture-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	options := program.Options{Path: path, Data: filepath.Join(data, "data"), Store: store}
	r := &rounds{random: rand.New(rand.NewPCG(seed, 0)), told: map[string]*statement{}}
	for kill := range kills {
		p, err := program.Start(ctx, options)
		if err != nil {
			return err
		}
		r.client.address = p.XAPI()
		if err := r.settle(ctx); err != nil {
			p.Stop()
			return fmt.Errorf("after kill %d: %w", kill, err)
		}
		r.loadUntil(ctx, func() {
			time.Sleep(20*time.Millisecond + rand.N(longest[store]))
			p.Kill()
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if (kill+1)%10 == 0 {
			fmt.Printf("%-8s  %3d kills  %6d statements acknowledged, %5d requests without an answer\n", store, kill+1, r.acknowledged, r.unanswered)
		}
	}
	p, err := program.Start(ctx, options)
	if err != nil {
		return err
	}
	r.client.address = p.XAPI()
	err = r.audit(ctx)
	p.Stop()
	if err != nil {
		return err
	}
	return prove(ctx, options)
}

// prove has the stopped program hold everything that is stored against the log.
func prove(ctx context.Context, o program.Options) error {
	args := []string{"verify"}
	if o.Store == "aws" {
		args = []string{"-aws", "verify"}
	}
	cmd := exec.CommandContext(ctx, o.Path, args...)
	cmd.Env = append(os.Environ(), "DATA="+o.Data)
	out, err := cmd.Output()
	fmt.Printf("%-8s  verify: %s", o.Store, out)
	return err
}
