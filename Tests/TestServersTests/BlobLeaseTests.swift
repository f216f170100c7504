import Testing

@testable import TestServers

struct BlobLeaseTests {
    private static let own = "6f1c2b0e-0000-4000-8000-00000000000a"
    private static let other = "6f1c2b0e-0000-4000-8000-00000000000b"

    private func withJournal(run: (StrictBlobServer, BlobClient) async throws -> Void) async throws {
        try await withBlobServer { server, client async throws in
            #expect(try await client.put("journal", "{}").status == 201)
            try await run(server, client)
        }
    }

    private func acquire(_ client: BlobClient, _ id: String, _ duration: String = "60") async throws -> String {
        let answer = try await client.lease(
            "journal",
            "acquire",
            [("x-ms-proposed-lease-id", id), ("x-ms-lease-duration", duration)]
        )
        return answer["x-ms-error-code"] ?? "\(answer.status)"
    }

    private func operate(_ client: BlobClient, _ action: String, _ id: String) async throws -> String {
        let answer = try await client.lease("journal", action, [("x-ms-lease-id", id)])
        return answer["x-ms-error-code"] ?? "\(answer.status)"
    }

    private func write(_ client: BlobClient, _ id: String?) async throws -> String {
        let answer = try await client.put("journal", "{1}", id.map { [("x-ms-lease-id", $0)] } ?? [])
        return answer["x-ms-error-code"] ?? "\(answer.status)"
    }

    @Test func leavesTheBlobToItsHolderAlone() async throws {
        try await withJournal { _, client async throws in
            #expect(try await acquire(client, Self.own) == "201")
            #expect(try await acquire(client, Self.own) == "201")
            #expect(try await acquire(client, Self.other) == "LeaseAlreadyPresent")
            #expect(try await write(client, nil) == "LeaseIdMissing")
            #expect(try await write(client, Self.other) == "LeaseIdMismatchWithBlobOperation")
            #expect(try await write(client, Self.own) == "201")
            #expect(try await client.stage("journal", "MDAw", "x")["x-ms-error-code"] == "LeaseIdMissing")
            #expect(try await client.call("DELETE", "/inbox/journal")["x-ms-error-code"] == "LeaseIdMissing")
            #expect(try await client.call("GET", "/inbox/journal").text == "{1}")
            #expect(try await client.call("HEAD", "/inbox/journal")["x-ms-lease-state"] == "leased")
        }
    }

    @Test func endsByTheClock() async throws {
        try await withJournal { server, client async throws in
            #expect(try await acquire(client, Self.own, "15") == "201")
            server.clock.advance(by: 14)
            #expect(try await acquire(client, Self.other) == "LeaseAlreadyPresent")
            server.clock.advance(by: 1)
            #expect(try await write(client, Self.own) == "LeaseLost")
            #expect(try await acquire(client, Self.other) == "201")
            #expect(try await operate(client, "renew", Self.own) == "LeaseIdMismatchWithLeaseOperation")
            server.clock.advance(by: 59)
            #expect(try await operate(client, "renew", Self.other) == "200")
            server.clock.advance(by: 59)
            #expect(try await write(client, Self.other) == "201")
        }
    }

    @Test func canBeRenewedAfterItsEndUntilSomebodyWrites() async throws {
        try await withJournal { server, client async throws in
            #expect(try await acquire(client, Self.own) == "201")
            server.clock.advance(by: 60)
            #expect(try await operate(client, "renew", Self.own) == "200")
            server.clock.advance(by: 60)
            #expect(try await write(client, nil) == "201")
            #expect(try await operate(client, "renew", Self.own) == "LeaseNotPresentWithLeaseOperation")
        }
    }

    @Test func isReleasedByItsHolderAndBrokenByAnybody() async throws {
        try await withJournal { server, client async throws in
            #expect(try await acquire(client, Self.own, "-1") == "201")
            #expect(try await operate(client, "release", Self.other) == "LeaseIdMismatchWithLeaseOperation")
            #expect(try await operate(client, "release", Self.own) == "200")
            #expect(try await operate(client, "release", Self.own) == "LeaseNotPresentWithLeaseOperation")
            #expect(try await write(client, Self.own) == "LeaseNotPresentWithBlobOperation")
            #expect(try await acquire(client, Self.own) == "201")
            let broken = try await client.lease("journal", "break", [("x-ms-lease-break-period", "10")])
            #expect(broken.status == 202 && broken["x-ms-lease-time"] == "10")
            #expect(try await acquire(client, Self.other) == "LeaseIsBreakingAndCannotBeAcquired")
            #expect(try await operate(client, "renew", Self.own) == "LeaseIsBrokenAndCannotBeRenewed")
            server.clock.advance(by: 10)
            #expect(try await acquire(client, Self.other) == "201")
        }
    }

    @Test(arguments: ["14", "61", "0", "-2", "x"])
    func refusesTheDuration(duration: String) async throws {
        try await withJournal { _, client async throws in
            #expect(try await acquire(client, Self.own, duration) == "InvalidHeaderValue")
        }
    }

    @Test func refusesWhatIsNoGUIDAndABlobThatIsMissing() async throws {
        try await withBlobServer { _, client async throws in
            #expect(try await acquire(client, Self.own) == "BlobNotFound")
            _ = try await client.stage("journal", "MDAw", "x")
            #expect(try await acquire(client, Self.own) == "BlobNotFound")
            _ = try await client.put("journal", "{}")
            #expect(try await acquire(client, "mine") == "InvalidHeaderValue")
            #expect(try await client.lease("journal", "acquire", [])["x-ms-error-code"] == "MissingRequiredHeader")
            #expect(try await client.lease("journal", "steal", [])["x-ms-error-code"] == "InvalidHeaderValue")
        }
    }
}
