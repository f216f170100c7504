import ProgramFixture
import TestServers
import Testing

/// An answer that never ends, or is larger than any true one, is given up; nothing waits for its end.
@Suite(.timeLimit(.minutes(5))) struct EndlessAnswersTests {
    /// A run that waits for the end of an answer takes for ever.
    private static let limit = Duration.seconds(20)

    private static let message = MESHMessage("ABC0001", text: "content")

    @Test(
        arguments: [RequestKind.handshake, .listing, .download, .acknowledgement],
        [
            Lie.endlessBody(), .endlessBody(500), .endlessBody(403), .endlessHead, .endlessInterimAnswers,
            .largeHead(300_000),
        ]
    )
    func anAnswerOfMESHWithoutEndIsGivenUp(kind: RequestKind, lie: Lie) async throws {
        try await withScene([Self.message]) { scene in
            scene.mesh.http.setFault { $0.isA(kind) ? .lie(lie) : nil }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"], limit: Self.limit)
            #expect([69, 75, 77].contains(run.status), "\(run.summary.source)")
            #expect(scene.mesh.waiting() == ["ABC0001"])
            #expect(scene.names.isEmpty || kind == .acknowledgement)
        }
    }

    @Test(
        arguments: [RequestKind.takeLease, .readJournal, .writeJournal, .putBlob],
        [
            Lie.endlessBody(201, [:]), .endlessBody(503, [:]), .endlessHead, .endlessInterimAnswers,
            .largeHead(300_000),
        ]
    )
    func anAnswerOfStorageWithoutEndIsGivenUp(kind: RequestKind, lie: Lie) async throws {
        try await withScene([Self.message]) { scene in
            scene.store.http.setFault { $0.isA(kind) ? .lie(lie) : nil }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"], limit: Self.limit)
            #expect([69, 75, 78].contains(run.status), "\(run.summary.source)")
            #expect(scene.mesh.waiting() == ["ABC0001"])
        }
    }

    @Test(arguments: [Lie.endlessBody(), .endlessBody(400), .endlessHead, .endlessInterimAnswers])
    func aTokenWithoutEndIsGivenUp(lie: Lie) async throws {
        try await withIdentity([Self.message]) { scene, tokens in
            tokens.http.setFault { _ in .lie(lie) }
            var changes = try scene.settings(.clientSecret, tokens)
            changes["RETRY_ATTEMPTS"] = "2"
            let run = try await scene.run([], changes, limit: Self.limit)
            #expect([69, 77].contains(run.status), "\(run.summary.source)")
            #expect(scene.mesh.waiting() == ["ABC0001"])
        }
    }

    /// One of them is a matter for the next try.
    @Test(arguments: [RequestKind.handshake, .listing, .download, .acknowledgement, .takeLease, .readJournal, .putBlob])
    func oneAnswerWithoutEndIsMadeGoodByTheNext(kind: RequestKind) async throws {
        try await withScene([Self.message]) { scene in
            let once = Turns()
            let hook: HTTPServer.FaultHook = { $0.isA(kind) && once.next() == 1 ? .lie(.endlessBody(503)) : nil }
            scene.mesh.http.setFault(hook)
            scene.store.http.setFault(hook)
            try await scene.run([], limit: Self.limit).expectStatus(0)
            scene.expectNothingWrong(["ABC0001": [Array("content".utf8)]])
        }
    }

    @Test(arguments: [1, 300]) func headersBeyondTheLimitAreToldAsSuch(fields: Int) async throws {
        try await withScene([Self.message]) { scene in
            scene.mesh.http.setFault { $0.isA(.handshake) ? .lie(.largeHead(300_000, fields: fields)) : nil }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"])
            // Many small fields harm nobody, and may be taken.
            if fields > 1, run.status == 0 { return }
            run.expectStatus(69)
            run.expectOneError("run ended early", naming: ["header"])
            #expect(!run.summary.source.lowercased().contains("out of memory"))
        }
    }

    /// Each page leads to another one, and none shows a message.
    @Test func emptyPagesWithoutEndAreGivenUp() async throws {
        try await withScene([Self.message]) { scene in
            scene.mesh.http.setFault { $0.isA(.listing) ? .lie(.emptyPages) : nil }
            let run = try await scene.run(limit: Self.limit)
            #expect([69, 75].contains(run.status), "\(run.summary.source)")
            #expect(scene.mesh.http.requests.count < 10_000)
        }
    }

    /// Where a filter hides what is on them, pages are empty, and what is behind them counts.
    @Test func someEmptyPagesHideNothing() async throws {
        try await withScene([Self.message]) { scene in
            let pages = Turns()
            scene.mesh.http.setFault { $0.isA(.listing) && pages.next() <= 30 ? .lie(.emptyPages) : nil }
            try await scene.run().expectStatus(0)
            #expect(scene.mesh.acknowledged() == ["ABC0001"])
        }
    }
}
