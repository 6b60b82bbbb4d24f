package fold

import (
	"math"
	"strconv"
	"strings"

	"cairn/internal/xapi"
)

// videoExtension is what the names of the video profile's extensions begin with.
const videoExtension = "https://w3id.org/xapi/video/extensions/"

// watched reads what the statement says of a video, nil when nothing.
func watched(s *xapi.Statement, o *xapi.Outline) *Watched {
	played := s.ResultExtension(videoExtension + "played-segments")
	length := s.ContextExtension(videoExtension + "length")
	if length == nil {
		length = s.ResultExtension(videoExtension + "length")
	}
	if played == nil && length == nil {
		return nil
	}
	w := &Watched{Session: text(s.ContextExtension(videoExtension + "session-id")), Told: played != nil}
	if w.Session == "" {
		w.Session = o.Registration
	}
	if n, ok := number(length); ok && n > 0 && n <= maxLength {
		w.Length = int32(math.Ceil(n))
	}
	w.Segments = segments(text(played))
	return w
}

// segments reads played segments: "0[.]12.5[,]20[.]30" are two. One that has no end is passed over.
func segments(text string) (all [][2]int32) {
	for one := range strings.SplitSeq(text, "[,]") {
		from, to, ok := strings.Cut(one, "[.]")
		a, errA := strconv.ParseFloat(strings.TrimSpace(from), 64)
		b, errB := strconv.ParseFloat(strings.TrimSpace(to), 64)
		if !ok || errA != nil || errB != nil || !(a >= 0 && a < b && b <= maxLength) || len(all) == maxSegments {
			continue
		}
		all = append(all, [2]int32{int32(math.Round(a * second)), int32(math.Round(b * second))})
	}
	return all
}

// A video is looked at in bins: of a second in its first ten minutes, of five seconds in its first hour, of a minute after that.
const (
	fineBins   = 600
	middleBins = fineBins + (3600-600)/5
	// Bins is how many there are.
	Bins = middleBins + (maxLength-3600)/60
)

// BinStart is where a bin begins, in seconds; the one before ends there.
func BinStart(bin int) int {
	switch {
	case bin <= fineBins:
		return bin
	case bin <= middleBins:
		return 600 + (bin-fineBins)*5
	}
	return 3600 + (bin-middleBins)*60
}

// bins yields those whose middle a segment has.
func binsOf(segment [2]int32) (from, to int) {
	return binFrom(segment[0]), binFrom(segment[1])
}

// binFrom is the first bin whose middle is at or after a time in milliseconds.
func binFrom(at int32) int {
	lo, hi := 0, Bins
	for lo < hi {
		mid := (lo + hi) / 2
		if int32(BinStart(mid)+BinStart(mid+1))*second/2 >= at {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// Video is how a learner has watched a video.
type Video struct {
	Length  int32 // the longest told
	Session uint64
	Told    []Run // how often that session has told of each bin, at most
	Days    []VideoDay
}

// VideoDay is what was played in a day; in order.
type VideoDay struct {
	Day   int32
	Views []Run // how often each bin was played
}

// Run is so many bins one after the other that were played equally often; the first run begins at the first bin.
type Run struct{ Bins, Views int32 }

// watch takes what a session tells: all that it has played so far. What it tells more often than ever before was played since, and counts today.
func (v *Video) watch(w *Watched, session uint64, day int32) {
	v.Length = max(v.Length, w.Length)
	if !w.Told {
		return
	}
	if v.Session != session {
		v.Session, v.Told = session, nil
	}
	told, views, played := bins(v.Told), make([]int32, Bins), false
	if n := len(v.Days); n > 0 && v.Days[n-1].Day == day {
		views = bins(v.Days[n-1].Views)
	}
	for bin, n := range often(w.Segments) {
		if n > told[bin] {
			views[bin] += n - told[bin]
			told[bin], played = n, true
		}
	}
	if !played {
		return
	}
	v.Told = runs(told)
	if n := len(v.Days); n == 0 || v.Days[n-1].Day != day {
		v.Days = append(v.Days, VideoDay{Day: day})
	}
	v.Days[len(v.Days)-1].Views = runs(views)
}

// often is how often segments have each bin.
func often(segments [][2]int32) []int32 {
	n := make([]int32, Bins)
	for _, s := range segments {
		from, to := binsOf(s)
		for b := from; b < to; b++ {
			n[b]++
		}
	}
	return n
}

// runs are bins that follow each other with equal numbers, up to the last that is not 0.
func runs(n []int32) (all []Run) {
	last := len(n)
	for last > 0 && n[last-1] == 0 {
		last--
	}
	for _, views := range n[:last] {
		if k := len(all); k > 0 && all[k-1].Views == views {
			all[k-1].Bins++
		} else {
			all = append(all, Run{1, views})
		}
	}
	return all
}

// bins are the numbers of all bins.
func bins(all []Run) []int32 {
	n := make([]int32, Bins)
	at := 0
	for _, r := range all {
		for range r.Bins {
			if at < Bins {
				n[at] = r.Views
			}
			at++
		}
	}
	return n
}

// Seen is the share of the video that was played at least once, when its length is known.
func (v *Video) Seen() (share float64, known bool) {
	if v.Length <= 0 {
		return 0, false
	}
	seen, all := 0, 0
	views := make([]int32, Bins)
	for i := range v.Days {
		for bin, n := range bins(v.Days[i].Views) {
			views[bin] += n
		}
	}
	for bin, n := range views {
		if BinStart(bin) >= int(v.Length) {
			break
		}
		width := min(BinStart(bin+1), int(v.Length)) - BinStart(bin)
		all += width
		if n > 0 {
			seen += width
		}
	}
	return float64(seen) / float64(all), true
}
