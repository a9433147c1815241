// Package formats is the list of the sources runledger understands. It holds
// no logic: each format lives in its own folder beside it.
package formats

import (
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/actiontrail"
	"github.com/runledger/runledger/normalize/auth0"
	"github.com/runledger/runledger/normalize/cerby"
	"github.com/runledger/runledger/normalize/eiam"
	"github.com/runledger/runledger/normalize/entraaudit"
	"github.com/runledger/runledger/normalize/entralifecycle"
	"github.com/runledger/runledger/normalize/entraprovisioning"
	"github.com/runledger/runledger/normalize/githubactions"
	"github.com/runledger/runledger/normalize/githubaudit"
	"github.com/runledger/runledger/normalize/googleworkspace"
	"github.com/runledger/runledger/normalize/idaas"
	"github.com/runledger/runledger/normalize/jumpcloud"
	"github.com/runledger/runledger/normalize/logicapps"
	"github.com/runledger/runledger/normalize/ocsf"
	"github.com/runledger/runledger/normalize/okta"
	"github.com/runledger/runledger/normalize/oktaworkflows"
	"github.com/runledger/runledger/normalize/onelogin"
	"github.com/runledger/runledger/normalize/otel"
	"github.com/runledger/runledger/normalize/pingfederate"
	"github.com/runledger/runledger/normalize/pingone"
	"github.com/runledger/runledger/normalize/push"
	"github.com/runledger/runledger/normalize/sailpoint"
	"github.com/runledger/runledger/normalize/scim"
	"github.com/runledger/runledger/normalize/scimevents"
	"github.com/runledger/runledger/normalize/temporal"
	"github.com/runledger/runledger/normalize/zluri"
	"github.com/runledger/runledger/normalize/zluriaudit"
)

// All returns every format, in alphabetical order of name.
func All() []normalize.Format {
	return []normalize.Format{
		actiontrail.Format,
		eiam.Format,
		idaas.Format,
		auth0.Format,
		logicapps.Format,
		cerby.Format,
		push.Format,
		entraaudit.Format,
		entralifecycle.Format,
		entraprovisioning.Format,
		githubactions.Format,
		githubaudit.Format,
		googleworkspace.Format,
		jumpcloud.Format,
		ocsf.Format,
		okta.Format,
		oktaworkflows.Format,
		onelogin.Format,
		otel.Format,
		pingfederate.Format,
		pingone.Format,
		sailpoint.Format,
		scimevents.Format,
		scim.Format,
		temporal.Format,
		zluriaudit.Format,
		zluri.Format,
	}
}

// ByName returns the formats by the name users type.
func ByName() map[string]*normalize.Format {
	m := map[string]*normalize.Format{}
	for _, f := range All() {
		m[f.Name] = &f
	}
	return m
}
