import Transfer

/// The steps of one message in a run.
extension Model {
    func task(_ slot: Int, _ run: Int, _ state: WorldState) -> KnownTask {
        knowledge.tasks[Int(state.runs[run].tasks[slot].assignment)]
    }

    // MARK: - Names

    /// Decides about the plain name where the id tells the BSO, and says what comes first.
    func begin(_ slot: Int, in run: Int, _ state: inout WorldState) {
        let task = task(slot, run, state)
        if scenario.settings(state.runs[run].settings).source == .messageID {
            if task.kind == .store, task.isOfID { claim(slot, run, &state) }
            state.runs[run].tasks[slot].flags.insert(.isDecided)
        }
        switch task.kind {
        case .acknowledge: state.runs[run].tasks[slot].step = .acknowledging
        case .recover: state.runs[run].tasks[slot].step = task.names.isEmpty ? .recoveringHead : .recovering
        case .store:
            if !obeys(.acknowledgedAfterCreation) {
                state.runs[run].tasks[slot].step = .acknowledging
            } else {
                state.runs[run].tasks[slot].step = task.names.isEmpty ? .downloading : .looking
            }
        }
    }

    private func claim(_ slot: Int, _ run: Int, _ state: inout WorldState) {
        let name = task(slot, run, state).plain
        state.runs[run].tasks[slot].flags.insert(.isDecided)
        for other in 0..<WorldState.slots where state.runs[run].tasks[other].flags.contains(.hasClaimed) {
            if task(other, run, state).plain == name { return }
        }
        state.runs[run].tasks[slot].flags.formUnion([.isPlain, .hasClaimed])
    }

    /// Answers in inbox order: each when those before it have asked or given up.
    func answerClaims(_ run: Int, _ state: inout WorldState) {
        for slot in 0..<WorldState.slots {
            let (step, flags) = (state.runs[run].tasks[slot].step, state.runs[run].tasks[slot].flags)
            if step == .claiming {
                if !flags.contains(.isDecided) { claim(slot, run, &state) }
                state.runs[run].tasks[slot].step = .creating
            } else if state.runs[run].tasks[slot].isInFlight, !flags.contains(.isDecided) {
                if task(slot, run, state).kind == .store { return }
            }
        }
    }

    /// The message's part in this run is over; what it claimed stays claimed.
    private func end(_ slot: Int, _ run: Int, _ state: inout WorldState) {
        if state.runs[run].tasks[slot].flags.contains(.hasClaimed) {
            state.runs[run].tasks[slot].step = .none
            state.runs[run].tasks[slot].flags = .hasClaimed
        } else {
            state.runs[run].tasks[slot] = TaskState()
        }
        advance(run, &state)
    }

    private func isFound(_ slot: Int, _ names: [UInt16], _ state: WorldState) -> Bool {
        names.contains(state.messages[slot].blob)
    }

    // MARK: - Steps

