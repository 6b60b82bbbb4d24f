package query

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cairn/internal/table"
)

// folder is an export by hand: texts and tables by their keys.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for key, text := range files {
		write(t, filepath.Join(dir, key), text)
	}
	return dir
}

func parquet[R any](t *testing.T, rows ...R) string {
	t.Helper()
	w := table.NewWriter[R]()
	for i := range rows {
		must(t, w.Write(&rows[i]))
	}
	file, err := w.Close()
	must(t, err)
	return string(file)
}

// What Trino's documentation says of functions whose namesakes in DuckDB differ.
func TestFunctionsAnswerAsTheyDoInAthena(t *testing.T) {
	asked := folder(t, map[string]string{"manifests/none": "", "sql/queries/functions.sql": `-- Functions.
WITH parameters AS (SELECT 3 AS days)
SELECT
  date_diff('day', TIMESTAMP '2026-01-01 23:00:00', TIMESTAMP '2026-01-02 01:00:00') AS days_not_whole,
  date_diff('day', TIMESTAMP '2026-01-02 01:00:00', TIMESTAMP '2026-01-01 23:00:00') AS days_back,
  date_diff('month', DATE '2026-01-15', DATE '2026-03-14') AS months,
  date_diff('week', DATE '2026-01-05', DATE '2026-01-18') AS weeks,
  date_add('day', -p.days, DATE '2026-01-02') AS some_day,
  CAST(date_add('month', 1, DATE '2026-01-31') AS varchar) AS day_as_text,
  CAST(date_trunc('month', DATE '2026-01-31') AS varchar) AS month_as_text,
  date_trunc('week', TIMESTAMP '2026-01-11 10:00:00') AS from_monday,
  day_of_week(DATE '2026-01-11') AS sunday,
  count_if(CAST(NULL AS boolean)) AS of_nulls,
  approx_percentile(n.x, 0.5e0) AS median,
  sum(n.x) AS in_all,
  min(n.x / 2e0) AS half
FROM (VALUES 1, 2, 3, 4) AS n (x)
CROSS JOIN parameters p
GROUP BY p.days
`})
	printed, complaint := ask(t, "-sql", asked+"/sql", "-dir", asked, "-format", "csv", "functions")
	if complaint != "" {
		t.Fatal(complaint)
	}
	names, values, _ := strings.Cut(strings.TrimSpace(printed), "\n")
	got := map[string]string{}
	for i, name := range strings.Split(names, ",") {
		got[name] = strings.Split(values, ",")[i]
	}
	for name, want := range map[string]string{
		"days_not_whole": "0", "days_back": "0", "months": "1", "weeks": "1", "some_day": "2025-12-30", "day_as_text": "2026-02-28", "month_as_text": "2026-01-01",
		"from_monday": "2026-01-05 00:00:00.000", "sunday": "7", "of_nulls": "0", "median": "2", "in_all": "10", "half": "0.5",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}

// TestOnlyWhatManifestsListIsRead of a folder, and what they do not list is no error.
func TestOnlyWhatManifestsListIsRead(t *testing.T) {
	type older struct { // without most columns
		ID     string `parquet:"id"`
		Voided bool   `parquet:"voided"`
	}
	asked := folder(t, map[string]string{
		"manifests/statements/dt=2026-01-05/manifest": "statements/dt=2026-01-05/b.parquet\n",
		"manifests/statements/dt=2026-01-06/manifest": "s3://a-bucket/statements/dt=2026-01-06/a.parquet\n",
		"statements/dt=2026-01-05/a.parquet":          parquet(t, table.Statement{ID: "replaced"}),
		"statements/dt=2026-01-05/b.parquet":          parquet(t, table.Statement{ID: "one", Platform: "Tablet"}, table.Statement{ID: "two", Platform: "Tablet", Voided: true}),
		"statements/dt=2026-01-06/a.parquet":          parquet(t, older{ID: "three"}),
	})
	printed, complaint := ask(t, "-dir", asked, "-format", "csv", "-set", "from_day=2026-01-01", "late-statements")
	if want := "platform,statements,after_an_hour,after_a_day,after_a_week\nTablet,2,0,0,0\n,1,0,0,0\n"; printed != want || complaint != "" {
		t.Errorf("%s%s, want %s", printed, complaint, want)
	}
	printed, complaint = ask(t, "-dir", asked, "-set", "from_day=2026-01-06", "voided-share")
	if want := "in_month  authority  statements  voided  share_voided\n--------  ---------  ----------  ------  ------------\n2026-01                       1       0         0.000\n(1 row)\n"; printed != want || complaint != "" {
		t.Errorf("%s%s, want %s", printed, complaint, want)
	}
	into := filepath.Join(asked, "all.duckdb")
	for range 2 { // the second time over the first
		if _, complaint := ask(t, "-dir", asked, "-into", into); complaint != "" {
			t.Fatal(complaint)
		}
	}
	counted, err := exec.Command(python, "-c", "import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True).sql('SELECT count(*) FROM course_progress UNION ALL SELECT count(*) FROM statements UNION ALL SELECT count(*) FROM drop_off').fetchall())", into).CombinedOutput()
	if got := strings.TrimSpace(string(counted)); err != nil || got != "[(0,), (3,), (0,)]" {
		t.Errorf("%v: %s", err, got)
	}
	must(t, os.Remove(filepath.Join(asked, "statements/dt=2026-01-06/a.parquet")))
	if _, complaint := ask(t, "-dir", asked, "voided-share"); !strings.Contains(complaint, "a.parquet") {
		t.Errorf("a file that is missing is not missed: %q", complaint)
	}
}

func TestWhoAsksWronglyIsTold(t *testing.T) {
	empty := folder(t, map[string]string{"manifests/none": ""})
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-dir", empty, "hardest"}, "there is no query hardest"},
		{[]string{"hardest-questions"}, "which folder"},
		{[]string{"-dir", t.TempDir(), "hardest-questions"}, "holds no export"},
		{[]string{"-dir", empty, "-set", "least=1", "hardest-questions"}, "there is no parameter least, but: from_day, least_judged, to_day"},
		{[]string{"-dir", empty, "-set", "least_judged=many", "hardest-questions"}, "least_judged is a number"},
		{[]string{"-dir", empty, "-set", "as_of=yesterday", "drop-off"}, "as_of is a day"},
	} {
		if _, complaint := ask(t, c.args...); !strings.Contains(complaint, c.want) || strings.Contains(complaint, "Traceback") {
			t.Errorf("%v: want %q, got %q", c.args, c.want, complaint)
		}
	}
	printed, _ := ask(t)
	for _, name := range names(t, "queries") {
		if !strings.Contains(printed, name+"\n    ") {
			t.Errorf("%s is not listed", name)
		}
	}
}

