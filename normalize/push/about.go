package push

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "What an application or a connector tells on its own: application pushes (rl.app.push.v1), annotations and diagnoses, AI steps, and the types of sources without a machine format.",
	Cannot:    "Anything that its producer does not send. There is no history to ask for: a push that was lost is lost.",
	Identity:  "CloudEvents source and id; data name runs, actions and objects.",
	Time:      "time of the event, recordedtime where the producer wrote it down later. A time without zone is refused.",
	Retention: "Nothing is kept at the source.",
}
