import Foundation
import ProgramFixture
import TestServers
import Testing

/// What went wrong elsewhere on the way out of MESH; the numbers are those of docs/reliability.md.
@Suite(.timeLimit(.minutes(5))) struct MESHCaseTests {
    @Test("Case 4: a small chunk before the last one is not lost", arguments: Scene.Store.allCases)
    func smallChunksAreNotLost(place: Scene.Store) async throws {
        // An S3 multipart upload takes no part below 5 MiB but the last.
        let lengths = [6 << 20, 1, 5 << 20, 5 << 20 + 1, 0, 3 << 20, 17]
        let chunks = lengths.enumerated().map { sampleBytes($1, seed: UInt64($0)) }
        let messages = [
            MESHMessage("ABC0001", chunks.map { .bytes($0) }), MESHMessage("ABC0002", chunks.map { .gzip(gzip($0)) }),
        ]
        try await withScene(messages, place: place) { scene in
            let run = try await scene.run()
            run.expectStatus(0)
            for message in messages {
                #expect(scene.content(run.names[message.id] ?? "") == Array(chunks.joined()), "\(message.id)")
            }
        }
    }

    @Test("Case 5: a 206 is the first chunk, not the message", arguments: [false, true])
    func theFirstChunkIsNotTheMessage(saysSoInTheStatusAlone: Bool) async throws {
        var message = MESHMessage("ABC0001", [.text("one, "), .text("two, "), .text("three")])
        if saysSoInTheStatusAlone { message.omittedHeaders = ["Mex-Chunk-Range", "Mex-Total-Chunks"] }
        try await withScene([message]) { scene in
            let broken = try await scene.run([], ["RETRY_ATTEMPTS": "2"]) { request in
                request.target.hasSuffix("/inbox/ABC0001/2") ? .answer(HTTPServer.Response(500)) : nil
            }
            broken.expectStatus(saysSoInTheStatusAlone ? 65 : 75)
            #expect(scene.names == [])
            #expect(scene.mesh.waiting() == ["ABC0001"])

            message.omittedHeaders = []
            scene.mesh.add(message)
            let whole = try await scene.run()
            whole.expectStatus(0)
            #expect(scene.names.map { scene.content($0) } == [Array("one, two, three".utf8)])
            #expect(scene.mesh.acknowledged() == ["ABC0001"])
        }
    }

    @Test(
        "Case 9: what comes with any other status than 200 or 206 is not the message",
        arguments: [201, 202, 203, 302, 304, 400, 401, 403, 404, 410, 418, 500, 502, 503]
    )
    func theStatusOfADownloadIsChecked(status: Int) async throws {
        try await withScene([MESHMessage("ABC0001", text: "data"), MESHMessage("XYZ0001", text: "data")]) { scene in
            // Everything but the status is as in the answer with the message.
            let page = HTTPServer.Response(
                status,
                headers: ["Mex-Chunk-Range": "1:1", "Mex-MessageID": "ABC0001", "Mex-MessageType": "DATA"],
                body: status == 304 ? .empty : .text("a page that is no message")
            )
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"]) { request in
                request.target.hasSuffix("/inbox/ABC0001") ? .answer(page) : nil
            }
            #expect(run.status != 0)
            #expect(scene.mesh.waiting().contains("ABC0001"))
            #expect(!scene.names.contains { $0.contains("/ABC_") })
        }
    }

    @Test(
        "Case 10: tokens carry the time in UTC wherever the clock hangs",
        arguments: ["NZST-12", "HST10", "GMT0BST,M3.5.0/1,M10.5.0"]
    )
    func tokensAreInUTC(zone: String) async throws {
        // The server refuses a token whose time is off by more than two hours.
        try await withScene([MESHMessage("ABC0001", text: "data")]) { scene in
            let before = Self.minuteInUTC()
            let run = try await scene.run([], ["TZ": zone])
            run.expectStatus(0)
            let times = Set(
                scene.mesh.tokens.map { $0.split(separator: ":").dropFirst(3).first.map(String.init) ?? "" }
            )
            let range = before...Self.minuteInUTC()
            #expect(!times.isEmpty && times.allSatisfy { range.contains($0) }, "\(times)")
        }
    }

    private static func minuteInUTC() -> String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 32)
        strftime(&text, text.count, "%Y%m%d%H%M", &parts)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test("Case 15: bytes beyond ASCII stop nothing, and arrive as they were", arguments: Scene.Store.allCases)
    func bytesBeyondASCIIStopNothing(place: Scene.Store) async throws {
        let content = (0...255).map { UInt8($0) } + [0xC3, 0x28, 0xFF, 0xFE]
        var message = MESHMessage("ABC0001", [.bytes(content), .gzip(gzip(content))])
        message.headers = HTTPServer.Headers([
            .init("Mex-Subject", bytes: [0x63, 0x61, 0x66, 0xE9]), .init("Mex-FileName", "Größe ☕️.dat"),
            .init("Mex-LocalID", bytes: [0x80, 0xC3, 0x28]),
        ])
        try await withScene([message, MESHMessage("ABC0002", text: "data")], place: place) { scene in
            let run = try await scene.run()
            run.expectStatus(0)
            #expect(run.complaints.isEmpty)
            let name = try #require(run.names["ABC0001"])
            #expect(scene.content(name) == content + content)
            guard place == .blobService else { return }
            let metadata = try #require(scene.store.blob(name, in: "mesh-messages")).metadata
            #expect(metadata["meshsubject"] == "caf%C3%A9")
            #expect(metadata["meshfilename"]?.removingPercentEncoding == "Größe ☕️.dat")
        }
    }

    @Test("Case 16: files of one name on one day are all kept", arguments: Scene.Store.allCases)
    func filesOfOneNameAreAllKept(place: Scene.Store) async throws {
        func message(_ number: Int) -> MESHMessage {
            var message = MESHMessage("2026112315535789531\(number)_3573F8", text: "content \(number)")
            message.fileName = "ABC.dat"
            return message
        }
        try await withScene([message(1), message(2), message(3)], place: place) { scene in
            let changes = ["BSO_CODE_SOURCE": "file-name"]
            try await scene.run([], changes).expectStatus(0)
            let names = scene.names
            #expect(names.count == 3)
            for number in 4...6 { scene.mesh.add(message(number)) }
            try await scene.run([], changes).expectStatus(0)
            #expect(Set(names).isSubset(of: scene.names))
            let contents = scene.names.compactMap { scene.content($0).map { String(decoding: $0, as: UTF8.self) } }
            #expect(contents.sorted() == (1...6).map { "content \($0)" })
        }
    }

    /// Whose messages fill the inbox before ours.
    enum Foreign: CaseIterable {
        /// The filter hides them.
        case ofOtherWorkflows
        /// They can't be stored, and stay.
        case invalid
    }

    @Test("Case 17: more than 500 messages that stay do not starve the rest", arguments: Foreign.allCases)
    func messagesThatStayStarveNobody(foreign: Foreign) async throws {
        var options = StrictMESHServer.Options()
        options.pageCap = 500
        let others = (1...1100).map { number in
            var message = MESHMessage(foreign == .invalid ? "_\(number)" : "OTH\(number)", text: "theirs")
            message.workflowID = foreign == .ofOtherWorkflows ? "OTHER" : "TEST"
            return message
        }
        let ours = (1...3).map { MESHMessage("ABC000\($0)", text: "content \($0)") }
        try await withScene(others + ours, mesh: options) { scene in
            let run = try await scene.run([], ["MESH_WORKFLOW_FILTER": "TEST", "LOG_LEVEL": "error"])
            run.expectStatus(foreign == .invalid ? 65 : 0)
            #expect(scene.mesh.acknowledged().sorted() == ours.map(\.id))
            #expect(scene.mesh.waiting() == others.map(\.id))
            #expect(scene.names.count == 3)
        }
    }
}

extension Scene {
    /// Runs a poll while MESH has a fault.
    fileprivate func run(
        _ arguments: [String],
        _ changes: [String: String?],
        fault: @escaping HTTPServer.FaultHook
    ) async throws -> JobRun {
        mesh.http.setFault(fault)
        defer { mesh.http.setFault(nil) }
        return try await run(arguments, changes)
    }
}
