// Package config reads a function's settings from its environment, each function's own, and says what is missing.
package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cairn/internal/kv"
	"cairn/internal/xapi"
)

// Storage is where a function finds tables and objects.
type Storage struct {
	Tables map[kv.Table]string
	Bucket string // "" for a function that keeps no objects
}

// API is the settings of the api function.
type API struct {
	Storage
	Fallback xapi.Version // answered to a request that names no version
	Origins  []string     // that browsers may call from
}

// FlushAfter is how long statements wait for company before they are indexed, where nothing else is set.
const FlushAfter = 10 * time.Second

// Index is the settings of the index function.
type Index struct {
	Storage
	FlushAfter time.Duration // how long statements wait for company before they are indexed
}

// Keys is the settings of the keys function.
type Keys struct {
	Table    string // control
	HomePage string // the address of the LRS
}

// reader reads variables and keeps what is wrong with them.
type reader struct {
	getenv func(string) string
	err    error
}

func (r *reader) required(name string) string {
	v := r.getenv(name)
	if v == "" {
		r.err = errors.Join(r.err, fmt.Errorf("%s is not set", name))
	}
	return v
}

func (r *reader) tables() map[kv.Table]string {
	names := map[kv.Table]string{}
	for _, t := range kv.Tables {
		names[t] = r.required("TABLE_" + strings.ToUpper(string(t)))
	}
	return names
}

// ReadAPI reads the api function's settings: TABLE_LOG and the other tables, BUCKET, and the optional FALLBACK_VERSION and
// CORS_ORIGINS (separated by commas).
func ReadAPI(getenv func(string) string) (API, error) {
	r := reader{getenv: getenv}
	c := API{Storage: Storage{Tables: r.tables(), Bucket: r.required("BUCKET")}}
	var err error
	if c.Fallback, err = Fallback(getenv("FALLBACK_VERSION")); err != nil {
		r.err = errors.Join(r.err, err)
	}
	c.Origins = Origins(getenv("CORS_ORIGINS"))
	return c, r.err
}

// ReadIndex reads the index function's settings: the tables, and the optional FLUSH_SECONDS.
func ReadIndex(getenv func(string) string) (Index, error) {
	r := reader{getenv: getenv}
	c := Index{Storage: Storage{Tables: r.tables()}, FlushAfter: FlushAfter}
	if v := getenv("FLUSH_SECONDS"); v != "" {
		n, err := strconv.ParseUint(v, 10, 16)
		if err != nil {
			r.err = errors.Join(r.err, errors.New("FLUSH_SECONDS is not a whole number of seconds"))
		}
		c.FlushAfter = time.Duration(n) * time.Second
	}
	return c, r.err
}

// ReadKeys reads the keys function's settings: TABLE_CONTROL and HOME_PAGE.
func ReadKeys(getenv func(string) string) (Keys, error) {
	r := reader{getenv: getenv}
	c := Keys{Table: r.required("TABLE_CONTROL"), HomePage: r.required("HOME_PAGE")}
	return c, r.err
}

// Fallback reads the version that answers a request that names none; "" is 1.0.3.
func Fallback(v string) (xapi.Version, error) {
	if v == "" {
		return xapi.V1, nil
	}
	version, ok := xapi.ParseVersion(v)
	if !ok {
		return 0, errors.New("FALLBACK_VERSION is neither 1.0.3 nor 2.0.0")
	}
	return version, nil
}

// Origins reads a list of origins, separated by commas.
func Origins(v string) (out []string) {
	for origin := range strings.SplitSeq(v, ",") {
		if origin = strings.TrimSpace(origin); origin != "" {
			out = append(out, origin)
		}
	}
	return out
}
