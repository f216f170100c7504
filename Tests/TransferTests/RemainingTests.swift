import Testing

@testable import Transfer

@Suite struct RemainingTests {
    private static let ids = [
        "20260115100000123456_00000A", "20260115100100123456_00000B", "20260115100200123456_00000C",
        "20260115100300123456_00000D",
    ]
    /// 2026-01-15 10:00:00 UTC
    private static let first: Int64 = 1_768_471_200

    private func run(
        _ harness: Harness = Harness(),
        _ store: FakeStore = FakeStore(),
        pageSize: Int = 500,
        fault: @escaping @Sendable (FakeInbox.Call, Int) async -> Failure? = { _, _ in nil }
    ) async -> RunSummary {
        let messages = Self.ids.map { FakeInbox.Message($0) }
        return await harness.run(FakeInbox(messages, pageSize: pageSize, fault: fault), store)
    }

    @Test func nothingIsLeftOfADrainedInbox() async {
        let summary = await run()
        #expect(summary.remaining == 0)
        #expect(summary.oldestWaiting == nil)
    }

    @Test func whatFailsIsLeft() async {
        let summary = await run { call, _ in
            call == .download(MessageID(Self.ids[1]), 1) || call == .download(MessageID(Self.ids[3]), 1)
                ? .test(.permanent) : nil
        }
        #expect(summary.remaining == 2)
        #expect(summary.oldestWaiting == Self.first + 60)
        #expect(summary.problemCounts == ["test": 2])
    }

    @Test func allIsLeftWhereTheJournalIsNotToBeHad() async {
        var harness = Harness()
        harness.journals = FakeJournals(holder: "another run")
        let summary = await run(harness)
        #expect(summary.outcome == .locked)
        #expect(summary.remaining == 4)
        #expect(summary.oldestWaiting == Self.first)
    }

    @Test func ofAnInboxThatCantBeListedNothingIsKnown() async {
        let summary = await run { call, _ in call == .list ? .test(.permanent) : nil }
        #expect(summary.remaining == nil)
    }

    @Test func anEmptyInboxHasNothingLeft() async {
        let summary = await Harness().run(FakeInbox([]), FakeStore())
        #expect(summary.remaining == 0)
    }

    @Test func aDryRunLeavesAll() async {
        var harness = Harness()
        harness.options.isDryRun = true
        #expect(await run(harness).remaining == 4)
    }

    @Test func whatWasNotBegunIsLeft() async {
        var harness = Harness()
        harness.options.concurrency = 1
        harness.deadline = .seconds(100)
        let clock = harness.clock
        let summary = await run(harness) { call, _ in
            if call == .download(MessageID(Self.ids[1]), 1) { clock.advance(by: .seconds(85)) }
            return nil
        }
        #expect(summary.outcome == .deadline)
        #expect(summary.unstarted == 2)
        #expect(summary.remaining == 2)
        #expect(summary.oldestWaiting == Self.first + 120)
    }

    @Test func reportsAreCounted() async {
        let messages = [
            FakeInbox.Message("REP1", [[]], ["messagetype": "REPORT"], total: 0), FakeInbox.Message("ABC1"),
        ]
        let summary = await Harness().run(FakeInbox(messages), FakeStore())
        #expect(summary.stored == 2)
        #expect(summary.reports == 1)
    }

    @Test(arguments: [
        ("20260115100000123456_3573F8", 1_768_471_200), ("20200529155357895317_3573F8", 1_590_767_637),
        ("20261315100000123456_3573F8", nil), ("2026011510000012345_3573F8", nil), ("20260115100000123456", nil),
        ("0123456789ABCDEF0123456789ABCDEF", nil), ("ABC00000001", nil), ("", nil), ("20260115240000123456_X", nil),
        ("00000000000000000000_X", nil),
    ])
    func idsOfTheLiveMESHTellTheirTime(id: String, seconds: Int64?) {
        #expect(MessageID(id).secondsSince1970 == seconds)
    }
}