    func steps(of slot: Int, in run: Int, _ state: WorldState, _ emit: Emit) {
        let task = task(slot, run, state)
        let message = state.messages[slot]
        func send(_ next: WorldState, _ action: StaticString, _ fault: Fault? = nil) {
            emit(next, Event(actor: Event.Actor(rawValue: UInt8(run))!, fault: fault, message: slot, action: action))
        }
        func moved(to step: TaskState.Step) -> WorldState {
            var next = state
            next.runs[run].tasks[slot].step = step
            advance(run, &next)
            return next
        }
        func over(as settled: Journal.State? = nil) -> WorldState {
            var next = state
            if let settled {
                next.runs[run].memory = knowledge.settle(next.runs[run].memory, slot, as: settled)
            }
            end(slot, run, &next)
            return next
        }
        let gone: Journal.State = obeys(.goneIsNotAcknowledged) ? .gone : .acknowledged
        switch state.runs[run].tasks[slot].step {
        case .none, .planned, .queued, .claiming: return
        case .looking:
            let isFound = isFound(slot, task.names, state)
            send(moved(to: isFound ? .acknowledging : .downloading), "looks for")
        case .downloading:
            let isGone = message.isAcknowledged && scenario.mailbox == .specified
            let afterHead: TaskState.Step = task.namesAfterHead.isEmpty ? .claiming : .lookingAfterHead
            if isGone {
                send(over(as: task.isInherited ? gone : nil), "finds gone")
            } else {
                send(moved(to: afterHead), "downloads")
                fault(.falseGone, state) { _ in
                } _: { changed in
                    var next = over(as: task.isInherited ? gone : nil)
                    next.faultsLeft = changed.faultsLeft
                    send(next, "is told gone", .falseGone)
                }
                if !state.runs[run].tasks[slot].flags.contains(.isDecided) {
                    fault(.retriedRead, state) { next in
                        next.runs[run].tasks[slot].flags.insert(.isDecided)
                        next.runs[run].tasks[slot].step = afterHead
                        advance(run, &next)
                    } _: {
                        send($0, "downloads at the second try", .retriedRead)
                    }
                }
            }
        case .lookingAfterHead:
            let isFound = isFound(slot, task.namesAfterHead, state)
            send(moved(to: isFound ? .acknowledging : .claiming), "looks, knowing the head, for")
        case .creating, .creatingLate: create(slot, run, state, send)
        case .lookingAtTaken:
            let isPlain = state.runs[run].tasks[slot].flags.contains(.isPlain)
            let name = isPlain ? task.plain : task.collision
            if message.blob == name, obeys(.ownBlobIsRecognised) {
                var next = state
                settleStored(slot, run, &next)
                send(next, "finds its own blob of")
            } else if isPlain {
                var next = moved(to: .creating)
                next.runs[run].tasks[slot].flags.remove(.isPlain)
                send(next, "finds the plain name taken for")
            } else {
                send(over(), "finds the last name taken for")
            }
        case .acknowledging, .acknowledgingLate: acknowledge(slot, run, state, send)
        case .recovering:
            let isFound = isFound(slot, task.names, state)
            send(moved(to: isFound ? .acknowledging : .recoveringHead), "looks for the unlisted")
        case .recoveringHead:
            if message.isAcknowledged && scenario.mailbox == .specified {
                send(over(as: gone), "finds gone the unlisted")
            } else {
                let next = task.namesAfterHead.isEmpty ? over() : moved(to: .recoveringAfterHead)
                send(next, "asks for the unlisted")
                guard dropped == .goneStaysGone else { break }
                fault(.falseGone, state) { _ in
                } _: { changed in
                    var next = over(as: gone)
                    next.faultsLeft = changed.faultsLeft
                    send(next, "is told gone the unlisted", .falseGone)
                }
            }
        case .recoveringAfterHead:
            let isFound = isFound(slot, task.namesAfterHead, state)
            send(isFound ? moved(to: .acknowledging) : over(), "looks, knowing the head, for the unlisted")
        }
        // Whichever read fails, the message is over in this run.
        switch state.runs[run].tasks[slot].step {
        case .looking, .downloading, .lookingAfterHead, .lookingAtTaken, .recovering, .recoveringHead,
            .recoveringAfterHead:
            fault(.failedRead, state) { _ in
            } _: { changed in
                var next = over()
                next.faultsLeft = changed.faultsLeft
                send(next, "fails to read", .failedRead)
            }
        default: break
        }
    }

    private typealias Send = (WorldState, StaticString, Fault?) -> Void

    // MARK: - What changes the world

