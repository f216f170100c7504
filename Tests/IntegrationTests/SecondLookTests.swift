import ProgramFixture
import TestServers
import Testing

/// A message is invalid only after a second download has said the same: one odd answer condemns nothing.
@Suite(.timeLimit(.minutes(5))) struct SecondLookTests {
    private static let lies: [Lie] = [
        .anotherChunk("x"), .anotherChunk("1:0"), .anotherChunk("2:1"), .anotherChunk("2:2"), .anotherChunk("1:3"),
        .field("Mex-Chunk-Range", nil).and(.field("Mex-Total-Chunks", nil)), .field("Content-Encoding", "br"),
        .field("Content-Encoding", "gzip"), .field("Mex-MessageType", "REPORT"), .field("Mex-FileName", nil),
        .field("Mex-FileName", "é.dat"), .doubled("Mex-Chunk-Range", "1:1"), .doubled("Mex-MessageID", "XYZ0001"),
    ]

    private static let content = Array("one, two".utf8)

    private func message() -> MESHMessage {
        var message = MESHMessage("ABC0001", [.text("one, "), .text("two")])
        message.fileName = "ABC_file.dat"
        return message
    }

    @Test(arguments: lies, [1, 2]) func oneOddAnswerCondemnsNoMessage(lie: Lie, chunk: Int) async throws {
        try await withScene([message(), MESHMessage("ABC0002", text: "other")]) { scene in
            let once = Turns()
            scene.mesh.http.setFault { request in
                guard request.isDownload(of: "ABC0001", chunk: chunk), once.next() == 1 else { return nil }
                return .lie(lie)
            }
            let changes = ["INVALID_MESSAGES": "quarantine", "BSO_CODE_SOURCE": "file-name"]
            let run = try await scene.run([], changes)
            run.expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            scene.expectNothingWrong(["ABC0001": [Self.content], "ABC0002": [Array("other".utf8)]])
            #expect(!scene.names.contains { $0.hasPrefix("quarantine/") || $0.hasPrefix("reports/") })
        }
    }

    /// The one that is lied about is downloaded whole before; what it holds of the second chunk stays out.
    @Test func oneDamagedDownloadCondemnsNoMessage() async throws {
        let content = sampleBytes(50_000)
        var damaged = gzip(content)
        damaged[damaged.count / 2] ^= 0x55
        try await withScene([MESHMessage("ABC0001", [.gzip(gzip(content))])]) { scene in
            let once = Turns()
            scene.mesh.http.setFault { [damaged] in
                $0.isDownload(of: "ABC0001") && once.next() == 1 ? .lie(.body(damaged)) : nil
            }
            try await scene.run([], ["INVALID_MESSAGES": "quarantine"]).expectStatus(0)
            scene.expectNothingWrong(["ABC0001": [content]])
        }
    }

    /// What says the same twice is what the message is.
    @Test(arguments: [Lie.anotherChunk("x"), .anotherChunk("1:0"), .field("Content-Encoding", "br")])
    func whatIsOddEachTimeIsInvalid(lie: Lie) async throws {
        try await withScene([MESHMessage("ABC0001", text: "content")]) { scene in
            scene.mesh.http.setFault { $0.isDownload(of: "ABC0001") ? .lie(lie) : nil }
            let run = try await scene.run()
            run.expectStatus(65)
            #expect(scene.mesh.waiting() == ["ABC0001"])
            #expect(scene.mesh.http.requests.count { $0.target.hasSuffix("/inbox/ABC0001") } >= 2)
        }
    }

    /// A field that must be single and isn't makes an answer that can't be trusted: of which of them is the content?
    @Test(arguments: [Lie.doubled("Mex-Chunk-Range", "1:1"), .doubled("Mex-MessageID", "XYZ0001")])
    func fieldsThatContradictEachOtherAreNoContent(lie: Lie) async throws {
        try await withScene([message()]) { scene in
            scene.mesh.http.setFault { $0.isDownload(of: "ABC0001") ? .lie(lie) : nil }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "3"])
            #expect([65, 75].contains(run.status))
            #expect(scene.mesh.waiting() == ["ABC0001"])
            #expect(scene.names.isEmpty)
        }
    }

    /// Two names of one field would be two metadata fields of one name, which storage refuses.
    @Test func bothNamesOfOneFieldAreOneField() async throws {
        var message = MESHMessage("ABC0001", text: "content")
        message.headers = ["Mex-LocalID": "first", "Mex-Local-ID": "second"]
        try await withScene([message]) { scene in
            let run = try await scene.run()
            run.expectStatus(0)
            let blob = try #require(scene.store.blob(run.names["ABC0001"] ?? "", in: "mesh-messages"))
            #expect(blob.metadata["meshlocalid"] == "first")
        }
    }
}
