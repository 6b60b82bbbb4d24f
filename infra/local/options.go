package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/config"
)

// options are the settings, each a flag and an environment variable.
type options struct {
	port          int
	data          string
	key, secret   string
	scopes, label string
	fallback      string
	origins       string
	issuers       string
	client        string
	clientSecret  string
	memory, aws   bool
	demo          bool
	task          string
	level         slog.Level
	shards        int
	export        string
	raw           string
	format        string
}

func readOptions(args []string) (o options, err error) {
	env := func(name, otherwise string) string { return cmp.Or(os.Getenv(name), otherwise) }
	port, err := strconv.Atoi(env("PORT", "8080"))
	if err != nil {
		return o, errors.New("PORT is not a number")
	}
	f := flag.NewFlagSet("cairn", flag.ContinueOnError)
	f.IntVar(&o.port, "port", port, "`port` to listen on (PORT)")
	f.StringVar(&o.data, "data", env("DATA", ".data"), "`folder` that holds everything (DATA)")
	f.StringVar(&o.key, "key", os.Getenv("KEY"), "`id` of the first key (KEY)")
	f.StringVar(&o.secret, "secret", os.Getenv("SECRET"), "`secret` of the first key (SECRET)")
	f.StringVar(&o.scopes, "scopes", os.Getenv("SCOPES"), "`scopes` of a key that is made, separated by spaces (SCOPES)")
	f.StringVar(&o.label, "label", os.Getenv("LABEL"), "`name` of a key that is made (LABEL)")
	f.StringVar(&o.fallback, "fallback-version", os.Getenv("FALLBACK_VERSION"), "xAPI `version` answered when a request names none (FALLBACK_VERSION)")
	f.StringVar(&o.origins, "cors-origins", env("CORS_ORIGINS", "*"), "`origins` that browsers may call from (CORS_ORIGINS)")
	f.StringVar(&o.issuers, "token-issuers", os.Getenv("TOKEN_ISSUERS"), "`issuers` of tokens, each with its audiences: https://issuer=audience,… (TOKEN_ISSUERS)")
	f.StringVar(&o.client, "console-client-id", os.Getenv("CONSOLE_CLIENT_ID"), "`id` by which one of the issuers knows the dashboard, to sign people in (CONSOLE_CLIENT_ID)")
	f.StringVar(&o.clientSecret, "console-client-secret", os.Getenv("CONSOLE_CLIENT_SECRET"), "`secret` of that client, if it has one (CONSOLE_CLIENT_SECRET)")
	f.BoolVar(&o.memory, "memory", os.Getenv("MEMORY") == "1", "keep nothing when it stops (MEMORY=1)")
	f.BoolVar(&o.aws, "aws", os.Getenv("AWS") == "1", "run on DynamoDB Local and an S3 server (AWS=1)")
	f.BoolVar(&o.demo, "demo", false, "fill it with a few months of a small organisation")
	f.StringVar(&o.export, "export", os.Getenv("EXPORT"), "`folder` that is exported to: by the task export, or every minute while serving (EXPORT)")
	f.StringVar(&o.raw, "raw", os.Getenv("RAW"), "what an export tells of statements as JSON: `keys` of Agents, full, or none (RAW)")
	f.StringVar(&o.format, "format", os.Getenv("FORMAT"), "`format` in which the task export writes tables beside Parquet: csv or ndjson (FORMAT)")
	level := ""
	f.StringVar(&level, "log-level", env("LOG_LEVEL", "warn"), "`level` from which on is logged: debug, info, warn, error (LOG_LEVEL)")
	shards, err := strconv.Atoi(env("SHARDS", "0"))
	if err != nil {
		return o, errors.New("SHARDS is not a number")
	}
	f.IntVar(&o.shards, "shards", shards, "`number` of the log's shards, for the task shards (SHARDS)")
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "cairn [flags] [task]\n\nWithout a task it serves. Tasks: %s.\n\n", strings.Join(slices.Sorted(maps.Keys(tasks)), ", "))
		f.PrintDefaults()
	}
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.task = f.Arg(0); o.task != "" && tasks[o.task] == nil || f.NArg() > 1 {
		f.Usage()
		return o, fmt.Errorf("there is no task %q", strings.Join(f.Args(), " "))
	}
	if o.level, err = config.LogLevel(level); err != nil {
		return o, err
	}
	if (o.key == "") != (o.secret == "") {
		return o, errors.New("KEY and SECRET go together")
	}
	return o, nil
}
