package locale

import (
	"strconv"
	"time"

	"golang.org/x/text/number"
)

// Number writes a count.
func (l *Locale) Number(n int64) string { return l.printer.Sprint(number.Decimal(n)) }

// Decimal writes a number with at most so many digits behind the point.
func (l *Locale) Decimal(f float64, digits int) string {
	return l.printer.Sprint(number.Decimal(f, number.MaxFractionDigits(digits)))
}

// Fixed writes a number with so many digits behind the point, for figures that are compared.
func (l *Locale) Fixed(f float64, digits int) string {
	return l.printer.Sprint(number.Decimal(f, number.Scale(digits)))
}

// Percent writes a share between 0 and 1 as whole per cent; one that is not nothing, but rounds to it, as below one.
func (l *Locale) Percent(share float64) string {
	if share > 0 && share < 0.005 {
		return "< " + l.printer.Sprint(number.Percent(0.01))
	}
	return l.printer.Sprint(number.Percent(share, number.MaxFractionDigits(0)))
}

// Duration writes seconds as exactly as their length is worth: 45 s, 3 min, 2 h 05 min, 1,240 h.
func (l *Locale) Duration(seconds int64) string {
	switch minutes := (seconds + 30) / 60; {
	case seconds < 60:
		return l.Text("time.seconds", seconds)
	case minutes < 60:
		return l.Text("time.minutes", minutes)
	case minutes < 10*60 && minutes%60 > 0:
		return l.Text("time.hoursMinutes", minutes/60, minutes%60)
	default:
		return l.Text("time.hours", (minutes+30)/60)
	}
}

// Date writes the day of an instant in UTC, with its year.
func (l *Locale) Date(t time.Time) string {
	return l.ShortDate(t) + " " + strconv.Itoa(t.UTC().Year())
}

// ShortDate writes the day of an instant in UTC, without its year.
func (l *Locale) ShortDate(t time.Time) string {
	t = t.UTC()
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = l.Text("date.first")
	}
	return day + " " + l.months[t.Month()-1]
}

// Instant writes an instant in UTC to the minute.
func (l *Locale) Instant(t time.Time) string { return l.Date(t) + ", " + t.UTC().Format("15:04") }
