package main

import (
	"context"
	"fmt"

	"cairn/infra/local/recount"
)

// fewReads is how many statements are compared with.
const fewReads = 10_000

// compareReads asks every question at two numbers of statements, about the same learners, days and activities.
func compareReads(ctx context.Context, many int) error {
	if many == 0 {
		return nil
	}
	var before []recount.Reads
	for _, n := range []int{fewReads, many} {
		err := inWorld(ctx, func(w *recount.World, m *recount.Meter) error {
			all, err := recount.ReadsOf(ctx, w, m, n)
			if err != nil {
				return err
			}
			for _, r := range all {
				fmt.Printf("%d even statements, %v\n", n, r)
			}
			if before == nil {
				before = all
			}
			more := recount.MoreReads(before, all)
			for _, line := range more {
				fmt.Println("  ", line)
			}
			if len(more) > 0 {
				return errMore
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
