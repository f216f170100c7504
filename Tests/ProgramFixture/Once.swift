import Synchronization

/// Tells the first of a kind from all others.
package final class Once: Sendable {
    private let seen = Mutex<Set<String>>([])

    package init() {}

    /// What came so far.
    package var kinds: Set<String> { seen.withLock { $0 } }

    package func isNew(_ kind: String) -> Bool { seen.withLock { $0.insert(kind).inserted } }
}
