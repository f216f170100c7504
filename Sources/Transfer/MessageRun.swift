import Logging

/// The messages of one run: lists, plans and moves them, several at a time, until the inbox shows nothing new.
struct MessageRun: Sendable {
    private let drain: Drain
    private let keeper: JournalKeeper
    private let ledger: RunLedger
    private let claims = NameClaims()
    private let slots: Slots
    private let mover: MessageMover

    init(_ drain: Drain, _ keeper: JournalKeeper, _ ledger: RunLedger) {
        self.drain = drain
        self.keeper = keeper
        self.ledger = ledger
        slots = Slots(drain.options.concurrency)
        mover = MessageMover(
            inbox: drain.inbox,
            store: drain.store,
            pool: drain.pool,
            retrier: drain.retrier,
            claims: claims,
            keeper: keeper,
            options: drain.options,
            surroundings: drain.surroundings,
            log: drain.log,
            audit: drain.audit
        )
    }

    /// Walks through the inbox again and again until a whole walk shows nothing new.
    func drain() async throws(Failure) {
        var flight = Flight()
        var isFirst = true
        while true {
            keeper.beginWalk()
            guard try await walk(&flight, isFirst: isFirst) else { return }
            isFirst = false
        }
    }

    /// How many messages were started in this run; gives each its place in inbox order.
    private struct Flight {
        var place = 0
    }

    /// One walk, and everything that it showed.
    /// - Returns: whether another walk may show more.
    private func walk(_ flight: inout Flight, isFirst: Bool) async throws(Failure) -> Bool {
        var listing = ListingWalk(inbox: drain.inbox, retrier: drain.retrier)
        var place = flight.place
        defer { flight.place = place }
        let result = await withTaskGroup(of: Void.self) { group -> Result<Bool, Failure> in
            var inFlight = 0
            let before = place
            do throws(Failure) {
                var postponed: [Assignment] = []
                while !mustStop, let ids = try await listing.nextPage() {
                    ledger.expects(listing.approximateCount)
                    let assignments = try await keeper.plan(ids, now: drain.surroundings.now())
                    if assignments.isEmpty { try listing.sawNothingNew() } else { listing.sawMessages() }
                    ledger.listed(assignments.count)
                    // What failed in an earlier run must not keep this one from the others.
                    postponed += assignments.filter { $0.hasFailedBefore }
                    let others = postponed.isEmpty ? assignments : assignments.filter { !$0.hasFailedBefore }
                    guard await start(others, &place, &inFlight, &group) else {
                        ledger.unstarted(postponed[...])
                        return .success(false)
                    }
                }
                guard await start(postponed, &place, &inFlight, &group) else { return .success(false) }
                if mustStop { return .success(false) }
                keeper.completeWalk()
                ledger.walked()
                if isFirst {
                    guard await start(keeper.takeUnlisted(), &place, &inFlight, &group) else { return .success(false) }
                }
                return .success(place > before)
            } catch {
                return .failure(error)
            }
        }
        return try result.get() && !mustStop
    }

    /// - Returns: false when nothing more may be started.
    private func start(
        _ assignments: [Assignment],
        _ place: inout Int,
        _ inFlight: inout Int,
        _ group: inout TaskGroup<Void>
    ) async -> Bool {
        for (index, assignment) in assignments.enumerated() {
            // A message that is stored makes room for the next, and is acknowledged meanwhile.
            if inFlight >= 2 * drain.options.concurrency {
                await group.next()
                inFlight -= 1
            }
            let slot = await slots.take()
            if let suspect = ledger.takeSuspect() { await ask(suspect) }
            if mustStop {
                slot.giveBack()
                ledger.unstarted(assignments[index...])
                return false
            }
            let claimed = claim(assignment, place)
            group.addTask { [place] in
                defer { slot.giveBack() }
                let id = assignment.entry.id
                let outcome = await MessageID.$current.withValue(id) {
                    await mover.move(assignment, place: place, claimed: claimed, stored: slot.giveBack)
                }
                report(id, outcome)
                if case .failed = outcome { keeper.failed(id) }
                ledger.finished(id, outcome, now: drain.surroundings.uptime())
            }
            inFlight += 1
            place += 1
        }
        return true
    }

    /// Decides about the plain name where the message id tells the BSO; else that waits for the response's head.
    private func claim(_ assignment: Assignment, _ place: Int) -> Bool? {
        guard drain.options.source == .messageID || assignment.task == .acknowledgeAgain else { return nil }
        let entry = assignment.entry
        guard entry.source == .messageID, assignment.isStored, let code = BSOCode(entry.id.text) else {
            claims.giveUp(place: place)
            return false
        }
        return claims.claimInOrder(place: place, code: code, time: entry.time)
    }

    private var mustStop: Bool {
        ledger.isBroken || Task.isCancelled || drain.limit.isReached
    }

    /// Asks a service that several messages in a row have failed at for something that has nothing to do with a message. If it
    /// does not answer, it is down, and the run ends.
    private func ask(_ suspect: Failure) async {
        do throws(Failure) {
            switch suspect.service {
            case .mesh: try await drain.inbox.handshake()
            case .storage: try await keeper.askStorage(drain.store)
            }
            drain.log.write(.serviceAnswers, ["service": "\(suspect.service.rawValue)"])
        } catch {
            ledger.broke(suspect)
        }
    }

    private func report(_ id: MessageID, _ outcome: MessageMover.Outcome) {
        // Most messages are moved, and have said so.
        switch outcome {
        case .moved, .downloaded: return
        default: break
        }
        let log = drain.log
        let fields: Logger.Metadata = ["messaging.message.id": "\(id)"]
        switch outcome {
        case .moved, .downloaded: break
        case .acknowledged: log.write(.messageListedStill, fields)
        case .left: log.write(.reportLeft, fields)
        case .gone: log.write(.messageGone, fields)
        case .unlisted: log.write(.messageUnlisted, fields)
        case .invalid(let failure): log.write(.messageInvalid, failure.fields + fields)
        case .quarantined(let failure, _): log.write(.messageQuarantined, failure.fields + fields)
        case .failed(let failure): log.write(.messageFailed, failure.fields + fields)
        }
    }
}

extension Assignment {
    /// Whether it may be stored, and so needs a name.
    fileprivate var isStored: Bool {
        if case .store = task { true } else { false }
    }
}
