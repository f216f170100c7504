import StoreConformance
import TestServers
import Testing
import Transfer

@testable import AzureBlob

extension StrictServerTests {
    @Test func keepsAJournalUnderALease() async throws {
        try await withServer { server in
            let store = try Self.store(server)
            let name = BlobName(".poll-mesh-inbox/X26ABC1.json")
            let (own, other) = ("6f1c2b0e-0000-4000-8000-000000000001", "6f1c2b0e-0000-4000-8000-000000000002")
            let missing = await failure { () throws(Failure) in
                try await store.acquireLease(on: name, id: own, duration: 60, attempt)
            }
            #expect(missing?.kind == .gone)
            #expect(try await store.read(name, limit: 1 << 20, attempt) == nil)

            let json = "application/json"
            var version = try await store.write(
                name,
                content: [1],
                contentType: json,
                condition: .missing,
                attempt
            )
            let again = await failure { () throws(Failure) in
                _ = try await store.write(name, content: [2], contentType: json, condition: .missing, attempt)
            }
            #expect(again?.kind == .alreadyExists)

            try await store.acquireLease(on: name, id: own, duration: 60, attempt)
            try await store.acquireLease(on: name, id: own, duration: 60, attempt)
            let taken = await failure { () throws(Failure) in
                try await store.acquireLease(on: name, id: other, duration: 60, attempt)
            }
            #expect(taken?.kind == .lease)

            let first = version
            version = try await store.write(
                name,
                content: [1, 2],
                contentType: json,
                condition: .unchanged(first),
                leaseID: own,
                attempt
            )
            let stale = await failure { () throws(Failure) in
                _ = try await store.write(
                    name,
                    content: [3],
                    contentType: json,
                    condition: .unchanged(first),
                    leaseID: own,
                    attempt
                )
            }
            #expect(stale?.kind == .lease)
            let foreign = await failure { () throws(Failure) in
                let condition = WriteCondition.unchanged(version)
                _ = try await store.write(
                    name,
                    content: [3],
                    contentType: json,
                    condition: condition,
                    leaseID: other,
                    attempt
                )
            }
            #expect(foreign?.kind == .lease)

            let replay = try await store.write(
                name,
                content: [1, 2],
                contentType: json,
                condition: .unchanged(first),
                leaseID: own,
                Attempt(operation: 1, number: 2)
            )
            #expect(replay == version)

            try await store.renewLease(on: name, id: own, attempt)
            server.clock.advance(by: 61)
            try await store.acquireLease(on: name, id: other, duration: 60, attempt)
            let lost = await failure { () throws(Failure) in try await store.renewLease(on: name, id: own, attempt) }
            #expect(lost?.kind == .lease)
            try await store.releaseLease(on: name, id: other, attempt)
            #expect(try await store.read(name, limit: 1 << 20, attempt)?.content == [1, 2])
        }
    }
}
