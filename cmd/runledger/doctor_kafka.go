package main

import (
	"context"
	"strconv"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/kafkaconn"
)

// leastRetention is how long Kafka must keep events so that a power loss of
// ClickHouse can be repaired from it.
const leastRetention = 7 * 24 * time.Hour

func examineKafka(ctx context.Context, r *report, cfg config.Config) {
	if len(cfg.Kafka.Brokers) == 0 {
		r.bad(sick, "kafka", "start `runledger up`, or configure kafka.brokers", "no broker: none is configured and none runs on %s", cfg.Data)
		return
	}
	client := kafkaconn.Client(cfg.Kafka, 10*time.Second)
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{cfg.Kafka.Topic}})
	if err != nil {
		r.bad(sick, "kafka", "start the brokers, or correct kafka.brokers, tls and username", "%v", err)
		return
	}
	r.ok("kafka", "%d brokers", len(meta.Brokers))
	if len(meta.Topics) == 0 || meta.Topics[0].Error != nil {
		r.bad(sick, "topic "+cfg.Kafka.Topic, "start a gateway or a collector: it creates the topic", "absent")
		return
	}
	topic := meta.Topics[0]
	replicas := len(topic.Partitions[0].Replicas)
	r.want(len(topic.Partitions) >= cfg.Kafka.Partitions, warning, "partitions of "+topic.Name,
		"add partitions, or correct kafka.partitions", "%d, configured %d", len(topic.Partitions), cfg.Kafka.Partitions)
	r.want(replicas >= 3 || len(meta.Brokers) < 3, warning, "replicas of "+topic.Name,
		"raise the replication factor to 3: an acknowledged push must survive the loss of a broker", "%d on %d brokers", replicas, len(meta.Brokers))
	checkTopic(ctx, r, client, cfg)
}

func checkTopic(ctx context.Context, r *report, client *kafka.Client, cfg config.Config) {
	settings, err := topicSettings(ctx, client, cfg.Kafka.Topic)
	if err != nil {
		r.bad(warning, "settings of "+cfg.Kafka.Topic, "give the user DESCRIBE_CONFIGS on the topic", "%v", err)
		return
	}
	largest, _ := strconv.ParseInt(settings["max.message.bytes"], 10, 64)
	r.want(largest >= cfg.Gateway.MaxBody, sick, "max.message.bytes",
		"set max.message.bytes of the topic above gateway.max_body: a push is one record batch", "%d, largest body %d", largest, cfg.Gateway.MaxBody)
	ms, _ := strconv.ParseInt(settings["retention.ms"], 10, 64)
	kept := time.Duration(ms) * time.Millisecond
	r.want(ms < 0 || kept >= leastRetention, warning, "retention.ms",
		"set retention.ms to 7 days or more: Kafka repairs ClickHouse after a power loss", "%s", kept)
	policy := settings["cleanup.policy"]
	r.want(policy == "delete" || policy == "", sick, "cleanup.policy", "set cleanup.policy=delete: compaction would drop events", "%s", policy)
}

func topicSettings(ctx context.Context, client *kafka.Client, topic string) (map[string]string, error) {
	res, err := client.DescribeConfigs(ctx, &kafka.DescribeConfigsRequest{
		Resources: []kafka.DescribeConfigRequestResource{{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic}},
	})
	if err != nil {
		return nil, err
	}
	settings := map[string]string{}
	for _, resource := range res.Resources {
		if resource.Error != nil {
			return nil, resource.Error
		}
		for _, e := range resource.ConfigEntries {
			settings[e.ConfigName] = e.ConfigValue
		}
	}
	return settings, nil
}
