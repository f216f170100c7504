import Foundation
import ProgramFixture
import TestServers
import Testing

/// What something in front of storage answers is never storage's word: nothing counts as written, taken or read by it.
@Suite(.timeLimit(.minutes(5))) struct ForeignStorageAnswersTests {
    /// What comes in place of an answer.
    enum Foreign: CaseIterable {
        /// A 200 with HTML.
        case page
        /// A 201 and nothing else, as a gateway or a mock makes it.
        case bare
        /// Storage's own answer to the request of somebody else.
        case ofAnotherRequest

        var lie: Lie {
            switch self {
            case .page: .page()
            case .bare: .bare(201)
            case .ofAnotherRequest:
                Lie("an answer to another request") { request, _ in
                    var response = StrictBlobServer.answer(201, code: "")
                    response.headers = [
                        "ETag": "\"0x8DE0000000FFFF\"", "Last-Modified": "Mon, 23 Nov 2026 15:00:00 GMT",
                        "x-ms-request-id": "11111111-0000-4000-8000-000000000000",
                        "x-ms-version": request.headers["x-ms-version"] ?? "",
                        "x-ms-client-request-id": "22222222-0000-4000-8000-000000000000",
                    ]
                    response.body = .empty
                    return response
                }
            }
        }
    }

    private static let large = sampleBytes(9 << 20)
    private static let messages = [MESHMessage("ABC0001", text: "small"), MESHMessage("LRG0001", [.bytes(large)])]
    private static let contents = ["ABC0001": [Array("small".utf8)], "LRG0001": [large]]
    private static let settings: [String: String?] = ["BUFFER_MEMORY": "8Mi", "RETRY_ATTEMPTS": "3"]

    private static let writes = [
        RequestKind.putBlob, .putBlock, .commitBlocks, .createJournal, .writeJournal, .takeLease, .createContainer,
    ]

    @Test(arguments: Foreign.allCases, writes)
    func oneForeignAnswerIsMadeGoodByTheNext(foreign: Foreign, kind: RequestKind) async throws {
        try await withScene(Self.messages) { scene in
            let once = Turns()
            scene.store.http.setFault { $0.isA(kind) && once.next() == 1 ? .lie(foreign.lie) : nil }
            let run = try await scene.run([], Self.settings)
            run.expectStatus(0)
            #expect(once.count > 0)
            #expect(scene.mesh.waiting().isEmpty)
            #expect(scene.names.count == 2)
            scene.expectNothingWrong(Self.contents)
        }
    }

    /// The write took effect, and something replaced its answer.
    @Test(arguments: Foreign.allCases, writes)
    func aForeignAnswerToWhatWasDoneDoesNoHarm(foreign: Foreign, kind: RequestKind) async throws {
        try await withScene(Self.messages) { scene in
            let once = Turns()
            scene.store.http.setFault { $0.isA(kind) && once.next() == 1 ? .lie(foreign.lie.afterEffect) : nil }
            let run = try await scene.run([], Self.settings)
            run.expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            #expect(scene.names.count == 2)
            scene.expectNothingWrong(Self.contents)
        }
    }

    @Test(arguments: Foreign.allCases, [RequestKind.putBlob, .putBlock, .commitBlocks])
    func whatStorageDidNotConfirmIsNotAcknowledged(foreign: Foreign, kind: RequestKind) async throws {
        let clock = ServerClock(at: time(nil))
        try await withScene(Self.messages, clock: clock) { scene in
            scene.store.http.setFault { $0.isA(kind) ? .lie(foreign.lie) : nil }
            let run = try await scene.run([], Self.settings)
            run.expectStatus(75)
            #expect(scene.mesh.waiting() == [kind == .putBlob ? "ABC0001" : "LRG0001"])
            scene.expectNothingWrong(Self.contents)
            run.expectSomethingInFront("message failed and stays in the inbox")

            scene.store.http.setFault(nil)
            // The lease of a run that left a creation open may be left to run out.
            clock.advance(by: 61)
            try await scene.run([], Self.settings).expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            scene.expectNothingWrong(Self.contents)
        }
    }

    @Test(arguments: Foreign.allCases, [RequestKind.takeLease, .createJournal, .readJournal, .writeJournal])
    func aJournalThatStorageDidNotConfirmEndsTheRun(foreign: Foreign, kind: RequestKind) async throws {
        try await withScene(Self.messages) { scene in
            scene.store.http.setFault { $0.isA(kind) ? .lie(foreign.lie) : nil }
            let run = try await scene.run([], Self.settings)
            run.expectStatus(69)
            #expect(scene.mesh.waiting().count == 2)
            #expect(scene.names.isEmpty)
            run.expectSomethingInFront("run ended early")
        }
    }

    /// A page is no journal, and no reason to ask an operator to restore one.
    @Test(arguments: [Lie.page(), .bare(200), .page(404)])
    func aPageIsNoJournal(lie: Lie) async throws {
        try await withScene(Self.messages) { scene in
            let once = Turns()
            scene.store.http.setFault { $0.isA(.readJournal) && once.next() == 1 ? .lie(lie) : nil }
            try await scene.run([], Self.settings).expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            scene.expectNothingWrong(Self.contents)
        }
    }

    /// A look decides whether a message is stored again, and under which name.
    @Test(arguments: [Lie.page(), .bare(200), .page(404), .bare(404)])
    func aPageSaysNothingAboutABlob(lie: Lie) async throws {
        try await withScene([MESHMessage("ABC0001", text: "small")]) { scene in
            // The first creation takes effect without an answer, so that the second one leads to a look.
            let (creations, looks) = (Turns(), Turns())
            scene.store.http.setFault { request in
                switch RequestKind(request) {
                case .putBlob: creations.next() == 1 ? .closeAfterHandling : nil
                case .look: looks.next() == 1 ? .lie(lie) : nil
                default: nil
                }
            }
            try await scene.run([], Self.settings).expectStatus(0)
            #expect(looks.count > 1)
            #expect(scene.mesh.waiting().isEmpty)
            #expect(scene.commits(of: "ABC0001") == 1)
            scene.expectNothingWrong(Self.contents)
        }
    }
}
