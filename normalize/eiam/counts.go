package eiam

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// objects are the kinds of object that a job counts, and operations what it
// counts of each: the vendor's word and ours.
var (
	objects = [...][2]string{
		{"OrganizationalUnitStatistics", "organization"},
		{"UserStatistics", "account"},
		{"GroupStatistics", "group"},
		{"GroupMemberStatistics", "membership"},
	}
	operations = [...][2]string{
		{"Created", "created"},
		{"Updated", "updated"},
		{"Deleted", "deleted"},
		{"Pushed", "pushed"},
		{"Binded", "bound"},
		{"Same", "same"},
	}
)

// tally is what the statistics of a job add up to.
type tally struct {
	all      results
	byObject [len(objects)]struct {
		results
		total [len(operations)]int64
	}
}

type results struct{ success, failed, skipped int64 }

func (s *results) add(o results) {
	s.success += o.success
	s.failed += o.failed
	s.skipped += o.skipped
}

// add takes in the statistics of one kind of object, if v is that.
func (t *tally) add(v jsonx.Value) error {
	for i, object := range objects {
		if v.Key() != object[0] || v.Kind() != jsonx.Object {
			continue
		}
		for m := v.First(); m.Exists(); m = m.Next() {
			if err := t.operation(i, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tally) operation(object int, v jsonx.Value) error {
	for i, operation := range operations {
		if v.Key() != operation[0] {
			continue
		}
		var s results
		for _, part := range [...]struct {
			key string
			n   *int64
		}{{"Total", &t.byObject[object].total[i]}, {"Success", &s.success}, {"Failed", &s.failed}, {"Skipped", &s.skipped}} {
			n, err := count(v.Get(part.key))
			if err != nil {
				return err
			}
			*part.n += n
		}
		t.byObject[object].add(s)
		t.all.add(s)
	}
	return nil
}

// count reads a number of entries. The bound keeps sums of them from overflow.
func count(v jsonx.Value) (int64, error) {
	if !v.Exists() || v.IsNull() {
		return 0, nil
	}
	n, ok := v.Int()
	if !ok || n < 0 || n > 1e15 {
		return 0, normalize.Invalid(v, normalize.BadValue, "want a number of entries, got %.40s", v.Raw())
	}
	return n, nil
}

// outcome is what the counts say about the job, whatever its status says.
func (t *tally) outcome() model.Outcome {
	switch {
	case t.all.failed > 0 && t.all.success > 0:
		return model.Partial
	case t.all.failed > 0:
		return model.Failure
	case t.all.success > 0:
		return model.Success
	case t.all.skipped > 0:
		return model.Skipped
	default:
		return model.NoOutcome
	}
}

func (t *tally) counts(c *normalize.Context) string {
	if t.outcome() == model.NoOutcome {
		return ""
	}
	return c.Write(func(dst []byte) []byte {
		dst = member(append(dst, '{'), "success", t.all.success)
		dst = member(dst, "failure", t.all.failed)
		dst = member(dst, "skipped", t.all.skipped)
		dst = append(dst, `,"by_object":{`...)
		for i, object := range objects {
			o := &t.byObject[i]
			if o.total == [len(operations)]int64{} && o.results == (results{}) {
				continue
			}
			dst = append(normalize.AppendString(comma(dst), object[1]), ":{"...)
			for j, operation := range operations {
				dst = member(dst, operation[1], o.total[j])
			}
			dst = member(dst, "success", o.success)
			dst = member(dst, "failed", o.failed)
			dst = append(member(dst, "skipped", o.skipped), '}')
		}
		return append(dst, "}}"...)
	})
}

// member appends a count that is not 0.
func member(dst []byte, key string, n int64) []byte {
	if n == 0 {
		return dst
	}
	return strconv.AppendInt(append(normalize.AppendString(comma(dst), key), ':'), n, 10)
}

func comma(dst []byte) []byte {
	if strings.IndexByte("{[", dst[len(dst)-1]) >= 0 {
		return dst
	}
	return append(dst, ',')
}
