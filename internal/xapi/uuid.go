package xapi

import (
	"errors"

	"github.com/google/uuid"
)

// ParseUUID reads the standard form only: 36 characters, hex digits in either case (xAPI 1.0.3 Data 4.4).
func ParseUUID(s string) (uuid.UUID, error) { return parseUUID([]byte(s)) }

func parseUUID(s []byte) (uuid.UUID, error) {
	if len(s) == 36 {
		if id, err := uuid.ParseBytes(s); err == nil {
			return id, nil
		}
	}
	return uuid.UUID{}, errors.New("it must be 36 characters, such as 8f87ccde-bb56-4c2e-ab83-44982ef22df0")
}
