package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"cairn/internal/blob"
	"cairn/internal/table"
)

// job is a merge on its way. It is written down when it does not end at once, so that whoever comes next goes on: staged files, days and files that
// are done need not be done again.
type job struct {
	Staged []string `json:"staged"`
	// Day is the one that is being written, in days since 1970; those before are done.
	Day table.Day `json:"day"`
	// Version is that of the day's manifest, Files what is written to take its place, Rows how many rows these have.
	Version string   `json:"version"`
	Files   []string `json:"files"`
	Rows    int      `json:"rows"`

	key     string
	version string // of the job as it stands, "" when it was not written down
}

const noDay table.Day = -1 << 40

func (x *Exporter) job(ctx context.Context, name string) (*job, error) {
	j := &job{key: "jobs/" + name}
	body, version, err := x.out.Read(ctx, j.key)
	switch {
	case err == nil:
		j.version = version
		err = json.Unmarshal(body, j)
	case errors.Is(err, blob.ErrAbsent):
		j.Day = noDay
		j.Staged, err = x.out.List(ctx, stagedFolder+name+"/", "", mostStaged)
	}
	if err != nil {
		return nil, fmt.Errorf("a merge cannot be taken up: %w", err)
	}
	return j, nil
}

func (x *Exporter) writeDown(ctx context.Context, j *job) error {
	body, err := json.Marshal(j)
	if err != nil {
		return err
	}
	if err := x.out.Replace(ctx, j.key, body, j.version); err != nil {
		if errors.Is(err, blob.ErrChanged) {
			return errElsewhere
		}
		return err
	}
	_, j.version, err = x.out.Read(ctx, j.key)
	return err
}

// errElsewhere: another worker goes on with the job.
var errElsewhere = errors.New("export: another worker is at it")
