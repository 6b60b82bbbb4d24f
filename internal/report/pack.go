package report

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
)

// A value of up to a write unit's size stands as it is; a larger one is deflated: what is told bin by bin, day by day, has few different bytes.
const (
	plain    = 0
	deflated = 1

	packFrom = 900
	// mostUnpacked is more than any row comes to.
	mostUnpacked = 16 << 20
)

func pack(b []byte) []byte {
	if len(b) <= packFrom {
		return append([]byte{plain}, b...)
	}
	out := bytes.NewBuffer(append(make([]byte, 0, len(b)), deflated))
	w, err := flate.NewWriter(out, flate.DefaultCompression)
	if err == nil {
		_, err = w.Write(b)
	}
	if err = errors.Join(err, w.Close()); err != nil || out.Len() > len(b) { // which a buffer never fails for
		return append([]byte{plain}, b...)
	}
	return out.Bytes()
}

func unpack(b []byte) ([]byte, error) {
	switch {
	case len(b) > 0 && b[0] == plain:
		return b[1:], nil
	case len(b) > 0 && b[0] == deflated:
		out, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b[1:])), mostUnpacked))
		if err != nil {
			return nil, errRow
		}
		return out, nil
	}
	return nil, errRow
}
