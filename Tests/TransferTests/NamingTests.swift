import Testing
import Transfer

@Suite struct NamingTests {
    private static let time = CivilTime(year: 2024, month: 1, day: 15, hour: 14, minute: 30, second: 45)

    @Test(arguments: [
        ("abc123", "ABC"), ("X26", "X26"), ("123456", "123"), ("20200529155357895317_3573F8", "202"),
    ])
    func takesThreeCharactersInUpperCase(source: String, code: String) {
        #expect(BSOCode(source)?.text == code)
    }

    @Test(arguments: ["", "ab", "a_c", "../../x", "é12", "aé1", "A B", "a\u{301}bc"])
    func refusesAnythingElse(source: String) {
        #expect(BSOCode(source) == nil)
    }

    @Test func plainCollisionAndReportNames() throws {
        let code = try #require(BSOCode("abc"))
        var entry = PlanEntry(id: MessageID("abc_1-2/é"), time: Self.time, ordinal: 7, prefix: "", source: .messageID)
        #expect(entry.plainName(code).path == "2024-01-15/ABC_20240115T143045.dat")
        #expect(entry.collisionName(code).path == "2024-01-15/ABC_20240115T143045_0007_abc_1-2%2F%C3%A9.dat")
        entry.prefix = "X26ABC1/"
        #expect(entry.plainName(code, .report).path == "X26ABC1/reports/2024-01-15/ABC_20240115T143045.ctl")
        #expect(entry.plainName(code).path < entry.collisionName(code).path)
    }

    @Test func sourcesReadTheirHeaders() {
        let attributes = MessageAttributes(values: ["filename": "f", "localid": "l", "from": "s", "workflowid": "w"])
        let texts = BSOSource.allCases.map { $0.text(id: MessageID("m"), attributes: attributes) }
        #expect(texts == ["m", "f", "l", "s", "w"])
    }

    @Test func plannerNumbersWithinASecondAndNeverGoesBack() {
        var planner = Planner(prefix: "p/", source: .sender) { CivilTime(utc: $0) }
        let first = planner.plan(["a", "b"].map(MessageID.init), now: 100)
        let second = planner.plan([MessageID("c")], now: 100)
        let earlier = planner.plan([MessageID("d")], now: 90)
        let later = planner.plan([MessageID("e")], now: 101)
        #expect((first + second + earlier + later).map(\.ordinal) == [0, 1, 2, 3, 0])
        #expect(earlier[0].time == CivilTime(utc: 100))
        #expect(later[0].time == CivilTime(utc: 101))
        #expect(later[0].prefix == "p/" && later[0].source == .sender)
    }

    @Test func plannerNeverGoesBackWhenSummerTimeEnds() {
        // At 01:00 UTC on 2026-10-25, 02:00 in London becomes 01:00.
        let end: Int64 = 1_792_890_000
        var planner = Planner(prefix: "", source: .messageID) { CivilTime(utc: $0 < end ? $0 + 3600 : $0) }
        let before = planner.plan([MessageID("a")], now: end - 1)[0]
        let after = planner.plan([MessageID("b")], now: end + 10)[0]
        #expect(after.time == before.time)
        #expect(after.ordinal == 1)
    }

    @Test func plannerGoesToTheNextSecondWhenOrdinalsRunOut() {
        var planner = Planner(prefix: "", source: .messageID) { CivilTime(utc: $0) }
        let entries = planner.plan((0..<10_001).map { MessageID("\($0)") }, now: 100)
        #expect(entries[9999].ordinal == 9999)
        #expect(entries[10_000].ordinal == 0)
        #expect(entries[10_000].time == CivilTime(utc: 101))
    }

    @Test func namesSortInInboxOrderWhateverTheirCodes() throws {
        var planner = Planner(prefix: "", source: .messageID) { CivilTime(utc: $0) }
        let claims = NameClaims()
        var names: [String: [String]] = [:]
        for (place, id) in (0..<12_000).map({ MessageID("\(["AAA", "BBB"][$0 % 2])\($0)") }).enumerated() {
            let entry = planner.plan([id], now: Int64(100 + place / 9000))[0]
            let code = try #require(BSOCode(id.text))
            let isPlain = claims.claimInOrder(place: place, code: code, time: entry.time)
            names[code.text, default: []].append((isPlain ? entry.plainName(code) : entry.collisionName(code)).path)
        }
        for ordered in names.values {
            #expect(ordered == ordered.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            #expect(Set(ordered).count == ordered.count)
        }
    }
}

@Suite struct NameClaimsTests {
    private let time = CivilTime(utc: 0)
    private let code = BSOCode("abc")!

    @Test func theFirstInInboxOrderWinsWhoeverAsksFirst() async {
        let claims = NameClaims()
        async let second = claims.claim(place: 1, code: code, time: time)
        async let third = claims.claim(place: 2, code: code, time: time)
        for _ in 0..<100 { await Task.yield() }
        let first = await claims.claim(place: 0, code: code, time: time)
        #expect([first, await second, await third] == [true, false, false])
    }

    @Test func whoGaveUpIsNotWaitedForAndTakesItsOwnName() async {
        let claims = NameClaims()
        claims.giveUp(place: 0)
        #expect(await claims.claim(place: 1, code: code, time: time))
        #expect(await !claims.claim(place: 0, code: code, time: time))
    }

    @Test func anotherSecondOrCodeIsAnotherName() async {
        let claims = NameClaims()
        #expect(claims.claimInOrder(place: 0, code: code, time: time))
        #expect(claims.claimInOrder(place: 1, code: BSOCode("abd")!, time: time))
        #expect(!claims.claimInOrder(place: 2, code: code, time: time))
        #expect(claims.claimInOrder(place: 3, code: code, time: CivilTime(utc: 1)))
    }
}

extension Planner {
    fileprivate mutating func plan(_ ids: [MessageID], now: Int64) -> [PlanEntry] {
        ids.map { next($0, now: now) }
    }
}
