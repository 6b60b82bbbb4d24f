// Package consoletest is a hospital whose people learn: what the dashboard can show, made up, and the same each time.
package consoletest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"cairn/internal/report"
)

// Hospital answers every question. Its figures depend on the day and the filter alone. The zero value is ready; Empty is one where nothing was ever sent.
type Hospital struct{ Empty bool }

const home = "https://learn.stmary.example/"

// courses of the hospital, each with its modules, and in French.
var courses = []struct {
	id, name, french string
	weight           int
	modules          [][2]string
}{
	{"hand-hygiene", "Hand hygiene", "Hygiène des mains", 10, [][2]string{
		{"Why it matters", "Pourquoi c’est important"}, {"Five moments", "Cinq moments"}, {"Technique on film", "La technique en vidéo"}, {"Final test", "Test final"}}},
	{"basic-life-support", "Basic life support", "Réanimation de base", 8, [][2]string{
		{"Chain of survival", "Chaîne de survie"}, {"Compressions in VR", "Compressions en RV"}, {"Defibrillator", "Défibrillateur"}, {"Simulation", "Simulation"}, {"Certificate", "Certificat"}}},
	{"medication-safety", "Medication safety", "Sécurité du médicament", 7, [][2]string{
		{"Five rights", "Cinq bons"}, {"High-alert drugs", "Médicaments à haut risque"}, {"Dose calculation", "Calcul de dose"}, {"Case studies", "Études de cas"}}},
	{"fire-safety", "Fire safety", "Sécurité incendie", 5, [][2]string{{"Alarm and escape", "Alarme et évacuation"}, {"Extinguishers", "Extincteurs"}, {"Drill", "Exercice"}}},
	{"data-protection", "Data protection for care staff", "Protection des données pour les soignants", 5, [][2]string{
		{"Patient data", "Données des patients"}, {"Incidents", "Incidents"}, {"Quiz", "Quiz"}}},
	{"patient-handling", "Moving and handling patients", "Manutention des patients", 4, [][2]string{
		{"Back care", "Soin du dos"}, {"Hoists", "Lève-personnes"}, {"Practice on the ward", "Pratique dans le service"}}},
	{"sepsis", "Recognising sepsis", "Reconnaître le sepsis", 3, [][2]string{{"Red flags", "Signes d’alerte"}, {"First hour", "Première heure"}, {"Quiz", "Quiz"}}},
	{"difficult-talks", "Difficult conversations", "Conversations difficiles", 2, [][2]string{{"Breaking bad news", "Annoncer une mauvaise nouvelle"}, {"Role play", "Jeu de rôle"}}},
}

const courseType = "http://adlnet.gov/expapi/activities/course"

func courseAt(i int) report.Activity {
	c := courses[i]
	return report.Activity{ID: home + c.id, Name: report.Name{"en-US": c.name, "fr-FR": c.french}, Type: courseType}
}

func moduleAt(i, m int) report.Activity {
	names := courses[i].modules[m]
	return report.Activity{ID: fmt.Sprintf("%s%s/%d", home, courses[i].id, m+1), Name: report.Name{"en-US": names[0], "fr-FR": names[1]}, Type: "http://adlnet.gov/expapi/activities/module"}
}

// random is a source that depends on what is asked alone.
func random(seed ...int) *rand.Rand {
	var a, b uint64 = 1, 2
	for _, s := range seed {
		a, b = a*31+uint64(s), b*37+uint64(s)
	}
	return rand.New(rand.NewPCG(a, b))
}

func (h Hospital) scope(f report.Filter) report.Scope {
	return report.Scope{AsOf: time.Now().UTC(), From: f.From, To: f.To, Platform: f.Platform, Modality: f.Modality, Group: f.Group}
}

// figures are those of so many statements.
func figures(r *rand.Rand, statements int) report.Figures {
	n := int64(statements)
	f := report.Figures{
		Learners: statements/9 + min(statements, 3), Statements: n, Sessions: n / 6, Seconds: n * int64(70+r.IntN(40)), Attempts: n / 8,
		Completions: n / 14, Passes: n / 15, Failures: n / 70,
	}
	f.Score.Count = f.Passes + f.Failures
	if f.Score.Count > 0 {
		f.Score.Mean, f.Score.Deviation = 78+5*r.Float64(), 12.4
	}
	left := f.Score.Count
	for i, share := range []float64{0.005, 0.005, 0.01, 0.02, 0.04, 0.08, 0.14, 0.24, 0.28} {
		f.Score.Distribution[i] = int64(share * float64(f.Score.Count))
		left -= f.Score.Distribution[i]
	}
	f.Score.Distribution[9] = left
	return f
}

