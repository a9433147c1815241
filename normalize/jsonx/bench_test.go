package jsonx

import (
	"encoding/json"
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
		UserAgent struct {
			Raw     string `json:"rawUserAgent"`
			OS      string `json:"os"`
			Browser string `json:"browser"`
		} `json:"userAgent"`
		Device string `json:"device"`
		IP     string `json:"ipAddress"`
		Geo    struct {
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

func BenchmarkEvent(b *testing.B) {
	src := okta(b)
	run := func(name string, decode func(*event) error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				var e event
				if err := decode(&e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	var d Doc
	run("jsonx", func(e *event) error {
		v, err := d.Parse(src)
		if err == nil {
			e.read(v)
		}
		return err
	})
	run("jsonx-parse", func(*event) error {
		_, err := d.Parse(src)
		return err
	})
	run("jsonx-read", func(e *event) error {
		e.read(Value{d: &d, src: &src[0]})
		return nil
	})
	run("goccy", func(e *event) error { return goccy.Unmarshal(src, e) })
	run("encoding-json", func(e *event) error { return json.Unmarshal(src, e) })
}
