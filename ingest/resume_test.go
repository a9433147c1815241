package ingest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func pending(epoch uint32, last int64) string {
	i := pendingIntent
	i.epoch, i.last = epoch, last
	return i.String()
}

func TestResume(t *testing.T) {
	for name, c := range map[string]struct {
		committed committed
		log       log
		position  position
		epoch     uint32
		next      int64
		pending   bool
	}{
		"brand new":                      {log: log{0, 100}},
		"new to us, older messages gone": {log: log{40, 100}, next: 40},
		"idle":                           {committed: committed{true, 50, "v1;epoch=0"}, log: log{0, 100}, position: position{true, 49}, next: 50},
		"pending, not arrived":           {committed: committed{true, 50, pending(0, 59)}, log: log{0, 100}, position: position{true, 49}, next: 50, pending: true},
		"pending, arrived":               {committed: committed{true, 50, pending(0, 59)}, log: log{0, 100}, position: position{true, 59}, next: 50, pending: true},
		"the very first pending":         {committed: committed{true, 0, pending(0, 9)}, log: log{0, 100}, next: 0, pending: true},
		"set by hand, ledger empty":      {committed: committed{true, 50, ""}, log: log{0, 100}, next: 50},
		"set by hand to where we were":   {committed: committed{true, 50, ""}, log: log{0, 100}, position: position{true, 49}, next: 50},
		"new epoch, old offset":          {committed: committed{true, 5000, "v1;epoch=0"}, log: log{0, 10}, epoch: 1, next: 0},
		"new epoch, old pending":         {committed: committed{true, 5000, pending(0, 5999)}, log: log{3, 10}, epoch: 1, next: 3},
	} {
		t.Run(name, func(t *testing.T) {
			next, intent, err := resume(c.committed, c.log, c.position, c.epoch)
			require.NoError(t, err)
			require.Equal(t, c.next, next)
			require.Equal(t, c.pending, intent != nil)
		})
	}
}

func TestResumeRefused(t *testing.T) {
	for name, c := range map[string]struct {
		committed committed
		log       log
		position  position
		epoch     uint32
		want      string // says what to do
	}{
		"offsets lost":             {log: log{0, 100}, position: position{true, 49}, want: "set the group's offset to 50"},
		"topic made anew":          {committed: committed{true, 5000, "v1;epoch=0"}, log: log{0, 10}, position: position{true, 4999}, want: "raise its epoch"},
		"topic made anew, pending": {committed: committed{true, 5, pending(0, 14)}, log: log{0, 10}, position: position{true, 4}, want: "raise its epoch"},
		"messages expired":         {committed: committed{true, 50, "v1;epoch=0"}, log: log{60, 100}, position: position{true, 49}, want: "offsets 50 to 59 were deleted"},
		"moved back":               {committed: committed{true, 20, ""}, log: log{0, 100}, position: position{true, 49}, want: "stored twice"},
		"moved ahead":              {committed: committed{true, 70, ""}, log: log{0, 100}, position: position{true, 49}, want: "20 offsets would be missing"},
		"moved back, pending":      {committed: committed{true, 20, pending(0, 29)}, log: log{0, 100}, position: position{true, 49}, want: "stored twice"},
		"database emptied":         {committed: committed{true, 50, "v1;epoch=0"}, log: log{0, 100}, want: "the ledger is empty"},
		"database of last week":    {committed: committed{true, 50, "v1;epoch=0"}, log: log{0, 100}, position: position{true, 29}, want: "the database is older"},
		"lower epoch":              {committed: committed{true, 50, "v1;epoch=2"}, log: log{0, 100}, epoch: 1, want: "never lowered"},
		"another program":          {committed: committed{true, 50, "consumer-1"}, log: log{0, 100}, want: "choose a group of our own"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := resume(c.committed, c.log, c.position, c.epoch)
			require.ErrorContains(t, err, c.want)
		})
	}
}
