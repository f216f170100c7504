import Transfer

/// The steps of a run as a whole: lease, listings, journal.
extension Model {
    /// Whether the run may go on, as its own clock tells: it knows the end of its lease.
    func passesCheck(_ run: Int, _ state: WorldState) -> Bool {
        state.holder == UInt8(run + 1) || !obeys(.stopWhenTheLeaseIsLost) || !obeys(.lease)
    }

    func steps(of run: Int, _ state: WorldState, _ emit: Emit) {
        let (phase, actor) = (state.runs[run].phase, Event.Actor(rawValue: UInt8(run))!)
        func event(_ action: StaticString, _ fault: Fault? = nil) -> Event {
            Event(actor: actor, fault: fault, action: action)
        }
        switch phase {
        case .ended: return
        case .idle:
            // The second run is the one that takes the lease second.
            if run == 1, state.runs[0].phase == .idle { return }
            if obeys(.planFromTheListingUnderTheLease), obeys(.journalIsReadUnderTheLease) {
                takeLease(run, state, emit)
            } else {
                var next = state
                next.runs[run].phase = .waiting
                next.runs[run].firstListing = listed(state)
                next.runs[run].memory = knowledge.read(state.content, settings: 0, now: Knowledge.now(state))
                emit(next, event("lists the inbox without the lease"))
            }
            return
        case .waiting:
            if run == 0 || state.runs[0].phase != .waiting { takeLease(run, state, emit) }
        case .listing: list(run, state, emit)
        case .writingPlan, .writingAtEnd: write(run, state, emit)
        case .writingPlanLate, .writingAtEndLate:
            var next = state
            finishWrite(run, &next)
            emit(next, event("writes the journal late"))
        case .moving: break
        }
        for slot in 0..<WorldState.slots where state.runs[run].tasks[slot].isInFlight {
            steps(of: slot, in: run, state, emit)
        }
        fault(.kill, state) { next in
            next.runs[run].end()
            if next.holder == UInt8(run + 1) { next.holder = 0 }
        } _: {
            emit($0, event("is killed", .kill))
        }
        if state.holder == UInt8(run + 1) {
            fault(.leaseExpiry, state) {
                $0.holder = 0
            } _: {
                emit($0, event("loses its lease", .leaseExpiry))
            }
        }
    }

    // MARK: - Beginning

    private func takeLease(_ run: Int, _ state: WorldState, _ emit: Emit) {
        guard state.holder == 0 || !obeys(.lease) else { return }
        let actor = Event.Actor(rawValue: UInt8(run))!
        let action: StaticString = "takes the lease and reads the journal"
        begin(run, state) { emit($0, Event(actor: actor, action: action)) }
        if run == 1, obeys(.lease) {
            // Otherwise it is of the same second.
            var later = state
            later.second = 1
            begin(run, later) {
                emit($0, Event(actor: actor, action: "takes the lease a second later and reads the journal"))
            }
            let changes: [(Fault, UInt8)] = [(.changedPrefix, 1), (.changedSource, 2)]
            for (kind, settings) in changes {
                fault(kind, later) {
                    $0.runs[run].settings ^= settings
                } _: { changed in
                    begin(run, changed) { emit($0, Event(actor: actor, fault: kind, action: action)) }
                }
            }
        }
        fault(.dateChange, state) {
            $0.day += 1
        } _: { changed in
            begin(run, changed) { emit($0, Event(actor: actor, fault: .dateChange, action: action)) }
        }
        for slot in scenario.messages.indices {
            fault(.changedFilter, state) {
                $0.runs[run].hidden = 1 << slot
            } _: { changed in
                begin(run, changed) {
                    emit(
                        $0,
                        Event(actor: actor, fault: .changedFilter, message: slot, action: "takes the lease, not seeing")
                    )
                }
            }
        }
    }

    private func begin(_ run: Int, _ state: WorldState, _ emit: (WorldState) -> Void) {
        var next = state
        let early = next.runs[run].memory
        next.holder = UInt8(run + 1)
        next.runs[run].memory = knowledge.read(
            state.content,
            settings: next.runs[run].settings,
            now: Knowledge.now(state)
        )
        if !obeys(.journalIsReadUnderTheLease) { next.runs[run].memory = early }
        next.runs[run].memory = knowledge.beginWalk(next.runs[run].memory)
        next.runs[run].flags = []
        next.runs[run].phase = .listing
        emit(next)
    }

    // MARK: - Listing and planning

    private func listed(_ state: WorldState) -> UInt8 {
        (0..<WorldState.slots).reduce(0) { $0 | (state.messages[$1].isListed ? 1 << $1 : 0) }
    }

