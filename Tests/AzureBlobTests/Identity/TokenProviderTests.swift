import Curl
import TestServers
import Testing
import Transfer

@testable import AzureBlob

/// One token for a run, however many ask for it, and the requests that carry it.
@Suite(.timeLimit(.minutes(2))) struct TokenProviderTests {
    @Test func manyWhoAskAtOnceGetTheOneToken() async throws {
        try await withIdentityScene { scene in
            let gate = Gate()
            scene.server.http.setFault { _ in .before { await gate.wait() } }
            let provider = TokenProvider(try scene.fetcher(for: .clientSecret))
            let texts = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<32 {
                    group.addTask { try await provider.token().text }
                }
                gate.open()
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(texts == Set(scene.server.issued.all))
            #expect(scene.server.http.requests.count == 1)
        }
    }

    @Test func aTokenIsRenewedBeforeItEndsAndUsedMeanwhile() async throws {
        try await withIdentityScene { scene in
            let provider = TokenProvider(try scene.fetcher(for: .clientSecret))
            let first = try await provider.token()
            scene.server.clock.advance(by: 3299)
            #expect(try await provider.token().text == first.text)
            #expect(scene.server.http.requests.count == 1)
            let arrived = Gate()
            let gate = Gate()
            scene.server.http.setFault { _ in
                .before {
                    arrived.open()
                    await gate.wait()
                }
            }
            scene.server.clock.advance(by: 1)
            #expect(try await provider.token().text == first.text)
            await arrived.wait()
            #expect(try await provider.token().text == first.text)
            // What is too near its end waits for the next one.
            scene.server.clock.advance(by: 295)
            async let next = provider.token()
            gate.open()
            #expect(try await next.text != first.text)
            #expect(scene.server.http.requests.count == 2)
        }
    }

    @Test func aRenewalThatFailsIsNoFailureWhileTheTokenHolds() async throws {
        try await withIdentityScene { scene in
            let provider = TokenProvider(try scene.fetcher(for: .clientSecret))
            let first = try await provider.token()
            scene.server.clock.advance(by: 3400)
            let asked = Gate()
            scene.server.http.setFault { _ in
                .answer(StrictTokenServer.refusal(401, 7_000_215, "Invalid.")).and(.after { asked.open() })
            }
            #expect(try await provider.token().text == first.text)
            scene.server.clock.advance(by: 195)
            // It ends, and the reason of the last try is given for a while.
            let failure = await refusal { () async throws(Failure) in try await provider.token() }
            #expect(failure?.type == "AADSTS7000215")
            let count = scene.server.http.requests.count
            let again = await refusal { () async throws(Failure) in try await provider.token() }
            #expect(again?.type == "AADSTS7000215")
            #expect(scene.server.http.requests.count == count)
            scene.server.http.setFault(nil)
            scene.server.clock.advance(by: 31)
            #expect(try await provider.token().text != first.text)
        }
    }

    @Test func whoIsCancelledDoesNotWait() async throws {
        try await withIdentityScene { scene in
            let arrived = Gate()
            let gate = Gate()
            scene.server.http.setFault { _ in
                .before {
                    arrived.open()
                    await gate.wait()
                }
            }
            let provider = TokenProvider(try scene.fetcher(for: .clientSecret))
            let waiting = Task { await refusal { () async throws(Failure) in try await provider.token() } }
            await arrived.wait()
            let other = Task { try await provider.token() }
            waiting.cancel()
            #expect(await waiting.value?.kind == .cancelled)
            gate.open()
            #expect(try await [other.value.text] == scene.server.issued.all)
        }
    }
}
