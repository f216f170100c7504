import Foundation
import ProgramFixture
import TestServers
import Testing

/// A malformed message stays in the inbox, is named in one line, and stops nothing else.
struct BrokenMessagesTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var message: MESHMessage
        /// `error.type` of its line.
        var type: String
        var words: [String]
    }

    private static func withRange(_ range: String) -> MESHMessage {
        var message = MESHMessage("BAD0001", [.text("first"), .text("second")])
        message.headers["Mex-Chunk-Range"] = range
        return message
    }

    private static let cases = [
        Case(
            testDescription: "an id that is a path",
            message: MESHMessage("../../x", text: "data"),
            type: "bso_code",
            words: ["message id", "three letters or digits"]
        ),
        Case(
            testDescription: "an id of two characters",
            message: MESHMessage("ab", text: "data"),
            type: "bso_code",
            words: ["message id", "three letters or digits"]
        ),
        Case(
            testDescription: "an id that is not ASCII",
            message: MESHMessage("éèê0001", text: "data"),
            type: "bso_code",
            words: ["message id", "three letters or digits"]
        ),
        Case(
            testDescription: "a chunk range 0:0",
            message: withRange("0:0"),
            type: "chunk_range",
            words: ["Mex-Chunk-Range", "0:0"]
        ),
        Case(
            testDescription: "a chunk range 1:0",
            message: withRange("1:0"),
            type: "chunk_range",
            words: ["Mex-Chunk-Range", "1:0"]
        ),
        Case(
            testDescription: "a chunk range x",
            message: withRange("x"),
            type: "chunk_range",
            words: ["Mex-Chunk-Range", "\"x\""]
        ),
        Case(
            testDescription: "a chunk range 2:1",
            message: withRange("2:1"),
            type: "chunk_range",
            words: ["Mex-Chunk-Range", "2:1"]
        ),
        Case(
            testDescription: "a truncated gzip",
            message: MESHMessage("BAD0001", [.gzip(Array(gzip(sampleBytes(50_000)).dropLast(5)))]),
            type: "gzip_damaged",
            words: ["gzip ends before"]
        ),
        Case(
            testDescription: "a gzip with a wrong checksum",
            message: MESHMessage("BAD0001", [.gzip(gzip(sampleBytes(500)).dropLast(8) + [0, 0, 0, 0, 0xf4, 1, 0, 0])]),
            type: "gzip_damaged",
            words: ["gzip"]
        ),
        Case(
            testDescription: "bytes that are no gzip",
            message: MESHMessage("BAD0001", [.text("first"), .gzip(Array("not compressed at all".utf8))]),
            type: "gzip_damaged",
            words: ["gzip"]
        ),
    ]

    @Test("Case 1: a malformed message, such as a truncated gzip, is skipped", arguments: cases)
    func aMalformedMessageIsSkipped(wrong: Case) async throws {
        let others = (1...4).map { MESHMessage("ABC000\($0)", text: "content \($0)") }
        try await withScene([others[0], others[1], wrong.message, others[2], others[3]]) { scene in
            let run = try await scene.run()
            run.expectStatus(65)
            #expect(run.outcome == "invalid_left")
            #expect(scene.mesh.waiting() == [wrong.message.id])
            #expect(scene.names.count == 4)
            #expect(run.summary[number: "messages.skipped"] == 1)
            #expect(run.summary[list: "problem_counts"] == [.text("\(wrong.type): 1")])
            run.expectOneError("message is invalid and stays in the inbox", naming: wrong.words)
            let line = try #require(run.lines("message is invalid and stays in the inbox").first)
            #expect(line.messageID == wrong.message.id)
            #expect(line.errorType == wrong.type)
            #expect(scene.store.namesWithUncommittedBlocks(in: "mesh-messages").isEmpty)
        }
    }

    @Test(arguments: cases.filter { $0.type != "chunk_range" }, Scene.Store.allCases)
    func aMalformedMessageIsQuarantinedWhereThatIsAsked(wrong: Case, place: Scene.Store) async throws {
        let messages = [MESHMessage("ABC0001", text: "content"), wrong.message]
        try await withScene(messages, place: place) { scene in
            let run = try await scene.run([], ["INVALID_MESSAGES": "quarantine"])
            run.expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            #expect(run.complaints.map(\.sentence) == ["message is invalid and was quarantined"])
            #expect(run.complaints.first?.errorType == wrong.type)
            let quarantined = scene.names.filter { $0.hasPrefix("quarantine/") }
            #expect(quarantined.count == 1 && scene.names.count == 2, "\(scene.names)")
            let name = try #require(quarantined.first)
            #expect(name.wholeMatch(of: /quarantine\/\d{4}-\d\d-\d\d\/[A-Za-z0-9_%-]+/) != nil, "\(name)")
            #expect(name.hasSuffix("/\(wrong.message.id.encodedForName)"))
        }
    }

    /// How much there is of it nobody knows, and a part of it is not kept for the whole.
    @Test(arguments: cases.filter { $0.type == "chunk_range" })
    func aMessageOfUnknownLengthIsNotEvenQuarantined(wrong: Case) async throws {
        try await withScene([wrong.message, MESHMessage("ABC0001", text: "content")]) { scene in
            let run = try await scene.run([], ["INVALID_MESSAGES": "quarantine"])
            run.expectStatus(65)
            #expect(scene.mesh.waiting() == [wrong.message.id])
            #expect(scene.names.count == 1)
        }
    }

    @Test(arguments: Scene.Store.allCases) func aSendersFileNameIsNoPath(place: Scene.Store) async throws {
        var message = MESHMessage("ABC0001", text: "data")
        message.fileName = "../../../../etc/passwd"
        try await withScene([message], place: place) { scene in
            let run = try await scene.run()
            run.expectStatus(0)
            let name = try #require(scene.names.first)
            #expect(name.wholeMatch(of: /\d{4}-\d\d-\d\d\/ABC_\d{8}T\d{6}\.dat/) != nil, "\(name)")
        }
    }

    @Test("Case 21: a truncated body is never committed", arguments: [100_000, 5 << 20])
    func aBodyShorterThanItsLengthIsTransient(length: Int) async throws {
        var cut = MESHMessage("ABC0002", [.bytes(sampleBytes(length))])
        cut.chunks[0].delivery = .cutBody(after: length / 5 * 3)
        try await withScene([MESHMessage("ABC0001", text: "data"), cut]) { scene in
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "3", "BUFFER_MEMORY": "8Mi"])
            run.expectStatus(75)
            #expect(run.outcome == "incomplete")
            #expect(scene.mesh.waiting() == ["ABC0002"])
            #expect(scene.names.count == 1)
            run.expectOneError("message failed and stays in the inbox", naming: ["ended after", "too early"])

            // Once the network is well again, so is the message.
            scene.mesh.add(MESHMessage("ABC0002", [.bytes(sampleBytes(length))]))
            let second = try await scene.run()
            second.expectStatus(0)
            #expect(scene.content(second.names["ABC0002"] ?? "") == sampleBytes(length))
        }
    }

    @Test func aDownloadThatBreaksOnceGoesOnWhereItStopped() async throws {
        let content = sampleBytes(20 << 20)
        let half = content.count / 2
        let message = MESHMessage("ABC0001", [.bytes(Array(content[..<half])), .gzip(gzip(Array(content[half...])))])
        try await withScene([message]) { scene in
            let seen = Once()
            scene.mesh.http.setFault { request in
                let isFirst = seen.isNew(request.target)
                let isDownload = request.method == "GET" && request.target.contains("/inbox/")
                return isFirst && isDownload ? .deliver(.cutBody(after: 7 << 20)) : nil
            }
            let run = try await scene.run()
            run.expectStatus(0)
            #expect(scene.content(run.names["ABC0001"] ?? "") == content)
            #expect(run.summary[number: "retries"] == 2)
        }
    }
}

extension String {
    /// As a message id stands in a name.
    fileprivate var encodedForName: String {
        addingPercentEncoding(withAllowedCharacters: .idCharacters) ?? self
    }
}

extension CharacterSet {
    fileprivate static let idCharacters = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    )
}