    /// The messages of a page that are listed by right, and those that may be by staleness.
    private func page(_ run: Int, _ state: WorldState) -> (right: UInt8, stale: UInt8) {
        let (page, hidden) = (Int(state.runs[run].page), state.runs[run].hidden)
        var (right, stale): (UInt8, UInt8) = (0, 0)
        for slot in 0..<WorldState.slots {
            let pageOfSlot = slot < scenario.messages.count ? scenario.messages[slot].page : scenario.pageCount - 1
            guard pageOfSlot == page, hidden & 1 << slot == 0 else { continue }
            let message = state.messages[slot]
            if message.isListed { right |= 1 << slot }
            guard message.isAcknowledged else { continue }
            if scenario.mailbox == .specified || message.flags.contains(.lingers) { stale |= 1 << slot }
        }
        return (right, stale)
    }

    private func list(_ run: Int, _ state: WorldState, _ emit: Emit) {
        let actor = Event.Actor(rawValue: UInt8(run))!
        var (right, stale) = page(run, state)
        if !obeys(.planFromTheListingUnderTheLease), !state.runs[run].flags.contains(.isLaterWalk) {
            right = state.runs[run].firstListing
        }
        var shown = stale
        while true {
            // Every subset of what may be shown by staleness, the empty one without a fault.
            let subset = stale ^ shown
            if subset == 0 {
                show(right, run, state, Event(actor: actor, action: "lists and plans a page"), emit)
            } else {
                fault(.staleListing, state) { _ in
                } _: { changed in
                    show(
                        right | subset,
                        run,
                        changed,
                        Event(actor: actor, fault: .staleListing, action: "lists and plans a page"),
                        emit
                    )
                }
            }
            if shown == 0 { break }
            shown = (shown - 1) & stale
        }
        fault(.failedListing, state) { next in
            next.runs[run].flags.insert(.isStopped)
            next.runs[run].phase = .moving
            if !obeys(.entryLeavesAfterACompleteWalk) {
                next.runs[run].memory = knowledge.completeWalk(next.runs[run].memory)
            }
            advance(run, &next)
        } _: {
            emit($0, Event(actor: actor, fault: .failedListing, action: "fails to list a page"))
        }
    }

    private func show(_ ids: UInt8, _ run: Int, _ state: WorldState, _ event: Event, _ emit: Emit) {
        plan(ids, run, state) { emit($0, event) }
        guard event.fault == nil else { return }
        fault(.dateChange, state) {
            $0.day += 1
        } _: { changed in
            plan(ids, run, changed) {
                emit($0, Event(actor: event.actor, fault: .dateChange, action: "lists and plans a page"))
            }
        }
    }

    private func plan(_ ids: UInt8, _ run: Int, _ state: WorldState, _ emit: (WorldState) -> Void) {
        var next = state
        if scenario.mailbox == .lingering {
            let stale = page(run, state).stale
            for slot in 0..<WorldState.slots where stale & ~ids & 1 << slot != 0 {
                next.messages[slot].flags.remove(.lingers)
            }
        }
        let outcome = knowledge.plan(next.runs[run].memory, listed: ids, now: Knowledge.now(state))
        next.runs[run].memory = outcome.memory
        start(outcome, run, &next)
        next.runs[run].phase = outcome.needsWrite ? .writingPlan : .moving
        advance(run, &next)
        emit(next)
    }

    private func start(_ outcome: Knowledge.Outcome, _ run: Int, _ state: inout WorldState) {
        for (slot, task) in outcome.tasks {
            state.runs[run].tasks[slot] = TaskState(assignment: task, step: outcome.needsWrite ? .planned : .queued)
            state.runs[run].flags.insert(.hasStarted)
        }
    }

    // MARK: - Writing the journal

    private func write(_ run: Int, _ state: WorldState, _ emit: Emit) {
        let actor = Event.Actor(rawValue: UInt8(run))!
        guard passesCheck(run, state) else {
            var next = state
            loseLease(run, &next)
            emit(next, Event(actor: actor, action: "finds its lease lost"))
            return
        }
        var next = state
        finishWrite(run, &next)
        emit(next, Event(actor: actor, action: "writes the journal"))
        if state.holder == UInt8(run + 1) {
            fault(.leaseExpiry, state) { next in
                next.holder = 0
                next.runs[run].phase = state.runs[run].phase == .writingPlan ? .writingPlanLate : .writingAtEndLate
            } _: {
                emit(
                    $0,
                    Event(actor: actor, fault: .leaseExpiry, action: "begins to write the journal as its lease ends")
                )
            }
        }
        for kind in [Fault.failedJournalWrite, .lostJournalWrite] {
            fault(kind, state) { next in
                if kind == .lostJournalWrite {
                    finishWrite(run, &next)
                    next.runs[run] = state.runs[run]
                    // Its version is not known now, so that no later write of this run succeeds.
                    next.runs[run].flags.insert(.isOutdated)
                }
                next.runs[run].flags.insert(.isStopped)
                if state.runs[run].phase == .writingPlan {
                    next.runs[run].phase = .moving
                    advance(run, &next)
                } else {
                    endWithoutRelease(run, &next)
                }
            } _: {
                emit($0, Event(actor: actor, fault: kind, action: "fails to write the journal"))
            }
        }
    }

