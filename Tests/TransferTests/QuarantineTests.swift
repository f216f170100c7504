import Synchronization
import Testing
import Transfer

@Suite struct QuarantineTests {
    private func harness() -> Harness {
        var harness = Harness()
        harness.options.invalidMessages = .quarantine
        return harness
    }

    @Test func aMalformedMessageIsStoredApartAndAcknowledged() async throws {
        let inbox = FakeInbox([.init("a/b", [[1, 2]]), .init("abc1", [[3]]), .init("abc2", [[4], [5]])]) { call, _ in
            if case .read(MessageID("abc2"), 2) = call { return .test(.damaged) }
            return nil
        }
        let store = FakeStore()
        let summary = await harness().run(inbox, store)
        #expect(
            store.names == [
                "2024-01-15/ABC_20240115T143045.dat", "quarantine/2024-01-15/a%2Fb", "quarantine/2024-01-15/abc2",
            ]
        )
        #expect(store.blobs["quarantine/2024-01-15/abc2"]?.content == [4, 5])
        #expect(
            store.blobs["quarantine/2024-01-15/a%2Fb"]?.metadata["quarantinereason"]?.contains("message%20id") == true
        )
        #expect(inbox.acknowledged.count == 3)
        #expect((summary.stored, summary.quarantined, summary.skipped, summary.failed) == (3, 2, 0, 0))
        #expect(summary.outcome == .completed)
    }

    @Test func aQuarantinedMessageOfAKilledRunIsFound() async {
        var journal = Journal()
        var planner = Planner(prefix: "", source: .messageID) { CivilTime(utc: $0) }
        journal.beginWalk()
        _ = journal.plan([MessageID("ab")], with: &planner, now: Harness.now)
        var harness = harness()
        harness.journals = FakeJournals(content: journal.json())
        let metadata = BlobMetadata(sortedEntries: [.init(name: "meshmessageid", value: "ab")])
        let store = FakeStore(["quarantine/2024-01-15/ab": .init(content: [1], metadata: metadata)])
        let inbox = FakeInbox([.init("ab", [[1]])])
        #expect(await harness.run(inbox, store).outcome == .completed)
        #expect(store.names == ["quarantine/2024-01-15/ab"])
        #expect(inbox.acknowledged == [MessageID("ab")])
    }

    @Test func aForeignBlobInQuarantineIsNotReplaced() async {
        let foreign = FakeStore.Blob(content: [9], metadata: BlobMetadata(sortedEntries: []))
        let store = FakeStore(["quarantine/2024-01-15/ab": foreign])
        let inbox = FakeInbox([.init("ab", [[1]])])
        let summary = await harness().run(inbox, store)
        #expect(summary.problems.map(\.type) == ["name_taken"])
        #expect(store.blobs["quarantine/2024-01-15/ab"] == foreign)
        #expect(inbox.acknowledged.isEmpty)
    }

    @Test func byDefaultItStays() async {
        let inbox = FakeInbox([.init("ab", [[1]])])
        let store = FakeStore()
        let summary = await Harness().run(inbox, store)
        #expect(summary.outcome == .invalidLeft)
        #expect(store.blobs.isEmpty && inbox.acknowledged.isEmpty)
    }

    @Test func aStoredMessageThatComesDamagedWhenBegunAgainIsNotStoredTwice() async {
        var harness = harness()
        // Blocks of 32 KiB.
        harness.capacity = 256 << 10
        let plain = "2024-01-15/ABC_20240115T143045.dat"
        let downloads = Mutex(0)
        let inbox = FakeInbox([.init("abc1", [[UInt8](repeating: 7, count: 100_000)])]) { call, nth in
            if call == .download(MessageID("abc1"), 1) { downloads.withLock { $0 = nth } }
            let isDamaged = (2...3).contains(downloads.withLock { $0 })
            return call == .read(MessageID("abc1"), 1) && isDamaged ? .test(.damaged) : nil
        }
        // The answer to the commit is lost, and the next try finds no blocks.
        let store = FakeStore { call, _ in
            call == .commit(plain) ? .after(.test(.stagedBlocksLost, service: .storage)) : nil
        }
        #expect(await harness.run(inbox, store).outcome == .completed)
        #expect(store.names == [plain])
        #expect(inbox.acknowledged == [MessageID("abc1")])
    }
}
