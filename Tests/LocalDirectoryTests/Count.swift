import Synchronization

/// How often something happened.
final class Count: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .acquiring) }

    func add() {
        count.add(1, ordering: .acquiringAndReleasing)
    }
}
