package embedded

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestEnsureUnpacksATarballThatLiesThere(t *testing.T) {
	dir := t.TempDir()
	lib := placeTarball(t, dir, "the engine")
	path, err := lib.ensure(t.Context(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); string(text) != "the engine" {
		t.Errorf("got %q, %v", text, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "fetch-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Of many at once one installs and all get a whole library.
func TestEnsureAtOnce(t *testing.T) {
	dir := t.TempDir()
	lib := placeTarball(t, dir, strings.Repeat("the engine", 1<<18))
	var out syncBuffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			path, err := lib.ensure(t.Context(), dir, log)
			if err != nil {
				t.Error(err)
				return
			}
			if info, err := os.Stat(path); err != nil || info.Size() != 10<<18 {
				t.Errorf("got %v, %v", info, err)
			}
		})
	}
	all.Wait()
	if n := strings.Count(out.String(), "library installed"); n != 1 {
		t.Errorf("installed %d times:\n%s", n, out.String())
	}
}

func TestEnsureRefusesAWrongChecksum(t *testing.T) {
	dir := t.TempDir()
	lib := placeTarball(t, dir, "the engine")
	tarball := filepath.Join(dir, lib.stem()+".tgz")
	text, err := os.ReadFile(tarball)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(tarball, text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = lib.ensure(t.Context(), dir, slog.New(slog.DiscardHandler))
	for _, want := range []string{tarball, "want " + lib.integrity, "remove it"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, lib.stem())); err == nil {
		t.Error("installed all the same")
	}
}

// What npm packs is what is checked: the real npm, on a package of our own.
func TestFetchRunsNPM(t *testing.T) {
	pkg := t.TempDir()
	for name, text := range map[string]string{
		"package.json": `{"name": "@example/engine", "version": "1.0.0", "files": ["libchdb.so"], "scripts": {"prepack": "touch ran"}}`,
		"libchdb.so":   "the engine",
	} {
		if err := os.WriteFile(filepath.Join(pkg, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tmp := t.TempDir()
	lib := library{name: "@example/engine", version: "1.0.0", from: pkg}
	tarball, err := lib.fetch(t.Context(), tmp, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unpack(tarball, filepath.Join(tmp, "libchdb.so")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(pkg, "ran")); err == nil {
		t.Error("a script of the package ran")
	}
}

func TestOffline(t *testing.T) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Fatal(err)
	}
	lib, _ := libraryFor("linux/amd64")
	for name, set := range map[string]func(t *testing.T){
		"no npm": func(t *testing.T) { t.Setenv("PATH", t.TempDir()) },
		"no registry": func(t *testing.T) {
			t.Setenv("npm_config_offline", "true")
			t.Setenv("PATH", filepath.Dir(npm)+":"+os.Getenv("PATH"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			set(t)
			dir := t.TempDir()
			_, err := lib.ensure(t.Context(), dir, slog.New(slog.DiscardHandler))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range []string{
				"npm pack @chdb/lib-linux-x64-gnu@26.7.3-stable.1",
				"mv chdb-lib-linux-x64-gnu-26.7.3-stable.1.tgz " + dir + "/",
				libraryEnv,
			} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
		})
	}
}

func TestPlatformWithoutChecksumIsNotFetched(t *testing.T) {
	lib, ok := libraryFor("darwin/arm64")
	if !ok {
		t.Fatal("unknown")
	}
	_, err := lib.ensure(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "no checksum is pinned") || !strings.Contains(err.Error(), libraryEnv+"=$PWD/package/libchdb.so") {
		t.Errorf("got %v", err)
	}
}

func TestLibraryOfTheEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "libchdb.so")
	t.Setenv(libraryEnv, path)
	if got, err := findLibrary(t.Context(), t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), libraryEnv) {
		t.Errorf("absent: got %q, %v", got, err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := findLibrary(t.Context(), t.TempDir(), nil); got != path {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestWaitingForAFetchHonoursContext(t *testing.T) {
	dir := t.TempDir()
	lock, _, err := tryLock(filepath.Join(dir, "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	lib, _ := libraryFor("linux/amd64")
	if _, err := lib.ensure(ctx, dir, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "deadline") {
		t.Errorf("got %v", err)
	}
}

// placeTarball puts a package with the given library into dir and returns its
// description, checksum included.
func placeTarball(t *testing.T, dir, engine string) library {
	t.Helper()
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	files := tar.NewWriter(zipped)
	for name, text := range map[string]string{"package/package.json": "{}", "package/libchdb.so": engine} {
		if err := files.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(packed.Bytes())
	lib := library{name: "@example/engine", version: "1.0.0", integrity: "sha512-" + base64.StdEncoding.EncodeToString(sum[:]), packed: int64(packed.Len())}
	if err := os.WriteFile(filepath.Join(dir, lib.stem()+".tgz"), packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return lib
}

// syncBuffer is a bytes.Buffer for many goroutines.
type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}
