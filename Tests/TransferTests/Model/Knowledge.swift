@testable import Transfer

/// Gives equal values equal numbers.
struct Interner<Value: Hashable> {
    private(set) var values: [Value] = []
    private var numbers: [Value: Int] = [:]

    mutating func number(of value: Value) -> Int {
        if let number = numbers[value] { return number }
        numbers[value] = values.count
        values.append(value)
        return values.count - 1
    }
}

/// A run's memory: the journal and the planner, real ones.
struct Memory: Hashable {
    var journal: Journal
    var planner: Planner
    /// What the planner would give next, which tells planners apart.
    private var next: PlanEntry
    private var now: Int64

    init(_ journal: Journal, _ planner: Planner, now: Int64) {
        self.journal = journal
        self.planner = planner
        var probe = planner
        next = probe.next(MessageID("next"), now: now)
        self.now = now
    }

    mutating func change(_ body: (inout Journal) -> Void) {
        body(&journal)
    }

    static func == (left: Memory, right: Memory) -> Bool {
        (left.now, left.next, left.journal) == (right.now, right.next, right.journal)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(now)
        hasher.combine(next)
        hasher.combine(journal)
    }
}

/// An assignment with everything that the model asks of it.
struct KnownTask {
    enum Kind {
        case store
        case acknowledge
        case recover
    }

    var kind: Kind
    var isInherited = false
    var names: [UInt16] = []
    var namesAfterHead: [UInt16] = []
    var plain: UInt16 = 0
    var collision: UInt16 = 0
    var quarantine: UInt16 = 0
    /// Every name that it can have under its own plan.
    var ownNames: [UInt16] = []
    /// Whether its own plan takes the code from the id.
    var isOfID: Bool
}

/// What the model's runs know and write, by number: everything in it is made by the real journal, planner and finder.
struct Knowledge {
    struct Outcome {
        var memory: UInt32
        /// By message.
        var tasks: [(message: Int, task: UInt16)] = []
        var needsWrite = false
    }

    private enum Operation: Hashable {
        case read(UInt16, settings: UInt8, now: Int64)
        case beginWalk(UInt32)
        case plan(UInt32, listed: UInt8, now: Int64)
        case settle(UInt32, Int, Journal.State)
        case completeWalk(UInt32)
        case takeUnlisted(UInt32)
    }

    let scenario: Scenario
    let leftOut: Set<Rule>
    private(set) var tasks: [KnownTask] = []
    private(set) var names = Interner<BlobName>()
    private var memories = Interner<Memory>()
    private var contents = Interner<[UInt8]>()
    private var assignments = Interner<Assignment>()
    private var outcomes: [Operation: Outcome] = [:]
    private let ids: [MessageID]
    private let attributes: [MessageAttributes]

    init(_ scenario: Scenario, _ leftOut: Set<Rule>) {
        self.scenario = scenario
        self.leftOut = leftOut
        var messages = scenario.messages
        while messages.count < WorldState.fresh { messages.append(.init(id: "none", fileName: "")) }
        messages.append(.init(id: "abc9", fileName: "xyz.dat"))
        ids = messages.map { MessageID($0.id) }
        attributes = messages.map { MessageAttributes(values: ["filename": $0.fileName]) }
        _ = names.number(of: BlobName(""))
        _ = contents.number(of: [])
    }

    static func now(_ state: WorldState) -> Int64 {
        1_705_329_045 + Int64(state.second) + Int64(state.day) * 86_400
    }

    /// The plain name that the first message gets in a run at that time.
    mutating func firstName(_ state: WorldState) -> UInt16 {
        var planner = planner(0)
        let entry = planner.next(ids[0], now: Self.now(state))
        return number(entry.plainName(try! entry.code(attributes[0])))
    }

    private mutating func number(_ name: BlobName) -> UInt16 { UInt16(names.number(of: name)) }

    private func planner(_ settings: UInt8) -> Planner {
        let settings = scenario.settings(settings)
        return Planner(prefix: settings.prefix, source: settings.source) { CivilTime(utc: $0) }
    }

