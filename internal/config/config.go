// Package config reads a function's settings from its environment, each function's own, and says what is missing.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
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
	Issuers  []Issuer     // whose tokens are taken
}

// Console is the settings of the console function.
type Console struct {
	Storage
	Issuers []Issuer // whose tokens are taken
	SignIn  Client   // by whom people sign in, beside keys
}

// FlushAfter is how long statements wait for company before they are indexed, where nothing else is set.
const FlushAfter = 10 * time.Second

// Index is the settings of the index function.
type Index struct {
	Storage
	FlushAfter time.Duration // how long statements wait for company before they are indexed
}

// Upkeep is the settings of the upkeep function.
type Upkeep struct {
	Storage
	Shards int               // that the log is to have at least
	Queues map[string]string // by name, their URLs
}

// Export is the settings of the export function. Its bucket is that of the exports.
type Export struct {
	Storage
	Raw string // what exports have of the JSON of statements; package export says what there is
}

// Telemetry is what every function logs.
type Telemetry struct {
	Level     slog.Level
	Namespace string // of its metrics
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

// ReadAPI reads the api function's settings: TABLE_LOG and the other tables, BUCKET, and the optional FALLBACK_VERSION,
// CORS_ORIGINS (separated by commas) and TOKEN_ISSUERS (Issuers).
func ReadAPI(getenv func(string) string) (API, error) {
	r := reader{getenv: getenv}
	c := API{Storage: Storage{Tables: r.tables(), Bucket: r.required("BUCKET")}}
	var err error
	if c.Fallback, err = Fallback(getenv("FALLBACK_VERSION")); err != nil {
		r.err = errors.Join(r.err, err)
	}
	if c.Issuers, err = Issuers(getenv("TOKEN_ISSUERS")); err != nil {
		r.err = errors.Join(r.err, err)
	}
	c.Origins = Origins(getenv("CORS_ORIGINS"))
	return c, r.err
}

// ReadConsole reads the console function's settings: the tables, and the optional TOKEN_ISSUERS (Issuers), CONSOLE_CLIENT_ID and CONSOLE_CLIENT_SECRET
// (SignIn).
func ReadConsole(getenv func(string) string) (Console, error) {
	r := reader{getenv: getenv}
	c := Console{Storage: Storage{Tables: r.tables()}}
	var wrong, unknown error
	c.Issuers, wrong = Issuers(getenv("TOKEN_ISSUERS"))
	id, secret := getenv("CONSOLE_CLIENT_ID"), getenv("CONSOLE_CLIENT_SECRET")
	if wrong == nil {
		c.SignIn, unknown = SignIn(c.Issuers, id, secret)
	}
	return c, errors.Join(r.err, wrong, unknown)
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

// ReadUpkeep reads the upkeep function's settings: the tables, BUCKET, LOG_SHARDS, and the queues QUEUE_LOST_RINGS and QUEUE_UNHEARD_RINGS.
func ReadUpkeep(getenv func(string) string) (Upkeep, error) {
	r := reader{getenv: getenv}
	c := Upkeep{
		Storage: Storage{Tables: r.tables(), Bucket: r.required("BUCKET")},
		Queues:  map[string]string{"lostRings": r.required("QUEUE_LOST_RINGS"), "unheardRings": r.required("QUEUE_UNHEARD_RINGS")},
	}
	n, err := strconv.ParseUint(r.required("LOG_SHARDS"), 10, 8)
	if err != nil {
		r.err = errors.Join(r.err, errors.New("LOG_SHARDS is not a number of shards"))
	}
	c.Shards = int(n)
	return c, r.err
}

// ReadExport reads the export function's settings: the tables, EXPORT_BUCKET, and the optional RAW.
func ReadExport(getenv func(string) string) (Export, error) {
	r := reader{getenv: getenv}
	c := Export{Storage: Storage{Tables: r.tables(), Bucket: r.required("EXPORT_BUCKET")}, Raw: getenv("RAW")}
	return c, r.err
}

// ReadTelemetry reads what every function logs: LOG_LEVEL (debug, info, warn or error; "" is info) and METRICS_NAMESPACE ("" is none).
func ReadTelemetry(getenv func(string) string) (Telemetry, error) {
	c := Telemetry{Namespace: getenv("METRICS_NAMESPACE")}
	var err error
	c.Level, err = LogLevel(cmp.Or(getenv("LOG_LEVEL"), "info"))
	return c, err
}

// LogLevel reads a level.
func LogLevel(v string) (level slog.Level, err error) {
	if level.UnmarshalText([]byte(v)) != nil {
		err = errors.New("LOG_LEVEL is none of debug, info, warn and error")
	}
	return level, err
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
func Origins(v string) []string { return listed(v) }

// listed takes a list apart that is separated by commas.
func listed(v string) (out []string) {
	for item := range strings.SplitSeq(v, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}
