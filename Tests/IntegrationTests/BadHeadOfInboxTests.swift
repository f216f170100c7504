import ProgramFixture
import TestServers
import Testing

/// Messages that always fail keep nobody behind them waiting; a real outage still ends the run soon.
@Suite(.timeLimit(.minutes(5))) struct BadHeadOfInboxTests {
    enum Failing: CaseIterable {
        case serverError
        case forbidden
        case cut

        var fault: HTTPServer.Fault {
            switch self {
            case .serverError: .answer(HTTPServer.Response(500))
            case .forbidden:
                .answer(
                    HTTPServer.Response(
                        403,
                        headers: ["Content-Type": "application/vnd.mesh.v2+json"],
                        body: .text(#"{"detail":[{"event":"","code":"EPL-151","msg":"Forbidden"}]}"#)
                    )
                )
            case .cut: .deliver(.cutBody(after: 3))
            }
        }
    }

    private static func messages(_ code: String, _ count: Int) -> [MESHMessage] {
        (1...count).map { MESHMessage("\(code)\(1000 + $0)", text: "content of \(code)\(1000 + $0)") }
    }

    private static let good = messages("ABC", 5)

    private func expectGoodOnes(_ scene: Scene, bad: Int, _ run: JobRun) {
        run.expectStatus(75)
        #expect(scene.mesh.acknowledged().sorted() == Self.good.map(\.id))
        #expect(scene.mesh.waiting().count == bad)
        #expect(scene.names.count == Self.good.count)
        for message in Self.good {
            #expect(scene.content(run.names[message.id] ?? "") == Array("content of \(message.id)".utf8))
        }
    }

    @Test(arguments: Failing.allCases, ["1", nil])
    func goodMessagesBehindBadOnesAreStored(failing: Failing, concurrency: String?) async throws {
        try await withScene(Self.messages("BAD", 20) + Self.good) { scene in
            scene.mesh.http.setFault { $0.isA(.download) && $0.target.contains("/inbox/BAD") ? failing.fault : nil }
            let run = try await scene.run([], ["CONCURRENCY": concurrency])
            expectGoodOnes(scene, bad: 20, run)
        }
    }

    @Test(arguments: Failing.allCases, ["1", "2"])
    func goodMessagesBehindHundredsOfBadOnesAreStored(failing: Failing, attempts: String) async throws {
        try await withScene(Self.messages("BAD", 500) + Self.good) { scene in
            scene.mesh.http.setFault { $0.isA(.download) && $0.target.contains("/inbox/BAD") ? failing.fault : nil }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": attempts, "RETRY_MAX_DELAY": "2ms"])
            expectGoodOnes(scene, bad: 500, run)
        }
    }

    /// Storage refuses some messages for what they are; it is up for all others.
    @Test(arguments: ["1", nil]) func goodMessagesBehindUnstorableOnesAreStored(concurrency: String?) async throws {
        try await withScene(Self.messages("BAD", 20) + Self.good) { scene in
            scene.store.http.setFault { request in
                guard request.isA(.putBlob), request.target.contains("/BAD_") else { return nil }
                return .answer(StrictBlobServer.answer(500, code: "InternalError"))
            }
            let run = try await scene.run([], ["CONCURRENCY": concurrency])
            expectGoodOnes(scene, bad: 20, run)
        }
    }

    enum Outage: CaseIterable {
        case downloads
        case everythingAtMESH
        case storage
    }

    /// After ten messages; 390 wait, and each of them would take its tries.
    @Test(arguments: Outage.allCases, ["1", nil]) func anOutageEndsTheRunSoon(outage: Outage, concurrency: String?)
        async throws
    {
        try await withScene(Self.messages("ABC", 400)) { scene in
            let (requests, acknowledged) = (Turns(), Turns())
            let hook: HTTPServer.FaultHook = { request in
                if request.isA(.acknowledgement) { _ = acknowledged.next() }
                guard acknowledged.count >= 10 else { return nil }
                _ = requests.next()
                let isMESH = request.target.hasPrefix("/messageexchange")
                switch outage {
                case .downloads: return request.isA(.download) ? .answer(HTTPServer.Response(503)) : nil
                case .everythingAtMESH: return isMESH ? .answer(HTTPServer.Response(503)) : nil
                case .storage: return isMESH ? nil : .answer(StrictBlobServer.answer(503, code: "ServerBusy"))
                }
            }
            scene.mesh.http.setFault(hook)
            scene.store.http.setFault(hook)
            let run = try await scene.run([], ["CONCURRENCY": concurrency, "RETRY_ATTEMPTS": "2"])
            #expect([69, 75].contains(run.status), "\(run.summary.source)")
            #expect(requests.count < 200, "\(requests.count) requests after it began")
            #expect(scene.mesh.waiting().count > 300)
        }
    }
}
