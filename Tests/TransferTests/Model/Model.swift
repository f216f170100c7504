import Transfer

/// The world of one mailbox as an explicit state machine: which steps a state allows, and which states they lead to.
///
/// The steps are those of `Drain`, `MessageRun` and `MessageMover`, one for each request at the instant when it takes effect;
/// what a run does between two requests touches only its own memory and belongs to the step before. Everything that
/// `Journal`, `Planner`, `PlanEntry` and `StoredMessageFinder` decide is asked of them.
final class Model {
    let scenario: Scenario
    let leftOut: Set<Rule>
    let dropped: Assumption?
    /// Whether entries that never leave the journal break a promise.
    let drains: Bool
    var knowledge: Knowledge
    private(set) var foreign: UInt16 = 0
    private var conclusions: [WorldState: Violation?] = [:]

    typealias Emit = (WorldState, Event) -> Void

    init(
        _ scenario: Scenario,
        without leftOut: Set<Rule> = [],
        dropping dropped: Assumption? = nil,
        drains: Bool = true
    ) {
        var scenario = scenario
        if dropped == .acknowledgedIsNotListedOrNotGivenOut {
            scenario.mailbox = .lingering
            scenario.name += ", lingering"
            scenario.faults = Set(Fault.allCases)
        }
        self.scenario = scenario
        self.leftOut = leftOut
        self.dropped = dropped
        self.drains = drains
        knowledge = Knowledge(scenario, leftOut)
        if scenario.hasForeignBlob { foreign = knowledge.firstName(WorldState()) }
    }

    func obeys(_ rule: Rule) -> Bool { leftOut.isEmpty || !leftOut.contains(rule) }

    /// How it begins.
    /// - Parameter faults: how many there may be in one history.
    func start(faults: Int) -> WorldState {
        var state = WorldState()
        state.faultsLeft = UInt8(faults)
        for (slot, message) in scenario.messages.enumerated() where !message.isLate {
            state.messages[slot].flags = .arrived
        }
        return state
    }

    /// Every step that the state allows.
    func successors(_ state: WorldState, _ emit: Emit) {
        guard state.violation == nil else { return }
        for run in 0..<2 { steps(of: run, state, emit) }
        for slot in 0..<WorldState.slots {
            let message = state.messages[slot]
            let mayBeRemoved = message.isAcknowledged || dropped == .blobsStayUntilAcknowledged
            if message.blob != 0, mayBeRemoved {
                var next = state
                next.messages[slot].blob = 0
                emit(next, Event(actor: .world, message: slot, action: "the consumer removes the blob of"))
            }
            if slot < scenario.messages.count, scenario.messages[slot].isLate, !message.flags.contains(.arrived) {
                var next = state
                next.messages[slot].flags.insert(.arrived)
                emit(next, Event(actor: .world, message: slot, action: "the inbox gets"))
            }
        }
        if state.runs[0].phase == .ended, !state.runs[1].isAlive, let violation = conclude(state) {
            var next = state
            next.violation = violation
            emit(next, Event(actor: .world, action: "a clean run follows"))
        }
    }

    /// Emits the step that a fault makes, if there may be one more.
    func fault(_ fault: Fault, _ state: WorldState, _ change: (inout WorldState) -> Void, _ emit: (WorldState) -> Void)
    {
        guard state.faultsLeft > 0, scenario.faults.contains(fault) else { return }
        var next = state
        next.faultsLeft -= 1
        change(&next)
        emit(next)
    }

    // MARK: - After the faults

    /// What a clean run, with a new message in the inbox so that it isn't empty, leaves broken: of the same day and settings,
    /// and of another day with others.
    private func conclude(_ state: WorldState) -> Violation? {
        var key = state
        key.runs = [RunState(), RunState()]
        (key.faultsLeft, key.holder) = (0, 0)
        if let known = conclusions[key] { return known }
        var violation: Violation?
        for (settings, days) in [(UInt8(0), UInt8(0)), (3, 1)] where violation == nil {
            var clean = key
            clean.runs[1].end()
            clean.runs[0].settings = settings
            clean.day += days
            clean.second += 1
            for slot in scenario.messages.indices { clean.messages[slot].flags.insert(.arrived) }
            clean.messages[WorldState.fresh].flags.insert(.arrived)
            violation = leftBroken(by: run(clean))
        }
        conclusions[key] = violation
        return violation
    }

    /// One run from its beginning to its end, undisturbed, its messages one step after the other.
    private func run(_ state: WorldState) -> WorldState {
        var state = state
        while state.runs[0].phase != .ended, state.violation == nil {
            var next: WorldState?
            steps(of: 0, state) { step, _ in if next == nil { next = step } }
            state = next!
        }
        return state
    }

    private func leftBroken(by state: WorldState) -> Violation? {
        if let violation = state.violation { return violation }
        for slot in 0..<WorldState.slots where state.messages[slot].flags.contains(.arrived) {
            guard state.messages[slot].isStored, state.messages[slot].isAcknowledged else { return .unfinished }
        }
        // The sandbox gives out what is acknowledged, so that nothing tells that it was: such an entry stays for good where
        // the acknowledgement was not noted and the consumer has taken the blob.
        let left = knowledge.entries(state.content) { slot in
            scenario.mailbox != .specified && state.messages[slot].isAcknowledged && state.messages[slot].blob == 0
        }
        return left == 0 || !drains ? nil : .undrained
    }
}
