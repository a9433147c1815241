package okta

import (
	"os"
	"testing"
	"time"

	"github.com/runledger/runledger/normalize"
)

// BenchmarkTypical normalises one usual event after the other, a thousand to a
// batch, as the collector does.
func BenchmarkTypical(b *testing.B) {
	value, err := os.ReadFile("testdata/typical.json")
	if err != nil {
		b.Fatal(err)
	}
	raw := normalize.Raw{Tenant: "acme", Value: value, ReceivedTime: normalize.FromTime(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))}
	var n normalize.Normalizer
	var batch normalize.Batch
	b.SetBytes(int64(len(value)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%1000 == 0 {
			batch.Clear()
			n.Reset()
		}
		n.Append(&batch, &Format, raw)
	}
	if len(batch.Rejects) > 0 {
		b.Fatal(batch.Rejects[0].Error.Error())
	}
}
