package traffic

const (
	adl      = "http://adlnet.gov/expapi/verbs/"
	adlLater = "https://w3id.org/xapi/adl/verbs/"
	watching = "https://w3id.org/xapi/video/verbs/"
)

// verb is a verb as JSON.
type verb string

func newVerb(base, name, french string) verb {
	return verb(`{"id":"` + base + name + `","display":` + text{name, french}.json() + `}`)
}

// The verbs in use: ADL's vocabulary, those that cmi5 added to it, and the video profile's.
var (
	answered    = newVerb(adl, "answered", "a répondu à")
	attempted   = newVerb(adl, "attempted", "a tenté")
	attended    = newVerb(adl, "attended", "a assisté à")
	commented   = newVerb(adl, "commented", "a commenté")
	completed   = newVerb(adl, "completed", "a terminé")
	experienced = newVerb(adl, "experienced", "a vu")
	failed      = newVerb(adl, "failed", "a échoué à")
	initialized = newVerb(adl, "initialized", "a ouvert")
	interacted  = newVerb(adl, "interacted", "a interagi avec")
	launched    = newVerb(adl, "launched", "a lancé")
	passed      = newVerb(adl, "passed", "a réussi")
	progressed  = newVerb(adl, "progressed", "a avancé dans")
	registered  = newVerb(adl, "registered", "s'est inscrit à")
	resumed     = newVerb(adl, "resumed", "a repris")
	scored      = newVerb(adl, "scored", "a obtenu une note à")
	suspended   = newVerb(adl, "suspended", "a interrompu")
	terminated  = newVerb(adl, "terminated", "a quitté")
	voided      = newVerb(adl, "voided", "a annulé")

	abandoned = newVerb(adlLater, "abandoned", "a abandonné")
	satisfied = newVerb(adlLater, "satisfied", "a validé")
	waived    = newVerb(adlLater, "waived", "a été dispensé de")

	played = newVerb(watching, "played", "a lu")
	paused = newVerb(watching, "paused", "a mis en pause")
	seeked = newVerb(watching, "seeked", "s'est déplacé dans")
)
