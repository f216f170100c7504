import Synchronization

/// Measures a run while it lasts: how long each phase took, and how many bytes came.
final class RunMeter: Sendable {
    /// How long the operations of one phase took.
    struct Timing: Sendable, Equatable {
        /// The upper bounds of all buckets but the last, in nanoseconds.
        static let bounds: [Int64] = [
            5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000,
            2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000, 60_000_000_000, 300_000_000_000,
        ]

        /// Operations that took at most the bound of the same index and more than the one before; the last has no bound.
        var buckets = [Int](repeating: 0, count: bounds.count + 1)
        /// Nanoseconds of all operations together.
        var sum: Int64 = 0

        var count: Int { buckets.reduce(0, +) }
        var seconds: Double { Double(sum) / 1e9 }

        mutating func add(_ nanoseconds: Int64) {
            var index = 0
            while index < Self.bounds.count && nanoseconds > Self.bounds[index] { index += 1 }
            buckets[index] += 1
            sum += nanoseconds
        }
    }

    private let timings = Mutex([Timing](repeating: Timing(), count: Phase.allCases.count))
    private let received = Atomic<UInt64>(0)
    private let uptime: @Sendable () -> Duration

    /// - Parameter uptime: a clock that never goes back.
    init(uptime: @escaping @Sendable () -> Duration) {
        self.uptime = uptime
    }

    /// Bytes of content that were read, those that had to be read again included.
    var receivedBytes: UInt64 { received.load(ordering: .relaxed) }

    /// The timings of all phases that there were.
    var phases: [(phase: Phase, timing: Timing)] {
        let timings = timings.withLock { $0 }
        return Phase.allCases.compactMap { phase in
            timings[phase.index].count > 0 ? (phase, timings[phase.index]) : nil
        }
    }

    var now: Duration { uptime() }

    func count(bytes: Int) {
        received.add(UInt64(bytes), ordering: .relaxed)
    }

    func add(_ duration: Duration, to phase: Phase) {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        timings.withLock { $0[phase.index].add(nanoseconds) }
    }

    /// Adds the time since a moment of ``now``.
    func add(_ phase: Phase, since start: Duration) {
        add(uptime() - start, to: phase)
    }
}
