package recount

import (
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
)

// TestMadeUpStatementsTellEverything sees to it that no figure is never compared because nothing odd enough is made up.
func TestMadeUpStatementsTellEverything(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 0))
	s := &small{draw: func(_ string, n int) int { return random.IntN(n) }}
	var log []Stored
	for i := range 6000 {
		log = append(log, Stored{Text: s.statement(), Stored: 1_767_400_000_000_000 + int64(i)})
	}
	tables, err := Count(log)
	must(t, err)
	lines := slices.Collect(maps.Keys(tables))
	for _, words := range []string{
		`^day .* statements`, `^day 1970-01-01 `, `^day 1969-12-31 `, `^day 0001-01-01 `, `^day 2026-01-04 `, `^day .* course`, `^day .* verb`, `^day .* learners . verb`, `^day .* sessions`,
		`^course .* milliseconds`, `^course .* attempts`, `^course .* completions`, `^course .* passes`, `^course .* failures`, `^course .* scores`, `^course .* score sum`, `^course .* score squares`,
		`scores in band 0`, `scores in band 1`, `scores in band 4`, `scores in band 9`, `^module .* learners`, `^course \(other\)`, `^module \(other\)`, `\| \(other\) \| `,
		`^standing .* learners . began`, `^standing .* learners . ended`, `^standing .* learners . passed`, `^standing .* learners . failing`, `^standing .* took band . [0-9]`, `^standing .* question`,
		`^question .* answers`, `^question .* judged`, `^question .* right`, `^question .* milliseconds`, `judged at try . 4`, `right at try . 4`, `pairs . n`, `pairs . x$`, `pairs . xy`, `pairs . yy`,
		`^question .* response . 1`, `right response . 1`, `views of bin . 0`, `views of bin . 6`, `length . 31`, `watches`, `^team .*ward 3`, `^team .*example.com`, `vr`, `mobile`, `simulation`, `classroom`,
	} {
		like := regexp.MustCompile(words)
		if !slices.ContainsFunc(lines, like.MatchString) {
			t.Errorf("no line is like %s", words)
		}
	}
}
