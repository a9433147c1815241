package embedded

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"

	"github.com/twmb/franz-go/pkg/kfake"
)

// segmentBytes is small because the broker reads whole segments into memory
// when it starts.
const segmentBytes = 32 << 20

// serveBroker runs the Kafka broker until stop: one node on 127.0.0.1, every
// produce on disk before it is acknowledged, topics made by request alone.
func serveBroker(spec childSpec, stop <-chan struct{}) error {
	cluster, err := kfake.NewCluster(
		kfake.Ports(spec.Port),
		kfake.DataDir(spec.Dir),
		kfake.SyncWrites(),
		kfake.BrokerConfigs(map[string]string{"log.segment.bytes": strconv.Itoa(segmentBytes)}),
		kfake.WithLogger(kfake.BasicLogger(os.Stderr, kfake.LogLevelError)),
	)
	if err != nil {
		return fmt.Errorf("start broker: %w", err)
	}
	debug.FreeOSMemory() // of what loading took
	<-stop
	cluster.Close()
	return nil
}
