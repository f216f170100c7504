import ProgramFixture
import TestServers
import Testing

/// A download that breaks goes on with a second one; where that is another body, nothing of the first is kept.
@Suite(.timeLimit(.minutes(5))) struct SplicedDownloadsTests {
    /// How the second body differs from the first, beside its bytes.
    enum Difference: CaseIterable {
        case nothingElse
        case entityTag
        case lastModified
        case longer
        case shorter
        case fileName

        private var headers: HTTPServer.Headers {
            switch self {
            case .entityTag: ["ETag": "\"2\""]
            case .lastModified: ["Last-Modified": "Mon, 23 Nov 2026 15:00:00 GMT"]
            case .fileName: ["Mex-FileName": "other.dat"]
            case .nothingElse, .longer, .shorter: [:]
            }
        }

        /// - Parameter length: of the first body.
        func lie(_ length: Int) -> Lie { .body(body(length), headers) }

        func body(_ length: Int) -> [UInt8] {
            switch self {
            case .longer: Array(second.prefix(length + 500))
            case .shorter: Array(second.prefix(length - 500))
            default: Array(second.prefix(length))
            }
        }
    }

    private static let first = sampleBytes(9 << 20)
    private static let second = sampleBytes((9 << 20) + 500, seed: 2)

    /// Of one block, and of several, the first of which are stored when the download breaks.
    private static let lengths = [3000, first.count]
    private static let settings: [String: String?] = ["BUFFER_MEMORY": "8Mi"]

    /// - Parameter chunks: how many; the last one is lied about.
    private func message(_ length: Int, chunks: Int) -> MESHMessage {
        let last = MESHMessage.Chunk.bytes(Array(Self.first.prefix(length)))
        var message = MESHMessage("ABC0001", chunks == 1 ? [last] : [.text("first, "), last])
        message.headers["ETag"] = "\"1\""
        message.headers["Last-Modified"] = "Sun, 22 Nov 2026 15:00:00 GMT"
        return message
    }

    /// - Parameters:
    ///   - chunks: of the message; the last one is lied about.
    ///   - lie: about the download by its number, from 2; the first one breaks half-way.
    private func store(
        _ length: Int,
        chunks: Int = 1,
        as contents: [[UInt8]],
        lie: @escaping @Sendable (Int) -> Lie?
    ) async throws {
        try await withScene([message(length, chunks: chunks)]) { scene in
            let turns = Turns()
            scene.mesh.http.setFault { request in
                guard request.isDownload(of: "ABC0001", chunk: chunks) else { return nil }
                let number = turns.next()
                return number == 1 ? .deliver(.cutBody(after: length / 2)) : lie(number).map { .lie($0) }
            }
            try await scene.run([], Self.settings).expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            let start = chunks == 1 ? [] : Array("first, ".utf8)
            scene.expectNothingWrong(["ABC0001": contents.map { start + $0 }])
        }
    }

    @Test(arguments: Difference.allCases, lengths)
    func aBodyThatWasReplacedIsStoredWhole(difference: Difference, length: Int) async throws {
        try await store(length, as: [difference.body(length)]) { _ in difference.lie(length) }
    }

    @Test(arguments: Difference.allCases, lengths)
    func oneForeignBodyInBetweenLeavesNoTrace(difference: Difference, length: Int) async throws {
        try await store(length, as: [Array(Self.first.prefix(length)), difference.body(length)]) {
            $0 == 2 ? difference.lie(length) : nil
        }
    }

    @Test(arguments: Difference.allCases) func aLaterChunkIsComparedToo(difference: Difference) async throws {
        try await store(3000, chunks: 2, as: [difference.body(3000)]) { _ in difference.lie(3000) }
    }

    /// A proxy may compress when it likes, and one download in the clear when it doesn't.
    @Test(arguments: lengths, [true, false])
    func aSecondDownloadMayBeCompressed(length: Int, always: Bool) async throws {
        let compressed = gzip(Array(Self.first.prefix(length)))
        try await store(length, as: [Array(Self.first.prefix(length))]) {
            always || $0 == 2 ? .body(compressed, ["Content-Encoding": "gzip"]) : nil
        }
    }

    @Test(arguments: lengths) func aSecondDownloadMayBeInTheClear(length: Int) async throws {
        let content = Array(Self.first.prefix(length))
        try await withScene([MESHMessage("ABC0001", [.gzip(gzip(content))])]) { scene in
            let turns = Turns()
            scene.mesh.http.setFault { request in
                guard request.isDownload(of: "ABC0001") else { return nil }
                return turns.next() == 1
                    ? .deliver(.cutBody(after: length / 2))
                    : .lie(.body(content).and(.field("Content-Encoding", nil)))
            }
            try await scene.run([], Self.settings).expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            scene.expectNothingWrong(["ABC0001": [content]])
        }
    }
}
