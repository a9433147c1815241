// Package deploy checks the files for those who run the roles in containers.
package deploy

import (
	"encoding/json"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/config"
)

var env = map[string]string{
	"RUNLEDGER_TOKENS":              "acme=0123456789abcdef",
	"RUNLEDGER_CLICKHOUSE_PASSWORD": "0123456789abcdef",
}

func load(t *testing.T, env map[string]string) (*types.Project, error) {
	t.Helper()
	return loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  "..",
		ConfigFiles: []types.ConfigFile{{Filename: "../docker-compose.yml"}},
		Environment: env,
	}, func(o *loader.Options) { o.SetProjectName("runledger", true) })
}

func TestComposeFile(t *testing.T) {
	project, err := load(t, env)
	require.NoError(t, err)

	t.Run("every published port is on loopback", func(t *testing.T) {
		published := 0
		for _, s := range project.Services {
			for _, p := range s.Ports {
				published++
				require.True(t, config.Loopback(net.JoinHostPort(p.HostIP, p.Published)), "%s publishes %s:%s", s.Name, p.HostIP, p.Published)
			}
		}
		require.Equal(t, 2, published)
	})
	t.Run("every image is pinned to a version", func(t *testing.T) {
		for _, s := range project.Services {
			_, tag, ok := strings.Cut(s.Image, ":")
			require.True(t, ok && tag != "latest", "%s runs %s", s.Name, s.Image)
		}
	})
	t.Run("a push of the largest body fits one record batch", func(t *testing.T) {
		limit := project.Services["kafka"].Environment["KAFKA_MESSAGE_MAX_BYTES"]
		require.NotNil(t, limit)
		var bytes int64
		require.NoError(t, json.Unmarshal([]byte(*limit), &bytes))
		require.Greater(t, bytes, config.Default().Gateway.MaxBody)
	})
	t.Run("the secrets are required", func(t *testing.T) {
		_, err := load(t, nil)
		require.ErrorContains(t, err, "RUNLEDGER_TOKENS")
	})
}

// TestRolesReadTheirConfiguration loads what the containers mount with the
// program's own reader, and checks that the addresses are services.
func TestRolesReadTheirConfiguration(t *testing.T) {
	project, err := load(t, env)
	require.NoError(t, err)
	c, err := config.Load("runledger.yml", func(k string) string { return env[k] })
	require.NoError(t, err)
	for _, addr := range append(c.Kafka.Brokers, c.ClickHouse.Addr) {
		host, _, err := net.SplitHostPort(addr)
		require.NoError(t, err)
		require.Contains(t, project.Services, host)
	}
	require.NotEmpty(t, c.API.Tokens, "listening beyond loopback needs tokens")

	for _, role := range []string{"migrate", "gateway", "collect", "serve"} {
		s := project.Services[role]
		require.Equal(t, []string{role}, []string(s.Command))
		require.Contains(t, s.Volumes[0].Source, "deploy/runledger.yml")
		require.Equal(t, s.Volumes[0].Target, *s.Environment["RUNLEDGER_CONFIG"])
	}
	_, err = os.Stat("Dockerfile")
	require.NoError(t, err)
}
