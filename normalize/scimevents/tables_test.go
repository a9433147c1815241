package scimevents

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTxn holds what is the index of an operation, and what is part of the id.
func TestTxn(t *testing.T) {
	for txn, want := range map[string]struct {
		base  string
		index int64
		ok    bool
	}{
		"734f0614:0":           {"734f0614", 0, true},
		"urn:uuid:6d1b-77:12":  {"urn:uuid:6d1b-77", 12, true},
		"urn:uuid:6d1b-77":     {},
		"734f0614":             {},
		":3":                   {},
		"734f0614:":            {},
		"734f0614:-1":          {},
		"734f0614:99999999999": {},
	} {
		base, index, ok := cutLast(txn)
		require.Equal(t, want.ok, ok, txn)
		if ok {
			require.Equal(t, want.base, base, txn)
			require.Equal(t, want.index, index, txn)
		}
	}
}

func TestMethods(t *testing.T) {
	for verb, want := range map[string]string{
		"create": "POST", "put": "PUT", "patch": "PATCH", "activate": "PATCH", "deactivate": "PATCH", "delete": "DELETE", "archive": "",
	} {
		require.Equal(t, want, method(verb), verb)
	}
}
