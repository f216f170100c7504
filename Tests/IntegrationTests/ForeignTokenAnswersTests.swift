import ProgramFixture
import TestServers
import Testing

/// What something in front of a token service answers is no token, and no refusal either.
@Suite(.timeLimit(.minutes(2))) struct ForeignTokenAnswersTests {
    private static let lies: [Lie] = [.page(), .page(502), .bare(200), .body(Array("true".utf8))]

    @Test(arguments: lies, IdentityWay.allCases)
    func oneForeignAnswerIsMadeGoodByTheNext(lie: Lie, way: IdentityWay) async throws {
        try await withIdentity { scene, tokens in
            let once = Turns()
            tokens.http.setFault { _ in once.next() == 1 ? .lie(lie) : nil }
            let run = try await scene.run([], scene.settings(way, tokens))
            run.expectStatus(0)
            #expect(once.count > 1)
            scene.expectNothingWrong(["ABC0001": [Array("data".utf8)]])
        }
    }

    /// Managed identities are asked for half a minute.
    @Test(arguments: lies, [IdentityWay.clientSecret, .workloadIdentity])
    func foreignAnswersEndTheRun(lie: Lie, way: IdentityWay) async throws {
        try await withIdentity { scene, tokens in
            tokens.http.setFault { _ in .lie(lie) }
            var changes = try scene.settings(way, tokens)
            changes["RETRY_ATTEMPTS"] = "2"
            let run = try await scene.run([], changes)
            run.expectStatus(69)
            #expect(scene.mesh.waiting() == ["ABC0001"])
            run.expectSomethingInFront("run ended early")
        }
    }
}
