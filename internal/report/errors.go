package report

import "errors"

// What Questions may answer with.
var (
	ErrUnknown = errors.New("report: nothing is known of it") // no such activity, learner or group
	ErrFilter  = errors.New("report: the filter cannot be answered")
)
