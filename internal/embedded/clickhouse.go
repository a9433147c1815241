package embedded

import (
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

const openListeners = "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP"

// serveClickHouse runs the engine until stop. The library offers
// clickhouse-local, whose two statements open the listeners. It is then kept
// alive until its standard input or a pipe ends.
func serveClickHouse(spec childSpec, stop <-chan struct{}) error {
	run, err := loadClickHouse(spec.Library)
	if err != nil {
		return err
	}
	args := []string{"clickhouse-local", "--config-file=" + spec.Config, "--log-level=warning"}
	keep, more, err := keepAlive(spec)
	if err != nil {
		return err
	}
	go func() {
		<-stop
		keep.Close()
	}()
	if err := run(append(args, more...)); err != nil {
		return fmt.Errorf("run clickhouse: %w", err)
	}
	return nil
}

// keepAlive returns the arguments that keep clickhouse-local running until the
// file is closed. With a terminal it waits at its prompt. Without one it reads
// from a pipe that never yields a row, which costs the user "default" two more
// grants, and it aborts on any error in a connection; see README.
func keepAlive(spec childSpec) (*os.File, []string, error) {
	if !spec.NoTerminal {
		terminal, err := openTerminal()
		if err == nil {
			return terminal, []string{"--interactive", "--disable_suggestion", "--history_file=/dev/null", "--query", openListeners}, nil
		}
		fmt.Fprintln(os.Stderr, "clickhouse has no terminal, a reset connection will restart it:", err)
	}
	forever, end, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	return end, []string{"--query", fmt.Sprintf("%s; SELECT * FROM file('/dev/fd/%d', 'LineAsString') "+
		"SETTINGS storage_file_read_method = 'read' FORMAT Null", openListeners, forever.Fd())}, nil
}

// loadClickHouse loads the library and returns its command line entry, which
// blocks until the last statement ends.
func loadClickHouse(path string) (func(args []string) error, error) {
	library, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load clickhouse library %s: %w", path, err)
	}
	var (
		entry       func(argc int32, argv unsafe.Pointer) uintptr
		resultError func(result uintptr) string
	)
	for name, fn := range map[string]any{"chdb_query_cmdline": &entry, "chdb_result_error": &resultError} {
		symbol, err := purego.Dlsym(library, name)
		if err != nil {
			return nil, fmt.Errorf("load clickhouse library %s: %w", path, err)
		}
		purego.RegisterFunc(fn, symbol)
	}
	return func(args []string) error {
		argv := make([]*byte, len(args)+1) // ends with nil, as C wants it
		for i, arg := range args {
			argv[i] = unsafe.StringData(arg + "\x00")
		}
		result := entry(int32(len(args)), unsafe.Pointer(&argv[0]))
		runtime.KeepAlive(argv)
		if result == 0 {
			return errors.New("no result")
		}
		if text := resultError(result); text != "" {
			return errors.New(text)
		}
		return nil
	}, nil
}

// clickHouseConfig is what ClickHouse reads at start. The caches are a tenth
// and less of the defaults, which are meant for a server with the machine to
// itself.
type clickHouseConfig struct {
	XMLName    xml.Name `xml:"clickhouse"`
	Path       string   `xml:"path"`
	ListenHost string   `xml:"listen_host"`
	TCPPort    int      `xml:"tcp_port"`
	HTTPPort   int      `xml:"http_port"`
	Users      string   `xml:"users_config,omitempty"`

	Log      string `xml:"logger>log"`
	LogSize  string `xml:"logger>size"`
	LogCount int    `xml:"logger>count"`

	MemoryRatio       float64 `xml:"max_server_memory_usage_to_ram_ratio"`
	Memory            int64   `xml:"max_server_memory_usage,omitempty"`
	MarkCache         int64   `xml:"mark_cache_size"`
	IndexMarkCache    int64   `xml:"index_mark_cache_size"`
	PrimaryIndexCache int64   `xml:"primary_index_cache_size"`
	UncompressedCache int64   `xml:"uncompressed_cache_size"`
	ExpressionCache   int64   `xml:"compiled_expression_cache_size"`
}

// writeClickHouseConfig writes the configuration into the data directory and
// returns its path.
func writeClickHouseConfig(cfg Config) (string, error) {
	users := cfg.UsersFile
	if users != "" {
		var err error
		if users, err = filepath.Abs(users); err != nil {
			return "", fmt.Errorf("embedded: users file: %w", err)
		}
	}
	text, err := xml.MarshalIndent(clickHouseConfig{
		Path:              filepath.Join(cfg.DataDir, string(ClickHouse)),
		ListenHost:        "127.0.0.1",
		TCPPort:           cfg.ClickHousePort,
		HTTPPort:          cfg.ClickHouseHTTPPort,
		Users:             users,
		Log:               filepath.Join(cfg.DataDir, "log", "clickhouse.log"),
		LogSize:           "8M",
		LogCount:          3,
		MemoryRatio:       0.5,
		Memory:            cfg.MaxMemory,
		MarkCache:         256 << 20,
		IndexMarkCache:    64 << 20,
		PrimaryIndexCache: 256 << 20,
		UncompressedCache: 64 << 20,
		ExpressionCache:   16 << 20,
	}, "", "  ")
	if err != nil {
		return "", fmt.Errorf("embedded: clickhouse configuration: %w", err)
	}
	path := filepath.Join(cfg.DataDir, "clickhouse.xml")
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		return "", fmt.Errorf("embedded: %w", err)
	}
	return path, nil
}
