package ingest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// status is what a collector tells about itself. It is safe for concurrent use.
type status struct {
	mu         sync.Mutex
	member     bool
	partitions int              // ours in this generation
	reading    map[string]bool  // those that are being read
	failures   map[string]error // of what is being tried again, and refusals
}

func newStatus() *status { return &status{reading: map[string]bool{}, failures: map[string]error{}} }

func (s *status) assigned(partitions int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.member, s.partitions = true, partitions
	clear(s.reading)
	clear(s.failures)
}

func (s *status) unassigned() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.member = false
}

func (s *status) running(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reading[name] = true
}

func (s *status) refused(name string, r *Refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.reading, name)
	s.failures[name] = r
}

// failed remembers why name does not get on, or with nil that it does.
func (s *status) failed(name string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		delete(s.failures, name)
		return
	}
	s.failures[name] = err
}

func (s *status) ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	switch {
	case !s.member:
		errs = append(errs, errors.New("collector: not a member of the group"))
	case len(s.reading) < s.partitions:
		errs = append(errs, fmt.Errorf("collector: %d of %d partitions are read", len(s.reading), s.partitions))
	}
	for _, name := range slices.Sorted(maps.Keys(s.failures)) {
		errs = append(errs, fmt.Errorf("collector: %w", s.failures[name]))
	}
	return errors.Join(errs...)
}
