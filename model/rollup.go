package model

// Child is the latest attempt of one child of a run, subject or app.
type Child struct {
	State   State
	Outcome Outcome
}

// Status is what the roll-up of some children says about their parent.
type Status struct {
	State   State
	Outcome Outcome
	Failing bool // a child has failed while others still live
}

// Rollup derives the status of a parent from its children, which must be the
// latest attempts; nested runs are rolled up before they are passed in.
//
// While a child lives, the state is the first match of retrying, running,
// waiting, started, queued. Once all are terminal, skipped children are
// dropped: none left is skipped, all successful is success, some successful is
// partial, only timeouts is timeout, only cancellations is cancelled, anything
// else is failure.
func Rollup(children []Child) Status {
	var n tally
	for _, c := range children {
		n.add(c)
	}
	return n.status()
}

// tally counts children by what the roll-up asks about them.
type tally struct {
	retrying, running, waiting, started, queued          int
	success, failed, timeout, cancelled, skipped, unsure int
}

func (n *tally) add(c Child) {
	switch c.State {
	case Terminal:
		n.addOutcome(c.Outcome)
	case Retrying:
		n.retrying++
	case Running, Finalizing:
		n.running++
	case Waiting:
		n.waiting++
	case Started:
		n.started++
	case Queued:
		n.queued++
	default:
		n.unsure++
	}
}

func (n *tally) addOutcome(o Outcome) {
	switch o {
	case Success:
		n.success++
	case Timeout:
		n.timeout++
	case Cancelled:
		n.cancelled++
	case Skipped:
		n.skipped++
	case Partial: // of a nested run: some of it worked, some did not
		n.success++
		n.failed++
	case Failure, Error:
		n.failed++
	default:
		n.unsure++
	}
}

func (n *tally) status() Status {
	done := n.success + n.failed + n.timeout + n.cancelled + n.skipped
	live := n.retrying + n.running + n.waiting + n.started + n.queued
	failing := n.failed+n.timeout > 0
	switch {
	case n.retrying > 0:
		return Status{State: Retrying, Failing: failing}
	case n.running > 0:
		return Status{State: Running, Failing: failing}
	case n.waiting > 0:
		return Status{State: Waiting, Failing: failing}
	case n.started > 0 || (n.queued > 0 && done > 0):
		return Status{State: Started, Failing: failing}
	case live > 0 || done+n.unsure == 0:
		return Status{State: Queued, Failing: failing}
	case done == 0:
		return Status{State: UnknownState}
	}
	return Status{State: Terminal, Outcome: n.outcome()}
}

func (n *tally) outcome() Outcome {
	bad := n.failed + n.timeout + n.cancelled
	switch {
	case n.unsure > 0:
		return UnknownOutcome
	case n.success+bad == 0:
		return Skipped
	case bad == 0:
		return Success
	case n.success > 0:
		return Partial
	case bad == n.timeout:
		return Timeout
	case bad == n.cancelled:
		return Cancelled
	default:
		return Failure
	}
}

// Agree reports whether the outcome a source states fits the one its children
// give. Most vendors have no word for a partial success and say that the run
// failed, so failure agrees with partial; nothing else that differs does.
func Agree(stated, derived Outcome) bool {
	return stated == derived || stated == Failure && derived == Partial
}
