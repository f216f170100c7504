import Synchronization
import Testing
import Transfer

@Suite struct DrainTests {
    @Test func movesEveryMessageUnderDatedNames() async {
        let inbox = FakeInbox([
            .init("abc1", [Array("one".utf8)]), .init("ABC2", [Array("two".utf8)]), .init("xyz3", [[]]),
        ])
        let store = FakeStore()
        let summary = await Harness().run(inbox, store)
        #expect(
            store.names == [
                "2024-01-15/ABC_20240115T143045.dat", "2024-01-15/ABC_20240115T143045_0001_ABC2.dat",
                "2024-01-15/XYZ_20240115T143045.dat",
            ]
        )
        #expect(store.blobs["2024-01-15/ABC_20240115T143045.dat"]?.content == Array("one".utf8))
        #expect(Set(inbox.acknowledged) == Set(["abc1", "ABC2", "xyz3"].map(MessageID.init)))
        #expect(summary.outcome == .completed)
        #expect((summary.listed, summary.stored, summary.acknowledged, summary.bytes) == (3, 3, 3, 6))
    }

    @Test func anEmptyInboxCostsNoStorageRequest() async {
        let store = FakeStore()
        let summary = await Harness().run(FakeInbox([]), store)
        #expect(summary.outcome == .empty)
        #expect(store.calls.isEmpty)
    }

    @Test func drainsMorePagesThanOneWhileAcknowledging() async {
        let inbox = FakeInbox((0..<1201).map { .init("M\($0 % 10)\($0 % 7)x\($0)") }, pageSize: 100)
        let store = FakeStore()
        let summary = await Harness().run(inbox, store)
        #expect(summary.stored == 1201)
        #expect(store.blobs.count == 1201)
        #expect(inbox.acknowledged.count == 1201)
        #expect(Set(inbox.acknowledged).count == 1201)
    }

    @Test func lingeringIDsCountOnceAndTheWalkEnds() async {
        let lingering = InboxPage(ids: ["aaa", "bbb", "aaa"].map(MessageID.init), next: PageLink("again"))
        let inbox = FakeInbox([.init("aaa"), .init("bbb")], pages: { _ in lingering })
        let store = FakeStore()
        let summary = await Harness().run(inbox, store)
        #expect(summary.listed == 2)
        #expect(store.blobs.count == 2)
        #expect(inbox.count(.list) <= 5)
    }

    @Test func anEmptyPageWithANextLinkIsFollowed() async {
        let inbox = FakeInbox(
            [.init("aaa")],
            pages: { link in
                link == nil ? InboxPage(ids: [], next: PageLink("2")) : InboxPage(ids: [MessageID("aaa")])
            }
        )
        let store = FakeStore()
        #expect(await Harness().run(inbox, store).stored == 1)
    }

    @Test func oneFailingMessageStopsNoOther() async {
        let inbox = FakeInbox((0..<5).map { .init("AB\($0)x") }) { call, _ in
            call == .download(MessageID("AB2x"), 1) ? .test(.transient) : nil
        }
        let store = FakeStore()
        let harness = Harness()
        let summary = await harness.run(inbox, store)
        #expect(summary.outcome == .incomplete)
        #expect((summary.stored, summary.failed, summary.retries) == (4, 1, 2))
        #expect(summary.problems.map(\.id) == [MessageID("AB2x")])
        #expect(!inbox.acknowledged.contains(MessageID("AB2x")))
    }

    @Test func nothingIsAcknowledgedThatWasNotStored() async {
        let inbox = FakeInbox((0..<3).map { .init("AB\($0)x") })
        let store = FakeStore { call, _ in
            if case .create = call { return .before(.test(.permanent, service: .storage)) }
            return nil
        }
        let summary = await Harness().run(inbox, store)
        #expect(inbox.acknowledged.isEmpty)
        #expect(summary.failed == 3)
        #expect(summary.outcome == .incomplete)
    }

    @Test func aFailedAcknowledgementIsTriedAgainAndThenReported() async {
        let inbox = FakeInbox([.init("abc1")]) { call, nth in
            call == .acknowledge(MessageID("abc1")) && nth < 3 ? .test(.transient) : nil
        }
        #expect(await Harness().run(inbox, FakeStore()).outcome == .completed)
        let dead = FakeInbox([.init("abc1")]) { call, _ in
            call == .acknowledge(MessageID("abc1")) ? .test(.permanent) : nil
        }
        let store = FakeStore()
        #expect(await Harness().run(dead, store).outcome == .incomplete)
        #expect(store.blobs.count == 1)
    }

    @Test func anAcknowledgementOfAGoneMessageIsOne() async {
        let inbox = FakeInbox([.init("abc1")]) { call, _ in
            call == .acknowledge(MessageID("abc1")) ? .test(.gone) : nil
        }
        #expect(await Harness().run(inbox, FakeStore()).outcome == .completed)
    }

    @Test(arguments: [
        (Failure.Kind.refused, RunSummary.Outcome.refused), (.transient, .unavailable), (.settings, .misconfigured),
    ])
    func aFailingHandshakeEndsTheRun(kind: Failure.Kind, outcome: RunSummary.Outcome) async {
        let inbox = FakeInbox([.init("abc1")]) { call, _ in call == .handshake ? .test(kind) : nil }
        let store = FakeStore()
        let summary = await Harness().run(inbox, store)
        #expect(summary.outcome == outcome)
        #expect(store.calls.isEmpty)
        #expect(inbox.count(.list) == 0)
    }

    @Test func aRefusedHandshakeIsTriedOnce() async {
        let inbox = FakeInbox([]) { call, _ in call == .handshake ? .test(.refused) : nil }
        _ = await Harness().run(inbox, FakeStore())
        #expect(inbox.count(.handshake) == 1)
    }

    @Test func aListingThatFailsOnALaterPageStillMovesTheFirst() async {
        let inbox = FakeInbox((0..<20).map { .init("AB\($0)x") }, pageSize: 10) { call, nth in
            call == .list && nth > 2 ? .test(.transient) : nil
        }
        let store = FakeStore()
        let summary = await Harness().run(inbox, store)
        #expect(summary.outcome == .unavailable)
        #expect(summary.stored == 10)
    }

    @Test func aDeadStoreEndsTheRunEarly() async {
        let inbox = FakeInbox((0..<200).map { .init("AB\($0 % 10)x\($0)") })
        let store = FakeStore { call, _ in
            if case .create = call { return .before(.test(.transient, service: .storage)) }
            return nil
        }
        var harness = Harness()
        harness.options.concurrency = 4
        let summary = await harness.run(inbox, store)
        #expect(summary.outcome == .unavailable)
        #expect(summary.failed < 20)
        #expect(summary.unstarted + summary.failed == 200)
    }

    @Test func storageThatRefusesEveryMessageGivesItsOutcome() async {
        let store = FakeStore { call, _ in
            if case .create = call { return .before(.test(.settings, service: .storage)) }
            return nil
        }
        #expect(await Harness().run(FakeInbox([.init("abc1"), .init("abc2")]), store).outcome == .misconfigured)
    }

    @Test func noMessageIsStartedAfterTheDeadline() async {
        var harness = Harness()
        harness.deadline = .seconds(10)
        harness.options.concurrency = 1
        let clock = harness.clock
        let inbox = FakeInbox((0..<5).map { .init("AB\($0)x") }) { call, _ in
            if case .acknowledge = call { clock.advance(by: .seconds(4)) }
            return nil
        }
        let summary = await harness.run(inbox, FakeStore())
        #expect(summary.outcome == .deadline)
        // The last messages have half of so short a run to finish in.
        #expect((summary.stored, summary.unstarted, summary.failed) == (2, 3, 0))
    }

    @Test func aDryRunStoresAndAcknowledgesNothing() async {
        var harness = Harness()
        harness.options.isDryRun = true
        harness.capacity = 64 << 10
        let inbox = FakeInbox([.init("abc1"), .init("abc2", [[UInt8](repeating: 7, count: 50_000)])])
        let store = FakeStore()
        let summary = await harness.run(inbox, store)
        #expect(summary.outcome == .completed)
        #expect(summary.bytes == 50_001)
        #expect(store.calls.isEmpty)
        #expect(inbox.acknowledged.isEmpty)
    }
}
