package demo_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/demo"
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/formats"
)

// told is what the records say about the stories, in the order of time.
func told(t *testing.T) []normalize.Record {
	t.Helper()
	known := formats.ByName()
	var out []normalize.Record
	for p := range demo.New(11, now).History(30) {
		var n normalize.Normalizer // never reset: its strings are kept
		var b normalize.Batch
		read(known[p.Source], &n, &b, p)
		for _, r := range b.Records {
			if slices.Contains([]string{"run-onboarding-hubspot", "run-offboarding-zendesk", "run-stuck-approval"}, r.RunID) ||
				slices.Contains([]string{"RF-20417", "C-3107", "P-8812"}, r.BusinessKey) ||
				slices.Contains([]string{"C-3107", "renewal-reminders"}, r.ObjectID) || campaign(r.BusinessKey) {
				out = append(out, r)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b normalize.Record) int {
		return cmp.Compare(max(a.UpdatedTime, a.EventTime), max(b.UpdatedTime, b.EventTime))
	})
	return out
}

// campaign reports whether key is one of the seven campaigns whose reminders fail.
func campaign(key string) bool {
	return strings.HasPrefix(key, "RN-310") && len(key) == len("RN-31001")
}

func where(records []normalize.Record, keep func(*normalize.Record) bool) []normalize.Record {
	var out []normalize.Record
	for _, r := range records {
		if keep(&r) {
			out = append(out, r)
		}
	}
	return out
}

func of(runID string, kind normalize.Kind) func(*normalize.Record) bool {
	return func(r *normalize.Record) bool { return r.RunID == runID && r.Kind == kind }
}

func outcomes(records []normalize.Record) (out []model.Outcome) {
	for _, r := range records {
		out = append(out, r.Outcome)
	}
	return out
}

func TestStories(t *testing.T) {
	all := told(t)

	t.Run("onboarding is partial, then succeeds", func(t *testing.T) {
		require.Equal(t, []model.Outcome{model.Partial, model.Success}, outcomes(where(all, of("run-onboarding-hubspot", normalize.KindRun))))
		hubspot := where(all, func(r *normalize.Record) bool {
			return r.RunID == "run-onboarding-hubspot" && r.TargetApp == "HubSpot" && r.Kind == normalize.KindAction
		})
		require.Equal(t, model.Temporary, hubspot[0].ErrorClass)
		require.Equal(t, model.CategoryRateLimit, hubspot[0].ErrorCategory)
		last := hubspot[len(hubspot)-1]
		require.Equal(t, model.Success, last.Outcome)
		require.EqualValues(t, 2, last.Attempt)
	})

	t.Run("offboarding ends in a manual task", func(t *testing.T) {
		runs := where(all, of("run-offboarding-zendesk", normalize.KindRun))
		require.Equal(t, []model.Outcome{model.Partial, model.Partial, model.NoOutcome}, outcomes(runs))
		zendesk := where(all, func(r *normalize.Record) bool {
			return r.RunID == "run-offboarding-zendesk" && r.TargetApp == "Zendesk" && r.Kind == normalize.KindAction
		})
		require.Equal(t, model.Permanent, zendesk[0].ErrorClass)
		require.Equal(t, model.CategoryAuth, zendesk[0].ErrorCategory)
		last := zendesk[len(zendesk)-1]
		require.EqualValues(t, 3, last.Attempt)
		require.Equal(t, model.WaitManualTask, last.WaitReason)
		require.NotEmpty(t, last.ManualTaskID)
	})

	t.Run("the refund is paid twice", func(t *testing.T) {
		paid := where(all, func(r *normalize.Record) bool {
			return r.BusinessKey == "RF-20417" && r.ActionName == "Issue_refund" && r.Outcome == model.Success
		})
		require.Len(t, paid, 2)
		require.NotEqual(t, paid[0].RunID, paid[1].RunID)
		require.Equal(t, paid[0].RunID, paid[1].OriginRunID)
	})

	t.Run("reminders fail three days after the edit and until the revert", func(t *testing.T) {
		edits := where(all, func(r *normalize.Record) bool { return r.ObjectID == "renewal-reminders" })
		require.Len(t, edits, 2)
		require.Equal(t, "definition", edits[0].ChangeKind)
		require.Contains(t, edits[0].Changes, "legacy")
		runs := where(all, func(r *normalize.Record) bool {
			return campaign(r.BusinessKey) && r.Kind == normalize.KindRun && r.State == model.Terminal
		})
		require.Len(t, outcomes(runs), 7)
		require.Equal(t, model.Success, runs[6].Outcome)
		for _, r := range runs[:6] {
			require.Equal(t, model.Failure, r.Outcome)
		}
		days := runs[0].EventTime.Time().Sub(edits[0].EventTime.Time()).Hours() / 24
		require.Greater(t, days, 2.0)
		require.Greater(t, runs[6].EventTime, edits[1].EventTime)
	})

	t.Run("the contact triggers twice within the hour", func(t *testing.T) {
		var operations []string
		for _, r := range where(all, func(r *normalize.Record) bool { return r.ObjectID == "C-3107" }) {
			operations = append(operations, r.ActionName)
		}
		require.Equal(t, []string{"create", "delete", "create"}, operations)
		runs := where(all, func(r *normalize.Record) bool {
			return r.BusinessKey == "C-3107" && r.Kind == normalize.KindRun && r.State == model.Terminal
		})
		require.Len(t, outcomes(runs), 2)
		require.Less(t, runs[1].EventTime.Time().Sub(runs[0].EventTime.Time()).Minutes(), 60.0)
	})

	t.Run("two runs are stuck", func(t *testing.T) {
		approval := where(all, of("run-stuck-approval", normalize.KindRun))
		require.Len(t, approval, 1)
		require.Equal(t, model.Waiting, approval[0].State)
		require.Empty(t, where(all, func(r *normalize.Record) bool {
			return r.BusinessKey == "P-8812" && r.Kind == normalize.KindRun && r.State == model.Terminal
		}))
		require.NotEmpty(t, where(all, func(r *normalize.Record) bool { return r.BusinessKey == "P-8812" }))
	})
}
