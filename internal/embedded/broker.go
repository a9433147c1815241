package embedded

import (
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/kfake"
)

// serveBroker runs the Kafka broker until stop: one node on 127.0.0.1, every
// produce on disk before it is acknowledged, topics made by request alone.
func serveBroker(spec childSpec, stop <-chan struct{}) error {
	cluster, err := kfake.NewCluster(
		kfake.Ports(spec.Port),
		kfake.DataDir(spec.Dir),
		kfake.SyncWrites(),
		kfake.WithLogger(kfake.BasicLogger(os.Stderr, kfake.LogLevelError)),
	)
	if err != nil {
		return fmt.Errorf("start broker: %w", err)
	}
	<-stop
	cluster.Close()
	return nil
}
