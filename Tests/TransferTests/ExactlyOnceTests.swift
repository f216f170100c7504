import Synchronization
import Testing
import Transfer

@Suite struct ExactlyOnceTests {
    private static let plain = "2024-01-15/ABC_20240115T143045.dat"

    /// The journal that a run leaves that is killed after it planned: what it stored is not noted.
    private func journal(_ ids: [String], source: BSOSource = .messageID, dayBefore: Bool = false) -> FakeJournals {
        var journal = Journal()
        var planner = Planner(prefix: "", source: source) { CivilTime(utc: $0) }
        journal.beginWalk()
        _ = journal.plan(ids.map(MessageID.init), with: &planner, now: Harness.now - (dayBefore ? 86_400 : 0))
        return FakeJournals(content: journal.json())
    }

    private func blob(_ id: String, _ content: [UInt8] = [1]) -> FakeStore.Blob {
        .init(content: content, metadata: BlobMetadata(sortedEntries: [.init(name: "meshmessageid", value: id)]))
    }

    @Test func thePlanIsOnRecordBeforeAnythingIsStored() async throws {
        var harness = Harness()
        let journals = FakeJournals()
        harness.journals = journals
        let store = FakeStore { call, _ in
            if case .create = call {
                #expect(journals.text.contains("abc1") && journals.text.contains("planned"))
            }
            return nil
        }
        #expect(await harness.run(FakeInbox([.init("abc1"), .init("abc2")]), store).outcome == .completed)
        #expect(store.blobs.count == 2)
        #expect(try journals.journal.count == 0)
        #expect(journals.holder == nil)
    }

    @Test func aRunCostsFewRequestsBeyondThoseOfItsMessages() async {
        var harness = Harness()
        let journals = FakeJournals()
        harness.journals = journals
        let inbox = FakeInbox((0..<30).map { .init("ab\($0 % 10)x\($0)") }, pageSize: 10)
        let store = FakeStore()
        _ = await harness.run(inbox, store)
        #expect(store.calls.count == 1 + 30)
        #expect(journals.calls.filter { $0 == .write }.count == 3 + 1)
        #expect(journals.calls.count == 3 + 3 + 1)
        #expect(inbox.calls.count { $0 == .list } <= 1 + 3 + 2)
    }

    @Test func aStoredMessageOfAKilledRunIsOnlyAcknowledged() async throws {
        var harness = Harness()
        harness.journals = journal(["abc1", "abc2"])
        let collision = "2024-01-15/ABC_20240115T143045_0001_abc2.dat"
        let store = FakeStore([collision: blob("abc2")])
        let inbox = FakeInbox([.init("abc1"), .init("abc2")])
        harness.clock.advance(by: .seconds(600))
        let summary = await harness.run(inbox, store)
        #expect(store.names == [Self.plain, collision])
        #expect(inbox.acknowledged.count == 2)
        #expect((summary.stored, summary.acknowledged) == (1, 2))
        #expect(inbox.count(.download(MessageID("abc2"), 1)) == 0)
        #expect(try harness.journals.journal.count == 0)
    }

    @Test func anUnstoredMessageOfTheDayBeforeGetsANewPlanAndItsOldNamesAreLookedAt() async {
        var harness = Harness()
        harness.journals = journal(["abc1", "xyz1"], dayBefore: true)
        let old = "2024-01-14/XYZ_20240114T143045.dat"
        let store = FakeStore([old: blob("xyz1")])
        let inbox = FakeInbox([.init("abc1"), .init("xyz1")])
        #expect(await harness.run(inbox, store).outcome == .completed)
        #expect(store.names == [old, Self.plain])
    }

    @Test func codesFromAHeaderAreLookedForAfterTheHead() async {
        var harness = Harness()
        harness.journals = journal(["m1"], source: .fileName)
        harness.options.source = .messageID
        let store = FakeStore([Self.plain: blob("m1")])
        let inbox = FakeInbox([.init("m1", [[1]], ["filename": "abc.dat"])])
        #expect(await harness.run(inbox, store).outcome == .completed)
        #expect(store.names == [Self.plain])
        #expect(inbox.acknowledged == [MessageID("m1")])
    }

    @Test func anAcknowledgedMessageThatIsListedStillIsNeverStoredAgain() async throws {
        var known = Journal()
        var planner = Planner(prefix: "", source: .messageID) { CivilTime(utc: $0) }
        known.beginWalk()
        _ = known.plan([MessageID("abc1")], with: &planner, now: Harness.now)
        known.settle(MessageID("abc1"), as: .acknowledged)
        var harness = Harness()
        harness.journals = FakeJournals(content: known.json())
        // The consumer has taken its blob away.
        let store = FakeStore()
        let inbox = FakeInbox([.init("abc1")], pages: { _ in InboxPage(ids: [MessageID("abc1")]) })
        let summary = await harness.run(inbox, store)
        #expect(store.blobs.isEmpty)
        #expect(inbox.acknowledged == [MessageID("abc1")])
        #expect((summary.stored, summary.acknowledged) == (0, 1))
        #expect(try harness.journals.journal.state(of: MessageID("abc1")) == .acknowledged)
    }

