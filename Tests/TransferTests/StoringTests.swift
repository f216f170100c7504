import Synchronization
import Testing
import Transfer

@Suite struct StoringTests {
    private static let plain = "2024-01-15/ABC_20240115T143045.dat"
    private static let collision = "2024-01-15/ABC_20240115T143045_0000_abc1.dat"
    private static let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

    private func metadata(_ id: String) -> BlobMetadata {
        BlobMetadata(sortedEntries: [.init(name: "meshmessageid", value: id)])
    }

    private func harness() -> Harness {
        var harness = Harness()
        // Blocks of 32 KiB.
        harness.capacity = 256 << 10
        return harness
    }

    @Test func aLostAnswerToACreationIsFoundByLooking() async {
        let inbox = FakeInbox([.init("abc1", [[1, 2]])])
        let store = FakeStore { call, nth in
            call == .create(Self.plain) && nth == 1 ? .after(.test(.transient, service: .storage)) : nil
        }
        #expect(await Harness().run(inbox, store).outcome == .completed)
        #expect(store.names == [Self.plain])
        #expect(inbox.acknowledged.count == 1)
    }

    @Test func aForeignBlobIsNeverReplaced() async {
        let foreign = FakeStore.Blob(content: [9], metadata: BlobMetadata(sortedEntries: []))
        let store = FakeStore([Self.plain: foreign])
        let inbox = FakeInbox([.init("abc1", [[1, 2]])])
        #expect(await Harness().run(inbox, store).outcome == .completed)
        #expect(store.blobs[Self.plain] == foreign)
        #expect(store.blobs[Self.collision]?.content == [1, 2])
    }

    @Test func bothNamesTakenFailsTheMessageAlone() async {
        let foreign = FakeStore.Blob(content: [9], metadata: metadata("other"))
        let store = FakeStore([Self.plain: foreign, Self.collision: foreign])
        let inbox = FakeInbox([.init("abc1"), .init("xyz1")])
        let summary = await Harness().run(inbox, store)
        #expect(summary.problems.map(\.type) == ["name_taken"])
        #expect(inbox.acknowledged == [MessageID("xyz1")])
        #expect(store.blobs[Self.plain] == foreign)
    }

    @Test func ownBlobOfAnotherLengthIsAnErrorNotACollision() async {
        let store = FakeStore([Self.plain: .init(content: [1], metadata: metadata("abc1"))])
        let inbox = FakeInbox([.init("abc1", [[1, 2]])])
        let summary = await Harness().run(inbox, store)
        #expect(summary.problems.map(\.type) == ["length_differs"])
        #expect(store.names == [Self.plain])
        #expect(inbox.acknowledged.isEmpty)
    }

    @Test func aBlobThatIsGoneWhenLookedAtGivesTheCollisionName() async {
        let store = FakeStore { call, nth in
            call == .create(Self.plain) && nth == 1 ? .before(.test(.alreadyExists, service: .storage)) : nil
        }
        let inbox = FakeInbox([.init("abc1")])
        _ = await Harness().run(inbox, store)
        #expect(store.names == [Self.collision])
    }

    @Test("Case 13: reads that cross chunks give every byte once", arguments: [1, 2, 3, 7])
    func largeMessagesAreStoredBlockByBlock(chunks: Int) async {
        let size = (Self.large.count + chunks - 1) / chunks
        let parts = stride(from: 0, to: Self.large.count, by: size).map {
            Array(Self.large[$0..<min($0 + size, Self.large.count)])
        }
        let inbox = FakeInbox([.init("abc1", parts), .init("abc2", [[]] + parts + [[]])])
        let store = FakeStore()
        #expect(await harness().run(inbox, store).outcome == .completed)
        #expect(store.blobs[Self.plain]?.content == Self.large)
        #expect(store.blobs["2024-01-15/ABC_20240115T143045_0001_abc2.dat"]?.content == Self.large)
        #expect(store.calls.contains(.stage(Self.plain, 8)))
    }

    @Test func aBrokenDownloadGoesOnWhereItStopped() async {
        let parts = [Array(Self.large[..<100_000]), Array(Self.large[100_000...])]
        let inbox = FakeInbox([.init("abc1", parts)]) { call, nth in
            if call == .read(MessageID("abc1"), 1) && nth == 2 { return .test(.transient) }
            if call == .read(MessageID("abc1"), 2) && nth == 3 { return .test(.staleConnection) }
            return nil
        }
        let store = FakeStore()
        let summary = await harness().run(inbox, store)
        #expect(store.blobs[Self.plain]?.content == Self.large)
        #expect(summary.retries == 2)
        #expect(inbox.count(.download(MessageID("abc1"), 1)) == 2)
    }