    // MARK: - The journal's operations

    /// The number of what is left in a journal of messages that the test does not excuse.
    func entries(_ content: UInt16, unless isExcused: (Int) -> Bool) -> Int {
        let journal = try! Journal(json: contents.values[Int(content)])
        return journal.records.positions.count { !isExcused(ids.firstIndex(of: journal.records.id(at: $0))!) }
    }

    mutating func write(_ memory: UInt32) -> UInt16 {
        UInt16(contents.number(of: memories.values[Int(memory)].journal.json()))
    }

    mutating func read(_ content: UInt16, settings: UInt8, now: Int64) -> UInt32 {
        let operation = Operation.read(content, settings: settings, now: now)
        if let known = outcomes[operation] { return known.memory }
        var journal = try! Journal(json: contents.values[Int(content)])
        if leftOut.contains(.entryKeepsItsSettings) {
            let settings = scenario.settings(settings)
            for index in journal.plans.indices {
                journal.plans[index].prefix = settings.prefix
                journal.plans[index].source = settings.source
            }
        }
        var planner = planner(settings)
        planner.resume(behind: journal, now: now)
        let memory = UInt32(memories.number(of: Memory(journal, planner, now: now)))
        outcomes[operation] = Outcome(memory: memory)
        return memory
    }

    mutating func beginWalk(_ memory: UInt32) -> UInt32 {
        change(.beginWalk(memory), memory) { $0.beginWalk() }
    }

    mutating func settle(_ memory: UInt32, _ message: Int, as state: Journal.State) -> UInt32 {
        let id = ids[message]
        let leavesAtOnce = state == .acknowledged && leftOut.contains(.entryLeavesWhenALaterWalkLacksIt)
        return change(.settle(memory, message, state), memory) { journal in
            journal.settle(id, as: state)
            if leavesAtOnce { journal.records[journal.records.position(of: id)!].hasLeft = true }
        }
    }

    mutating func completeWalk(_ memory: UInt32) -> UInt32 {
        let leftOut = leftOut
        return change(.completeWalk(memory), memory) { journal in
            for position in journal.records.positions {
                if leftOut.contains(.entryLeavesWhenAcknowledged), !journal.records[position].isTaken {
                    journal.records[position].state = .acknowledged
                }
                if leftOut.contains(.entryLeavesWhenAcknowledgedBeforeTheWalk) {
                    journal.records[position].acknowledgedIn = 0
                }
            }
            journal.completeWalk()
        }
    }

    private mutating func change(_ operation: Operation, _ memory: UInt32, _ body: (inout Journal) -> Void) -> UInt32 {
        if let known = outcomes[operation] { return known.memory }
        var value = memories.values[Int(memory)]
        value.change(body)
        let changed = UInt32(memories.number(of: value))
        outcomes[operation] = Outcome(memory: changed)
        return changed
    }

    mutating func plan(_ memory: UInt32, listed: UInt8, now: Int64) -> Outcome {
        let operation = Operation.plan(memory, listed: listed, now: now)
        if let known = outcomes[operation] { return known }
        var value = memories.values[Int(memory)]
        let page = ids.indices.filter { listed & 1 << $0 != 0 }.map { ids[$0] }
        let isReplanned = leftOut.contains(.inheritedFollowsItsPlan) && replan(page, &value, now)
        let decision = value.journal.plan(page, with: &value.planner, now: now)
        if leftOut.contains(.supersededPlansAreKept) { value.journal.superseded = [:] }
        var outcome = Outcome(
            memory: UInt32(memories.number(of: Memory(value.journal, value.planner, now: now))),
            needsWrite: (decision.changesJournal || isReplanned) && !leftOut.contains(.planIsWrittenBeforeStoring)
        )
        for assignment in decision.assignments { outcome.tasks.append(task(assignment)) }
        outcomes[operation] = outcome
        return outcome
    }