    @Test func aMessageThatIsNotListedIsAcknowledgedIfItIsStoredAndNeverStored() async throws {
        var harness = Harness()
        harness.journals = journal(["abc1", "xyz1", "qrs1"])
        let store = FakeStore([Self.plain: blob("abc1")])
        // qrs1 is gone; xyz1 can be had by id, as from the sandbox; a new one makes the inbox non-empty.
        let inbox = FakeInbox(
            [.init("abc1"), .init("xyz1"), .init("new1")],
            pages: { _ in InboxPage(ids: [MessageID("new1")]) }
        )
        let summary = await harness.run(inbox, store)
        #expect(Set(inbox.acknowledged) == [MessageID("new1"), MessageID("abc1")])
        #expect(store.names == [Self.plain, "2024-01-15/NEW_20240115T143045.dat"])
        #expect(summary.gone == 2)
        #expect(try harness.journals.journal.state(of: MessageID("xyz1")) == .planned)
    }

    @Test func aMessageThatIsGoneAndWasPlannedIsNoFailure() async {
        var harness = Harness()
        harness.journals = journal(["abc1"])
        let inbox = FakeInbox([], pages: { _ in InboxPage(ids: [MessageID("abc1")]) })
        let summary = await harness.run(inbox, FakeStore())
        #expect((summary.failed, summary.gone) == (0, 1))
        #expect(summary.outcome == .completed)
    }

    @Test func anotherRunThatIsAliveMakesThisOneEndWell() async {
        var harness = Harness()
        harness.journals = FakeJournals(holder: "run-2")
        let store = FakeStore()
        let summary = await harness.run(FakeInbox([.init("abc1")]), store)
        #expect(summary.outcome == .locked)
        #expect(store.blobs.isEmpty)
        #expect(harness.clock.sleeps.reduce(.zero, +) >= .seconds(75))
        #expect(harness.journals.holder == "run-2")
    }

    @Test("Case 18: the lease of a killed run ends, and the next run waits for that")
    func theLeaseOfAKilledRunIsWaitedFor() async {
        var harness = Harness()
        let clock = harness.clock
        harness.journals = FakeJournals(holder: "run-0", isOver: { clock.sleeps.reduce(.zero, +) >= .seconds(60) })
        #expect(await harness.run(FakeInbox([.init("abc1")]), FakeStore()).outcome == .completed)
        #expect(clock.sleeps.reduce(.zero, +) < .seconds(75))
    }

    @Test func anUnreadableJournalEndsTheRunAndNamesIt() async {
        var harness = Harness()
        harness.journals = FakeJournals(content: Array("{\"version\":1,".utf8))
        let store = FakeStore()
        let summary = await harness.run(FakeInbox([.init("abc1")]), store)
        #expect(summary.outcome == .misconfigured)
        #expect(summary.failure?.message.contains(".poll-mesh-inbox/BOX.json") == true)
        #expect(store.blobs.isEmpty)
        #expect(harness.journals.holder == nil)
    }

    @Test func aLostLeaseEndsTheRunBeforeAnythingElseIsStored() async {
        var harness = Harness()
        harness.options.concurrency = 1
        let journals = FakeJournals(duration: .seconds(60))
        harness.journals = journals
        let clock = harness.clock
        let inbox = FakeInbox((0..<5).map { .init("ab\($0)x") }) { call, _ in
            // The process was paused for two minutes.
            if call == .download(MessageID("ab2x"), 1) { clock.advance(by: .seconds(120)) }
            return nil
        }
        let store = FakeStore()
        let summary = await harness.run(inbox, store)
        #expect(summary.outcome == .leaseLost)
        #expect(store.blobs.count == 2)
        #expect(inbox.acknowledged.count == 2)
        #expect(!journals.calls.contains(.release))
    }

    @Test func aJournalThatCannotBeWrittenStopsTheRunBeforeThePage() async {
        var harness = Harness()
        harness.journals = FakeJournals(fault: { call, _ in
            call == .write ? .test(.transient, service: .storage) : nil
        })
        let store = FakeStore()
        let summary = await harness.run(FakeInbox([.init("abc1")]), store)
        #expect(summary.outcome == .unavailable)
        #expect(store.blobs.isEmpty)
    }

    @Test func aStopLetsMessagesInFlightFinishAndStartsNoOther() async {
        var harness = Harness()
        harness.options.concurrency = 2
        let stop = harness.stop
        let inbox = FakeInbox((0..<10).map { .init("ab\($0)x") }) { call, _ in
            if call == .download(MessageID("ab2x"), 1) { stop.make() }
            return nil
        }
        let store = FakeStore()
        let summary = await harness.run(inbox, store)
        #expect(summary.outcome == .stopped)
        #expect(summary.unstarted > 0)
        #expect(inbox.acknowledged.count == store.blobs.count)
        #expect(summary.unstarted + summary.acknowledged + summary.failed == 10)
        #expect(harness.journals.holder == nil)
    }

    @Test func aFailedMessageKeepsItsEntry() async throws {
        var harness = Harness()
        let inbox = FakeInbox([.init("abc1"), .init("xyz1")]) { call, _ in
            call == .acknowledge(MessageID("abc1")) ? .test(.permanent) : nil
        }
        let store = FakeStore()
        harness.journals = FakeJournals()
        #expect(await harness.run(inbox, store).outcome == .incomplete)
        #expect(try harness.journals.journal.state(of: MessageID("abc1")) == .stored)
        #expect(try harness.journals.journal.count == 1)
    }
}
