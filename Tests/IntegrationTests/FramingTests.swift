import ProgramFixture
import TestServers
import Testing

/// A body is whole only where its framing says so: by its exact length, or by the last chunk of a chunked one.
@Suite(.timeLimit(.minutes(5))) struct FramingTests {
    private static let content = sampleBytes(3000)
    private static let second = sampleBytes(2000, seed: 2)
    private static let message = MESHMessage("ABC0001", [.bytes(content), .bytes(second)])
    private static let other = MESHMessage("ABC0002", text: "another message")
    private static let contents = [
        "ABC0001": [content + second], "ABC0002": [Array("another message".utf8)],
    ]

    @Test(arguments: Framing.allCases, [1, 2])
    func aWholeBodyIsTakenWhereItsEndIsCertain(framing: Framing, chunk: Int) async throws {
        try await withScene([Self.message, Self.other]) { scene in
            scene.mesh.http.setFault { $0.isDownload(of: "ABC0001", chunk: chunk) ? .lie(.framed(framing)) : nil }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "3"])
            switch framing.certainty {
            case .certain: run.expectStatus(0)
            case .uncertain: run.expectStatus(75)
            case .eitherWay: #expect([0, 75].contains(run.status))
            }
            #expect(scene.mesh.waiting() == (run.status == 0 ? [] : ["ABC0001"]))
            scene.expectNothingWrong(Self.contents)
        }
    }

    @Test(arguments: Framing.allCases, [1, 2])
    func aCutBodyIsNeverTaken(framing: Framing, chunk: Int) async throws {
        try await withScene([Self.message, Self.other]) { scene in
            scene.mesh.http.setFault { request in
                request.isDownload(of: "ABC0001", chunk: chunk) ? .lie(.framed(framing, isCut: true)) : nil
            }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "3"])
            run.expectStatus(75)
            #expect(scene.mesh.waiting() == ["ABC0001"])
            scene.expectNothingWrong(Self.contents)
        }
    }

    @Test(arguments: Framing.allCases, [1, 2])
    func aBodyThatIsCutOnceIsDownloadedAgain(framing: Framing, chunk: Int) async throws {
        try await withScene([Self.message, Self.other]) { scene in
            let once = Turns()
            scene.mesh.http.setFault { request in
                guard request.isDownload(of: "ABC0001", chunk: chunk), once.next() == 1 else { return nil }
                return .lie(.framed(framing, isCut: true))
            }
            try await scene.run().expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            scene.expectNothingWrong(Self.contents)
        }
    }

    /// A journal in parts knows only a part of what may be stored.
    @Test(arguments: Framing.allCases) func aJournalThatComesCutIsReadAgain(framing: Framing) async throws {
        try await withScene([Self.message, Self.other]) { scene in
            scene.mesh.http.setFault { $0.isA(.acknowledgement) ? .answer(HTTPServer.Response(503)) : nil }
            try await scene.run([], ["RETRY_ATTEMPTS": "1"]).expectStatus(75)
            scene.mesh.http.setFault(nil)
            let once = Turns()
            scene.store.http.setFault { request in
                request.isA(.readJournal) && once.next() == 1 ? .lie(.framed(framing, isCut: true)) : nil
            }
            try await scene.run().expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            scene.expectNothingWrong(Self.contents)
            #expect(scene.commits(of: "ABC0001") == 1)
        }
    }
}
