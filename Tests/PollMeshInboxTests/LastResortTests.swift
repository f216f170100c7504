import Synchronization
import Testing

@testable import PollMeshInbox

struct LastResortTests {
    /// What was written and how the process ended.
    private final class Record: Sendable {
        let events = Mutex<[String]>([])

        var lastResort: LastResort {
            LastResort { outcome, _ in
                self.events.withLock { $0.append("summary \(outcome.outcome)") }
            } exit: { status in
                self.events.withLock { $0.append("exit \(status.rawValue)") }
            }
        }
    }

    @Test func aHungJobIsEndedWithItsSummary() {
        let record = Record()
        let lastResort = record.lastResort
        lastResort.describe { RunOutcome(status: .unavailable, outcome: "unavailable") }
        lastResort.end(after: .zero)
        #expect(record.events.withLock { $0 } == ["summary unavailable", "exit 69"])
    }

    @Test func aJobThatSaysNothingOfItselfWasStopped() {
        let record = Record()
        record.lastResort.end(after: .zero)
        #expect(record.events.withLock { $0 } == ["summary stopped", "exit 143"])
    }

    /// Whoever writes it may hang in that.
    @Test func aSummaryThatWasBegunIsNotWrittenAgain() {
        let record = Record()
        let lastResort = record.lastResort
        #expect(lastResort.claim(.success))
        #expect(!lastResort.claim(.terminated))
        lastResort.end(after: .zero)
        #expect(record.events.withLock { $0 } == ["exit 0"])
    }
}
