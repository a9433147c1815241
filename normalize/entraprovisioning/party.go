package entraprovisioning

import (
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// party is a system, an identity, an application or who started it.
type party struct {
	id, name, kind  string
	login, fullName string // of the details
}

// read takes in an object, or the first of a list: the servicePrincipal is
// documented as one and sent as the other.
func (p *party) read(c *normalize.Context, parent string, m jsonx.Value) {
	v := normalize.Inner(m)
	if v.Kind() == jsonx.Array && v.Len() > 0 {
		if v.Len() > 1 {
			c.KeepAs("", parent, v)
		}
		v = v.First()
	}
	if v.Kind() != jsonx.Object {
		keep(c, "", m, v)
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "id", "Id":
			text(c, &p.id, parent, m)
		case "displayName", "DisplayName", "name", "Name":
			text(c, &p.name, parent, m)
		case "identityType", "IdentityType", "type", "Type",
			"initiatingType", "InitiatingType", "initiatorType", "InitiatorType":
			text(c, &p.kind, parent, m)
		case "details", "Details":
			p.readDetails(c, parent, m)
		default:
			keep(c, parent, m, normalize.Inner(m))
		}
	}
}

func (p *party) readDetails(c *normalize.Context, parent string, m jsonx.Value) {
	v := normalize.Inner(m)
	for m := v.First(); m.Exists() && v.Kind() == jsonx.Object; m = m.Next() {
		switch strings.ToLower(m.Key()) {
		case "userprincipalname", "username":
			p.login = m.Str()
		case "displayname":
			p.fullName = m.Str()
		}
	}
	if v.Len() > 0 || v.Text() != "" || !v.Exists() {
		keep(c, parent, m, v)
	}
}

// label is how people call p.
func (p *party) label() string {
	if p.name == "" {
		return p.fullName
	}
	return p.name
}

func (p *party) email() string {
	for _, s := range [...]string{p.login, p.name} {
		if strings.IndexByte(s, '@') > 0 {
			return s
		}
	}
	return ""
}

// isDirectory reports whether p is Entra itself, under whichever name.
func (p *party) isDirectory() bool {
	return strings.EqualFold(p.name, "Azure Active Directory") || strings.HasPrefix(p.name, "Microsoft Entra")
}