// A statement that is dated later than it can be stands in another day's files, but counts where daily has it.
func TestAClockAheadOfTimeCountsOnItsDay(t *testing.T) {
	at := time.Date(2026, 1, 20, 8, 0, 0, 0, time.UTC).UnixMicro()
	asked := folder(t, map[string]string{
		"manifests/statements/dt=2026-01-06/manifest": "statements/dt=2026-01-06/a.parquet\n",
		"manifests/daily/manifest":                    "daily/a.parquet\n",
		"statements/dt=2026-01-06/a.parquet":          parquet(t, table.Statement{ID: "one", Occurred: at, Learners: []string{"k"}, Verb: "a:v", Activity: "a:o", Course: "a:o"}),
		"daily/a.parquet":                             parquet(t, table.DayFigures{Date: "2026-01-06", Course: "a:o", Statements: 1}, table.DayFigures{Date: "2026-01-20", Course: "a:o", Statements: 1}),
	})
	printed, complaint := ask(t, "-dir", asked, "-format", "csv", "-set", "from_day=2026-01-01", "-set", "to_day=2026-01-31", "activity-by-day")
	if !strings.Contains(printed, "\n2026-01-06,0,1,") || !strings.Contains(printed, "\n2026-01-20,1,1,") || complaint != "" {
		t.Errorf("%s%s", printed, complaint)
	}
}
