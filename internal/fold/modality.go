package fold

import (
	"fmt"
	"strings"
	"unicode"
)

// Modality is the manner in which something is learnt.
type Modality byte

// The modalities. Their values are written to storage.
const (
	ELearning Modality = iota
	Mobile
	Classroom
	Simulation
	VR
	OnTheJob
)

// Modalities are their names.
var Modalities = [...]string{"e-learning", "mobile", "classroom", "simulation", "vr", "on-the-job"}

// String is the modality's name.
func (m Modality) String() string { return Modalities[m] }

// ParseModality reads what String wrote.
func ParseModality(name string) (Modality, bool) {
	for m, known := range Modalities {
		if known == name {
			return Modality(m), true
		}
	}
	return 0, false
}

// MarshalText writes the modality's name.
func (m Modality) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (m *Modality) UnmarshalText(text []byte) error {
	known, ok := ParseModality(string(text))
	if !ok {
		return fmt.Errorf("there is no modality %q; there are %s", text, strings.Join(Modalities[:], ", "))
	}
	*m = known
	return nil
}

// Rule gives a modality to the statements of a platform, or about activities of a type, or both; an empty field fits all.
type Rule struct {
	Platform string   `json:"platform,omitempty"` // as sent
	Type     string   `json:"type,omitempty"`
	Modality Modality `json:"modality"`
}

// modalityOf goes by the first rule that fits, and then by what activity types and platforms usually say. types are those of the object
// and of what it is part of.
func modalityOf(rules []Rule, platform, verb string, types []string) Modality {
	for _, r := range rules {
		if (r.Platform == "" || r.Platform == platform) && (r.Type == "" || containsType(types, r.Type)) {
			return r.Modality
		}
	}
	words := wordsOf(platform)
	switch {
	case acts[verb]&Attend != 0 || endsIn(types, "/meeting"):
		return Classroom
	case words["vr"] || words["xr"] || words["headset"]:
		return VR
	case endsIn(types, "/simulation"):
		return Simulation
	case endsIn(types, "/checklist") || endsIn(types, "/performance"):
		return OnTheJob
	case words["mobile"] || words["phone"] || words["android"] || words["ios"] || words["pocket"] || words["app"]:
		return Mobile
	}
	return ELearning
}

func containsType(types []string, want string) bool {
	for _, t := range types {
		if t == want {
			return true
		}
	}
	return false
}

func endsIn(types []string, end string) bool {
	for _, t := range types {
		if strings.HasSuffix(t, end) {
			return true
		}
	}
	return false
}

func wordsOf(s string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		words[w] = true
	}
	return words
}
