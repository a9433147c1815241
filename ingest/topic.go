package ingest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/kafkaconn"
)

// maxMessageBytes is what a record batch of our own topic may take: a push of
// 10 MB fits into one.
const maxMessageBytes = 12 << 20

// EnsureTopic creates the topic of c where it is absent, with room for the
// largest push. A topic that exists is left as it is.
func EnsureTopic(ctx context.Context, c config.Kafka) error {
	client := kafkaconn.Client(c, 15*time.Second)
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	response, err := client.CreateTopics(ctx, &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: c.Topic, NumPartitions: c.Partitions, ReplicationFactor: c.Replication,
		ConfigEntries: []kafka.ConfigEntry{
			{ConfigName: "max.message.bytes", ConfigValue: strconv.Itoa(maxMessageBytes)},
		},
	}}})
	if err == nil {
		err = response.Errors[c.Topic]
	}
	if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
		return fmt.Errorf("create topic %s with %d partitions and replication %d: %w", c.Topic, c.Partitions, c.Replication, err)
	}
	return nil
}
