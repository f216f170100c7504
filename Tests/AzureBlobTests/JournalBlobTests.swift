import Curl
import Digests
import HTTPTypes
import StoreConformance
import Testing
import Transfer

@testable import AzureBlob

@Suite struct JournalBlobTests {
    private let attempt = Attempt(operation: 1)
    private let name = BlobName(".state/x.json")
    private let id = "6f1c2b0e-0000-4000-8000-000000000001"

    @Test func readsContentAndVersion() async throws {
        let scenario = Scenario([
            .answer(200, fields: [.contentLength: "2", .eTag: "\"7\""], body: "{}"),
            .error(404, "BlobNotFound"),
        ])
        let store = try scenario.store()
        let read = try #require(try await store.read(name, limit: 100, attempt))
        #expect(read.content == [UInt8]("{}".utf8))
        #expect(read.version.etag == "\"7\"")
        #expect(try await store.read(name, limit: 100, attempt) == nil)
        #expect(scenario.lines[0] == "GET /devstoreaccount1/inbox/.state/x.json")
    }

    @Test func aJournalThatIsTooLargeIsNotRead() async throws {
        let store = try Scenario([.answer(200, body: "{ }")]).store()
        let failure = await failure { () throws(Failure) in _ = try await store.read(name, limit: 2, attempt) }
        #expect(failure?.kind == .permanent && failure?.type == "unexpected_length")
    }

    @Test func aJournalThatEndsWithItsConnectionIsNotRead() async throws {
        let store = try Scenario([.answer(200, body: "{}", end: .connectionClosed)]).store()
        let failure = await failure { () throws(Failure) in _ = try await store.read(name, limit: 100, attempt) }
        #expect(failure?.kind == .transient && failure?.type == "foreign_answer")
    }

    @Test func writesUnderConditionAndLease() async throws {
        let scenario = Scenario([.answer(201, fields: [.eTag: "\"1\""]), .answer(201, fields: [.eTag: "\"2\""])])
        let store = try scenario.store()
        let first = try await store.write(
            name,
            content: [1],
            contentType: "application/json",
            condition: .missing,
            attempt
        )
        let second = try await store.write(
            name,
            content: [1, 2],
            contentType: "application/json",
            condition: .unchanged(first),
            leaseID: id,
            attempt
        )
        #expect(second.etag == "\"2\"")
        let fields = scenario.exchanges.map(\.request.headerFields)
        #expect(fields.map { $0[.ifNoneMatch] } == ["*", nil])
        #expect(fields.map { $0[.ifMatch] } == [nil, "\"1\""])
        #expect(fields.map { $0[.leaseID] } == [nil, id])
    }

    @Test(arguments: [
        (WriteCondition.missing, Scenario.Reply.error(409, "BlobAlreadyExists"), Failure.Kind.alreadyExists),
        (.missing, .error(412, "ConditionNotMet"), .alreadyExists),
        (.missing, .error(412, "LeaseIdMissing"), .lease),
        (.unchanged(BlobVersion(etag: "1")), .error(412, "ConditionNotMet"), .lease),
        (.unchanged(BlobVersion(etag: "1")), .error(412, "LeaseLost"), .lease),
        (.unchanged(BlobVersion(etag: "1")), .error(500, "InternalError"), .transient),
    ])
    func aBrokenConditionIsSaid(condition: WriteCondition, reply: Scenario.Reply, kind: Failure.Kind) async throws {
        let store = try Scenario([reply]).store()
        let failure = await failure { () throws(Failure) in
            _ = try await store.write(name, content: [1], contentType: "a/b", condition: condition, attempt)
        }
        #expect(failure?.kind == kind)
    }

    @Test func aLaterAttemptRecognisesTheWriteOfAnEarlierOne() async throws {
        let own = MD5.hash([1]).base64
        for (found, isOwn) in [(own, true), (MD5.hash([2]).base64, false)] {
            let scenario = Scenario([
                .error(412, "ConditionNotMet"),
                .answer(200, fields: [.contentMD5: found, .eTag: "\"9\"", .contentLength: "1"]),
            ])
            let store = try scenario.store()
            let failure = await failure { () throws(Failure) in
                let version = try await store.write(
                    name,
                    content: [1],
                    contentType: "a/b",
                    condition: .unchanged(BlobVersion(etag: "1")),
                    Attempt(operation: 1, number: 2)
                )
                #expect(version.etag == "\"9\"")
            }
            #expect((failure == nil) == isOwn)
            #expect(scenario.lines.last == "HEAD /devstoreaccount1/inbox/.state/x.json")
        }
    }

    @Test func takesRenewsAndEndsALease() async throws {
        let scenario = Scenario([.answer(201), .answer(200), .answer(200)])
        let store = try scenario.store()
        try await store.acquireLease(on: name, id: id, duration: 60, attempt)
        try await store.renewLease(on: name, id: id, attempt)
        try await store.releaseLease(on: name, id: id, attempt)
        #expect(Set(scenario.lines) == ["PUT /devstoreaccount1/inbox/.state/x.json?comp=lease"])
        let fields = scenario.exchanges.map(\.request.headerFields)
        #expect(fields.map { $0[.leaseAction] } == ["acquire", "renew", "release"])
        #expect(fields.map { $0[.leaseID] } == [nil, id, id])
        #expect(fields[0][.proposedLeaseID] == id && fields[0][.leaseDuration] == "60")
    }

    @Test(arguments: [
        (409, "LeaseAlreadyPresent", Failure.Kind.lease), (409, "LeaseIsBreakingAndCannotBeAcquired", .lease),
        (404, "BlobNotFound", .gone), (404, "ContainerNotFound", .settings), (503, "ServerBusy", .transient),
    ])
    func saysWhyALeaseCantBeHad(status: Int, code: String, kind: Failure.Kind) async throws {
        let store = try Scenario([.error(status, code)]).store()
        let failure = await failure { () throws(Failure) in
            try await store.acquireLease(on: name, id: id, duration: 60, attempt)
        }
        #expect(failure?.kind == kind)
    }
}
