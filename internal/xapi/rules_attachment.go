package xapi

import (
	"bytes"
	"errors"
	"mime"
	"strings"
)

var attachmentShape = newShape("an attachment", ruleAttachment, []property{
	{key: "usageType", required: true, check: (*checker).iri},
	{key: "display", required: true, check: (*checker).languageMap},
	{key: "description", check: (*checker).languageMap},
	{key: "contentType", required: true, check: (*checker).mediaType},
	{key: "length", required: true, check: (*checker).length},
	{key: "sha2", required: true, check: (*checker).sha2},
	{key: "fileUrl", check: (*checker).iri},
})

func (c *checker) attachments(n int32) *Problem {
	return c.each(n, "an array of attachments", ruleAttachment, (*checker).attachment)
}

func (c *checker) attachment(n int32) *Problem {
	if p := c.object(n, &attachmentShape); p != nil {
		return p
	}
	if c.t.is(n, "usageType", UsageSignature) && !c.t.is(n, "contentType", "application/octet-stream") {
		return c.fail(c.t.get(n, "contentType"), ruleSignature, "the contentType of a signature must be application/octet-stream")
	}
	return nil
}

func (c *checker) mediaType(n int32) *Problem {
	return c.format(n, "an Internet media type", ruleAttachment, func(s []byte) error {
		media, _, err := mime.ParseMediaType(string(s))
		if err != nil || !strings.Contains(media, "/") || bytes.ContainsAny(s, "\r\n") {
			return errors.New("it must be type/subtype, with or without parameters")
		}
		return nil
	})
}

// length checks a whole number of octets. Whether the data has that length is not asked: senders count differently.
func (c *checker) length(n int32) *Problem {
	if p := c.kind(n, '0', "a whole number", ruleAttachment); p != nil {
		return p
	}
	if octets, whole := parseDecimal(c.t.raw(n)).integer(); !whole || octets < 0 {
		return c.fail(n, ruleAttachment, "this must be a whole number, not below 0")
	}
	return nil
}

func (c *checker) sha2(n int32) *Problem {
	return c.format(n, "a SHA-2 hash", ruleAttachment, func(s []byte) error {
		if !isHexOf(s, 56, 64, 96, 128) {
			return errors.New("it must be 56, 64, 96 or 128 hex digits")
		}
		return nil
	})
}
