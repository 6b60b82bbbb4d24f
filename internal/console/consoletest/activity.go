package consoletest

import (
	"context"
	"strings"

	"cairn/internal/report"
)

// find is the course with an id, or the module of one; m is -1 for a course.
func find(id string) (i, m int, err error) {
	for i := range courses {
		if courseAt(i).ID == id {
			return i, -1, nil
		}
		for m := range courses[i].modules {
			if moduleAt(i, m).ID == id {
				return i, m, nil
			}
		}
	}
	return 0, 0, report.ErrUnknown
}

// Activity implements report.Questions.
func (h Hospital) Activity(_ context.Context, id string, f report.Filter) (report.ActivityReport, error) {
	i, m, err := find(id)
	if err != nil || h.Empty {
		return report.ActivityReport{}, report.ErrUnknown
	}
	a := report.ActivityReport{Scope: h.scope(f), Activity: courseAt(i), Standing: report.Standing{Began: 131, Completed: 84, Passed: 80, Failing: 12, Inactive: 19},
		TimeToComplete: []report.Bucket{{From: 0, To: 1, Learners: 22}, {From: 1, To: 2, Learners: 14}, {From: 2, To: 4, Learners: 19}, {From: 4, To: 8, Learners: 15},
			{From: 8, To: 15, Learners: 9}, {From: 15, To: 31, Learners: 4}, {From: 31, To: 0, Learners: 1}},
		Funnel: []report.Step{}, Questions: questions(i)}
	each := 10 * courses[i].weight
	if m >= 0 {
		course := a.Activity
		a.Activity, a.Course = moduleAt(i, m), &course
		each /= 2
		if strings.Contains(a.Activity.Name["en-US"], "film") {
			a.Video = video()
		}
	} else {
		a.Funnel = funnel(i)
	}
	a.Days, a.Total = h.days(f, each)
	_, a.Before = h.days(before(f), each+each/9)
	a.Verbs, a.Platforms, a.Modalities = verbFigures(a.Total), h.named(platforms, a.Total), h.named(modalities, a.Total)
	return a, nil
}

func funnel(i int) (steps []report.Step) {
	began := 131
	for m := range courses[i].modules {
		ended := began * (92 - 11*m) / 100
		if i == 2 && m == 2 {
			ended = began * 38 / 100
		}
		steps = append(steps, report.Step{Activity: moduleAt(i, m), Began: began, Ended: ended, Seconds: int64(began * (240 + 90*m))})
		began = ended
	}
	return steps
}

func questions(i int) []report.Question {
	discrimination := []float64{0.46, 0.08, 0.31}
	texts := [][2]string{{"When must hands be cleaned?", "Quand faut-il se laver les mains ?"},
		{"How many millilitres of a 5 mg/ml solution are 12.5 mg?", "Combien de millilitres d’une solution à 5 mg/ml font 12,5 mg ?"},
		{"Which signs ask for help at once?", "Quels signes demandent de l’aide immédiate ?"}}
	list := []report.Question{}
	for n, text := range texts {
		right := int64(104 - 36*(n%2))
		q := report.Question{
			Activity: report.Activity{ID: moduleAt(i, 0).ID + "/q" + string(rune('1'+n)), Name: report.Name{"en-US": text[0], "fr-FR": text[1]}},
			Kind:     "choice", Answers: 143, Judged: 143, Right: right, Seconds: 143 * 21, Discrimination: &discrimination[n], Module: moduleAt(i, 0).ID,
			Attempts: []report.QuestionAttempt{{Attempt: 1, Judged: 110, Right: right - 26}, {Attempt: 2, Judged: 26, Right: 20}, {Attempt: 3, Judged: 7, Right: 6}},
			Responses: []report.Response{{Response: "before[,]after", Count: right, Right: right}, {Response: "after", Count: 143 - right - 9},
				{Response: "never", Count: 9}},
		}
		list = append(list, q)
	}
	list = append(list, report.Question{Activity: report.Activity{ID: moduleAt(i, 0).ID + "/why"}, Kind: "long-fill-in", Answers: 12,
		Attempts: []report.QuestionAttempt{}, Responses: []report.Response{}})
	return list
}

// video is watched less and less, but its technique again and again.
func video() *report.Video {
	v := &report.Video{Length: 312, Learners: 118}
	for s := 0; s < v.Length; s++ {
		viewers := int64(118 - s*46/v.Length)
		views := viewers + int64(random(s/4).IntN(6))
		if s > 140 && s < 190 {
			views += int64(30 - abs(s-165))
		}
		v.Stretches = append(v.Stretches, report.Stretch{From: s, To: s + 1, Views: views, Viewers: viewers})
	}
	return v
}

func abs(n int) int { return max(n, -n) }
