package export

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"cairn/internal/blob"
)

// A partition is a day of a table, or a table that has no days: its files stand in the folder of its name.
type partition string

func dayOf(table, day string) partition { return partition(table + "/dt=" + day) }

func (p partition) file(name string) string { return string(p) + "/" + name }

const (
	manifests    = "manifests/"
	manifestName = "/manifest"
)

func (p partition) manifest() string { return manifests + string(p) + manifestName }

// partitionOf is whose manifest a key is.
func partitionOf(manifest string) partition {
	return partition(strings.TrimSuffix(strings.TrimPrefix(manifest, manifests), manifestName))
}

// files reads which files are a partition's, and the version of its manifest: "" when there is none yet.
func (x *Exporter) files(ctx context.Context, p partition) (keys []string, version string, err error) {
	body, version, err := x.out.Read(ctx, p.manifest())
	if errors.Is(err, blob.ErrAbsent) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("reading a manifest: %w", err)
	}
	for line := range strings.Lines(string(body)) {
		keys = append(keys, strings.TrimPrefix(strings.TrimSuffix(line, "\n"), x.settings.Address))
	}
	return keys, version, nil
}

// errChanged: the manifest is another than was read.
var errChanged = errors.New("export: somebody else wrote the partition meanwhile")

// commit makes files be a partition's, if its manifest has a version.
func (x *Exporter) commit(ctx context.Context, p partition, keys []string, version string) error {
	var body strings.Builder
	for _, key := range keys {
		body.WriteString(x.settings.Address + key + "\n")
	}
	err := x.out.Replace(ctx, p.manifest(), []byte(body.String()), version)
	if !errors.Is(err, blob.ErrChanged) {
		return err
	}
	// A try that seemed to fail may have been ours that held.
	if stands, _, err := x.out.Read(ctx, p.manifest()); err == nil && string(stands) == body.String() {
		return nil
	}
	return errChanged
}
