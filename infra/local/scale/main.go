// Command scale measures what a page of each kind of query costs while the store grows: requests to the storage, round trips in
// sequence, read units, and time. The promise is that a page costs the same however much is stored.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	sizes := flag.String("sizes", "1000,100000,1000000", "`numbers` of statements")
	stores := flag.String("stores", "embedded,aws", "`stores` to run on")
	flag.Parse()
	var counts []int
	for _, s := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			fmt.Fprintln(os.Stderr, "scale: -sizes are numbers")
			os.Exit(2)
		}
		counts = append(counts, n)
	}
	for _, store := range strings.Split(*stores, ",") {
		if err := measureStore(ctx, store, counts); err != nil {
			fmt.Fprintf(os.Stderr, "scale: %s: %v\n", store, err)
			os.Exit(1)
		}
	}
}

func measureStore(ctx context.Context, store string, counts []int) error {
	var results []map[string]cost
	for _, n := range counts {
		w, err := open(ctx, store)
		if err != nil {
			return err
		}
		if err := w.fill(ctx, n); err != nil {
			return err
		}
		costs, err := w.askAll(ctx, n)
		w.close()
		if err != nil {
			return err
		}
		results = append(results, costs)
	}
	printTable(store, counts, results)
	return nil
}

// printTable prints each query's cost at each size, and the worst ratio between the last and the first.
func printTable(store string, counts []int, results []map[string]cost) {
	fmt.Printf("\n%-44s", store+": requests / rounds / read units / ms")
	for _, n := range counts {
		fmt.Printf("  %26s", fmt.Sprint(n, " statements"))
	}
	fmt.Println("   requests      units")
	worst := cost{}
	for _, q := range queries {
		for _, page := range pages {
			name := fmt.Sprintf("%s, page %d", q.name, page)
			fmt.Printf("%-44s", name)
			for _, r := range results {
				c := r[name]
				fmt.Printf("  %26s", fmt.Sprintf("%3.0f / %2.0f / %5.1f / %6.2f", c.requests, c.rounds, c.units, c.milliseconds))
			}
			first, last := results[0][name], results[len(results)-1][name]
			requests, units := last.requests/first.requests, last.units/first.units
			fmt.Printf("   %8.2f   %8.2f\n", requests, units)
			if q.apart {
				continue
			}
			worst.requests, worst.units = max(worst.requests, requests), max(worst.units, units)
		}
	}
	fmt.Printf("%s: from %d to %d statements, a page takes at most %.2f times the requests and %.2f times the read units (a rare agent's apart)\n",
		store, counts[0], counts[len(counts)-1], worst.requests, worst.units)
}
