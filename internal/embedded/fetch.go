package embedded

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// install puts the library into dir: from a tarball that lies there, or else
// with npm. Everything happens in a temporary directory inside dir; the last
// step is a rename, so that a library is there as a whole or not at all.
func (l library) install(ctx context.Context, dir string, log *slog.Logger) error {
	if l.integrity == "" {
		return fmt.Errorf("fetch %s: no checksum is pinned for this platform", l.spec())
	}
	tmp, err := os.MkdirTemp(dir, "fetch-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	tarball := filepath.Join(dir, l.stem()+".tgz")
	if _, err := os.Stat(tarball); errors.Is(err, fs.ErrNotExist) {
		if tarball, err = l.fetch(ctx, tmp, log); err != nil {
			return err
		}
	}
	if err := l.verify(tarball); err != nil {
		return err
	}
	unpacked := filepath.Join(tmp, l.stem())
	if err := os.Mkdir(unpacked, 0o755); err != nil {
		return err
	}
	size, err := unpack(tarball, filepath.Join(unpacked, "libchdb.so"))
	if err != nil {
		return err
	}
	if err := os.Rename(unpacked, filepath.Join(dir, l.stem())); err != nil {
		return err
	}
	log.Info("clickhouse library installed", "package", l.spec(), "bytes", size, "dir", dir)
	return nil
}

// fetch downloads the tarball with npm into tmp. npm is given a cache in tmp
// as well: its growth is the progress, and nothing is left behind twice.
func (l library) fetch(ctx context.Context, tmp string, log *slog.Logger) (string, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", fmt.Errorf("fetch %s: %w", l.spec(), err)
	}
	log.Info("fetching clickhouse, once", "package", l.spec(), "bytes", l.packed)
	started := time.Now()
	// Scripts stay off: the tarball is data until its checksum is known.
	cmd := exec.CommandContext(ctx, npm, "pack", cmp.Or(l.from, l.spec()), "--ignore-scripts", "--silent",
		"--pack-destination", tmp, "--cache", filepath.Join(tmp, "npm"))
	cmd.Dir = tmp
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second
	done := showProgress(filepath.Join(tmp, "npm"), l.packed, log)
	err = cmd.Run()
	done()
	if err != nil {
		return "", fmt.Errorf("fetch %s: npm pack: %w: %s", l.spec(), err, bytes.TrimSpace(out.Bytes()))
	}
	log.Info("clickhouse fetched", "took", time.Since(started).Round(time.Millisecond))
	return filepath.Join(tmp, l.stem()+".tgz"), nil
}

// verify compares the tarball with the pinned checksum.
func (l library) verify(tarball string) error {
	f, err := os.Open(tarball)
	if err != nil {
		return fmt.Errorf("verify %s: %w", l.spec(), err)
	}
	defer f.Close()
	hash := sha512.New()
	if _, err := io.Copy(hash, f); err != nil {
		return fmt.Errorf("verify %s: %w", l.spec(), err)
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(hash.Sum(nil)); got != l.integrity {
		return fmt.Errorf("verify %s: %s has integrity %s, want %s: remove it and fetch it again", l.spec(), tarball, got, l.integrity)
	}
	return nil
}

// unpack writes the library inside the tarball to path, synced, and returns
// its size.
func unpack(tarball, path string) (int64, error) {
	f, err := os.Open(tarball)
	if err != nil {
		return 0, fmt.Errorf("unpack: %w", err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		return 0, fmt.Errorf("unpack %s: %w", tarball, err)
	}
	for files := tar.NewReader(plain); ; {
		header, err := files.Next()
		if err != nil {
			return 0, fmt.Errorf("unpack %s: find libchdb.so: %w", tarball, err)
		}
		if header.Name != "package/libchdb.so" {
			continue
		}
		size, err := writeSynced(path, files)
		if err != nil {
			return 0, fmt.Errorf("unpack %s: %w", tarball, err)
		}
		return size, nil
	}
}

func writeSynced(path string, r io.Reader) (int64, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o755)
	if err != nil {
		return 0, err
	}
	size, err := io.Copy(f, r)
	return size, errors.Join(err, f.Sync(), f.Close())
}
