/// What is known of every message that was ever planned and may still be in the inbox: the memory that makes storing happen
/// exactly once. A value without I/O; it is kept in one small blob per mailbox, under a lease.
///
/// An entry is written before anything of its message is stored, and stays until MESH confirmed the acknowledgement, or has no
/// such message, and a later, complete walk through the inbox lacks the id. Until then it is a tombstone: an acknowledged
/// message is acknowledged again and never stored again.
package struct Journal: Hashable, Sendable {
    /// How far a message has come.
    package enum State: String, Sendable, CaseIterable {
        /// A blob of it may exist under the names of its plans.
        case planned
        /// A blob exists; MESH has not confirmed the acknowledgement.
        case stored
        /// MESH confirmed the acknowledgement.
        case acknowledged
        /// No blob of it was found, and MESH says that it has no such message: it was acknowledged and its blob taken away, or
        /// it was never stored. Listed again, it is looked for and downloaded again; it is never acknowledged unseen.
        case gone

        /// Whether nothing more is to be done unless it is listed.
        var isSettled: Bool { self == .acknowledged || self == .gone }
    }

    /// What messages that were planned together have in common.
    package struct Plan: Hashable, Sendable {
        package var time: CivilTime
        package var prefix: String
        package var source: BSOSource
    }

    /// One message. Kept small: there is one for every listed message.
    struct Record: Hashable, Sendable {
        /// The index in `plans`.
        var plan: Int32
        var ordinal: Int32
        var state: State
        /// Taken up in this run; an id is taken up once.
        var isTaken = false
        /// It was tried and failed, in this run or an earlier one.
        var hasFailed = false
        /// Out of the journal, and remembered for the rest of this run alone.
        var hasLeft = false
        /// The walk that listed it last, from 1.
        var listedIn: UInt16 = 0
        /// The walk during which it was acknowledged; 0 for an earlier run.
        var acknowledgedIn: UInt16 = 0
    }

    var plans: [Plan] = []
    var records = MessageTable<Record>()
    /// Plans under which a message may have been stored before it got its present one.
    var superseded: [MessageID: [PlanEntry]] = [:]
    /// Stands still in the end: from then on no entry leaves.
    private var walk: UInt16 = 0

    package init() {}

    /// The number of entries, tombstones included.
    package var count: Int { records.positions.count { !records[$0].hasLeft } }

    /// How far a message has come; `nil` if the journal has no entry for it.
    package func state(of id: MessageID) -> State? {
        records[id].flatMap { $0.hasLeft ? nil : $0.state }
    }

    func entry(_ id: MessageID, _ record: Record) -> PlanEntry {
        let plan = plans[Int(record.plan)]
        return PlanEntry(
            id: id,
            time: plan.time,
            ordinal: Int(record.ordinal),
            prefix: plan.prefix,
            source: plan.source
        )
    }

    /// The index of a plan, which is the last one as a rule.
    mutating func index(of plan: Plan) -> Int32 {
        if let last = plans.indices.last, plans[last] == plan { return Int32(last) }
        if let index = plans.firstIndex(of: plan) { return Int32(index) }
        plans.append(plan)
        return Int32(plans.count - 1)
    }
}

// A run, step by step.
extension Journal {
    /// A walk through the inbox begins at its first page.
    package mutating func beginWalk() {
        if walk < .max { walk += 1 }
    }

    /// Decides about the messages of one page, which was listed under the lease. The journal has to be written before any
    /// of them is stored, if the decision says so.
    /// - Parameters:
    ///   - planner: gives times and ordinals to new messages, and to inherited ones of an earlier date.
    ///   - now: seconds since 1970.
    package mutating func plan(_ ids: [MessageID], with planner: inout Planner, now: Int64) -> PageDecision {
        var decision = PageDecision(count: ids.count)
        for id in ids {
            guard let position = records.position(of: id) else {
                let entry = planner.next(id, now: now)
                records.insert(makeRecord(entry), for: id)
                decision.add(Assignment(entry: entry, task: .store(lookingAt: [])), isChange: true)
                continue
            }
            var record = records[position]
            record.listedIn = walk
            defer { records[position] = record }
            if record.isTaken { continue }
            record.isTaken = true
            let inherited = entry(id, record)
            if record.state == .acknowledged {
                decision.add(Assignment(entry: inherited, task: .acknowledgeAgain), isChange: false)
                continue
            }
            // What may be stored must not leave the journal unseen.
            let isBack = record.state == .gone
            if isBack { record.state = .planned }
            let known = (superseded[id] ?? []) + [inherited]
            guard planner.isOfToday(inherited, now: now) else {
                // The names of the old plan are looked at, now and after a crash, and a new plan is followed.
                superseded[id] = known
                let entry = planner.next(id, now: now)
                record.plan = index(of: Plan(entry))
                record.ordinal = Int32(entry.ordinal)
                decision.add(
                    Assignment(entry: entry, task: .store(lookingAt: known), hasFailedBefore: record.hasFailed),
                    isChange: true
                )
                continue
            }
            decision.add(
                Assignment(entry: inherited, task: .store(lookingAt: known), hasFailedBefore: record.hasFailed),
                isChange: isBack
            )
        }
        return decision
    }

    /// Notes that a message failed: the next run begins with others.
    package mutating func noteFailure(of id: MessageID) {
        guard let position = records.position(of: id) else { return }
        records[position].hasFailed = true
    }

    /// Notes how far a message has come.
    package mutating func settle(_ id: MessageID, as state: State) {
        guard let position = records.position(of: id) else { return }
        records[position].state = state
        records[position].acknowledgedIn = walk
    }

    /// The walk came to its end: every tombstone that was one before it began, and that it did not list, leaves.
    package mutating func completeWalk() {
        for position in records.positions {
            let record = records[position]
            guard record.state.isSettled, record.acknowledgedIn < walk, record.listedIn < walk else { continue }
            records[position].hasLeft = true
            if !superseded.isEmpty { superseded[records.id(at: position)] = nil }
        }
    }

    /// Inherited messages that no complete walk of this run has listed and that may have been stored and acknowledged by a run
    /// that did not live to note it.
    package mutating func takeUnlisted() -> [Assignment] {
        var assignments: [Assignment] = []
        for position in records.positions {
            let record = records[position]
            guard !record.isTaken, !record.state.isSettled else { continue }
            records[position].isTaken = true
            let entry = entry(records.id(at: position), record)
            let known = (superseded[entry.id] ?? []) + [entry]
            assignments.append(Assignment(entry: entry, task: .recover(lookingAt: known)))
        }
        return assignments.sorted { $0.entry.id.text < $1.entry.id.text }
    }

    private mutating func makeRecord(_ entry: PlanEntry) -> Record {
        Record(
            plan: index(of: Plan(entry)),
            ordinal: Int32(entry.ordinal),
            state: .planned,
            isTaken: true,
            listedIn: walk
        )
    }
}

extension Journal.Plan {
    init(_ entry: PlanEntry) {
        self.init(time: entry.time, prefix: entry.prefix, source: entry.source)
    }
}
