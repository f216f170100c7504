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
            var (queue, postponed) = (MessageQueue(), [Turn]())
            do throws(Failure) {
                while !mustStop, let ids = try await listing.nextPage() {
                    ledger.expects(listing.approximateCount)
                    let assignments = try await keeper.plan(ids, now: drain.surroundings.now())
                    if assignments.isEmpty { try listing.sawNothingNew() } else { listing.sawMessages() }
                    ledger.listed(assignments.count)
                    var turns = turns(assignments, &place)
                    // What failed in an earlier run must not keep this one from the others.
                    if assignments.contains(where: \.hasFailedBefore) {
                        postponed += turns.filter(\.assignment.hasFailedBefore).map(withoutWaiting)
                        turns.removeAll(where: \.assignment.hasFailedBefore)
                    }
                    queue.add(turns)
                    guard await start(&queue, &inFlight, &group) else {
                        ledger.unstarted(postponed)
                        return .success(false)
                    }
                }
                if ledger.samples != nil {
                    await group.waitForAll()
                    inFlight = 0
                    ledger.concludeSamples()
                }
                queue.add(postponed)
                postponed = []
                guard await start(&queue, maySample: false, &inFlight, &group) else { return .success(false) }
                if mustStop { return .success(false) }
                keeper.completeWalk()
                ledger.walked()
                if isFirst {
                    queue.add(turns(keeper.takeUnlisted(), &place))
                    guard await start(&queue, maySample: false, &inFlight, &group) else { return .success(false) }
                }
                return .success(place > before)
            } catch {
                ledger.unstarted(queue.removeAll() + postponed)
                return .failure(error)
            }
        }
        return try result.get() && !mustStop
    }

    /// Gives the messages their places in inbox order, and plain names where they can be decided about.
    private func turns(_ assignments: [Assignment], _ place: inout Int) -> [Turn] {
        assignments.map { assignment in
            defer { place += 1 }
            return Turn(assignment: assignment, place: place, hasPlainName: claim(assignment, place))
        }
    }

    /// The same message with its turn out of order: those behind don't wait for it to decide about plain names.
    private func withoutWaiting(_ turn: Turn) -> Turn {
        guard turn.hasPlainName == nil else { return turn }
        claims.giveUp(place: turn.place)
        var turn = turn
        turn.hasPlainName = false
        return turn
    }

    /// Starts the messages whose turn comes before the next page.
    /// - Parameter maySample: whether others may wait while a service is suspected.
    /// - Returns: false when nothing more may be started.
    private func start(
        _ queue: inout MessageQueue,
        maySample: Bool = true,
        _ inFlight: inout Int,
        _ group: inout TaskGroup<Void>
    ) async -> Bool {
        while queue.hasNext(isSampling: maySample && ledger.samples != nil) {
            // A message that is stored makes room for the next, and is acknowledged meanwhile.
            if inFlight >= 2 * drain.options.concurrency {
                await group.next()
                inFlight -= 1
            }
            let slot = await slots.take()
            if let suspect = ledger.takeSuspect() { await ask(suspect) }
            if mustStop {
                slot.giveBack()
                ledger.unstarted(queue.removeAll())
                return false
            }
            let samples = maySample ? ledger.samples : nil
            if samples != nil && !queue.isSampled { queue.updatePage { $0 = withoutWaiting($0) } }
            guard let turn = queue.takeNext(sampling: samples?.most) else {
                slot.giveBack()
                return true
            }
            group.addTask {
                defer { slot.giveBack() }
                let id = turn.assignment.entry.id
                let outcome = await MessageID.$current.withValue(id) {
                    await mover.move(turn, stored: slot.giveBack)
                }
                report(id, outcome)
                // What was cut off at the run's end is no message's fault.
                if case .failed(let failure) = outcome, failure.kind != .cancelled { keeper.failed(id) }
                ledger.finished(id, outcome, isSample: turn.isSample, now: drain.surroundings.uptime())
            }
            inFlight += 1
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
