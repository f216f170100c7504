/// What is to be done with one message.
package struct Assignment: Hashable, Sendable {
    package enum Task: Hashable, Sendable {
        /// Store and acknowledge it. Of an inherited message every name under those plans is looked at first, and if it is
        /// found, it is acknowledged only.
        case store(lookingAt: [PlanEntry])
        /// It was acknowledged by an earlier run and is listed still.
        case acknowledgeAgain
        /// It is not listed: never store it. If it is found under one of those plans, acknowledge it.
        case recover(lookingAt: [PlanEntry])
    }

    /// The plan that it is stored under, if it is.
    package var entry: PlanEntry
    package var task: Task
    /// Whether it failed in an earlier run: its turn comes after the others'.
    package var hasFailedBefore: Bool

    package init(entry: PlanEntry, task: Task, hasFailedBefore: Bool = false) {
        self.entry = entry
        self.task = task
        self.hasFailedBefore = hasFailedBefore
    }
}

/// What is to be done with the messages of a page, in inbox order.
package struct PageDecision: Sendable {
    package private(set) var assignments: [Assignment] = []
    /// Whether the journal has to be written before the first of them is stored.
    package private(set) var changesJournal = false

    /// - Parameter count: how many assignments it will have.
    init(count: Int) {
        assignments.reserveCapacity(count)
    }

    mutating func add(_ assignment: Assignment, isChange: Bool) {
        assignments.append(assignment)
        changesJournal = changesJournal || isChange
    }
}
