import ProgramFixture
import TestServers
import Testing

/// What something in front of MESH answers is never the message, and never an acknowledgement.
@Suite(.timeLimit(.minutes(5))) struct ForeignAnswersTests {
    /// What comes in place of a chunk.
    enum Foreign: CaseIterable {
        case page
        case nothing
        case otherBytes
        /// The chunk itself, after something has removed MESH's own headers.
        case chunkWithoutItsHeaders
        case anotherMessage

        var lie: Lie {
            switch self {
            case .page: .page()
            case .nothing: .bare()
            case .otherBytes:
                .instead(
                    HTTPServer.Response(
                        200,
                        headers: ["Content-Type": "application/octet-stream"],
                        body: .text("not of MESH")
                    )
                )
            case .chunkWithoutItsHeaders: .withoutMexFields
            case .anotherMessage: .anotherMessage("ABC0009")
            }
        }
    }

    private static let whole = MESHMessage("ABC0001", text: "a message of one chunk")
    private static let chunked = MESHMessage("ABC0002", [.text("one, "), .text("two, "), .text("three")])
    private static let contents = [
        "ABC0001": [Array("a message of one chunk".utf8)], "ABC0002": [Array("one, two, three".utf8)],
    ]

    /// The message that is lied about, and the chunk.
    private static let chunks = [("ABC0001", 1), ("ABC0002", 1), ("ABC0002", 2), ("ABC0002", 3)]

    @Test(arguments: Foreign.allCases, chunks)
    func whatIsNoChunkIsNeverContent(foreign: Foreign, place: (id: String, chunk: Int)) async throws {
        try await withScene([Self.whole, Self.chunked]) { scene in
            scene.mesh.http.setFault { $0.isDownload(of: place.id, chunk: place.chunk) ? .lie(foreign.lie) : nil }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "3"])
            run.expectStatus(75)
            #expect(scene.mesh.waiting() == [place.id])
            scene.expectNothingWrong(Self.contents)
            run.expectSomethingInFront("message failed and stays in the inbox")
        }
    }

    @Test(arguments: Foreign.allCases, chunks)
    func oneForeignAnswerIsMadeGoodByTheNext(foreign: Foreign, place: (id: String, chunk: Int)) async throws {
        try await withScene([Self.whole, Self.chunked]) { scene in
            let once = Turns()
            scene.mesh.http.setFault { request in
                guard request.isDownload(of: place.id, chunk: place.chunk), once.next() == 1 else { return nil }
                return .lie(foreign.lie)
            }
            // Quarantine would keep a good message, in parts.
            let run = try await scene.run([], ["INVALID_MESSAGES": "quarantine"])
            run.expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            scene.expectNothingWrong(Self.contents)
            #expect(!scene.names.contains { $0.hasPrefix("quarantine/") })
        }
    }

    @Test func aPageIsNoAcknowledgement() async throws {
        try await withScene([Self.whole, Self.chunked]) { scene in
            scene.mesh.http.setFault { $0.isAcknowledgement(of: "ABC0001") ? .lie(.page()) : nil }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "3"])
            run.expectStatus(75)
            #expect(scene.mesh.waiting() == ["ABC0001"])
            run.expectSomethingInFront("message stored but not acknowledged")

            scene.mesh.http.setFault(nil)
            try await scene.run().expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            scene.expectNothingWrong(Self.contents)
        }
    }

    @Test func aPageInPlaceOfAnAcknowledgementIsMadeGoodByTheNext() async throws {
        try await withScene([Self.whole]) { scene in
            let once = Turns()
            scene.mesh.http.setFault { $0.isA(.acknowledgement) && once.next() == 1 ? .lie(.page()) : nil }
            try await scene.run().expectStatus(0)
            #expect(scene.mesh.acknowledged() == ["ABC0001"])
            scene.expectNothingWrong(Self.contents)
        }
    }

    /// MESH's own answer is an empty 200: nothing tells it from that of a gateway. The listing does.
    @Test func anAcknowledgementWithoutEffectIsSentAgain() async throws {
        try await withScene([Self.whole]) { scene in
            scene.mesh.http.setFault { $0.isA(.acknowledgement) ? .lie(.bare()) : nil }
            _ = try await scene.run()
            #expect(scene.mesh.waiting() == ["ABC0001"])

            scene.mesh.http.setFault(nil)
            try await scene.run().expectStatus(0)
            #expect(scene.mesh.acknowledged() == ["ABC0001"])
            #expect(scene.commits(of: "ABC0001") == 1)
            scene.expectNothingWrong(Self.contents)
        }
    }

    @Test(arguments: [RequestKind.handshake, .listing], [200, 502])
    func aPageInPlaceOfMESHEndsTheRun(kind: RequestKind, status: Int) async throws {
        try await withScene([Self.whole]) { scene in
            scene.mesh.http.setFault { $0.isA(kind) ? .lie(.page(status)) : nil }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"])
            run.expectStatus(69)
            #expect(scene.mesh.waiting() == ["ABC0001"])
            run.expectSomethingInFront("run ended early")
        }
    }

    @Test(arguments: [RequestKind.handshake, .listing]) func onePageInPlaceOfMESHEndsNothing(kind: RequestKind)
        async throws
    {
        try await withScene([Self.whole]) { scene in
            let once = Turns()
            scene.mesh.http.setFault { $0.isA(kind) && once.next() == 1 ? .lie(.page()) : nil }
            try await scene.run().expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
        }
    }

    /// Not a listing of nothing: the run would end with `empty`, and its operator would believe it.
    @Test(arguments: [Lie.bare(), .body(Array("{}".utf8)), .body(Array("[]".utf8))])
    func whatIsNoListingIsNoEmptyInbox(lie: Lie) async throws {
        try await withScene([Self.whole]) { scene in
            scene.mesh.http.setFault { $0.isA(.listing) ? .lie(lie) : nil }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"])
            run.expectStatus(69)
            #expect(run.outcome == "unavailable")
        }
    }
}

extension JobRun {
    /// Expects that the line with a sentence says that the answer was not the service's own.
    func expectSomethingInFront(_ sentence: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let found = lines(sentence)
        #expect(!found.isEmpty, "no line: \(sentence)", sourceLocation: sourceLocation)
        for line in found {
            let saysSo = line.explanation.contains(/in front of|between here and/)
            #expect(saysSo, "\(line.source)", sourceLocation: sourceLocation)
        }
    }
}
