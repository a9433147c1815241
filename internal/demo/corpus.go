package demo

import (
	"math/rand/v2"
	"strconv"
	"time"
)

// oktaEvent is what differs between events of the Okta System Log.
type oktaEvent struct {
	at                        time.Time
	kind, display, severity   string
	result, reason            string
	actor, actorType          string // id and type
	actorName, actorEmail     string
	targets                   []oktaTarget
	transaction, transactType string // id and type
}

type oktaTarget struct {
	kind, id, alternate, name string
	changes                   string // JSON of changeDetails
}

// append appends e as a LogEvent. The order of the members, and which of the
// optional ones are there, is drawn: a vendor promises neither.
func (e *oktaEvent) append(dst []byte, r *rand.Rand) []byte {
	dst = append(dst, `{"uuid":"`...)
	dst = appendUUID(dst, r)
	dst = append(dst, `","published":"`...)
	dst = e.at.AppendFormat(dst, layout)
	dst = append(dst, `","eventType":"`...)
	dst = append(append(dst, e.kind...), '"')
	draw := r.Uint64()
	first, step := int(draw&7), int(draw>>3&3)*2+1
	for i := range 8 {
		dst = e.appendMember(dst, (first+i*step)&7, draw>>8, r)
	}
	return append(dst, '}')
}

// appendMember appends the n-th of eight members, or nothing if draw says so.
func (e *oktaEvent) appendMember(dst []byte, n int, draw uint64, r *rand.Rand) []byte {
	switch n {
	case 0:
		dst = append(dst, `,"version":"0","severity":"`...)
		dst = append(append(dst, e.severity...), `","displayMessage":`...)
		return appendString(dst, e.display)
	case 1:
		return e.appendActor(dst)
	case 2:
		return e.appendOutcome(dst)
	case 3:
		return e.appendTargets(dst)
	case 4:
		dst = append(dst, `,"transaction":{"type":"`...)
		dst = append(append(dst, e.transactType...), `","id":"`...)
		return append(append(dst, e.transaction...), `","detail":{}}`...)
	case 5:
		if draw&15 < 7 {
			return dst
		}
		return appendClient(dst, draw>>4)
	case 6:
		if draw>>16&15 < 7 {
			return dst
		}
		return e.appendDebug(dst, draw>>20, r)
	default:
		if draw>>28&1 == 0 {
			return dst
		}
		dst = append(dst, `,"securityContext":{"asNumber":`...)
		dst = strconv.AppendInt(dst, int64(64496+draw>>24&15), 10)
		return append(dst, `,"asOrg":"example transit","isProxy":false}`...)
	}
}

func (e *oktaEvent) appendActor(dst []byte) []byte {
	dst = append(dst, `,"actor":{"id":"`...)
	dst = append(append(dst, e.actor...), `","type":"`...)
	dst = append(append(dst, e.actorType...), `","alternateId":"`...)
	dst = append(append(dst, e.actorEmail...), `","displayName":`...)
	return append(appendString(dst, e.actorName), '}')
}

func (e *oktaEvent) appendOutcome(dst []byte) []byte {
	dst = append(dst, `,"outcome":{"result":"`...)
	dst = append(append(dst, e.result...), '"')
	if e.reason != "" {
		dst = appendString(append(dst, `,"reason":`...), e.reason)
	}
	return append(dst, '}')
}

