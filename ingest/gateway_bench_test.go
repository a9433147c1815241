package ingest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"

	"github.com/runledger/runledger/normalize"
)

// oktaLines returns n events as they come: of one shape, with other people,
// ids and addresses in each.
func oktaLines(n int) string {
	var b strings.Builder
	for i := range n {
		h := uint32(i+1) * 2654435761
		fmt.Fprintf(&b, `{"actor":{"id":"00u%08x","type":"User","alternateId":"user%d@example.com","displayName":"User %d","detailEntry":null},"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)","os":"Mac OS X","browser":"CHROME"},"zone":"null","device":"Computer","id":null,"ipAddress":"203.0.113.%d","geographicalContext":{"city":"Berlin","state":"Land Berlin","country":"Germany","postalCode":"10115"}},"authenticationContext":{"authenticationStep":0,"externalSessionId":"102%08x"},"displayMessage":"Add user to application membership","eventType":"application.user_membership.add","outcome":{"result":"SUCCESS","reason":null},"published":"2026-03-01T09:%02d:%02d.%03dZ","severity":"INFO","debugContext":{"debugData":{"requestId":"%08x%08x","requestUri":"/api/v1/apps/0oa1/users"}},"transaction":{"type":"WEB","id":"%08x","detail":{}},"uuid":"%08x-%04x-11f0-9f2b-%08x","version":"0","request":{"ipChain":[]},"target":[{"id":"0oa1","type":"AppInstance","alternateId":"Salesforce","displayName":"Salesforce"},{"id":"00u%08x","type":"User","alternateId":"user%d@example.com","displayName":"User %d"}]}`+"\n",
			h%500, h%500, h%500, h%250, h*7, i/60%60, i%60, h%1000, h*3, h*11, h*13, h, h%65536, h*17, h%900, h%900, h%900)
	}
	return b.String()
}

// BenchmarkCompression packs a push of 1,000 events with each codec.
func BenchmarkCompression(b *testing.B) {
	body := []byte(oktaLines(1000))
	var o outgoing
	normalize.Split(body, false, func(piece []byte, _ int, _ *normalize.Error) bool {
		o.values = append(o.values, piece)
		return true
	})
	for _, codec := range []kafka.Compression{0, kafka.Snappy, kafka.Lz4, kafka.Zstd} {
		b.Run(codec.String(), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			batch := &bytes.Buffer{}
			for b.Loop() {
				batch.Reset()
				w := writerOf(codec, batch)
				for _, v := range o.values {
					_, _ = w.Write(v)
				}
				_ = w.Close()
			}
			b.ReportMetric(float64(len(body))/float64(batch.Len()), "ratio")
		})
	}
}

type plainWriter struct{ io.Writer }

func (plainWriter) Close() error { return nil }

func writerOf(codec kafka.Compression, w io.Writer) io.WriteCloser {
	if codec == 0 {
		return plainWriter{w}
	}
	return codec.Codec().NewWriter(w)
}

// BenchmarkPush pushes 1,000 events over HTTP to a real broker that syncs each batch.
func BenchmarkPush(b *testing.B) {
	p := gatewayOn(b, gatewayBroker(b), "bench")
	for name, body := range map[string]string{"plain": oktaLines(1000), "gzip": gzipped(b, oktaLines(1000))} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(oktaLines(1000))))
			for b.Loop() {
				if a := p.push("okta.system_log", body); a.status != http.StatusAccepted {
					b.Fatal(a.text)
				}
			}
			b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
