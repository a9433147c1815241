package formats

import (
	"embed"
	"encoding/json"
	"fmt"
)

// Member says what becomes of one member of a payload.
type Member struct {
	// Path is relative to an element; [] is any item of an array.
	Path string `json:"path"`
	// To are the fields of a record that hold its value.
	To []string `json:"to,omitempty"`
	// Decides are the fields that follow from it in another form.
	Decides []string `json:"decides,omitempty"`
}

//go:embed mapping/*.json
var mappings embed.FS

// Mapping returns what becomes of the members of a format's payloads, sorted by
// path. It was observed, not written: each member of each sample was changed,
// and what changed in the records is what it is mapped to. A format of lines
// has none.
func Mapping(name string) ([]Member, error) {
	text, err := mappings.ReadFile("mapping/" + name + ".json")
	if err != nil {
		return nil, nil //nolint:nilerr // none was observed
	}
	var list []Member
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read mapping of %s: %w", name, err)
	}
	return list, nil
}
