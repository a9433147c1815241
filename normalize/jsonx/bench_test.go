package jsonx

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"

	goccy "github.com/goccy/go-json"
)

// event is what a normaliser reads from testdata/okta.json: 35 members, and
// it leaves 29 alone.
type event struct {
	UUID           string `json:"uuid"`
	Published      string `json:"published"`
	EventType      string `json:"eventType"`
	DisplayMessage string `json:"displayMessage"`
	Severity       string `json:"severity"`
	Version        string `json:"version"`
	Actor          party  `json:"actor"`
	Client         struct {
		Zone      string `json:"zone"`
		UserAgent struct {
			Raw     string `json:"rawUserAgent"`
			OS      string `json:"os"`
			Browser string `json:"browser"`
		} `json:"userAgent"`
		Device string `json:"device"`
		IP     string `json:"ipAddress"`
		Geo    struct {
			State      string `json:"state"`
			City       string `json:"city"`
			Country    string `json:"country"`
			PostalCode string `json:"postalCode"`
		} `json:"geographicalContext"`
	} `json:"client"`
	Authentication struct {
		Step    int64  `json:"authenticationStep"`
		Session string `json:"externalSessionId"`
	} `json:"authenticationContext"`
	Outcome struct {
		Result string `json:"result"`
		Reason string `json:"reason"`
	} `json:"outcome"`
	Security struct {
		AS      int64 `json:"asNumber"`
		IsProxy bool  `json:"isProxy"`
	} `json:"securityContext"`
	Debug struct {
		Data struct {
			Flow      string `json:"flowId"`
			Execution string `json:"flowExecutionId"`
			URL       string `json:"url"`
		} `json:"debugData"`
	} `json:"debugContext"`
	Transaction struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	} `json:"transaction"`
	Target [1]party `json:"target"`
}

type party struct {
	ID          string `json:"id"`
	Type        string `json:"type"`
	AlternateID string `json:"alternateId"`
	DisplayName string `json:"displayName"`
}

func (e *event) read(v Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "uuid":
			e.UUID = m.Str()
		case "published":
			e.Published = m.Str()
		case "eventType":
			e.EventType = m.Str()
		case "displayMessage":
			e.DisplayMessage = m.Str()
		case "severity":
			e.Severity = m.Str()
		case "version":
			e.Version = m.Str()
		case "actor":
			e.Actor.read(m)
		case "client":
			e.readClient(m)
		case "target":
			e.Target[0].read(m.First())
		default:
			e.readContext(m)
		}
	}
}

func (p *party) read(v Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "id":
			p.ID = m.Str()
		case "type":
			p.Type = m.Str()
		case "alternateId":
			p.AlternateID = m.Str()
		case "displayName":
			p.DisplayName = m.Str()
		}
	}
}

func (e *event) readClient(v Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "zone":
			e.Client.Zone = m.Str()
		case "device":
			e.Client.Device = m.Str()
		case "ipAddress":
			e.Client.IP = m.Str()
		case "userAgent":
			for m := m.First(); m.Exists(); m = m.Next() {
				switch m.Key() {
				case "rawUserAgent":
					e.Client.UserAgent.Raw = m.Str()
				case "os":
					e.Client.UserAgent.OS = m.Str()
				case "browser":
					e.Client.UserAgent.Browser = m.Str()
				}
			}
		case "geographicalContext":
			for m := m.First(); m.Exists(); m = m.Next() {
				switch m.Key() {
				case "state":
					e.Client.Geo.State = m.Str()
				case "city":
					e.Client.Geo.City = m.Str()
				case "country":
					e.Client.Geo.Country = m.Str()
				case "postalCode":
					e.Client.Geo.PostalCode = m.Str()
				}
			}
		}
	}
}

