package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/config"
)

func noEnv(string) string { return "" }

func TestDefaultIsValidAndLoopback(t *testing.T) {
	c, err := config.Load("", noEnv)
	require.NoError(t, err)
	require.True(t, config.Loopback(c.Listen))
}

// doorEnv holds the secrets that the doors of testdata name.
func doorEnv(name string) string {
	return map[string]string{"DOOR_SECRET": "0123456789abcdef", "DOOR_SECRET_NEXT": "fedcba9876543210", "DOOR_SHORT": "0123456789abcde"}[name]
}

func TestSecretsOfDoors(t *testing.T) {
	c, err := config.Load("testdata/doors.good.yml", doorEnv)
	require.NoError(t, err)
	require.Equal(t, []string{"0123456789abcdef", "fedcba9876543210"}, c.Gateway.Doors[1].Keys)
	text, err := c.YAML()
	require.NoError(t, err)
	require.Contains(t, string(text), "DOOR_SECRET_NEXT")
	require.NotContains(t, string(text), "0123456789abcdef")

	_, err = config.Load("testdata/door-plain-secret.bad.yml", doorEnv)
	require.NotContains(t, err.Error(), "hunter2")
}

// TestFiles loads testdata/*.good.yml, and wants each *.bad.yml refused with
// the words of its first comment line.
func TestFiles(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.yml")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			_, err := config.Load(path, doorEnv)
			if strings.HasSuffix(path, ".good.yml") {
				require.NoError(t, err)
				return
			}
			text, readErr := os.ReadFile(path)
			require.NoError(t, readErr)
			first, _, _ := strings.Cut(string(text), "\n")
			require.ErrorContains(t, err, strings.TrimPrefix(first, "# "))
		})
	}
}

func TestSecretsAreHashedAndNeverPrinted(t *testing.T) {
	env := map[string]string{
		"RUNLEDGER_TOKENS":              "acme=0123456789abcdef globex=fedcba9876543210",
		"RUNLEDGER_CLICKHOUSE_PASSWORD": "hunter2hunter2",
		"RUNLEDGER_KAFKA_PASSWORD":      "correct-horse",
	}
	c, err := config.Load("", func(k string) string { return env[k] })
	require.NoError(t, err)
	require.Len(t, c.Gateway.Tokens, 2)
	require.Equal(t, config.HashToken("acme", "0123456789abcdef"), c.API.Tokens[0])
	text, err := c.YAML()
	require.NoError(t, err)
	for _, secret := range []string{"0123456789abcdef", "hunter2hunter2", "correct-horse"} {
		require.NotContains(t, string(text), secret)
	}

	_, err = config.Load("", func(string) string { return "acme=short" })
	require.ErrorContains(t, err, "16 characters")
	require.NotContains(t, err.Error(), "short")
}
