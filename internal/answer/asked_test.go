package answer

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// TestRefusalsNameWhatThereIs in words, whatever the number.
func TestRefusalsNameWhatThereIs(t *testing.T) {
	for _, c := range []struct {
		names []string
		says  string
	}{
		{nil, "it has none"}, {[]string{"id"}, "it has id"}, {[]string{"id", "from"}, "it has id and from"}, {[]string{"id", "from", "to"}, "it has id, from and to"},
	} {
		_, err := Parameters(httptest.NewRequest("GET", "/reports/x?zebra=1", nil), c.names...)
		if err == nil || !strings.HasSuffix(err.Error(), c.says) {
			t.Errorf("%q: %v", c.names, err)
		}
	}
}
