import Synchronization

/// Counts what comes, so that a server can do something to the first, or to the third, of a kind.
final class Turns: Sendable {
    private let number = Mutex(0)

    /// The number of this one, from 1.
    func next() -> Int {
        number.withLock { number in
            number += 1
            return number
        }
    }

    var count: Int { number.withLock { $0 } }
}
