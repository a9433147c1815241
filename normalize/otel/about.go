package otel

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Spans of CI/CD pipelines (runs and tasks) and of generative AI (steps), with their events.",
	Cannot:    "Spans that were sampled away; people who reviewed an AI step, for which the conventions have no attribute.",
	Identity:  "trace and span id; cicd.pipeline.run.id names the run.",
	Time:      "Start and end of the span, nanoseconds.",
	Retention: "As the backend says.",
}
