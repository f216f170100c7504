import ProgramFixture
import TestServers
import Testing

/// Numbers at the edges of what a machine can count end no process: a run goes on, or says what it can't use.
@Suite(.timeLimit(.minutes(5))) struct HostileNumbersTests {
    private static let numbers = [
        "-9223372036854775808", "9223372036854775807", "9223372036854775808", "-1", "0", "0.5", "1e309", "-1e309",
        "18446744073709551615", "99999999999999999999999999",
    ]

    private static let limit = Duration.seconds(20)
    private static let message = MESHMessage("ABC0001", text: "content")

    /// What a run may come to; never a signal.
    private func expectAnEnd(_ run: JobRun, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(
            [0, 65, 69, 75, 77, 78].contains(run.status),
            "\(run.summary.source)",
            sourceLocation: sourceLocation
        )
    }

    @Test(arguments: numbers) func countsOfAnInboxMayBeAnything(number: String) async throws {
        for value in [number, "\"\(number)\""] {
            try await withScene([Self.message]) { scene in
                scene.mesh.http.setFault { $0.isA(.listing) ? .lie(.member("approx_inbox_count", value)) : nil }
                let run = try await scene.run([], limit: Self.limit)
                run.expectStatus(0)
                #expect(scene.mesh.acknowledged() == ["ABC0001"])
            }
        }
    }

    /// - Parameter member: of the answer to the way of proof that has it.
    @Test(
        arguments: [
            (IdentityWay.appService, "expires_on"), (.clientSecret, "expires_in"), (.clientSecret, "refresh_in"),
            (.appService, "expires_in"), (.clientSecret, "expires_on"),
        ],
        numbers
    )
    func endsOfTokensMayBeAnything(place: (way: IdentityWay, member: String), number: String) async throws {
        for value in [number, "\"\(number)\""] {
            try await withIdentity([Self.message]) { scene, tokens in
                tokens.http.setFault { _ in .lie(.member(place.member, value)) }
                var changes = try scene.settings(place.way, tokens)
                changes["RETRY_ATTEMPTS"] = "2"
                expectAnEnd(try await scene.run([], changes, limit: Self.limit))
            }
        }
    }

    @Test(
        arguments: [RequestKind.handshake, .listing, .download, .acknowledgement, .takeLease, .putBlob],
        numbers + ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 0001 00:00:00 GMT", "Mon, 99 Foo 99999 99:99:99 GMT"]
    )
    func aWaitThatIsAskedForMayBeAnything(kind: RequestKind, value: String) async throws {
        try await withScene([Self.message]) { scene in
            let once = Turns()
            let hook: HTTPServer.FaultHook = { request in
                guard request.isA(kind), once.next() == 1 else { return nil }
                let busy = StrictBlobServer.answer(503, code: "ServerBusy", headers: ["Retry-After": value])
                return .answer(request.target.hasPrefix("/messageexchange") ? .busy(value) : busy)
            }
            scene.mesh.http.setFault(hook)
            scene.store.http.setFault(hook)
            // Whoever is asked to wait for ever ends at the deadline.
            expectAnEnd(try await scene.run([], ["RUN_DEADLINE": "2s"], limit: Self.limit))
        }
    }

    @Test(
        arguments: numbers.flatMap { ["1:\($0)", "\($0):\($0)", "\($0):1"] } + [
            "1:2:3", ":", "1:", ":1", "٣:٣", "1 : 1",
        ]
    )
    func chunkRangesMayBeAnything(range: String) async throws {
        try await withScene([Self.message]) { scene in
            scene.mesh.http.setFault { request in
                guard request.isA(.download) else { return nil }
                return .lie(.anotherChunk(range).and(.field("Mex-Total-Chunks", "9223372036854775807")))
            }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "2"], limit: Self.limit)
            expectAnEnd(run)
            scene.expectNothingWrong(["ABC0001": [Array("content".utf8)]])
        }
    }

    /// A length that a look is told decides whether a blob is the message.
    @Test(arguments: numbers) func lengthsOfBlobsMayBeAnything(number: String) async throws {
        try await withScene([Self.message]) { scene in
            let creations = Turns()
            scene.store.http.setFault { request in
                switch RequestKind(request) {
                case .putBlob: creations.next() == 1 ? .closeAfterHandling : nil
                case .look: .lie(.field("Content-Length", number))
                default: nil
                }
            }
            let run = try await scene.run([], ["RETRY_ATTEMPTS": "3"], limit: Self.limit)
            expectAnEnd(run)
            scene.expectNothingWrong(["ABC0001": [Array("content".utf8)]])
        }
    }
}

extension HTTPServer.Response {
    /// What says that it will be there later.
    fileprivate static func busy(_ retryAfter: String) -> HTTPServer.Response {
        HTTPServer.Response(503, headers: ["Retry-After": retryAfter])
    }
}
