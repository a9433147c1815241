package ingest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/segmentio/kafka-go"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/kafkaconn"
)

// maxMessageBytes is what a record batch of our own topic may take: a push of
// 10 MB fits into one.
const maxMessageBytes = 12 << 20

// retention is how long the own topic keeps events at least: long enough to
// repair ClickHouse from Kafka after a power loss.
const retention = 7 * 24 * time.Hour

// EnsureTopic creates the topic of c where it is absent, with room for the
// largest push. A topic that exists is left as it is. Brokers that do not
// answer yet are waited for until ctx is done.
func EnsureTopic(ctx context.Context, c config.Kafka) error {
	client := kafkaconn.Client(c, 15*time.Second)
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	request := &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: c.Topic, NumPartitions: c.Partitions, ReplicationFactor: c.Replication, ConfigEntries: topicSettings(c),
	}}}
	create := func() (struct{}, error) {
		response, err := client.CreateTopics(ctx, request)
		if err != nil {
			return struct{}{}, err // nobody answered
		}
		if err := response.Errors[c.Topic]; err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			return struct{}{}, backoff.Permanent(err)
		}
		return struct{}{}, nil
	}
	if _, err := backoff.Retry(ctx, create, backoff.WithMaxElapsedTime(0)); err != nil {
		return fmt.Errorf("create topic %s with %d partitions and replication %d: %w", c.Topic, c.Partitions, c.Replication, err)
	}
	return nil
}

func topicSettings(c config.Kafka) []kafka.ConfigEntry {
	settings := []kafka.ConfigEntry{
		{ConfigName: "max.message.bytes", ConfigValue: strconv.Itoa(maxMessageBytes)},
		{ConfigName: "retention.ms", ConfigValue: strconv.FormatInt(retention.Milliseconds(), 10)},
	}
	if c.Replication >= 3 { // otherwise "all replicas" may mean the leader alone
		settings = append(settings, kafka.ConfigEntry{ConfigName: "min.insync.replicas", ConfigValue: "2"})
	}
	return settings
}
