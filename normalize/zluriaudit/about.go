package zluriaudit

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Changes of the workspace: playbooks published, rules triggered, integrations synchronised or failing.",
	Cannot:    "Runs and their actions: see zluri.run_log.",
	Identity:  "As the API gives it, with content.",
	Time:      "Time of the event.",
	Retention: "The API answers for windows of 7 days.",
}
