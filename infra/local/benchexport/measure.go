package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/parquet-go/parquet-go"
)

// cost is what something took.
type cost struct {
	time, processor time.Duration
	heap            uint64 // bytes, at most
}

// watched runs something, and says what it took.
func watched(do func() error) (c cost, err error) {
	runtime.GC()
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			metrics.Read(sample)
			c.heap = max(c.heap, sample[0].Value.Uint64())
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	begun, before := time.Now(), processor()
	err = do()
	c.time, c.processor = time.Since(begun), processor()-before
	close(done)
	<-gone
	return c, err
}

// processor is the processor's time that this process has taken.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// sizes are bytes of files.
type sizes struct {
	statements, all int64
	files           int // of statements
}

func measure(dir string) (s sizes, err error) {
	err = eachFile(dir, func(path string) error {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		s.all += info.Size()
		if strings.HasPrefix(path, filepath.Join(dir, "statements")) {
			s.statements += info.Size()
			s.files++
		}
		return nil
	})
	return s, err
}

func eachFile(dir string, do func(path string) error) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".parquet") {
			return err
		}
		return do(path)
	})
}

// question is what somebody asks: of a table, in some days, of some columns.
type question struct {
	what, table string
	days        string // that partitions begin with
	columns     []string
}

var questions = []question{
	{"learners by verb, all days", "statements", "2026", []string{"verb", "learners", "voided"}},
	{"time by platform in a month", "statements", "2026-02", []string{"platform", "duration_seconds", "voided"}},
	{"hardest questions, all days", "answers", "2026", []string{"question_id", "success", "voided"}},
	{"most re-watched of a month", "video_segments", "2026-02", []string{"video_id", "session", "from_second", "to_second", "voided"}},
}

// reads is how many bytes of files it needs: the columns' chunks, and the footers by which they are found.
func (q question) reads(dir string) (n int64, err error) {
	err = eachFile(filepath.Join(dir, q.table), func(path string) error {
		if !strings.Contains(path, "dt="+q.days) {
			return nil
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		p, err := parquet.OpenFile(file, info.Size())
		if err != nil {
			return err
		}
		inChunks := int64(0)
		for _, g := range p.Metadata().RowGroups {
			for _, c := range g.Columns {
				inChunks += c.MetaData.TotalCompressedSize
				if slices.Contains(q.columns, c.MetaData.PathInSchema[0]) {
					n += c.MetaData.TotalCompressedSize
				}
			}
		}
		n += info.Size() - inChunks
		return nil
	})
	return n, err
}
