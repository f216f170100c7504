import Testing

@testable import Transfer

@Suite struct JournalJSONTests {
    private static let now: Int64 = 1_705_329_045

    /// A journal in which everything occurs that can.
    private static func sample(_ seed: UInt64 = 1, count: Int = 40) -> Journal {
        var generator = SplitMix(state: seed)
        var journal = Journal()
        let texts = ["abc", "a\"b", "back\\slash", "\u{0}\u{1}\n\t\u{1f}", "é漢🙂", "\u{2028}", "\u{7f}", "a/b", " "]
        for day in 0..<4 {
            var planner = Planner(prefix: texts.randomElement(using: &generator)!, source: .allCases[day % 5]) {
                CivilTime(utc: $0)
            }
            journal = try! Journal(json: journal.json())
            journal.beginWalk()
            let ids = (0..<count).map { _ in
                MessageID(texts.randomElement(using: &generator)! + "\(Int.random(in: 0..<count, using: &generator))")
            }
            let seconds = Int64(day) * 50_000 + Int64.random(in: 0..<3, using: &generator)
            _ = journal.plan(ids, with: &planner, now: now + seconds)
            for id in ids where Bool.random(using: &generator) {
                journal.settle(id, as: Journal.State.allCases.randomElement(using: &generator)!)
            }
        }
        return journal
    }

    /// What a journal says, whatever the order of its plans.
    private func content(_ journal: Journal) -> [MessageID: [String]] {
        let records = journal.records
        return records.positions.filter { !records[$0].hasLeft }.reduce(into: [:]) { content, position in
            let id = records.id(at: position)
            let entries = [journal.entry(id, records[position])] + (journal.superseded[id] ?? [])
            content[id] = ["\(records[position].state)"] + entries.map { "\($0)" }
        }
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func whatIsWrittenIsRead(seed: UInt64) throws {
        let journal = Self.sample(seed)
        let read = try Journal(json: journal.json())
        #expect(content(read) == content(journal))
        #expect(journal.superseded.isEmpty == false && journal.plans.count >= 4)
        #expect(read.json() == journal.json())
    }

    @Test func nothingAtAllIsANewJournal() throws {
        #expect(try Journal(json: []).count == 0)
        #expect(try Journal(json: Journal().json()).count == 0)
    }

    @Test func consecutiveMessagesOfAPlanShareALine() throws {
        var (journal, planner) = (Journal(), Planner(prefix: "", source: .sender) { CivilTime(utc: $0) })
        journal.beginWalk()
        _ = journal.plan((0..<5).map { MessageID("m\($0)") }, with: &planner, now: Self.now)
        journal.settle(MessageID("m2"), as: .stored)
        let text = String(decoding: journal.json(), as: UTF8.self)
        let start = "{\"time\":\"20240115T143045\",\"prefix\":\"\",\"source\":\"sender\",\"state\":"
        #expect(
            text == """
                {"version":1,"groups":[
                \(start)"planned","ordinal":0,"ids":["m0","m1"]},
                \(start)"stored","ordinal":2,"ids":["m2"]},
                \(start)"planned","ordinal":3,"ids":["m3","m4"]}
                ]}

                """
        )
    }

    private static func group(
        time: String = "\"20240115T143045\"",
        source: String = "\"sender\"",
        state: String = "\"planned\"",
        ordinal: String = "0",
        ids: String = "[\"a\"]"
    ) -> String {
        "{\"time\":\(time),\"prefix\":\"\",\"source\":\(source),\"state\":\(state),\"ordinal\":\(ordinal),\"ids\":\(ids)}"
    }

    @Test func theSampleOfDamageIsFineWithoutDamage() throws {
        let json = "{\"version\":1,\"groups\":[\(Self.group())]}"
        #expect(try Journal(json: Array(json.utf8)).state(of: MessageID("a")) == .planned)
    }

