import Foundation
import ProgramFixture
import TestServers
import Testing

/// A creation whose answer never came may take effect when its run is over: the lease is left to run out, so that the next
/// run can't be faster, and nothing is stored twice. Not even where a consumer takes a blob away once its message is
/// acknowledged.
@Suite(.timeLimit(.minutes(5))) struct LateEffectTests {
    /// What a large message is created with, and a small one.
    private static let creations = [RequestKind.putBlob, .commitBlocks]

    /// How the first run loses the answer.
    enum Loss: Sendable, CaseIterable {
        /// Nothing comes until SIGTERM ends it.
        case silenceUntilStopped
        /// Nothing comes, and the run gives up by itself.
        case silenceUntilGivenUp
        /// The connection is cut.
        case cut

        var settings: [String: String?] {
            switch self {
            case .silenceUntilStopped: ["GRACE_PERIOD": "1s"]
            case .silenceUntilGivenUp: ["STALL_TIMEOUT": "1s", "RETRY_ATTEMPTS": "1"]
            case .cut: ["RETRY_ATTEMPTS": "1"]
            }
        }
    }

    private static let large = sampleBytes(9 << 20)

    private func content(_ kind: RequestKind) -> [UInt8] { kind == .putBlob ? Array("small".utf8) : Self.large }

    private func withLostCreation(
        _ kind: RequestKind,
        _ loss: Loss,
        _ next: (Scene, LateEffects, ServerClock) async throws -> Void
    ) async throws {
        let clock = ServerClock(at: time(nil))
        try await withScene([MESHMessage("ABC0001", [.bytes(content(kind))])], clock: clock) { scene in
            let late = LateEffects()
            let signal = ProcessSignal()
            scene.store.http.setFault { request in
                guard request.isA(kind) else { return nil }
                switch loss {
                case .silenceUntilStopped: return .before { await signal.send(SIGTERM) }.and(.lie(late.lie()))
                case .silenceUntilGivenUp: return .lie(late.lie())
                case .cut: return .lie(late.lie(.nothing))
                }
            }
            let changes = loss.settings.merging(["BUFFER_MEMORY": "8Mi"]) { $1 }
            let run = try await scene.run([], changes, limit: .seconds(30), started: signal.isFor)
            run.expectStatus(loss == .silenceUntilStopped ? 143 : 75)
            #expect(late.count > 0)
            #expect(scene.mesh.waiting() == ["ABC0001"])
            scene.store.http.setFault(nil)
            try await next(scene, late, clock)
            #expect(scene.commits(of: "ABC0001") == 1)
            #expect(scene.mesh.acknowledged() == ["ABC0001"])
        }
    }

    /// The next run waits for the lease, and finds what came meanwhile.
    @Test(arguments: creations, Loss.allCases)
    func theNextRunWaitsForWhatMayComeYet(kind: RequestKind, loss: Loss) async throws {
        try await withLostCreation(kind, loss) { scene, late, clock in
            #expect(!scene.log.events.contains { if case .leased(_, _, "release", _) = $0 { true } else { false } })
            let refused = Turns()
            let meanwhile = Lie("a lease that is still held") { _, truth in
                let response = truth()
                if response.status == 409, refused.next() == 1 {
                    late.happen()
                    clock.advance(by: 61)
                }
                return response
            }
            scene.store.http.setFault { $0.isA(.takeLease) ? .lie(meanwhile) : nil }
            // A consumer that takes what is done.
            scene.mesh.http.setFault { request in
                guard request.isA(.acknowledgement) else { return nil }
                return .after {
                    for name in scene.names { scene.store.remove(name, in: "mesh-messages") }
                    late.happen()
                }
            }
            let run = try await scene.run([], ["BUFFER_MEMORY": "8Mi"])
            run.expectStatus(0)
            #expect(refused.count > 0, "it did not wait for the lease")
        }
    }

    /// What comes before the next run is found by it, as ever.
    @Test(arguments: creations, Loss.allCases)
    func whatCameBeforeTheNextRunIsFound(kind: RequestKind, loss: Loss) async throws {
        try await withLostCreation(kind, loss) { scene, late, clock in
            late.happen()
            clock.advance(by: 61)
            let run = try await scene.run([], ["BUFFER_MEMORY": "8Mi"])
            run.expectStatus(0)
            scene.expectNothingWrong(["ABC0001": [content(kind)]])
        }
    }

    /// What never comes is stored by the next run, once the lease has run out.
    @Test(arguments: creations) func whatNeverCameIsStoredByTheNextRun(kind: RequestKind) async throws {
        try await withLostCreation(kind, .silenceUntilStopped) { scene, _, clock in
            clock.advance(by: 61)
            let run = try await scene.run([], ["BUFFER_MEMORY": "8Mi"])
            run.expectStatus(0)
            scene.expectNothingWrong(["ABC0001": [content(kind)]])
        }
    }

    /// A run that was answered every time lets go of the lease at once.
    @Test func aRunWithoutOpenCreationsReleasesTheLease() async throws {
        try await withScene([MESHMessage("ABC0001", text: "content")]) { scene in
            let signal = ProcessSignal()
            scene.mesh.http.setFault { request in
                guard request.isA(.download) else { return nil }
                return .before { await signal.send(SIGTERM) }.and(.lie(.silence))
            }
            let run = try await scene.run([], ["GRACE_PERIOD": "1s"], started: signal.isFor)
            run.expectStatus(143)
            #expect(scene.log.events.contains { if case .leased(_, _, "release", _) = $0 { true } else { false } })
        }
    }
}
