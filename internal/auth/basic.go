package auth

import (
	"encoding/base64"
	"strings"
)

// parseBasic takes the header of Basic authentication apart (RFC 7617): the scheme's name in any case, and an id, which has no
// colon, before a secret, which may have some. Both are UTF-8.
func parseBasic(header string) (id, secret string, ok bool) {
	scheme, credentials, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.Trim(credentials, " "))
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(decoded), ":")
}
