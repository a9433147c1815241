package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Door is where one vendor pushes with the proof that it knows, for one tenant
// and source.
type Door struct {
	// Name is the last part of its path, /v1/doors/NAME.
	Name   string `yaml:"name"`
	Source string `yaml:"source"`
	Tenant string `yaml:"tenant"`
	// SourceURI names the instance that pushes.
	SourceURI string `yaml:"source_uri,omitempty"`
	// Scheme is the proof: one of Schemes.
	Scheme Scheme `yaml:"scheme"`
	// Secrets names the environment variables that hold the secret, two while
	// it is changed: both are good.
	Secrets []string `yaml:"secrets"`
	// Keys are the secrets, in the order of Secrets.
	Keys []string `yaml:"-"`
}

// Scheme is how a vendor proves that a push is its own.
type Scheme string

// The closed set of schemes.
const (
	SchemeBearer    Scheme = "bearer"     // Authorization: Bearer SECRET
	SchemeEventGrid Scheme = "event_grid" // Azure Event Grid: SECRET in Authorization or in the parameter code
	SchemeGitHub    Scheme = "github"     // X-Hub-Signature-256 over the body
	SchemeHMAC      Scheme = "hmac"       // Standard Webhooks: signature over id, timestamp and body
	SchemeOkta      Scheme = "okta"       // event hook: SECRET as the value of Authorization
)

// Schemes lists every Scheme.
func Schemes() []Scheme {
	return []Scheme{SchemeBearer, SchemeEventGrid, SchemeGitHub, SchemeHMAC, SchemeOkta}
}

// minSecret is the length of the shortest secret that is accepted, in bytes.
const minSecret = 16

// variable is what environment variables with secrets may be called.
var variable = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,99}$`)

// readSecrets takes the secrets of the doors from the environment.
func (g *Gateway) readSecrets(getenv func(string) string) error {
	var errs []error
	for i := range g.Doors {
		d := &g.Doors[i]
		d.Keys = nil
		for n, name := range d.Secrets {
			if !variable.MatchString(name) {
				continue // Validate says so, and does not print what may be the secret itself
			}
			secret := strings.TrimSpace(getenv(name))
			switch {
			case secret == "":
				errs = append(errs, fmt.Errorf("gateway.doors[%d].secrets[%d]: %s is not set: export it, or take it off the list", i, n, name))
			case len(secret) < minSecret:
				errs = append(errs, fmt.Errorf("gateway.doors[%d].secrets[%d]: %s holds fewer than %d characters: use openssl rand -hex 32", i, n, name, minSecret))
			}
			d.Keys = append(d.Keys, secret)
		}
	}
	return errors.Join(errs...)
}

func (p *problems) doors(doors []Door) {
	seen := map[string]bool{}
	for i, d := range doors {
		p.check(name.MatchString(d.Name), "gateway.doors[%d].name: %q is no name", i, d.Name)
		p.check(!seen[d.Name], "gateway.doors[%d].name: %q is there twice", i, d.Name)
		seen[d.Name] = true
		p.check(d.Source != "", "gateway.doors[%d].source: required; `runledger sources` lists them", i)
		p.check(ValidTenant(d.Tenant), "gateway.doors[%d].tenant: %q is no tenant name", i, d.Tenant)
		p.check(slices.Contains(Schemes(), d.Scheme), "gateway.doors[%d].scheme: want one of %v, got %q", i, Schemes(), d.Scheme)
		p.check(len(d.Secrets) == 1 || len(d.Secrets) == 2, "gateway.doors[%d].secrets: want the name of one environment variable, or of two while the secret is changed, got %d", i, len(d.Secrets))
		for n, s := range d.Secrets {
			p.check(variable.MatchString(s), "gateway.doors[%d].secrets[%d]: want the name of an environment variable such as RUNLEDGER_DOOR_GITHUB, not the secret", i, n)
		}
	}
}
