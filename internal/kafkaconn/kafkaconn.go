// Package kafkaconn opens connections to Kafka. It is the one place that turns
// configuration into client options; it reads and writes no message.
package kafkaconn

import (
	"crypto/tls"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"

	"github.com/runledger/runledger/internal/config"
)

// clientID is how brokers know us.
const clientID = "runledger"

// Client returns a client of the brokers of c. timeout bounds each request.
func Client(c config.Kafka, timeout time.Duration) *kafka.Client {
	return &kafka.Client{
		Addr:    kafka.TCP(c.Brokers...),
		Timeout: timeout,
		Transport: &kafka.Transport{
			ClientID: clientID, DialTimeout: 5 * time.Second, MetadataTTL: 5 * time.Second,
			TLS: tlsConfig(c), SASL: mechanism(c),
		},
	}
}

// Dialer returns what the consumer group needs to reach the brokers of c.
func Dialer(c config.Kafka) *kafka.Dialer {
	return &kafka.Dialer{
		ClientID: clientID, Timeout: 10 * time.Second, DualStack: true,
		TLS: tlsConfig(c), SASLMechanism: mechanism(c),
	}
}

func tlsConfig(c config.Kafka) *tls.Config {
	if !c.TLS {
		return nil
	}
	return &tls.Config{MinVersion: tls.VersionTLS12}
}

func mechanism(c config.Kafka) sasl.Mechanism {
	if c.Username == "" {
		return nil
	}
	return plain.Mechanism{Username: c.Username, Password: c.Password}
}
