package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// libraryEnv names a libchdb.so to use instead of the cached one.
const libraryEnv = "RUNLEDGER_LIBCHDB"

const libraryVersion = "26.7.3-stable.1"

// library is one npm package that holds ClickHouse as a shared library.
type library struct {
	name      string // npm package without its version
	version   string
	integrity string // "sha512-" and base64, as npm prints it; empty: not pinned yet
	packed    int64  // size of the tarball in bytes
	from      string // tests: a folder to pack instead of the registry's package
}

// libraryFor lists the packages by platform. A package without integrity is
// never downloaded.
func libraryFor(platform string) (library, bool) {
	l, ok := map[string]library{
		"linux/amd64": {
			name:      "@chdb/lib-linux-x64-gnu",
			integrity: "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
			packed:    177_817_999,
		},
		"linux/arm64":  {name: "@chdb/lib-linux-arm64-gnu"},
		"darwin/amd64": {name: "@chdb/lib-darwin-x64"},
		"darwin/arm64": {name: "@chdb/lib-darwin-arm64"},
	}[platform]
	l.version = libraryVersion
	return l, ok
}

// spec is what npm calls the package: name@version.
func (l library) spec() string { return l.name + "@" + l.version }

// stem is the tarball's name as npm pack makes it, without ".tgz".
func (l library) stem() string {
	return strings.ReplaceAll(strings.TrimPrefix(l.name, "@"), "/", "-") + "-" + l.version
}

// DefaultCacheDir is where the ClickHouse library is kept unless a Config says
// otherwise: runledger in XDG_CACHE_HOME, or in .cache of the home directory.
func DefaultCacheDir() (string, error) {
	if dir := os.Getenv("XDG_CACHE_HOME"); dir != "" {
		return filepath.Join(dir, "runledger"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("embedded: cache directory: %w", err)
	}
	return filepath.Join(home, ".cache", "runledger"), nil
}

// findLibrary returns the path of the ClickHouse library and fetches it on
// first use.
func findLibrary(ctx context.Context, cacheDir string, log *slog.Logger) (string, error) {
	if path := os.Getenv(libraryEnv); path != "" {
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("embedded: clickhouse library of %s: %w", libraryEnv, err)
		}
		return filepath.Abs(path)
	}
	if cacheDir == "" {
		var err error
		if cacheDir, err = DefaultCacheDir(); err != nil {
			return "", err
		}
	}
	platform := runtime.GOOS + "/" + runtime.GOARCH
	lib, ok := libraryFor(platform)
	if !ok {
		return "", fmt.Errorf("embedded: no clickhouse library for %s: configure the address of a clickhouse server", platform)
	}
	return lib.ensure(ctx, filepath.Join(cacheDir, "clickhouse"), log)
}

// ensure returns the path of the library below dir, unpacking or fetching it
// when it is absent. Any number of processes may do so at once: one works, the
// others wait.
func (l library) ensure(ctx context.Context, dir string, log *slog.Logger) (string, error) {
	path := filepath.Join(dir, l.stem(), "libchdb.so")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("embedded: cache: %w", err)
	}
	lock, err := waitLock(ctx, filepath.Join(dir, "lock"), func(holder int) {
		log.Info("waiting for another process that fetches clickhouse", "pid", holder)
	})
	if err != nil {
		return "", fmt.Errorf("embedded: cache: %w", err)
	}
	defer lock.Close()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return path, err
	}
	if err := l.install(ctx, dir, log); err != nil {
		return "", fmt.Errorf("embedded: %w\n%s", err, l.help(dir))
	}
	return path, nil
}

// help says how to get the library by hand.
func (l library) help(dir string) string {
	tarball := l.stem() + ".tgz"
	put := fmt.Sprintf("  mv %s %s/   # checked and unpacked at the next start", tarball, dir)
	if l.integrity == "" {
		put = fmt.Sprintf("  tar xzf %s && export %s=$PWD/package/libchdb.so", tarball, libraryEnv)
	}
	return fmt.Sprintf("to get it by hand, on a machine with npm and a package registry:\n"+
		"  npm pack %s\n%s\n"+
		"or set %s to a libchdb.so of your own, or configure the address of a clickhouse server",
		l.spec(), put, libraryEnv)
}
