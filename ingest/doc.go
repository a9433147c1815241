// Package ingest brings events in: the gateway takes what vendors push and
// writes it to Kafka; the collector reads Kafka and writes ClickHouse, each
// message exactly once.
//
// It does not interpret payloads (package normalize) and answers no questions
// (package query).
//
// # Exactly once
//
// One goroutine owns a partition while the consumer group says so. It reads a
// range of offsets, declares the range in the metadata of its offset commit
// (the intent), and sends the range as one INSERT with a token made of the
// range. The commit carries the generation of the group, so a member that was
// expelled cannot declare anything; the INSERT carries the token, so a range
// that is sent again changes nothing. The commit of the next range confirms
// the one before: one commit for each INSERT. Whoever takes a partition over
// first sends the range that was declared last, whether or not it had arrived.
package ingest
