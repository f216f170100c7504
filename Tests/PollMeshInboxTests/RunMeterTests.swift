import Blocks
import Synchronization
import Testing
import Transfer

@testable import PollMeshInbox

@Suite struct RunMeterTests {
    /// A clock that goes on by a second each time that it is read.
    private final class Ticks: Sendable {
        private let now = Mutex(Duration.zero)

        func next() -> Duration {
            now.withLock { now in
                now += .seconds(1)
                return now
            }
        }
    }

    @Test(arguments: [
        (Duration.zero, 0), (.milliseconds(5), 0), (.nanoseconds(5_000_001), 1), (.seconds(1), 7), (.seconds(300), 13),
        (.seconds(301), 14),
    ])
    func aTimeGoesIntoTheBucketWithTheNextBound(time: Duration, bucket: Int) {
        let meter = RunMeter(uptime: { .zero })
        meter.add(time, to: .list)
        #expect(meter.phases.count == 1)
        #expect(meter.phases[0].phase == .list)
        #expect(meter.phases[0].timing.buckets.firstIndex(of: 1) == bucket)
        #expect(Duration.nanoseconds(meter.phases[0].timing.sum) == time)
    }

    @Test func phasesHaveAPlaceOfTheirOwn() {
        #expect(Phase.allCases.map(\.index) == Array(Phase.allCases.indices))
    }

    @Test func whatFailsTakesTimeToo() async {
        struct Broken: Inbox {
            static let failure = Failure(service: .mesh, kind: .transient, type: "test", message: "A test.")
            func handshake() async throws(Failure) { throw Self.failure }
            func page(at link: PageLink?) async throws(Failure) -> InboxPage { throw Self.failure }
            func acknowledge(_ id: MessageID) async throws(Failure) { throw Self.failure }
            func download(
                _ id: MessageID,
                chunk number: Int,
                as form: ContentForm
            ) async throws(Failure) -> any MessageChunk { throw Self.failure }
        }
        let ticks = Ticks()
        let meter = RunMeter(uptime: ticks.next)
        let inbox = MeteredInbox(inbox: Broken(), meter: meter, showedMessages: { Issue.record("nothing was shown") })
        try? await inbox.handshake()
        _ = try? await inbox.page(at: nil)
        _ = try? await inbox.download(MessageID("a"), chunk: 1, as: .content)
        try? await inbox.acknowledge(MessageID("a"))
        #expect(meter.phases.map(\.phase) == [.handshake, .list, .download, .acknowledge])
        #expect(meter.phases.allSatisfy { $0.timing.seconds == 1 })
    }

    @Test func aChunkTakesTheTimeOfItsHeadAndItsReadsOnce() async throws {
        final class Chunk: MessageChunk {
            let head = ChunkHead(
                number: 1,
                total: 1,
                contentLength: nil,
                isCompressed: false,
                attributes: MessageAttributes()
            )
            func read(into block: Block, scratch: Block?) async throws(Failure) -> Bool {
                block.advance(by: 10)
                return false
            }
            func cancel() {}
        }
        let ticks = Ticks()
        let meter = RunMeter(uptime: ticks.next)
        do {
            let chunk = MeteredChunk(Chunk(), meter, spent: .seconds(5))
            let block = Block(capacity: 100)
            for _ in 1...3 { _ = try await chunk.read(into: block, scratch: nil) }
            chunk.cancel()
            #expect(meter.phases.isEmpty)
        }
        #expect(meter.receivedBytes == 30)
        #expect(meter.phases.map(\.timing.count) == [1])
        #expect(meter.phases[0].timing.seconds == 8)
    }
}