func (e *oktaEvent) appendTargets(dst []byte) []byte {
	if len(e.targets) == 0 {
		return append(dst, `,"target":null`...)
	}
	dst = append(dst, `,"target":[`...)
	for i, t := range e.targets {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"id":"`...)
		dst = append(append(dst, t.id...), `","type":"`...)
		dst = append(append(dst, t.kind...), `","alternateId":"`...)
		dst = append(append(dst, t.alternate...), `","displayName":`...)
		dst = appendString(dst, t.name)
		if t.changes != "" {
			dst = append(append(dst, `,"changeDetails":`...), t.changes...)
		}
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

var (
	oktaAgents = [...]string{
		`{"rawUserAgent":"Mozilla/5.0 (X11; Linux x86_64)","os":"Linux","browser":"CHROME"}`,
		`{"rawUserAgent":"Mozilla/5.0 (Macintosh; \"test\")","os":"Mac OS X","browser":"SAFARI"}`,
		`{"rawUserAgent":"okta-scim-agent\/2.4","os":"Unknown","browser":"UNKNOWN"}`,
		`{"rawUserAgent":"Mozilla/5.0 (Windows NT 10.0)","os":"Windows 10","browser":"FIREFOX"}`,
	}
	oktaPlaces = [...]string{
		`{"city":"K\u00f6ln","country":"Germany","geolocation":{"lat":50.94,"lon":6.96}}`,
		`{"city":"Lyon","country":"France","geolocation":{"lat":45.76,"lon":4.84}}`,
		`{"city":"Porto","country":"Portugal","geolocation":{"lat":41.15,"lon":-8.61}}`,
		`{"city":"São Paulo","country":"Brazil","geolocation":{"lat":-23.55,"lon":-46.63}}`,
	}
)

// appendClient writes addresses of 192.0.2.0/24, which is kept for examples.
func appendClient(dst []byte, draw uint64) []byte {
	dst = append(dst, `,"client":{"userAgent":`...)
	dst = append(dst, oktaAgents[draw&3]...)
	dst = append(dst, `,"zone":"null","device":"Computer","ipAddress":"192.0.2.`...)
	dst = strconv.AppendUint(dst, draw>>4&0xff, 10)
	dst = append(dst, `","geographicalContext":`...)
	dst = append(dst, oktaPlaces[draw>>2&3]...)
	return append(dst, '}')
}

func (e *oktaEvent) appendDebug(dst []byte, draw uint64, r *rand.Rand) []byte {
	dst = append(dst, `,"debugContext":{"debugData":{"requestId":"`...)
	dst = appendHex(dst, r.Uint64(), 16)
	dst = append(dst, `","requestUri":"\/api\/v1\/users","threatSuspected":"false"`...)
	if draw&3 == 0 {
		dst = append(dst, `,"dtHash":"`...)
		dst = append(appendHex(dst, r.Uint64(), 16), '"')
	}
	dst = append(dst, `}},"authenticationContext":{"externalSessionId":"`...)
	dst = appendHex(append(dst, "102"...), r.Uint64(), 16)
	return append(dst, `","authenticationStep":0},"legacyEventType":null`...)
}

func appendHex(dst []byte, n uint64, digits int) []byte {
	const hexDigits = "0123456789abcdef"
	for shift := (digits - 1) * 4; shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[n>>shift&15])
	}
	return dst
}

// appendUUID appends a random UUID of version 4.
func appendUUID(dst []byte, r *rand.Rand) []byte {
	high, low := r.Uint64(), r.Uint64()
	dst = append(appendHex(dst, high>>32, 8), '-')
	dst = append(appendHex(dst, high>>16&0xffff, 4), '-')
	dst = append(appendHex(dst, high&0x0fff|0x4000, 4), '-')
	dst = append(appendHex(dst, low>>48&0x3fff|0x8000, 4), '-')
	return appendHex(dst, low&0xffffffffffff, 12)
}

// corpusKinds are the events of AppendOktaEvent, the common ones repeated.
var corpusKinds = [...]struct{ kind, display, app string }{
	{"user.session.start", "User login to Okta", ""},
	{"user.authentication.sso", "User single sign on to app", "Salesforce"},
	{"user.authentication.sso", "User single sign on to app", "Slack"},
	{"application.provision.user.push", "Push new user to external application", "Zendesk"},
	{"application.provision.user.push_profile", "Push user's profile to external application", "HubSpot"},
	{"application.provision.user.deactivate", "Deactivate user's \"app\" account", "Zoom"},
	{"application.user_membership.add", "Add user to application membership", "Salesforce"},
	{"group.user_membership.add", "Add user to group membership", ""},
}

// AppendOktaEvent appends one event of the Okta System Log to dst, about 900
// bytes, for benchmarks: members in varying order, some missing, many that no
// reader uses, a few escapes. The same state of r and time give the same bytes.
func AppendOktaEvent(dst []byte, r *rand.Rand, at time.Time) []byte {
	draw := r.Uint64()
	kind := &corpusKinds[draw&7]
	var scratch [128]byte
	ids := scratch[:0]
	ids = appendHex(append(ids, "00u"...), draw>>8&0xffff, 17)
	ids = appendHex(append(ids, "user"...), draw>>8&0xffff, 4)
	ids = append(ids, "@acme.example.com"...)
	ids = appendHex(append(ids, "trs"...), draw>>24, 17)
	text := string(ids)
	who, email, name, transaction := text[:20], text[20:45], text[20:28], text[45:]
	e := oktaEvent{
		at: at, kind: kind.kind, display: kind.display, severity: "INFO", result: "SUCCESS",
		actor: who, actorType: "User", actorName: name, actorEmail: email,
		transaction: transaction, transactType: "WEB",
	}
	if draw>>40&31 == 0 {
		e.severity, e.result, e.reason = "WARN", "FAILURE", "VERIFICATION_ERROR"
	}
	targets := [2]oktaTarget{
		{kind: "User", id: who, alternate: email, name: name},
		{kind: "AppInstance", id: "0oa00000000000demo00", alternate: kind.app, name: kind.app},
	}
	e.targets = targets[:1]
	if kind.app != "" {
		e.targets = targets[:]
	}
	return e.append(dst, r)
}
