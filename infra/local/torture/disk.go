package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"cairn/infra/local/program"
)

// fullDisk fills the disk under the embedded store: writers are told, readers are served, and with room again everything is there that
// was acknowledged, and goes on. On a disk that cannot be written the program says so and does not start.
func fullDisk(ctx context.Context, path string, seed uint64) error {
	dir, err := os.MkdirTemp("", "cairn-disk-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := mount(ctx, "-t", "tmpfs", "-o", "size=4m", "tmpfs", dir); err != nil {
		return fmt.Errorf("a small disk cannot be mounted, which takes root: %w", err)
	}
	defer exec.Command("umount", "--lazy", dir).Run() //nolint:errcheck // it goes with the machine
	o := program.Options{Path: path, Data: filepath.Join(dir, "data"), Store: "embedded"}
	p, err := program.Start(ctx, o)
	if err != nil {
		return err
	}
	defer p.Stop()
	r := &rounds{random: rand.New(rand.NewPCG(seed, 2)), told: map[string]*statement{}, client: client{p.XAPI()}}
	if err := r.fill(ctx); err != nil {
		return err
	}
	if status, _, err := r.client.do(ctx, http.MethodGet, "/statements?limit=1", ""); err != nil || status != http.StatusOK {
		return fmt.Errorf("reading from a full disk: status %d, %w", status, err)
	}
	if err := mount(ctx, "-o", "remount,size=64m", dir); err != nil {
		return err
	}
	if err := r.audit(ctx); err != nil {
		return fmt.Errorf("after the disk was full: %w", err)
	}
	p.Stop()
	if err := prove(ctx, o); err != nil {
		return err
	}
	return readOnly(ctx, o, dir)
}

// fill sends until there is no room.
func (r *rounds) fill(ctx context.Context) error {
	for range 10_000 {
		s := r.next()
		status, text, err := r.client.do(ctx, http.MethodPost, "/statements", s.body)
		switch {
		case err != nil:
			return err
		case status == http.StatusOK:
			r.stored(s)
			r.acknowledged += len(s.fresh)
		case status == http.StatusServiceUnavailable:
			r.open = append(r.open, s)
			fmt.Printf("full disk: %d statements acknowledged, then 503: %s\n", r.acknowledged, text)
			return nil
		default:
			return fmt.Errorf("a full disk is answered with %d: %s", status, text)
		}
	}
	return errors.New("the disk is never full")
}

func readOnly(ctx context.Context, o program.Options, dir string) error {
	if err := mount(ctx, "-o", "remount,ro", dir); err != nil {
		return err
	}
	p, err := program.Start(ctx, o)
	if err == nil {
		p.Stop()
		return errors.New("it runs on a disk that cannot be written")
	}
	_, said, _ := strings.Cut(err.Error(), "it said:\n")
	fmt.Printf("read-only: %s\n", strings.TrimSpace(said))
	return nil
}

func mount(ctx context.Context, args ...string) error {
	out, err := exec.CommandContext(ctx, "mount", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mount: %w: %s", err, out)
	}
	return nil
}