    @Test func aChunkThatIsGoneFailsTheMessageAndStoresNothing() async {
        let inbox = FakeInbox([.init("abc1", [Self.large], total: 2), .init("abc2")])
        let store = FakeStore()
        let summary = await harness().run(inbox, store)
        #expect(summary.outcome == .incomplete)
        #expect(inbox.acknowledged == [MessageID("abc2")])
        #expect(store.names == ["2024-01-15/ABC_20240115T143045_0001_abc2.dat"])
    }

    @Test func damagedContentIsDownloadedTwiceAndThenInvalid() async {
        let inbox = FakeInbox([.init("abc1")]) { call, _ in
            call == .read(MessageID("abc1"), 1) ? .test(.damaged) : nil
        }
        let store = FakeStore()
        let summary = await harness().run(inbox, store)
        #expect(summary.outcome == .invalidLeft)
        #expect(inbox.count(.download(MessageID("abc1"), 1)) == 2)
        #expect(store.blobs.isEmpty)
    }

    @Test func damageThatASecondDownloadDoesNotShowIsForgotten() async {
        let inbox = FakeInbox([.init("abc1", [Self.large])]) { call, nth in
            call == .read(MessageID("abc1"), 1) && nth == 4 ? .test(.damaged) : nil
        }
        let store = FakeStore()
        #expect(await harness().run(inbox, store).outcome == .completed)
        #expect(store.blobs[Self.plain]?.content == Self.large)
    }

    @Test func lostBlocksAreStagedAgainFromTheStart() async {
        let inbox = FakeInbox([.init("abc1", [Self.large])])
        let store = FakeStore { call, nth in
            call == .commit(Self.plain) && nth == 1 ? .before(.test(.stagedBlocksLost, service: .storage)) : nil
        }
        #expect(await harness().run(inbox, store).outcome == .completed)
        #expect(store.blobs[Self.plain]?.content == Self.large)
    }

    @Test("Case 22: a name under which blocks can't be staged is left for the other")
    func aNameThatTakesNoBlocksIsLeftForTheOther() async {
        let inbox = FakeInbox([.init("abc1", [Self.large])])
        let store = FakeStore { call, _ in
            call == .stage(Self.plain, 2) ? .before(.test(.stagedBlocksLost, service: .storage)) : nil
        }
        #expect(await harness().run(inbox, store).outcome == .completed)
        #expect(store.names == [Self.collision])
        #expect(store.blobs[Self.collision]?.content == Self.large)
        #expect(inbox.acknowledged.count == 1)
    }

    /// The commit may yet take effect.
    @Test func aNameIsKeptOnceACommitWasSentUnderIt() async {
        let inbox = FakeInbox([.init("abc1", [Self.large])])
        let store = FakeStore { call, nth in
            let isLost = call == .commit(Self.plain) || call == .stage(Self.plain, 0) && nth > 1
            return isLost ? .before(.test(.stagedBlocksLost, service: .storage)) : nil
        }
        #expect(await harness().run(inbox, store).outcome == .incomplete)
        #expect(store.names.isEmpty && inbox.acknowledged.isEmpty)
        #expect(!store.calls.contains(.stage(Self.collision, 0)))
    }

    @Test func aLostAnswerToACommitIsFoundByLooking() async {
        let inbox = FakeInbox([.init("abc1", [Self.large])])
        let store = FakeStore { call, nth in
            call == .commit(Self.plain) && nth == 1 ? .after(.test(.transient, service: .storage)) : nil
        }
        #expect(await harness().run(inbox, store).outcome == .completed)
        #expect(store.names == [Self.plain])
    }

    @Test func aLargeMessageLooksAtItsNameBeforeItStages() async {
        let foreign = FakeStore.Blob(content: [9], metadata: metadata("other"))
        let store = FakeStore([Self.plain: foreign])
        let inbox = FakeInbox([.init("abc1", [Self.large])])
        #expect(await harness().run(inbox, store).outcome == .completed)
        #expect(!store.calls.contains(.stage(Self.plain, 0)))
        #expect(store.blobs[Self.collision]?.content == Self.large)
    }

