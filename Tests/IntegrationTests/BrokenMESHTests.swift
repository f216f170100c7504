import ProgramFixture
import TestServers
import Testing

/// A MESH that is down, hangs, refuses, or isn't MESH: one clear line, the right status, and nothing lost.
struct BrokenMESHTests {
    private let messages = (1...5).map { MESHMessage("ABC000\($0)", text: "content \($0)") }

    @Test func aMESHThatIsDownIsUnavailable() async throws {
        try await withScene { scene in
            // A port that was free a moment ago.
            let port = try await withHTTPServer { _ in
                HTTPServer.Response(200)
            } run: {
                $0.port
            }
            let run = try await scene.run([], ["MESH_BASE_URL": "http://127.0.0.1:\(port)", "RETRY_ATTEMPTS": "2"])
            run.expectStatus(69)
            #expect(run.outcome == "unavailable")
            #expect(run.summary[number: "retries"] == 1)
            run.expectOneError("run ended early", naming: ["MESH", "handshake", "No connection to 127.0.0.1:\(port)"])
        }
    }

    @Test func aHostNameThatIsUnknownIsUnavailable() async throws {
        try await withScene { scene in
            let run = try await scene.run([], ["MESH_BASE_URL": "http://mesh.invalid", "RETRY_ATTEMPTS": "1"])
            run.expectStatus(69)
            run.expectOneError("run ended early", naming: ["mesh.invalid", "could not be resolved", "DNS"])
        }
    }

    @Test func aMESHThatHangsIsUnavailable() async throws {
        try await withScene(messages) { scene in
            let gate = Gate()
            scene.mesh.http.setFault { _ in .hang(gate) }
            let run = try await scene.run([], ["STALL_TIMEOUT": "1s", "RETRY_ATTEMPTS": "1"], limit: .seconds(30))
            run.expectStatus(69)
            run.expectOneError("run ended early", naming: ["127.0.0.1", "did not answer in time", "STALL_TIMEOUT"])
        }
    }

    @Test func aMessageThatHangsInTheMiddleFailsAloneAndIsTriedAgain() async throws {
        try await withScene(messages) { scene in
            let gate = Gate()
            scene.mesh.http.setFault { request in
                request.target.hasSuffix("/inbox/ABC0003") ? .deliver(.held(gate)) : nil
            }
            let run = try await scene.run([], ["STALL_TIMEOUT": "1s", "RETRY_ATTEMPTS": "2"], limit: .seconds(30))
            run.expectStatus(75)
            #expect(scene.mesh.waiting() == ["ABC0003"])
            run.expectOneError("message failed and stays in the inbox", naming: ["did not answer in time"])
        }
    }

    @Test(arguments: [200, 502]) func aWebPageInsteadOfMESHIsSaidToBeNone(status: Int) async throws {
        try await withScene { scene in
            let page = HTTPServer.Response(
                status,
                headers: ["Content-Type": "text/html"],
                body: .text("<html><body>Welcome to <b>nginx</b></body></html>")
            )
            scene.mesh.http.setFault { _ in .answer(page) }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"])
            run.expectStatus(69)
            run.expectOneError(
                "run ended early",
                naming: ["MESH", scene.mesh.http.baseURL.dropScheme, "Welcome to nginx"]
            )
        }
    }

    @Test func aRefusedHandshakeIsSaidOnce() async throws {
        try await withScene(messages) { scene in
            let run = try await scene.run([], ["MESH_PASSWORD": "the-wrong-password"])
            run.expectStatus(77)
            #expect(run.outcome == "refused")
            run.expectOneError("run ended early", naming: ["handshake", "403", "MESH_PASSWORD", "MESH_SHARED_KEY"])
            #expect(scene.mesh.http.requests.count == 1)
            #expect(scene.mesh.waiting().count == 5)
        }
    }

    @Test func aFailingMessageDoesNotStopTheOthers() async throws {
        try await withScene(messages) { scene in
            scene.mesh.http.setFault { request in
                request.target.hasSuffix("/inbox/ABC0003") ? .answer(HTTPServer.Response(500)) : nil
            }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "3"])
            run.expectStatus(75)
            #expect(run.outcome == "incomplete")
            #expect(scene.mesh.waiting() == ["ABC0003"])
            #expect(scene.names.count == 4)
            #expect(run.summary[number: "messages.failed"] == 1)
            #expect(run.summary[number: "retries"] == 2)
            #expect(run.summary[list: "problem_counts"] == [.text("http_500: 1")])
            run.expectOneError("message failed and stays in the inbox", naming: ["500"])

            scene.mesh.http.setFault(nil)
            #expect(try await scene.run().status == 0)
            #expect(scene.mesh.waiting().isEmpty)
            #expect(scene.names.count == 5)
        }
    }

    @Test func aMessageThatVanishedIsNoFailureOfTheOthers() async throws {
        var gone = messages[2]
        gone.isGone = true
        try await withScene(messages) { scene in
            scene.mesh.add(gone)
            let run = try await scene.run()
            #expect(scene.mesh.waiting() == ["ABC0003"])
            #expect(scene.names.count == 4)
            run.expectStatus(75)
            run.expectOneError("message failed and stays in the inbox", naming: ["410"])
        }
    }

    @Test("Case 6: what was stored and not acknowledged is acknowledged by the next run")
    func anAcknowledgementThatFailsLeavesTheMessageStored() async throws {
        try await withScene(messages) { scene in
            scene.mesh.http.setFault { request in
                request.target.contains("ABC0003/status") ? .answer(HTTPServer.Response(503)) : nil
            }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"])
            run.expectStatus(75)
            #expect(scene.mesh.waiting() == ["ABC0003"])
            #expect(scene.names.count == 5)
            #expect(run.lines("message stored but not acknowledged").map(\.messageID) == ["ABC0003"])

            scene.mesh.http.setFault(nil)
            let names = scene.names
            let second = try await scene.run()
            second.expectStatus(0)
            #expect(second.complaints.isEmpty)
            #expect(scene.mesh.waiting().isEmpty)
            #expect(scene.names == names)
        }
    }

    @Test func aLostAcknowledgementIsSentAgain() async throws {
        try await withScene(messages) { scene in
            scene.mesh.http.setFault { request in
                request.method == "PUT" && request.number.isMultiple(of: 2) ? .closeAfterHandling : nil
            }
            let run = try await scene.run([], ["CONCURRENCY": "1"])
            run.expectStatus(0)
            #expect(scene.mesh.waiting().isEmpty)
            #expect(scene.names.count == 5)
        }
    }
}

extension String {
    /// Host and port of a URL.
    var dropScheme: String { String(drop { $0 != "/" }.drop { $0 == "/" }) }
}
