import Blocks
import Curl
import Digests
import HTTPTypes
import StoreConformance
import Testing
import Transfer

@testable import AzureBlob

@Suite struct AzureBlobStoreTests {
    private let attempt = Attempt(operation: 7)
    private let sas = "BlobEndpoint=https://acct1.blob.core.windows.net;SharedAccessSignature=sv=1&sig=SECRET"

    private func description(_ name: String) -> BlobDescription {
        BlobDescription(
            name: BlobName(name),
            metadata: BlobMetadata(sortedEntries: [.init(name: "sha256", value: "ab")])
        )
    }

    @Test func createsABlobInOneConditionalRequest() async throws {
        let scenario = Scenario([.answer(201)])
        try await scenario.store().create(description("d/a b.dat"), content: Block("hello world"), attempt)
        let request = try #require(scenario.exchanges.first).request
        #expect(scenario.lines == ["PUT /devstoreaccount1/inbox/d/a%20b.dat"])
        #expect(scenario.exchanges[0].body == [UInt8]("hello world".utf8))
        #expect(request.scheme == "http" && request.authority == "127.0.0.1:10000")
        #expect(request.headerFields[.ifNoneMatch] == "*")
        #expect(request.headerFields[.contentMD5] == "XrY7u+Ae7tCTyyK7j1rNww==")
        #expect(request.headerFields[.contentType] == "application/octet-stream")
        #expect(request.headerFields[.blobType] == "BlockBlob")
        #expect(request.headerFields[.serviceVersion] == "2025-11-05")
        #expect(request.headerFields[.serviceDate] == "Mon, 23 Nov 2026 15:00:00 GMT")
        #expect(request.headerFields[HTTPField.Name("x-ms-meta-sha256")!] == "ab")
        #expect(request.headerFields[.authorization]?.hasPrefix("SharedKey devstoreaccount1:") == true)
    }

    @Test func createsAnEmptyBlob() async throws {
        let scenario = Scenario([.answer(201)])
        try await scenario.store().create(description("empty.dat"), content: Block(""), attempt)
        #expect(scenario.exchanges[0].request.headerFields[.contentMD5] == "1B2M2Y8AsgTpgAmY7PhCfg==")
        #expect(scenario.exchanges[0].body.isEmpty)
    }

