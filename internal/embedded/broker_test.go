package embedded

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
)

// Messages acknowledged by all replicas are there, once and in order, after
// kill -9 of the broker in the middle of producing, and after stop and start.
func TestBrokerKeepsAcknowledgedMessages(t *testing.T) {
	cfg := Config{DataDir: t.TempDir(), Broker: true}
	s := start(t, cfg)
	addr := s.Brokers()[0]
	createTopic(t, s, "rows")

	next := 0 // first number that is not acknowledged
	for range 3 {
		producing, done := make(chan struct{}), make(chan int)
		go func() {
			n := next
			for ; produce(addr, "rows", n) == nil; n++ {
				if n == next+20 {
					close(producing)
				}
			}
			done <- n
		}()
		<-producing
		if err := syscall.Kill(s.Pid(Broker), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		next = <-done
		eventually(t, "an answer after kill -9", func() bool { return s.askBroker(t.Context()) == nil })
	}
	if s.Restarts(Broker) != 3 || s.Brokers()[0] != addr {
		t.Errorf("%d restarts, broker %s then %s", s.Restarts(Broker), addr, s.Brokers()[0])
	}
	check := func(when string) {
		t.Helper()
		seen := consume(t, s, "rows")
		for n := range next {
			if !seen[n] {
				t.Fatalf("%s: message %d of %d was acknowledged and is lost", when, n, next)
			}
		}
	}
	check("after kill -9")
	s.Stop(t.Context())
	s = start(t, cfg)
	check("after stop and start")
}

// Committed offsets, with their metadata, survive kill -9 as messages do.
func TestBrokerKeepsCommittedOffsets(t *testing.T) {
	s := start(t, Config{Broker: true})
	createTopic(t, s, "rows")
	client := &kafka.Client{Addr: kafka.TCP(s.Brokers()...), Transport: newTransport(t)}
	commit, err := client.OffsetCommit(t.Context(), &kafka.OffsetCommitRequest{
		GroupID: "g", GenerationID: -1,
		Topics: map[string][]kafka.OffsetCommit{"rows": {{Partition: 0, Offset: 7, Metadata: "v1;last=9"}}},
	})
	if err == nil {
		err = commit.Topics["rows"][0].Error
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(s.Pid(Broker), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a restart", func() bool { return s.Restarts(Broker) == 1 && s.askBroker(t.Context()) == nil })
	var got kafka.OffsetFetchPartition
	eventually(t, "offsets", func() bool {
		fetched, err := client.OffsetFetch(t.Context(), &kafka.OffsetFetchRequest{GroupID: "g", Topics: map[string][]int{"rows": {0}}})
		if err != nil || fetched.Error != nil {
			return false
		}
		got = fetched.Topics["rows"][0]
		return true
	})
	if got.CommittedOffset != 7 || got.Metadata != "v1;last=9" {
		t.Errorf("got %+v", got)
	}
}

// A topic nobody created is refused, not made.
func TestBrokerCreatesNoTopics(t *testing.T) {
	s := start(t, Config{Broker: true})
	writer := &kafka.Writer{Addr: kafka.TCP(s.Brokers()...), Topic: "absent", AllowAutoTopicCreation: true, MaxAttempts: 1, BatchTimeout: time.Millisecond, Transport: newTransport(t)}
	defer writer.Close()
	if err := writer.WriteMessages(t.Context(), kafka.Message{Value: []byte("x")}); !errors.Is(err, kafka.UnknownTopicOrPartition) {
		t.Errorf("got %v", err)
	}
}

func createTopic(t *testing.T, s *Stack, topic string) {
	t.Helper()
	conn, err := kafka.Dial("tcp", s.Brokers()[0])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.CreateTopics(kafka.TopicConfig{Topic: topic, NumPartitions: 1, ReplicationFactor: 1}); err != nil {
		t.Fatal(err)
	}
}

func newTransport(t *testing.T) *kafka.Transport {
	transport := &kafka.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// produce writes one number and waits for all replicas. It does not retry.
func produce(addr, topic string, n int) error {
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	writer := &kafka.Writer{Addr: kafka.TCP(addr), Topic: topic, RequiredAcks: kafka.RequireAll, MaxAttempts: 1, BatchSize: 1, Transport: transport}
	defer writer.Close()
	return writer.WriteMessages(context.Background(), kafka.Message{Value: fmt.Append(nil, n)})
}

// consume reads the whole topic and returns the numbers in it.
func consume(t *testing.T, s *Stack, topic string) map[int]bool {
	t.Helper()
	conn, err := kafka.DialLeader(t.Context(), "tcp", s.Brokers()[0], topic, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	end, err := conn.ReadLastOffset()
	if err != nil {
		t.Fatal(err)
	}
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: s.Brokers(), Topic: topic, MaxWait: 100 * time.Millisecond})
	defer reader.Close()
	seen := map[int]bool{}
	for range end {
		m, err := reader.ReadMessage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if _, err := fmt.Sscan(string(m.Value), &n); err != nil {
			t.Fatal(err)
		}
		seen[n] = true
	}
	return seen
}
