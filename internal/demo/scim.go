package demo

import (
	"fmt"
	"net/url"
	"time"
)

const scimUser = "urn:ietf:params:scim:schemas:core:2.0:User"

// exchange is one SCIM request with its response.
type exchange struct {
	method, path string
	request      obj
	status       int
	response     obj
}

// planSCIM makes one request of a provisioning client to an app.
func (s *slot) planSCIM() {
	app, who, at := pick(s, s.t.apps), s.person(), s.within()
	x := s.request(who)
	switch f := s.lasting(app, at); {
	case f != nil && s.chance(0.5):
		x = x.refused(f, app)
	case x.method == "POST" && s.chance(0.01):
		x = x.refused(conflicting, app)
	}
	s.scim(app, at, x)
}

func (s *slot) request(who person) exchange {
	user := obj{"schemas", []string{scimUser}, "id", who.scimID, "externalId", who.oktaID, "userName", who.email, "displayName", who.name, "active", true}
	one := "/scim/v2/Users/" + who.scimID
	switch p := s.r.Float64(); {
	case p < 0.22:
		asked := obj{"schemas", []string{scimUser}, "externalId", who.oktaID, "userName", who.email, "displayName", who.name, "active", true}
		return exchange{"POST", "/scim/v2/Users", asked, 201, user}
	case p < 0.40:
		return exchange{"PATCH", one, patch(obj{"op", "replace", "value", obj{"active", false}}), 200, append(user[:len(user)-1:len(user)-1], false)}
	case p < 0.62:
		return exchange{"PATCH", one, patch(obj{"op", "Replace", "path", "displayName", "value", who.name}), 200, user}
	case p < 0.76:
		group := pick(s, []string{"sales", "support", "engineering"})
		return exchange{"PATCH", "/scim/v2/Groups/" + group, patch(obj{"op", "add", "path", "members", "value", list{{"value", who.scimID}}}), 204, nil}
	case p < 0.90:
		return exchange{
			"GET", "/scim/v2/Users?filter=" + url.QueryEscape(fmt.Sprintf("userName eq %q", who.email)), nil, 200,
			obj{"schemas", []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"}, "totalResults", 1, "Resources", list{user}},
		}
	case p < 0.96:
		return exchange{"DELETE", one, nil, 204, nil}
	default:
		return s.bulk()
	}
}

func patch(operations ...obj) obj {
	return obj{"schemas", []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, "Operations", list(operations)}
}

// bulk creates several users in one request; now and then one of them is there
// already.
func (s *slot) bulk() exchange {
	var asked, answered list
	for i := range 2 + s.r.IntN(3) {
		who, bulkID := s.person(), fmt.Sprintf("b%d", i+1)
		asked = append(asked, obj{"method", "POST", "path", "/Users", "bulkId", bulkID, "data", obj{"schemas", []string{scimUser}, "userName", who.email, "externalId", who.oktaID}})
		if s.chance(0.01) {
			answered = append(answered, obj{"method", "POST", "bulkId", bulkID, "status", "409", "response", scimError(409, "uniqueness", "userName is taken")})
			continue
		}
		answered = append(answered, obj{"method", "POST", "bulkId", bulkID, "location", "https://scim.example.com/v2/Users/" + who.scimID, "status", "201"})
	}
	return exchange{
		"POST", "/scim/v2/Bulk",
		obj{"schemas", []string{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "failOnErrors", 0, "Operations", asked},
		200,
		obj{"schemas", []string{"urn:ietf:params:scim:api:messages:2.0:BulkResponse"}, "Operations", answered},
	}
}

func (x exchange) refused(f *fault, app string) exchange {
	kind := map[int]string{409: "uniqueness", 400: "invalidValue"}[f.code]
	x.status, x.response = f.code, scimError(f.code, kind, f.says(app))
	return x
}

func scimError(status int, kind, detail string) obj {
	return obj{"schemas", []string{"urn:ietf:params:scim:api:messages:2.0:Error"}, "status", fmt.Sprint(status), "scimType", kind, "detail", detail}
}

// scim pushes an exchange as the proxy in front of the app logs it.
func (s *slot) scim(app string, at time.Time, x exchange) {
	id := s.uuid()
	s.add(scimFeed, at, cloudEvent("rl.scim.exchange.v1", id, "/scim/"+s.t.name, "", at, obj{
		"request_id", id, "time", at, "app", app, "client", "provisioning-agent/2.4",
		"method", x.method, "path", x.path, "request_body", x.request,
		"status_code", x.status, "response_body", x.response, "duration_ms", 20 + s.r.IntN(400),
	}))
}
