import Testing

@testable import TestServers

struct EventLogTests {
    @Test func ordersTheEventsOfTwoServers() async throws {
        let log = EventLog()
        let clock = ServerClock(at: BlobClient.now)
        var options = StrictMESHServer.Options()
        options.verifiesTokens = false
        let acknowledgement = "/messageexchange/X26ABC1/inbox/ABC1/status/acknowledged"
        try await withStrictMESHServer(messages: [MESHMessage("ABC1", text: "a")], options: options, log: log) { mesh in
            try await withStrictBlobServer(containers: ["inbox"], log: log, clock: clock) { store in
                let accept = [("Accept", "application/vnd.mesh.v2+json")]
                let client = try RawClient(port: mesh.http.port)
                _ = try await client.exchange("GET", "/messageexchange/X26ABC1/inbox", accept)
                _ = try await client.exchange("GET", "/messageexchange/X26ABC1/inbox/ABC1", accept)
                _ = try await BlobClient(store).put("ABC1.dat", "a", [("x-ms-meta-id", "ABC1")])
                _ = try await client.exchange("PUT", acknowledgement, accept)
            }
        }
        #expect(
            log.events == [
                .listed(mailbox: "X26ABC1", ids: ["ABC1"]),
                .served(mailbox: "X26ABC1", id: "ABC1", chunk: 1),
                .committed(container: "inbox", name: "ABC1.dat", length: 1, metadata: ["id": "ABC1"]),
                .acknowledged(mailbox: "X26ABC1", id: "ABC1"),
            ]
        )
        #expect(log.index(where: { $0.isCommit(of: "ABC1.dat") }) == 2)
    }
}
