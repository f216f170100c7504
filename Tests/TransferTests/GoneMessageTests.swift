import Testing
import Transfer

/// A message that a run planned and that MESH does not give out, for now or for good.
@Suite struct GoneMessageTests {
    private static let plain = "2024-01-15/ABC_20240115T143045.dat"

    private func harness() -> Harness {
        var (journal, planner) = (Journal(), Planner(prefix: "", source: .messageID) { CivilTime(utc: $0) })
        journal.beginWalk()
        _ = journal.plan([MessageID("abc1")], with: &planner, now: Harness.now)
        var harness = Harness()
        harness.journals = FakeJournals(content: journal.json())
        return harness
    }

    @Test func aMessageThatLacksAPartIsNeverAcknowledged() async throws {
        let harness = harness()
        // The second of its two chunks is missing, in every run.
        let inbox = FakeInbox([.init("abc1", [[1]], [:], total: 2)])
        let store = FakeStore()
        for _ in 0..<3 {
            let summary = await harness.run(inbox, store)
            #expect((summary.failed, summary.gone) == (1, 0))
            #expect(summary.outcome == .incomplete)
        }
        #expect(inbox.acknowledged.isEmpty && store.blobs.isEmpty)
        #expect(try harness.journals.journal.state(of: MessageID("abc1")) == .planned)
    }

    @Test func aMessageThatIsGoneAndComesBackIsStored() async throws {
        let harness = harness()
        let inbox = FakeInbox([.init("abc1")]) { call, nth in
            call == .download(MessageID("abc1"), 1) && nth == 1 ? .test(.gone) : nil
        }
        let store = FakeStore()
        #expect(await harness.run(inbox, store).gone == 1)
        #expect(inbox.acknowledged.isEmpty)
        #expect(try harness.journals.journal.state(of: MessageID("abc1")) == .gone)
        #expect(await harness.run(inbox, store).stored == 1)
        #expect(store.names == [Self.plain])
        #expect(inbox.acknowledged == [MessageID("abc1")])
        #expect(try harness.journals.journal.count == 0)
    }
}
