package auth

import (
	"encoding/base64"
	"strings"
)

// parseBasic takes the credentials of Basic authentication apart (RFC 7617): an id, which has no colon, before a secret, which may have
// some. Both are UTF-8.
func parseBasic(credentials string) (id, secret string, ok bool) {
	decoded, err := base64.StdEncoding.DecodeString(credentials)
	if err != nil {
		return "", "", false
	}
	id, secret, ok = strings.Cut(string(decoded), ":")
	return id, secret, ok && id != "" && len(id) <= MaxID
}