    @Test(arguments: [
        "ordinal": [
            group(ordinal: "-1"), group(ordinal: "10001"), group(ordinal: "2147483648"), group(ordinal: "0.5"),
            group(ordinal: "99999999999999999999"), group(ordinal: "-9223372036854775808"), group(ordinal: "\"0\""),
        ],
        "time": [
            group(time: "\"\""), group(time: "\"20240115T14304\""), group(time: "\"20240115 143045\""),
            group(time: "\"20241315T143045\""), group(time: "\"20240132T143045\""), group(time: "\"20240115T243045\""),
            group(time: "\"-0240115T143045\""), group(time: "\"２0240115T1430\""), group(time: "0"),
            group(time: "null"),
        ],
        "source": [group(source: "\"SENDER\""), group(source: "\"\""), group(source: "[]")],
        "state": [group(state: "\"lost\""), group(state: "\"\""), group(state: "{}")],
        "ids": [
            group(ids: "[\"a\",\"a\"]"), group(ids: "[\"\"]"), group(ids: "[1]"), group(ids: "\"a\""),
            group(ids: "{}"), group(ids: "[null]"),
            group(ids: "[" + (0..<10_001).map { "\"\($0)\"" }.joined(separator: ",") + "]"),
        ],
        "groups": [group() + "," + group(), group(state: "\"superseded\""), "{}", "[]", "1", "null"],
    ])
    func everyDamageIsRefusedWithAReason(part: String, groups: [String]) {
        for group in groups {
            let damage = #expect(throws: JournalDamage.self, "\(part): \(group.prefix(200))") {
                try Journal(json: Array("{\"version\":1,\"groups\":[\(group)]}".utf8))
            }
            #expect(damage?.reason.isEmpty == false)
        }
    }

    @Test(arguments: [
        " ", "null", "[]", "1", "\"\"", "{}", "{\"version\":1}", "{\"groups\":[]}", "{\"version\":2,\"groups\":[]}",
        "{\"version\":\"1\",\"groups\":[]}", "{\"version\":1,\"groups\":{}}", "{\"version\":1,\"groups\":[]}}",
        "{\"version\":1,\"groups\":[]", "\u{0}", "<html></html>",
    ])
    func whatIsNoJournalIsRefused(text: String) {
        #expect(throws: JournalDamage.self) { try Journal(json: Array(text.utf8)) }
    }

    @Test func anotherVersionIsNamed() {
        let damage = #expect(throws: JournalDamage.self) {
            try Journal(json: Array("{\"version\":7,\"groups\":[]}".utf8))
        }
        #expect(damage?.reason.contains("7") == true)
    }

    @Test(arguments: ["[", "{\"groups\":"])
    func deepNestingIsRefused(opening: String) {
        let json = Array(String(repeating: opening, count: 100_000).utf8)
        #expect(throws: JournalDamage.self) { try Journal(json: json) }
        let inside = Array("{\"version\":1,\"groups\":[".utf8) + json
        #expect(throws: JournalDamage.self) { try Journal(json: inside) }
    }

    @Test func aJournalThatBreaksOffAnywhereIsRefused() {
        let json = Self.sample(count: 6).json()
        // Without its last newline it is whole; without anything it is new.
        for length in 1..<json.count - 1 {
            #expect(throws: JournalDamage.self, "\(length) of \(json.count) bytes") {
                try Journal(json: Array(json[..<length]))
            }
        }
        #expect(throws: Never.self) { try Journal(json: Array(json.dropLast())) }
    }

    @Test func aDamagedByteNeverTraps() throws {
        let json = Self.sample(count: 6).json()
        var generator = SplitMix(state: 7)
        var refused = 0
        for place in json.indices {
            var damaged = json
            damaged[place] = .random(in: .min ... .max, using: &generator)
            do throws(JournalDamage) {
                // What reads well can be planned with and written.
                var journal = try Journal(json: damaged)
                var planner = Planner(prefix: "", source: .messageID) { CivilTime(utc: $0) }
                planner.resume(behind: journal, now: Self.now)
                journal.beginWalk()
                _ = journal.plan(journal.records.positions.map(journal.records.id(at:)), with: &planner, now: Self.now)
                _ = journal.takeUnlisted()
                journal.completeWalk()
                _ = try Journal(json: journal.json())
            } catch {
                refused += 1
            }
        }
        #expect(refused > json.count / 4)
    }

    @Test func aHundredThousandMessagesAreWrittenAndRead() throws {
        var (journal, planner) = (Journal(), Planner(prefix: "", source: .messageID) { CivilTime(utc: $0) })
        journal.beginWalk()
        let ids = (0..<100_000).map { MessageID("20200529155357895317_\($0)") }
        for page in stride(from: 0, to: ids.count, by: 5000) {
            _ = journal.plan(Array(ids[page..<page + 5000]), with: &planner, now: Self.now + Int64(page / 10_000))
        }
        for id in ids.prefix(50_000) { journal.settle(id, as: .stored) }
        let json = journal.json()
        #expect(json.count < 32 * ids.count)
        let read = try Journal(json: json)
        #expect(read.count == ids.count)
        #expect(ids.enumerated().allSatisfy { read.state(of: $1) == ($0 < 50_000 ? .stored : .planned) })
    }
}

/// The same numbers for the same seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
