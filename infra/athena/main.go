// Command athena writes infra/analysts.yaml: what analysts ask in AWS, made of the tables that package table describes and of the SQL in this
// folder, so that neither is written twice. `make analysts` runs it.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run("infra/athena", "infra/analysts.yaml"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	text, err := generate(os.DirFS(from))
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}