    /// Gives every inherited message a new plan, and keeps the old one to be looked at.
    private func replan(_ page: [MessageID], _ memory: inout Memory, _ now: Int64) -> Bool {
        let inherited = page.filter { id in
            memory.journal.records[id].map { !$0.isTaken && $0.state != .acknowledged } ?? false
        }
        for id in inherited {
            let position = memory.journal.records.position(of: id)!
            var record = memory.journal.records[position]
            memory.journal.superseded[id, default: []].append(memory.journal.entry(id, record))
            let entry = memory.planner.next(id, now: now)
            record.plan = memory.journal.index(of: Journal.Plan(entry))
            record.ordinal = Int32(entry.ordinal)
            memory.journal.records[position] = record
        }
        return !inherited.isEmpty
    }

    mutating func takeUnlisted(_ memory: UInt32) -> Outcome {
        let operation = Operation.takeUnlisted(memory)
        if let known = outcomes[operation] { return known }
        var value = memories.values[Int(memory)]
        let taken = leftOut.contains(.unlistedIsRecovered) ? [] : value.journal.takeUnlisted()
        var outcome = Outcome(memory: UInt32(memories.number(of: value)))
        for assignment in taken { outcome.tasks.append(task(assignment)) }
        outcomes[operation] = outcome
        return outcome
    }

    // MARK: - Assignments

    private mutating func task(_ assignment: Assignment) -> (message: Int, task: UInt16) {
        let assignment = changed(assignment)
        let message = ids.firstIndex(of: assignment.entry.id)!
        let number = assignments.number(of: assignment)
        if number == tasks.count { tasks.append(known(assignment, message)) }
        return (message, UInt16(number))
    }

    /// The assignment as it is where a rule is left out.
    private func changed(_ assignment: Assignment) -> Assignment {
        var assignment = assignment
        switch assignment.task {
        case .store(let plans) where leftOut.contains(.inheritedIsLookedAt) && !plans.isEmpty:
            assignment.task = .store(lookingAt: [])
        case .store(let plans) where leftOut.contains(.namesOfTheOldPlanAreLookedAt):
            assignment.task = .store(lookingAt: plans.filter { $0 == assignment.entry })
        case .acknowledgeAgain where leftOut.contains(.tombstoneIsNeverStored):
            assignment.task = .store(lookingAt: [assignment.entry])
        case .recover(let plans) where leftOut.contains(.unlistedIsNeverStored):
            assignment.task = .store(lookingAt: plans)
        default: break
        }
        return assignment
    }

    private mutating func known(_ assignment: Assignment, _ message: Int) -> KnownTask {
        let (entry, id) = (assignment.entry, ids[message])
        let code = try! entry.code(attributes[message])
        let plain = entry.plainName(code)
        var task = KnownTask(kind: .acknowledge, isOfID: entry.source == .messageID)
        task.plain = number(plain)
        task.collision = number(entry.collisionName(code))
        task.quarantine = number(entry.quarantineName)
        task.ownNames = ([entry].names(of: id) + [entry].names(of: id, attributes[message])).map { number($0) }
        let plans: [PlanEntry]
        switch assignment.task {
        case .acknowledgeAgain: return task
        case .store(let known): (plans, task.kind) = (known, .store)
        case .recover(let known): (plans, task.kind) = (known, .recover)
        }
        task.isInherited = !plans.isEmpty
        let collisions = plans.map { $0.collisionName(try! $0.code(attributes[message])) }
        let quarantines = plans.map(\.quarantineName)
        let isLookedAt = { [leftOut] (name: BlobName) in
            !(leftOut.contains(.bothNamesAreLookedAt) && collisions.contains(name))
                && !(leftOut.contains(.quarantineNameIsLookedAt) && quarantines.contains(name))
        }
        task.names = plans.names(of: id).filter(isLookedAt).map { number($0) }
        if !leftOut.contains(.namesFromTheHeadAreLookedAt) {
            task.namesAfterHead = plans.names(of: id, attributes[message]).filter(isLookedAt).map { number($0) }
        }
        return task
    }
}
