package embedded

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// showProgress follows the size of dir towards total bytes until done is
// called: a bar on stderr where that is a terminal, a log line now and then
// where it is not.
func showProgress(dir string, total int64, log *slog.Logger) (done func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	every, show := 10*time.Second, func(n int64) {
		log.Info("fetching clickhouse", "bytes", n, "of", total)
	}
	finish := func() {}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		bar := progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(os.Stderr),
			progressbar.OptionSetDescription("ClickHouse"),
			progressbar.OptionShowBytes(true),
			progressbar.OptionSetWidth(30),
			progressbar.OptionClearOnFinish())
		every = 200 * time.Millisecond
		show = func(n int64) { _ = bar.Set64(min(n, total)) }
		finish = func() { _ = bar.Finish() }
	}
	go func() {
		defer close(stopped)
		for tick := time.NewTicker(every); ; {
			select {
			case <-tick.C:
				show(dirSize(dir))
			case <-stop:
				tick.Stop()
				finish()
				return
			}
		}
	}()
	return func() { close(stop); <-stopped }
}

// dirSize sums the files below dir; those that vanish meanwhile count nothing.
func dirSize(dir string) (size int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil //nolint:nilerr // what vanished counts nothing
		}
		if info, err := entry.Info(); err == nil {
			size += info.Size()
		}
		return nil
	})
	return size
}