    private func finishWrite(_ run: Int, _ state: inout WorldState) {
        let isPlan = [.writingPlan, .writingPlanLate].contains(state.runs[run].phase)
        let holdsLease = state.holder == UInt8(run + 1) || !obeys(.lease)
        let isCurrent = !state.runs[run].flags.contains(.isOutdated)
        guard !obeys(.writesAreConditional) || (holdsLease && isCurrent) else {
            loseLease(run, &state)
            return
        }
        state.content = knowledge.write(state.runs[run].memory)
        if state.runs[1 - run].isAlive { state.runs[1 - run].flags.insert(.isOutdated) }
        if isPlan {
            for slot in 0..<WorldState.slots where state.runs[run].tasks[slot].step == .planned {
                state.runs[run].tasks[slot].step = .queued
            }
            state.runs[run].phase = .moving
            advance(run, &state)
        } else {
            endWithoutRelease(run, &state)
        }
    }

    /// Nothing more may be done: what is in flight ends, and the journal is not written.
    func loseLease(_ run: Int, _ state: inout WorldState) {
        endWithoutRelease(run, &state)
    }

    /// Ends a run. A lease that it doesn't release ends by itself, before any other run can begin.
    private func endWithoutRelease(_ run: Int, _ state: inout WorldState) {
        if state.holder == UInt8(run + 1) { state.holder = 0 }
        state.runs[run].end()
    }

    // MARK: - Between the requests

    /// Everything that a run does without a request: starts messages, answers claims, ends walks.
    func advance(_ run: Int, _ state: inout WorldState) {
        while true {
            startTasks(run, &state)
            guard state.runs[run].phase == .moving else { return }
            let isStopped = state.runs[run].flags.contains(.isStopped)
            if !isStopped {
                if has(.queued, run, state) { return }
                if Int(state.runs[run].page) + 1 < scenario.pageCount {
                    state.runs[run].page += 1
                    state.runs[run].phase = .listing
                    return
                }
                if !state.runs[run].flags.contains(.walkIsComplete) {
                    completeWalk(run, &state)
                    continue
                }
            }
            for slot in 0..<WorldState.slots where state.runs[run].tasks[slot].isInFlight { return }
            guard !isStopped, state.runs[run].flags.contains(.hasStarted) else {
                state.runs[run].phase = .writingAtEnd
                return
            }
            state.runs[run].memory = knowledge.beginWalk(state.runs[run].memory)
            state.runs[run].page = 0
            state.runs[run].flags.subtract([.hasStarted, .walkIsComplete])
            state.runs[run].flags.insert(.isLaterWalk)
            state.runs[run].phase = .listing
            return
        }
    }

    private func completeWalk(_ run: Int, _ state: inout WorldState) {
        state.runs[run].flags.insert(.walkIsComplete)
        state.runs[run].memory = knowledge.completeWalk(state.runs[run].memory)
        if !state.runs[run].flags.contains(.isLaterWalk) {
            let outcome = knowledge.takeUnlisted(state.runs[run].memory)
            state.runs[run].memory = outcome.memory
            start(outcome, run, &state)
        }
    }

    private func has(_ step: TaskState.Step, _ run: Int, _ state: WorldState) -> Bool {
        for slot in 0..<WorldState.slots where state.runs[run].tasks[slot].step == step { return true }
        return false
    }

    private func startTasks(_ run: Int, _ state: inout WorldState) {
        var inFlight = 0
        for slot in 0..<WorldState.slots where state.runs[run].tasks[slot].isInFlight { inFlight += 1 }
        let isStopped = state.runs[run].flags.contains(.isStopped)
        for slot in 0..<WorldState.slots {
            let step = state.runs[run].tasks[slot].step
            if isStopped, step == .queued || step == .planned {
                state.runs[run].tasks[slot] = TaskState()
            } else if step == .queued, inFlight < scenario.concurrency {
                begin(slot, in: run, &state)
                inFlight += 1
            }
        }
        answerClaims(run, &state)
    }
}