// days of a span: quiet at weekends, a little busier from week to week.
func (h Hospital) days(f report.Filter, each int) (days []report.DayFigures, total report.Figures) {
	whole := 0
	for d := f.From; d <= f.To; d++ {
		r := random(int(d), each, len(f.Platform), len(f.Modality))
		n := each*3/4 + r.IntN(each/2+1)
		switch d.Time().Weekday() {
		case time.Saturday, time.Sunday:
			n /= 6
		}
		if h.Empty {
			n = 0
		}
		whole += n
		days = append(days, report.DayFigures{Day: d, Figures: figures(r, n)})
	}
	total = figures(random(int(f.From), each), whole)
	total.Learners = min(total.Learners, 6*each/10)
	return days, total
}

func (h Hospital) named(names []string, total report.Figures) (list []report.NamedFigures) {
	list = []report.NamedFigures{}
	for i, name := range names {
		if n := int(total.Statements) / (i + 2); n > 0 {
			part := figures(random(i), n)
			part.Learners = total.Learners * 4 / (i + 5)
			list = append(list, report.NamedFigures{Name: name, Figures: part})
		}
	}
	return list
}

var (
	platforms  = []string{"Moodle", "MedSim Pocket", "VR Ward", ""}
	modalities = []string{"e-learning", "mobile", "vr", "classroom", "simulation"}
	verbs      = []string{"http://adlnet.gov/expapi/verbs/experienced", "http://adlnet.gov/expapi/verbs/answered", "https://w3id.org/xapi/video/verbs/played",
		"http://adlnet.gov/expapi/verbs/completed", "http://adlnet.gov/expapi/verbs/passed", "http://adlnet.gov/expapi/verbs/failed"}
)

func verbFigures(total report.Figures) (list []report.VerbFigures) {
	list = []report.VerbFigures{}
	for i, v := range verbs {
		if total.Statements > 0 {
			list = append(list, report.VerbFigures{Verb: v, Learners: total.Learners * 5 / (i + 5), Statements: total.Statements / int64(i+2)})
		}
	}
	return list
}

// Platforms implements report.Questions.
func (h Hospital) Platforms(context.Context) ([]string, error) {
	return []string{"MedSim Pocket", "Moodle", "VR Ward"}, nil
}

// Groups implements report.Questions.
func (h Hospital) Groups(context.Context, int) ([]report.Group, error) {
	if h.Empty {
		return []report.Group{}, nil
	}
	return []report.Group{{ID: "ward-3", Label: "Ward 3 <north>"}, {ID: "team:account:https://hr.stmary.example night", Label: "Night shift", Team: true}}, nil
}

// before is the span of equal length before a filter's.
func before(f report.Filter) report.Filter {
	length := f.To - f.From + 1
	f.From, f.To = f.From-length, f.To-length
	return f
}

// Mark implements report.Questions.
func (h Hospital) Mark(context.Context) (string, error) { return fmt.Sprint(h.Empty), nil }

// Overview implements report.Questions.
func (h Hospital) Overview(_ context.Context, f report.Filter) (report.Overview, error) {
	o := report.Overview{Scope: h.scope(f), Notices: []report.Notice{}}
	o.Days, o.Total = h.days(f, 420)
	_, o.Before = h.days(before(f), 380)
	o.Activities = h.courses(f)
	o.Verbs, o.Platforms, o.Modalities = verbFigures(o.Total), h.named(platforms, o.Total), h.named(modalities, o.Total)
	if !h.Empty {
		o.Notices = []report.Notice{
			{Kind: "drop-off", Course: courseAt(2), Module: moduleAt(2, 2), Learners: 61, Of: 98},
			{Kind: "inactive", Course: courseAt(4), Learners: 34, Of: 120},
			{Kind: "failing", Course: courseAt(2), Learners: 12, Of: 131},
		}
	}
	return o, nil
}

func (h Hospital) courses(f report.Filter) (list []report.ActivityFigures) {
	list = []report.ActivityFigures{}
	for i := range courses {
		if _, total := h.days(f, 10*courses[i].weight); total.Statements > 0 {
			list = append(list, report.ActivityFigures{Activity: courseAt(i), Figures: total})
		}
	}
	return list
}

// Activities implements report.Questions, three courses a page where no limit is large.
func (h Hospital) Activities(_ context.Context, f report.Filter, _ string, p report.Page) (report.ActivityList, error) {
	list := report.ActivityList{Scope: h.scope(f), Activities: h.courses(f)}
	if p.Limit < 100 && len(list.Activities) > 6 {
		if p.Next == "" {
			list.Activities, list.Next = list.Activities[:6], "6"
		} else {
			list.Activities = list.Activities[6:]
		}
	}
	return list, nil
}
