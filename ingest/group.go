package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/segmentio/kafka-go"
)

// errFenced: the group goes on without this generation, so nothing may be
// inserted in its name any more.
var errFenced = errors.New("expelled from the group")

// member is our place in one generation of the group. Its commits are refused
// as soon as the group has gone on without us; that is the fence. The group
// does not check who owns a partition, so whoever commits must.
type member struct {
	client     *kafka.Client
	group      string
	generation int
	id         string
}

// commit stores offset and metadata for one partition, or fails with errFenced.
func (m *member) commit(ctx context.Context, topic string, partition int, offset int64, metadata string) error {
	response, err := m.client.OffsetCommit(ctx, &kafka.OffsetCommitRequest{
		GroupID: m.group, GenerationID: m.generation, MemberID: m.id,
		Topics: map[string][]kafka.OffsetCommit{topic: {{Partition: partition, Offset: offset, Metadata: metadata}}},
	})
	if err == nil {
		err = commitError(response, topic, partition)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, kafka.IllegalGeneration), errors.Is(err, kafka.UnknownMemberId), errors.Is(err, kafka.RebalanceInProgress):
		err = fmt.Errorf("%w: %w", errFenced, err)
	}
	return fmt.Errorf("commit %s/%d at offset %d in generation %d: %w", topic, partition, offset, m.generation, err)
}

func commitError(response *kafka.OffsetCommitResponse, topic string, partition int) error {
	for _, p := range response.Topics[topic] {
		if p.Partition == partition {
			return p.Error
		}
	}
	return errors.New("the answer is about another partition")
}

// committed returns what the group remembers of a partition.
func (m *member) committed(ctx context.Context, topic string, partition int) (committed, error) {
	response, err := m.client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: m.group, Topics: map[string][]int{topic: {partition}}})
	if err == nil {
		err = response.Error
	}
	if err != nil {
		return committed{}, fmt.Errorf("read the offset of %s/%d: %w", topic, partition, err)
	}
	for _, p := range response.Topics[topic] {
		if p.Partition != partition {
			continue
		}
		if p.Error != nil {
			return committed{}, fmt.Errorf("read the offset of %s/%d: %w", topic, partition, p.Error)
		}
		return committed{known: p.CommittedOffset >= 0, offset: p.CommittedOffset, metadata: p.Metadata}, nil
	}
	return committed{}, fmt.Errorf("read the offset of %s/%d: the answer is about another partition", topic, partition)
}

// bounds returns what the broker has of a partition.
func (m *member) bounds(ctx context.Context, topic string, partition int) (log, error) {
	response, err := m.client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{
		topic: {kafka.FirstOffsetOf(partition), kafka.LastOffsetOf(partition)},
	}})
	if err != nil {
		return log{}, fmt.Errorf("read the bounds of %s/%d: %w", topic, partition, err)
	}
	for _, p := range response.Topics[topic] {
		if p.Partition == partition && p.Error == nil {
			return log{first: p.FirstOffset, end: p.LastOffset}, nil
		}
		err = p.Error
	}
	return log{}, fmt.Errorf("read the bounds of %s/%d: %w", topic, partition, errors.Join(err, errors.New("no answer for it")))
}
