package otel_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/runledger/runledger/normalize/normtest"
	"github.com/runledger/runledger/normalize/otel"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, otel.Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, otel.Format) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, otel.Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, otel.Format) }

// TestComplete leaves out what is a name rather than a value: in OTLP also the
// keys of attributes are texts.
func TestComplete(t *testing.T) {
	normtest.Complete(t, otel.Format, func(leaf string) bool {
		if strings.HasPrefix(leaf, "cicd.pipeline.") || strings.HasPrefix(leaf, "gen_ai.") || leaf == "error.type" || leaf == "exception.message" {
			return true
		}
		_, err := base64.StdEncoding.DecodeString(leaf)
		switch {
		case err == nil && (len(leaf) == 24 || len(leaf) == 12): // ids, which are stored in hexadecimal
			return true
		case strings.HasPrefix(leaf, "SPAN_KIND_"), strings.HasPrefix(leaf, "STATUS_CODE_"):
			return true
		case strings.HasPrefix(leaf, "17724456") && len(leaf) == 19: // of an event
			return true
		default:
			return leaf == "1" || leaf == "2" || leaf == "3" // kinds and codes by number
		}
	})
}
