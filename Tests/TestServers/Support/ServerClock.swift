import Glibc
import Synchronization

/// Where a server reads the time from, so that a test can move it.
///
///     let clock = ServerClock(at: 1_795_446_000)
///     clock.advance(by: 61)   // a lease of 60 seconds is over
package final class ServerClock: Sendable {
    private let fixed: Mutex<Int?>

    /// The clock of the machine; for servers that a real process talks to.
    package static var system: ServerClock { ServerClock(fixed: nil) }

    /// A clock that stands still.
    /// - Parameter seconds: since 1970, UTC.
    package convenience init(at seconds: Int) {
        self.init(fixed: seconds)
    }

    private init(fixed: Int?) {
        self.fixed = Mutex(fixed)
    }

    /// Seconds since 1970, UTC.
    package var now: Int {
        fixed.withLock { $0 } ?? time(nil)
    }

    /// Moves a clock that stands still.
    package func advance(by seconds: Int) {
        fixed.withLock { value in
            precondition(value != nil, "the system's clock can't be moved")
            value! += seconds
        }
    }
}
