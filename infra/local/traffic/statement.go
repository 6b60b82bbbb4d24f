package traffic

import (
	"strconv"
	"time"
)

const (
	inUTC   = "2006-01-02T15:04:05.000Z"
	onPhone = "2006-01-02T15:04:05.000-07:00"
)

var phoneZone = time.FixedZone("", 3600)

// statement is one as JSON, nil when there are enough.
func (o *organisation) statement(id uuid, at int64, local bool, actor string, t telling, context members) []byte {
	if o.made == o.settings.Statements {
		return nil
	}
	o.made++
	b := append(make([]byte, 0, 400+len(actor)+len(t.verb)+len(t.object)+len(t.result)+len(context)+len(t.attachment)), `{"id":"`...)
	b = append(id.append(b), `","actor":`...)
	b = append(append(b, actor...), `,"verb":`...)
	b = append(append(b, t.verb...), `,"object":`...)
	b = append(b, t.object...)
	if len(t.result) > 0 {
		b = append(append(append(b, `,"result":{`...), t.result...), '}')
	}
	if len(context) > 0 {
		b = append(append(append(b, `,"context":{`...), context...), '}')
	}
	b = append(b, `,"timestamp":"`...)
	if local {
		b = time.UnixMilli(at).In(phoneZone).AppendFormat(b, onPhone)
	} else {
		b = utc(at).AppendFormat(b, inUTC)
	}
	b = append(b, '"')
	if t.attachment != "" {
		b = append(append(append(b, `,"attachments":[`...), t.attachment...), ']')
	}
	return append(b, '}')
}

// file is JSON of an attachment that stays where it is: a hash, and an address.
func (o *organisation) file(usage string, display text, contentType, address string, length int) string {
	sum := make([]byte, 0, 64)
	for range 64 {
		sum = append(sum, hexDigits[o.random.below(16)])
	}
	m := members(nil).plain("usageType", usage).json("display", display.json()).plain("contentType", contentType)
	m = m.json("length", strconv.Itoa(length)).plain("sha2", string(sum)).plain("fileUrl", address)
	return "{" + string(m) + "}"
}

// reference is JSON of a StatementRef.
func reference(id uuid) []byte {
	return append(id.append([]byte(`{"objectType":"StatementRef","id":"`)), `"}`...)
}
