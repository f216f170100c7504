import Testing
import Transfer

@Suite struct NamesInOrderTests {
    /// Each download and each creation gives way a pseudo-random number of times, so that orders mix.
    private func shuffled(_ seed: Int, _ count: Int) async {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<Int.random(in: 0...count, using: &generator) { await Task.yield() }
    }

    @Test(arguments: [BSOSource.messageID, .fileName])
    func namesSortInInboxOrderFiftyTimes(source: BSOSource) async {
        for round in 0..<50 {
            var harness = Harness()
            harness.options.source = source
            harness.options.concurrency = 16
            let messages = (0..<20).map {
                FakeInbox.Message("abc\($0 * 37 % 20)", [[UInt8($0)]], ["filename": "abc.dat"])
            }
            let inbox = FakeInbox(messages) { _, _ in
                await shuffled(round, 20)
                return nil
            }
            let store = FakeStore { _, _ in
                await shuffled(round, 20)
                return nil
            }
            _ = await harness.run(inbox, store)
            let contents = store.names.map { store.blobs[$0]!.content[0] }
            #expect(contents == Array(0..<20))
            #expect(store.names.first == "2024-01-15/ABC_20240115T143045.dat")
        }
    }

    @Test func aMessageWhoseFirstTryFailedGivesUpItsPlace() async {
        var harness = Harness()
        harness.options.source = .fileName
        let messages = (0..<3).map { FakeInbox.Message("m\($0)", [[UInt8($0)]], ["filename": "abc.dat"]) }
        let inbox = FakeInbox(messages) { call, nth in
            call == .download(MessageID("m0"), 1) && nth == 1 ? .test(.transient) : nil
        }
        let store = FakeStore()
        _ = await harness.run(inbox, store)
        #expect(store.blobs["2024-01-15/ABC_20240115T143045.dat"]?.content == [1])
        #expect(store.blobs["2024-01-15/ABC_20240115T143045_0000_m0.dat"]?.content == [0])
        #expect(store.blobs.count == 3)
    }

    @Test func aCodeThatMissesMakesTheMessageInvalidAndHoldsUpNobody() async {
        var harness = Harness()
        harness.options.source = .localID
        let inbox = FakeInbox([
            .init("m0", [[0]], [:]), .init("m1", [[1]], ["localid": "../x"]), .init("m2", [[2]], ["localid": "xyz9"]),
            .init("rep1", [[]], ["messagetype": "REPORT"], total: 0),
        ])
        let store = FakeStore()
        let summary = await harness.run(inbox, store)
        #expect(
            store.names == ["2024-01-15/XYZ_20240115T143045.dat", "reports/2024-01-15/REP_20240115T143045.ctl"]
        )
        #expect(summary.outcome == .invalidLeft)
        #expect((summary.stored, summary.skipped, summary.failed) == (2, 2, 0))
        #expect(inbox.acknowledged.count == 2)
    }
}
