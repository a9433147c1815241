package demo

import (
	"time"
)

// planOkta makes an event of the System Log, or the few that belong together.
func (s *slot) planOkta() {
	at := s.within()
	switch p := s.r.Float64(); {
	case p < 0.52:
		s.signIn(at)
	case p < 0.80:
		s.provision(at)
	case p < 0.90:
		s.member(at)
	case p < 0.96:
		s.lifecycle(at)
	case p < 0.985:
		s.importJob(at)
	default:
		s.audited(at)
	}
}

func (s *slot) okta(e oktaEvent) {
	if e.severity == "" {
		e.severity = "INFO"
	}
	if e.result == "" {
		e.result = "SUCCESS"
	}
	if e.transaction == "" {
		e.transaction, e.transactType = s.id("trs"), "WEB"
	}
	if e.actor == "" {
		e.actor, e.actorType, e.actorName, e.actorEmail = "sprsystem0000000demo", "SystemPrincipal", "Okta System", "system@okta.example.com"
	}
	s.add(oktaFeed, e.at, e.append(nil, s.r))
}

func (e oktaEvent) by(p person) oktaEvent {
	e.actor, e.actorType, e.actorName, e.actorEmail = p.oktaID, "User", p.name, p.email
	return e
}

func (e oktaEvent) failing(reason string) oktaEvent {
	e.severity, e.result, e.reason = "WARN", "FAILURE", reason
	return e
}

func (s *slot) user(p person) oktaTarget {
	return oktaTarget{kind: "User", id: p.oktaID, alternate: p.email, name: p.name}
}

func (s *slot) instance(app string) oktaTarget {
	return oktaTarget{kind: "AppInstance", id: s.t.appID(app), alternate: app, name: app}
}

func (s *slot) signIn(at time.Time) {
	who := s.person()
	e := oktaEvent{at: at, kind: "user.session.start", display: "User login to Okta"}.by(who)
	if s.chance(0.5) {
		e.kind, e.display = "user.authentication.sso", "User single sign on to app"
		e.targets = []oktaTarget{s.instance(pick(s, s.t.apps)), s.user(who)}
	}
	if s.chance(0.001) {
		e = e.failing("INVALID_CREDENTIALS")
	}
	s.okta(e)
}

var provisioning = []struct{ kind, display string }{
	{"application.provision.user.push", "Push new user to external application"},
	{"application.provision.user.push_profile", "Push user's profile to external application"},
	{"application.provision.user.push_profile", "Push user's profile to external application"},
	{"application.provision.user.deactivate", "Deactivate user's account in external application"},
	{"application.user_membership.add", "Add user to application membership"},
}

func (s *slot) provision(at time.Time) {
	what, app, who := pick(s, provisioning), pick(s, s.t.apps), s.person()
	e := oktaEvent{at: at, kind: what.kind, display: what.display, transaction: s.id("ijb"), transactType: "JOB", targets: []oktaTarget{
		{kind: "AppUser", id: "0ua" + who.scimID + "0", alternate: who.email, name: who.name}, s.instance(app), s.user(who),
	}}
	if f := s.faultOf(app, at); f != nil && what.kind != "application.user_membership.add" {
		e = e.failing(f.says(app))
		if f == rateLimited {
			e.result = "RATE_LIMIT"
		}
		s.failed(failure{source: sources[oktaFeed], runID: e.transaction, app: app, fault: f, at: at})
	}
	s.okta(e)
}

func (s *slot) member(at time.Time) {
	who := s.person()
	e := oktaEvent{at: at, kind: "group.user_membership.add", display: "Add user to group membership"}
	if s.chance(0.4) {
		e.kind, e.display = "group.user_membership.remove", "Remove user from group membership"
	}
	group := pick(s, []string{"sales", "support", "engineering", "everyone"})
	e.targets = []oktaTarget{s.user(who), {kind: "UserGroup", id: "00g" + group, alternate: "unknown", name: group}}
	s.okta(e)
}

func (s *slot) lifecycle(at time.Time) {
	what := pick(s, []struct{ kind, display string }{
		{"user.lifecycle.create", "Create Okta user"},
		{"user.lifecycle.activate", "Activate Okta user"},
		{"user.lifecycle.deactivate", "Deactivate Okta user"},
		{"user.lifecycle.suspend", "Suspend Okta user"},
	})
	s.okta(oktaEvent{at: at, kind: what.kind, display: what.display, targets: []oktaTarget{s.user(s.person())}}.by(s.person()))
}

// importJob is a scheduled import from an app: one transaction for all of it.
func (s *slot) importJob(at time.Time) {
	app, job := pick(s, s.t.apps), s.id("ijb")
	event := func(kind, display string) oktaEvent {
		return oktaEvent{at: at, kind: kind, display: display, transaction: job, transactType: "JOB", targets: []oktaTarget{s.instance(app)}}
	}
	s.okta(event("app.app_instance.provision_sync_job.started", "Start provisioning sync job"))
	if s.chance(0.004) {
		return // and nothing is heard of it again
	}
	for range s.r.IntN(4) {
		at = at.Add(s.between(time.Second, 15*time.Second))
		who := s.person()
		e := event("application.provision.user.sync", "Sync user in external application")
		e.targets = append(e.targets, s.user(who))
		s.okta(e)
	}
	at = at.Add(s.between(2*time.Second, 40*time.Second))
	end := event("app.app_instance.provision_sync_job.completed", "Complete provisioning sync job")
	if f := s.faultOf(app, at); f != nil {
		end = event("app.app_instance.provision_sync_job.failed", "Fail provisioning sync job").failing(f.says(app))
		s.failed(failure{sources[oktaFeed], "app.app_instance.provision_sync_job/" + s.t.appID(app), job, app, f, at})
	}
	s.okta(end)
}

// audited is a change that somebody will ask about one day, or a limit that
// was hit.
func (s *slot) audited(at time.Time) {
	if s.chance(0.1) {
		s.okta(oktaEvent{at: at, kind: "system.org.rate_limit.warning", display: "Rate limit warning", severity: "WARN"})
		return
	}
	what := pick(s, []struct{ kind, display string }{
		{"policy.rule.update", "Update policy rule"},
		{"application.lifecycle.update", "Update application"},
		{"user.account.privilege.grant", "Grant user privilege"},
		{"workflows.user.flow.save", "Save flow"},
	})
	s.okta(oktaEvent{at: at, kind: what.kind, display: what.display, targets: []oktaTarget{s.instance(pick(s, s.t.apps))}}.by(s.person()))
}
