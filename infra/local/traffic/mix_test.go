package traffic

import (
	"strings"
	"testing"
	"time"
)

func TestEveryVerbAndInteractionOccurs(t *testing.T) {
	seen := map[string]int{}
	for _, sending := range sample() {
		for _, s := range sending.told {
			seen[s.Verb.ID]++
			seen[s.Object.Definition.InteractionType]++
		}
	}
	for _, name := range []string{"answered", "attempted", "attended", "commented", "completed", "experienced", "failed", "initialized",
		"interacted", "launched", "passed", "progressed", "registered", "resumed", "scored", "suspended", "terminated", "voided"} {
		if seen[adl+name] == 0 {
			t.Errorf("nobody %s", name)
		}
	}
	for _, name := range []string{"abandoned", "satisfied", "waived"} {
		if seen[adlLater+name] == 0 {
			t.Errorf("nothing was %s", name)
		}
	}
	for _, name := range []string{"played", "paused", "seeked"} {
		if seen[watching+name] == 0 {
			t.Errorf("no video was %s", name)
		}
	}
	for _, kind := range []string{"true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert", "numeric"} {
		if seen[kind] == 0 {
			t.Errorf("no question is a %s", kind)
		}
	}
}

func TestWhatTheProfilesAskForIsThere(t *testing.T) {
	context := map[string][]string{
		"launched": {"sessionid", "launchmode", "launchurl", "moveon"}, "passed": {"sessionid", "masteryscore"}, "failed": {"sessionid", "masteryscore"},
	}
	result := map[string][]string{
		watching + "played": {"time"}, watching + "paused": {"time", "played-segments", "progress"}, watching + "seeked": {"time-from", "time-to"},
	}
	for _, sending := range sample() {
		for i, s := range sending.told {
			text := sending.Statements[i]
			verb := strings.TrimPrefix(s.Verb.ID, adl)
			for _, name := range context[verb] {
				if strings.Contains(string(text), cmi5) && s.Context.Extensions[cmi5Context+name] == nil {
					t.Fatalf("no %s: %s", name, text)
				}
			}
			for _, name := range result[verb] {
				if s.Result.Extensions[videoExtension+name] == nil {
					t.Fatalf("no %s: %s", name, text)
				}
			}
			if s.Verb.ID == adl+"initialized" && sending.Platform == video.name && s.Context.Extensions[videoExtension+"length"] == nil {
				t.Fatalf("no length: %s", text)
			}
		}
	}
}

func TestPhonesSendLateAndInBatches(t *testing.T) {
	late, large := 0, 0
	for _, sending := range sample() {
		if wait := sending.At.Sub(sending.told[0].Timestamp); wait < 24*time.Hour {
			continue
		}
		if sending.Platform != pocket.name {
			t.Fatalf("%s is late with %s", sending.Platform, sending.Statements[0])
		}
		late++
		if len(sending.Statements) > 15 {
			large++
		}
	}
	if late < 10 || large < 10 {
		t.Errorf("%d sendings were a day late, %d of them large", late, large)
	}
}

// After three months, some people have long stopped, and most still learn.
func TestSomeStop(t *testing.T) {
	last := map[string]time.Time{}
	for _, sending := range sample() {
		for _, s := range sending.told {
			last[s.Actor.Name] = s.Timestamp
		}
	}
	stopped := 0
	for _, at := range last {
		if at.Before(monday.AddDate(0, 0, 60)) {
			stopped++
		}
	}
	if stopped*20 < len(last) || stopped*2 > len(last) {
		t.Errorf("%d of %d are not seen in the last month", stopped, len(last))
	}
}

func TestSkillShowsInTheAnswers(t *testing.T) {
	right, all := map[string]int{}, map[string]int{}
	for _, sending := range sample() {
		for _, s := range sending.told {
			if s.Result.Success != nil && s.Object.Definition.InteractionType != "" {
				all[s.Actor.Name]++
				right[s.Actor.Name] += points(*s.Result.Success)
			}
		}
	}
	struggling, skilled := 0, 0
	for name, n := range all {
		switch {
		case n < 20:
		case right[name]*100 < 65*n:
			struggling++
		case right[name]*100 > 85*n:
			skilled++
		}
	}
	if struggling < 5 || skilled < 5 {
		t.Errorf("%d struggle, %d are skilled, of %d", struggling, skilled, len(all))
	}
}

func TestWeekendsAreQuiet(t *testing.T) {
	worked, rested := 0, 0
	for _, sending := range sample() {
		for _, s := range sending.told {
			if isWeekend(s.Timestamp.UnixMilli()) {
				rested++
			} else {
				worked++
			}
		}
	}
	if rested == 0 || rested*10 > worked {
		t.Errorf("%d on weekends, %d on other days", rested, worked)
	}
}

func TestOnePersonIsKnownUnderTwoNames(t *testing.T) {
	hashed, double := 0, 0
	for number := range 60 {
		actor, phoneActor := identify(number)
		if strings.Contains(actor, "mbox_sha1sum") {
			hashed++
		}
		if actor != phoneActor {
			double++
		}
	}
	if hashed != 5 || double != 4 {
		t.Errorf("%d of 60 by a hash, %d under two names", hashed, double)
	}
}
