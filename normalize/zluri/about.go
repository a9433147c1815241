package zluri

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Playbook runs with their users, applications and actions: status, attempts, logs, configured parameters, application responses, manual tasks, archiving.",
	Cannot:    "The vendor shows run logs on its screen and in an export only. This format is what a connector makes of them (rl.zluri.run.v1); what the connector leaves out is not known here.",
	Identity:  "run_id of the run, action_id and attempt of an action; users by e-mail.",
	Time:      "run_on_utc, started_at, ended_at. Local texts are kept and not trusted.",
	Retention: "As the plan says; not documented.",
}
