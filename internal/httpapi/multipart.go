package httpapi

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"

	"cairn/internal/answer"
	"cairn/internal/lrs"
)

const multipartRule = "xAPI 1.0.3 Communication 1.5.2"

func multipartProblem(message string) *answer.Refusal {
	return &answer.Refusal{Status: http.StatusBadRequest, Rule: multipartRule, Message: message}
}

// statementBody reads the statements' JSON off a request, and the attachments that come with it when it is multipart/mixed.
func (r *request) statementBody() ([]byte, []lrs.AttachmentData, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, nil, multipartProblem("the Content-Type cannot be read")
	}
	body, err := r.body()
	if err != nil {
		return nil, nil, err
	}
	switch kind {
	case "application/json":
		return body, nil, nil
	case "multipart/mixed":
		if parameters["boundary"] == "" {
			return nil, nil, multipartProblem("the Content-Type multipart/mixed has no boundary")
		}
		return readMultipart(body, parameters["boundary"])
	}
	return nil, nil, multipartProblem("statements are sent as application/json or multipart/mixed")
}

// readMultipart takes a body apart: first the statements, then the attachments, as raw bytes: no part is decoded.
func readMultipart(body []byte, boundary string) (statements []byte, attachments []lrs.AttachmentData, err error) {
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for n := 0; ; n++ {
		part, err := reader.NextRawPart()
		if err == io.EOF && n > 0 { // bare, it is the last boundary; wrapped, the body was cut off
			return statements, attachments, nil
		}
		if err != nil {
			return nil, nil, multipartProblem(fmt.Sprintf(
				"part %d of the multipart body cannot be found: its boundaries do not agree, or it was cut off", n+1))
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, multipartProblem(fmt.Sprintf("part %d of the multipart body does not end", n+1))
		}
		if n == 0 {
			if statements, err = firstPart(part.Header, content); err != nil {
				return nil, nil, err
			}
			continue
		}
		data, err := attachmentPart(part.Header, content, n)
		if err != nil {
			return nil, nil, err
		}
		attachments = append(attachments, data)
	}
}

func firstPart(h textproto.MIMEHeader, content []byte) ([]byte, error) {
	if kind, _, err := mime.ParseMediaType(h.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, multipartProblem("the first part must be the statements, as application/json")
	}
	return content, nil
}

func attachmentPart(h textproto.MIMEHeader, content []byte, n int) (data lrs.AttachmentData, err error) {
	hash := h.Get("X-Experience-API-Hash")
	if hash == "" {
		return data, multipartProblem(fmt.Sprintf("attachment part %d has no X-Experience-API-Hash", n))
	}
	// Without an encoding the bytes are taken as they are; an encoded part would be stored as something else than it says.
	if e := h.Get("Content-Transfer-Encoding"); e != "" && !strings.EqualFold(e, "binary") {
		return data, multipartProblem(fmt.Sprintf("attachment part %d: Content-Transfer-Encoding must be binary", n))
	}
	return lrs.AttachmentData{Hash: hash, ContentType: h.Get("Content-Type"), Body: content}, nil
}

// writeMultipart answers with statements and attachments (xAPI 1.0.3 Communication 1.5.2), even when there are none of these.
func writeMultipart(w http.ResponseWriter, statements []byte, attachments []lrs.AttachmentData) error {
	mixed := multipart.NewWriter(w)
	w.Header().Set("Content-Type", "multipart/mixed; boundary="+mixed.Boundary())
	w.WriteHeader(http.StatusOK)
	write := func(h textproto.MIMEHeader, content []byte) error {
		part, err := mixed.CreatePart(h)
		if err == nil {
			_, err = part.Write(content)
		}
		return err
	}
	if err := write(textproto.MIMEHeader{"Content-Type": {"application/json"}}, statements); err != nil {
		return err
	}
	for _, a := range attachments {
		h := textproto.MIMEHeader{"Content-Type": {a.ContentType}, "Content-Transfer-Encoding": {"binary"}}
		h["X-Experience-API-Hash"] = []string{a.Hash} // as the spec spells it, not as Go would
		if err := write(h, a.Body); err != nil {
			return err
		}
	}
	return mixed.Close()
}
