package xapi

// The forms of the parts of a statement, as WriteComparable compares them: which members count, and how.

func (w *comparison) statement(n int32) {
	w.object(n, func(key []byte, _ int32) form {
		switch string(key) {
		case "id", "stored", "authority", "version":
			return nil
		case "actor":
			return (*comparison).actor
		case "verb":
			return (*comparison).verb
		case "object":
			return (*comparison).target
		case "result":
			return (*comparison).result
		case "context":
			return (*comparison).context
		case "timestamp":
			return (*comparison).instant
		case "attachments":
			return (*comparison).attachments
		}
		return (*comparison).value
	})
}

// target writes what a statement has as its object.
func (w *comparison) target(n int32) {
	switch string(w.t.text(w.t.get(n, "objectType"))) {
	case "SubStatement":
		w.statement(n)
	case "StatementRef":
		w.reference(n)
	case "Agent", "Group":
		w.actor(n)
	default:
		w.activity(n)
	}
}

func (w *comparison) actor(n int32) {
	w.object(n, func(key []byte, m int32) form {
		switch string(key) {
		case "objectType":
			if string(w.t.text(m)) == "Agent" {
				return nil
			}
		case "member":
			return func(w *comparison, n int32) { w.unordered(n, (*comparison).actor) }
		case "mbox":
			return (*comparison).mbox
		case "mbox_sha1sum":
			return (*comparison).lower
		}
		return (*comparison).value
	})
}

func (w *comparison) verb(n int32) {
	w.object(n, func(key []byte, _ int32) form {
		if string(key) == "display" {
			return nil
		}
		return (*comparison).value
	})
}

func (w *comparison) activity(n int32) {
	w.object(n, func(key []byte, m int32) form {
		if string(key) == "definition" || string(key) == "objectType" && string(w.t.text(m)) == "Activity" {
			return nil
		}
		return (*comparison).value
	})
}

func (w *comparison) reference(n int32) {
	w.object(n, func(key []byte, _ int32) form {
		if string(key) == "id" {
			return (*comparison).lower
		}
		return (*comparison).value
	})
}

func (w *comparison) result(n int32) {
	w.object(n, func(key []byte, _ int32) form {
		if string(key) == "duration" {
			return (*comparison).duration
		}
		return (*comparison).value
	})
}

func (w *comparison) context(n int32) {
	w.object(n, func(key []byte, _ int32) form {
		switch string(key) {
		case "registration", "language":
			return (*comparison).lower
		case "instructor", "team":
			return (*comparison).actor
		case "contextActivities":
			return (*comparison).contextActivities
		case "contextAgents", "contextGroups":
			return func(w *comparison, n int32) { w.list(n, (*comparison).contextActor) }
		case "statement":
			return (*comparison).reference
		}
		return (*comparison).value
	})
}

func (w *comparison) contextActor(n int32) {
	w.object(n, func(key []byte, _ int32) form {
		if string(key) == "agent" || string(key) == "group" {
			return (*comparison).actor
		}
		return (*comparison).value
	})
}

// contextActivities writes a lone Activity as the list of one that the LRS makes of it.
func (w *comparison) contextActivities(n int32) {
	w.object(n, func([]byte, int32) form {
		return func(w *comparison, n int32) {
			if w.t.kind(n) != '{' {
				w.list(n, (*comparison).activity)
				return
			}
			w.dst = append(w.dst, '[')
			w.activity(n)
			w.dst = append(w.dst, ',', ']')
		}
	})
}

func (w *comparison) attachments(n int32) {
	w.unordered(n, func(w *comparison, n int32) {
		w.object(n, func(key []byte, _ int32) form {
			if string(key) == "sha2" {
				return (*comparison).lower
			}
			return (*comparison).value
		})
	})
}