    @Test func aNameTakenBetweenLookAndCommitLeadsToTheOther() async {
        let store = FakeStore { call, nth in
            call == .commit(Self.plain) ? .before(.test(.alreadyExists, service: .storage)) : nil
        }
        let inbox = FakeInbox([.init("abc1", [Self.large])])
        #expect(await harness().run(inbox, store).outcome == .completed)
        #expect(store.blobs[Self.collision]?.content == Self.large)
    }

    @Test func aLargeMessageThatIsStoredAlreadyIsOnlyComparedAndAcknowledged() async {
        let store = FakeStore([Self.plain: .init(content: Self.large, metadata: metadata("abc1"))])
        let inbox = FakeInbox([.init("abc1", [Self.large])])
        #expect(await harness().run(inbox, store).outcome == .completed)
        #expect(!store.calls.contains(.stage(Self.plain, 0)))
        #expect(inbox.acknowledged.count == 1)
    }

    @Test func aStagedBlockIsTriedAgainUnderTheSameOperation() async {
        let inbox = FakeInbox([.init("abc1", [Self.large])])
        let store = FakeStore { call, nth in
            call == .stage(Self.plain, 3) && nth < 3 ? .before(.test(.transient, service: .storage)) : nil
        }
        #expect(await harness().run(inbox, store).outcome == .completed)
        let repeated = store.state.withLock { state in state.attempts.filter { $0.number > 1 } }
        #expect(repeated.count == 2)
        #expect(Set(repeated.map(\.operation)).count == 1)
        #expect(store.blobs[Self.plain]?.content == Self.large)
    }

    @Test func aStoreThatFailsOneBlockForGoodFailsTheMessage() async {
        let inbox = FakeInbox([.init("abc1", [Self.large]), .init("abc2")])
        let store = FakeStore { call, _ in
            call == .stage(Self.plain, 3) ? .before(.test(.permanent, service: .storage)) : nil
        }
        let summary = await harness().run(inbox, store)
        #expect((summary.failed, summary.stored) == (1, 1))
        #expect(inbox.acknowledged == [MessageID("abc2")])
    }

    @Test func reportsGoToAFolderOfTheirOwnAsJSON() async {
        let attributes = ["messagetype": "REPORT", "statusdescription": "not \"delivered\"\n", "linkedmsgid": "L1"]
        let inbox = FakeInbox([.init("abc1", [[]], attributes, total: 0)])
        let store = FakeStore()
        let summary = await Harness().run(inbox, store)
        let blob = store.blobs["reports/2024-01-15/ABC_20240115T143045.ctl"]
        let json =
            #"{"mex-linkedmsgid":"L1","mex-messagetype":"REPORT","mex-statusdescription":"not \"delivered\"\n"}"#
        #expect(blob.map { String(decoding: $0.content, as: UTF8.self) } == json + "\n")
        #expect(blob?.metadata["meshmessageid"] == "abc1")
        #expect(summary.outcome == .completed)
        #expect(inbox.acknowledged.count == 1)
    }

    @Test func reportsCanBeLeft() async {
        var harness = Harness()
        harness.options.reports = .leave
        let inbox = FakeInbox([.init("abc1", [[]], ["messagetype": "REPORT"], total: 0), .init("abc2")])
        let store = FakeStore()
        let summary = await harness.run(inbox, store)
        #expect((summary.stored, summary.skipped) == (1, 1))
        #expect(inbox.acknowledged == [MessageID("abc2")])
        #expect(summary.outcome == .completed)
    }

    @Test func aReportWithContentIsNotThrownAway() async {
        let inbox = FakeInbox([.init("abc1", [[1]], ["messagetype": "REPORT"])])
        let store = FakeStore()
        #expect(await Harness().run(inbox, store).outcome == .invalidLeft)
        #expect(store.blobs.isEmpty && inbox.acknowledged.isEmpty)
    }

    @Test func moreLargeMessagesThanMemoryDoNotWaitForEachOther() async {
        var harness = harness()
        harness.options.concurrency = 16
        let inbox = FakeInbox((0..<32).map { .init("abc\($0)", [Self.large, Self.large]) }) { _, _ in
            await Task.yield()
            return nil
        }
        let store = FakeStore { _, _ in
            await Task.yield()
            return nil
        }
        #expect(await harness.run(inbox, store).stored == 32)
    }
}