    private func create(_ slot: Int, _ run: Int, _ state: WorldState, _ send: Send) {
        let isLate = state.runs[run].tasks[slot].step == .creatingLate
        guard isLate || passesCheck(run, state) else {
            var next = state
            loseLease(run, &next)
            return send(next, "finds its lease lost before it stores", nil)
        }
        if dropped == .requestsEndWithinTheMargin, !isLate, state.holder == UInt8(run + 1) {
            fault(.leaseExpiry, state) { next in
                next.holder = 0
                next.runs[run].tasks[slot].step = .creatingLate
            } _: {
                send($0, "begins, as its lease ends, to store", .leaseExpiry)
            }
        }
        let task = task(slot, run, state)
        let name = state.runs[run].tasks[slot].flags.contains(.isPlain) ? task.plain : task.collision
        var owner: Int?
        for other in 0..<WorldState.slots where state.messages[other].blob == name { owner = other }
        if owner != nil || name == foreign {
            var next = state
            if !obeys(.creationNeverReplaces) {
                next.violation = owner == slot ? nil : .replaced
                settleStored(slot, run, &next)
            } else if !obeys(.takenNameIsLookedAt) || (!obeys(.foreignBlobIsRecognised) && owner != slot) {
                settleStored(slot, run, &next)
            } else {
                next.runs[run].tasks[slot].step = .lookingAtTaken
            }
            return send(next, "finds a name taken for", nil)
        }
        var stored = state
        if stored.messages[slot].isStored { stored.violation = .storedTwice }
        stored.messages[slot].blob = name
        stored.messages[slot].flags.insert(.stored)
        fault(.lostCreation, stored) { next in
            next.runs[run].tasks[slot].step = .lookingAtTaken
        } _: {
            send($0, "stores, is not told, and at the next try finds a name taken for", .lostCreation)
        }
        fault(.lostCreation, stored) {
            end(slot, run, &$0)
        } _: {
            send($0, "stores, and is not told, ", .lostCreation)
        }
        settleStored(slot, run, &stored)
        send(stored, "stores", nil)
        fault(.failedCreation, state) {
            end(slot, run, &$0)
        } _: {
            send($0, "fails to store", .failedCreation)
        }
    }

    /// The message is stored, as far as the run knows; what follows is its acknowledgement.
    private func settleStored(_ slot: Int, _ run: Int, _ state: inout WorldState) {
        state.runs[run].memory = knowledge.settle(state.runs[run].memory, slot, as: .stored)
        state.runs[run].tasks[slot].step = .acknowledging
        advance(run, &state)
    }

    private func acknowledge(_ slot: Int, _ run: Int, _ state: WorldState, _ send: Send) {
        let isLate = state.runs[run].tasks[slot].step == .acknowledgingLate
        guard isLate || passesCheck(run, state) else {
            var next = state
            loseLease(run, &next)
            return send(next, "finds its lease lost before it acknowledges", nil)
        }
        if dropped == .requestsEndWithinTheMargin, !isLate, state.holder == UInt8(run + 1) {
            fault(.leaseExpiry, state) { next in
                next.holder = 0
                next.runs[run].tasks[slot].step = .acknowledgingLate
            } _: {
                send($0, "begins, as its lease ends, to acknowledge", .leaseExpiry)
            }
        }
        var acknowledged = state
        if !acknowledged.messages[slot].isStored { acknowledged.violation = .acknowledgedUnstored }
        if !acknowledged.messages[slot].isAcknowledged {
            acknowledged.messages[slot].flags.insert(.acknowledged)
            if scenario.mailbox == .lingering { acknowledged.messages[slot].flags.insert(.lingers) }
        }
        fault(.lostAcknowledgement, acknowledged) {
            end(slot, run, &$0)
        } _: {
            send($0, "acknowledges, and is not told, ", .lostAcknowledgement)
        }
        acknowledged.runs[run].memory = knowledge.settle(acknowledged.runs[run].memory, slot, as: .acknowledged)
        end(slot, run, &acknowledged)
        send(acknowledged, "acknowledges", nil)
        fault(.failedAcknowledgement, state) {
            end(slot, run, &$0)
        } _: {
            send($0, "fails to acknowledge", .failedAcknowledgement)
        }
    }
}
