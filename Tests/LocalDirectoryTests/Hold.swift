import Glibc
import Synchronization

/// A place in the code where a thread hangs until it is let go, as in a call to a file system whose server is away.
final class Hold: Sendable {
    private let entered: AsyncStream<Void>
    private let enter: AsyncStream<Void>.Continuation
    private let free = Atomic(false)
    private let passes: Atomic<Int>

    /// - Parameter passes: how many come through before one hangs; none after it does.
    init(after passes: Int = 0) {
        self.passes = Atomic(passes)
        (entered, enter) = AsyncStream.makeStream()
    }

    /// Hangs, in the thread that is to.
    func hang() {
        guard passes.subtract(1, ordering: .relaxed).oldValue == 0 else { return }
        enter.yield()
        while !free.load(ordering: .acquiring) { sched_yield() }
    }

    /// Returns once a thread hangs.
    func waitUntilHung() async {
        for await _ in entered { return }
    }

    func letGo() {
        free.store(true, ordering: .releasing)
    }
}
