package obs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/obs"
)

func TestReadinessNamesWhatIsMissing(t *testing.T) {
	var broken error
	mux := http.NewServeMux()
	obs.Routes(mux, obs.Registry(), []obs.Check{
		{Name: "api", Ask: func(context.Context) error { return nil }},
		{Name: "collector", Ask: func(context.Context) error { return broken }},
	})
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return w
	}
	require.Equal(t, http.StatusOK, get("/readyz").Code)

	broken = errors.New("no partition assigned")
	w := get("/readyz")
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.JSONEq(t, `{"api":"ok","collector":"no partition assigned"}`, w.Body.String())
	require.Equal(t, http.StatusOK, get("/healthz").Code, "alive, though not ready")
	require.Contains(t, get("/metrics").Body.String(), "go_goroutines")
}

func TestLogsAreOneJSONObjectALine(t *testing.T) {
	var out bytes.Buffer
	obs.Logger(&out, false, false).Info("inserted", "took", 83*time.Millisecond, "evil", "a\nb\x1b[31m")
	require.Equal(t, 1, bytes.Count(out.Bytes(), []byte("\n")))
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	require.Equal(t, "83ms", line["took"])
}