func (e *event) readContext(v Value) {
	switch v.Key() {
	case "authenticationContext":
		for m := v.First(); m.Exists(); m = m.Next() {
			switch m.Key() {
			case "authenticationStep":
				e.Authentication.Step, _ = m.Int()
			case "externalSessionId":
				e.Authentication.Session = m.Str()
			}
		}
	case "outcome":
		for m := v.First(); m.Exists(); m = m.Next() {
			switch m.Key() {
			case "result":
				e.Outcome.Result = m.Str()
			case "reason":
				e.Outcome.Reason = m.Str()
			}
		}
	case "securityContext":
		for m := v.First(); m.Exists(); m = m.Next() {
			switch m.Key() {
			case "asNumber":
				e.Security.AS, _ = m.Int()
			case "isProxy":
				e.Security.IsProxy, _ = m.Bool()
			}
		}
	case "debugContext":
		for m := v.Get("debugData").First(); m.Exists(); m = m.Next() {
			switch m.Key() {
			case "flowId":
				e.Debug.Data.Flow = m.Str()
			case "flowExecutionId":
				e.Debug.Data.Execution = m.Str()
			case "url":
				e.Debug.Data.URL = m.Str()
			}
		}
	case "transaction":
		for m := v.First(); m.Exists(); m = m.Next() {
			switch m.Key() {
			case "type":
				e.Transaction.Type = m.Str()
			case "id":
				e.Transaction.ID = m.Str()
			}
		}
	}
}

func okta(tb testing.TB) []byte {
	src, err := os.ReadFile("testdata/okta.json")
	if err != nil {
		tb.Fatal(err)
	}
	return src
}

func TestEventAgrees(t *testing.T) {
	src := okta(t)
	var want, got event
	if err := json.Unmarshal(src, &want); err != nil {
		t.Fatal(err)
	}
	var d Doc
	v, err := d.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	if got.read(v); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// varied appends v with its strings longer by up to seven bytes, so that no
// branch predictor learns an event by heart, and with its members in another
// order if shuffle is set.
func varied(dst []byte, v Value, r *rand.Rand, shuffle bool) []byte {
	var inner []Value
	for m := v.First(); m.Exists(); m = m.Next() {
		inner = append(inner, m)
	}
	switch v.Kind() {
	case String:
		return appendString(dst, v.Str()+"-------"[r.IntN(8):])
	case Object:
		if shuffle {
			r.Shuffle(len(inner), func(i, j int) { inner[i], inner[j] = inner[j], inner[i] })
		}
		dst = append(dst, '{')
		for i, m := range inner {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = varied(append(appendString(dst, m.Key()), ':'), m, r, shuffle)
		}
		return append(dst, '}')
	case Array:
		return append(varied(append(dst, '['), inner[0], r, shuffle), ']')
	}
	return append(dst, v.Raw()...)
}

func BenchmarkSame(b *testing.B) { benchmark(b, [][]byte{okta(b)}) }

func BenchmarkVaried(b *testing.B) { benchmark(b, events(b, false)) }

func BenchmarkShuffled(b *testing.B) { benchmark(b, events(b, true)) }

func events(b *testing.B, shuffle bool) [][]byte {
	v, err := new(Doc).Parse(okta(b))
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	all := make([][]byte, 512)
	for i := range all {
		all[i] = varied(nil, v, r, shuffle)
	}
	return all
}

func benchmark(b *testing.B, events [][]byte) {
	total := 0
	for _, src := range events {
		total += len(src)
	}
	run := func(name string, decode func(*event, []byte) error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(total / len(events)))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				var e event
				if err := decode(&e, events[i%len(events)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	var d Doc
	run("jsonx", func(e *event, src []byte) error {
		v, err := d.Parse(src)
		if err == nil {
			e.read(v)
		}
		return err
	})
	run("jsonx-parse", func(_ *event, src []byte) error {
		_, err := d.Parse(src)
		return err
	})
	run("goccy", func(e *event, src []byte) error { return goccy.Unmarshal(src, e) })
	run("encoding-json", func(e *event, src []byte) error { return json.Unmarshal(src, e) })
}