    @Test func attemptsOfOneOperationShareTheirRequestID() async throws {
        let scenario = Scenario([.answer(500), .answer(201), .answer(201)])
        let store = try scenario.store()
        let blob = description("a")
        #expect(
            await failure { () throws(Failure) in try await store.create(blob, content: Block("x"), attempt) }?.kind
                == .transient
        )
        try await store.create(blob, content: Block("x"), Attempt(operation: 7, number: 2))
        try await store.create(blob, content: Block("x"), Attempt(operation: 8))
        let ids = scenario.exchanges.map { $0.request.headerFields[.clientRequestID] }
        #expect(ids[0] == ids[1])
        #expect(ids[1] != ids[2])
    }

    @Test func anyOtherSuccessIsNoSuccess() async throws {
        for status in [200, 202, 204, 206, 301] {
            let scenario = Scenario([.answer(status, body: "<html>Welcome</html>")])
            let store = try scenario.store()
            let blob = description("a")
            #expect(
                await failure { () throws(Failure) in try await store.create(blob, content: Block("x"), attempt) }?.kind
                    == .settings
            )
        }
    }

    @Test(arguments: [
        "", "../x", "./x", "a/../b", "a/./b", "a/..", "a.", "a/", "a\n", "a\u{7f}b", "a\u{85}b",
        String(repeating: "a", count: 1025),
    ])
    func refusesANameWithoutAsking(name: String) async throws {
        let scenario = Scenario([])
        let store = try scenario.store()
        let blob = description(name)
        #expect(
            await failure { () throws(Failure) in try await store.create(blob, content: Block("x"), attempt) }?.type
                == "invalid_blob_name"
        )
        #expect(scenario.exchanges.isEmpty)
    }

    @Test(arguments: [".a/b", "..a/b", "a../b", ".../b", "a//b", "a..b", "/a", "\u{e4}/\u{a0}"])
    func takesANameWithDotsAndSlashes(name: String) async throws {
        let scenario = Scenario([.answer(201)])
        let store = try scenario.store()
        _ = try await store.create(description(name), content: Block("x"), attempt)
        #expect(scenario.exchanges.count == 1)
    }

    @Test func looksAtLengthAndMetadata() async throws {
        let scenario = Scenario([
            .answer(
                200,
                fields: [
                    .contentLength: "12345678901",
                    HTTPField.Name("x-ms-meta-sha256")!: "ab",
                    HTTPField.Name("X-Ms-Meta-MeshMessageID")!: "id%201",
                    .eTag: "\"1\"",
                ]
            )
        ])
        let properties = try await scenario.store().look(at: BlobName("a"), attempt)
        #expect(scenario.lines == ["HEAD /devstoreaccount1/inbox/a"])
        #expect(properties?.length == 12_345_678_901)
        #expect(
            properties?.metadata.entries == [
                .init(name: "meshmessageid", value: "id%201"), .init(name: "sha256", value: "ab"),
            ]
        )
    }

    @Test(
        arguments: [
            ([.errorCode: "BlobNotFound"], nil),
            ([.serviceRequestID: "1"], nil),
            ([.errorCode: "ContainerNotFound"], .settings),
            ([:], .settings),
        ] as [(ResponseFields, Failure.Kind?)]
    )
    func onlyTheServiceCanSayThatThereIsNoBlob(fields: ResponseFields, kind: Failure.Kind?) async throws {
        let store = try Scenario([.foreign(404, fields: fields)]).store()
        let failure = await failure { () throws(Failure) in
            #expect(try await store.look(at: BlobName("a"), attempt) == nil)
        }
        #expect(failure?.kind == kind)
    }

    @Test func aLookWithoutALengthIsNoLook() async throws {
        let store = try Scenario([.answer(200)]).store()
        let failure = await failure { () throws(Failure) in _ = try await store.look(at: BlobName("a"), attempt) }
        #expect(failure?.kind == .transient)
    }

    @Test func removesAProbeThatMayBeGone() async throws {
        let scenario = Scenario([
            .answer(202), .error(404, "BlobNotFound"), .error(403, "AuthorizationPermissionMismatch"),
        ])
        let store = try scenario.store()
        try await store.removeProbe(BlobName("p"), attempt)
        try await store.removeProbe(BlobName("p"), attempt)
        let failure = await failure { () throws(Failure) in try await store.removeProbe(BlobName("p"), attempt) }
        #expect(failure?.kind == .refused)
        #expect(scenario.lines[0] == "DELETE /devstoreaccount1/inbox/p")
    }

    @Test(
        arguments: [
            (Scenario.Reply.answer(201), nil),
            (.error(409, "ContainerAlreadyExists"), nil),
            (.error(403, "AuthorizationPermissionMismatch"), nil),
            (.error(403, "AuthorizationFailure"), nil),
            (.error(403, "AuthorizationResourceTypeMismatch"), nil),
            (.error(403, "AuthenticationFailed"), .refused),
            (.error(403, "KeyBasedAuthenticationNotPermitted"), .refused),
            (.error(409, "ContainerBeingDeleted"), .transient),
            (.error(400, "InvalidResourceName"), .settings),
            (.error(404, "ResourceNotFound"), .settings),
            (.answer(403, body: "<html>Proxy</html>"), .refused),
            (.answer(404, body: "<html>nginx</html>"), .settings),
        ] as [(Scenario.Reply, Failure.Kind?)]
    )
    func preparesAContainerThatMayExistOrBeOutOfReach(reply: Scenario.Reply, kind: Failure.Kind?) async throws {
        let scenario = Scenario([reply])
        let store = try scenario.store()
        #expect(await failure { () throws(Failure) in try await store.prepare(attempt) }?.kind == kind)
        #expect(scenario.lines == ["PUT /devstoreaccount1/inbox?restype=container"])
    }

    @Test(arguments: [("", nil), ("&se=2026-11-24", nil), ("&se=2026-11-22", .refused)] as [(String, Failure.Kind?)])
    func aSASOfNarrowScopeIsLeftToTheFirstWriteUnlessItHasEnded(end: String, kind: Failure.Kind?) async throws {
        let store = try Scenario([.error(403, "AuthenticationFailed")]).store(sas + end)
        let failure = await failure { () throws(Failure) in try await store.prepare(attempt) }
        #expect(failure?.kind == kind)
        if let failure {
            #expect(failure.advice == "Make a new SAS: this one ended at 2026-11-22.")
        }
    }

    @Test func noFailureHoldsASecret() async throws {
        let broken = CurlError(kind: .other, code: 3, text: "bad URL http://x/y?sv=1&sig=SECRET", host: "x")
        let echo = "<Error><Code>X</Code><Message>Bad: /inbox?sv=1&sig=SECRET sig=SECRET</Message></Error>"
        for reply in [Scenario.Reply.broken(broken), .answer(400, body: echo), .error(403, "AuthenticationFailed")] {
            let store = try Scenario([reply]).store(sas)
            let blob = description("a")
            let failure = await failure { () throws(Failure) in
                try await store.create(blob, content: Block("x"), attempt)
            }
            var dumped = ""
            dump(try #require(failure), to: &dumped)
            dump(store, to: &dumped)
            #expect(!dumped.contains("SECRET"))
        }
    }
}
