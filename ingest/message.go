package ingest

// Headers of the messages on our own topic. The gateway sets them, the
// collector reads them; others are passed on to the format.
const (
	headerSource    = "rl-source"     // name of the format
	headerTenant    = "rl-tenant"     // whose event it is
	headerSourceURI = "rl-source-uri" // instance of the source, optional
)
