import Foundation
import ProgramFixture
import TestServers
import Testing

/// What went wrong elsewhere on the way into storage; the numbers are those of docs/reliability.md.
@Suite(.timeLimit(.minutes(5))) struct StorageCaseTests {
    /// Too large for the blocks of 8Mi, so that it is staged and committed.
    private static let large = sampleBytes(5 << 20)
    private let messages = [
        MESHMessage("ABC0001", [.bytes(large)]), MESHMessage("ABC0002", text: "small"),
        MESHMessage("XYZ0001", [.bytes(large)]),
    ]

    @Test("Case 20: a second writer of the same name loses none of our blocks", arguments: [false, true])
    func aSecondWriterLosesNothing(findsNoBlocks: Bool) async throws {
        var options = StrictBlobServer.Options()
        options.checksBlocksFirst = findsNoBlocks
        try await withScene(messages, blobs: options) { scene in
            let seen = Once()
            scene.store.http.setFault { request in
                guard let name = request.blob(of: "comp=blocklist"), Self.isPlain(name),
                    seen.isNew(name)
                else { return nil }
                return .before { scene.store.add(name, text: "another writer's", in: "mesh-messages") }
            }
            let run = try await scene.run([], ["BUFFER_MEMORY": "8Mi"])
            try expectAll(scene, run)
            #expect(scene.names.count == messages.count + 2)
            #expect(scene.names.count { scene.content($0) == Array("another writer's".utf8) } == 2)
        }
    }

    @Test("Case 22: left-over blocks whose ids have another length are in nobody's way")
    func leftOverBlocksAreInNobodysWay() async throws {
        try await withScene(messages) { scene in
            let seen = Once()
            scene.store.http.setFault { request in
                guard let name = request.blob(of: "comp=block"), Self.isPlain(name),
                    seen.isNew(name)
                else { return nil }
                return .before { scene.store.addBlock("0001", of: name, in: "mesh-messages") }
            }
            let run = try await scene.run([], ["BUFFER_MEMORY": "8Mi"])
            try expectAll(scene, run)
            #expect(scene.names.count == messages.count)
            let answers = scene.store.http.requests.filter { $0.target.contains("blockid=") }.map(\.status)
            #expect(answers.contains(400))
        }
    }

    @Test("Case 23: an upload that is never answered is given up and tried again", arguments: [false, true])
    func aHungUploadIsTriedAgain(isHandled: Bool) async throws {
        try await withScene(messages) { scene in
            let never = Gate()
            let seen = Once()
            scene.store.http.setFault { request in
                let kind =
                    request.blob(of: "comp=blocklist").map { _ in "commit" }
                    ?? request.blob(of: "comp=block").map { _ in "block" } ?? request.blob(of: "").map { _ in "blob" }
                guard let kind, seen.isNew(kind) else { return nil }
                return isHandled ? .hangAfterHandling(never) : .hang(never)
            }
            let run = try await scene.run([], ["BUFFER_MEMORY": "8Mi", "STALL_TIMEOUT": "5s"])
            try expectAll(scene, run)
            #expect(scene.names.count == messages.count)
            #expect(try #require(run.summary[number: "retries"]) >= 3)
            #expect(seen.kinds == ["commit", "block", "blob"])
        }
    }

    @Test("Case 28: servers that drop every idle connection are no failure", arguments: Scene.Store.allCases)
    func droppedConnectionsAreNoFailure(place: Scene.Store) async throws {
        try await withScene(messages, place: place) { scene in
            scene.mesh.http.setFault { _ in .deliver(.wholeThenStale) }
            scene.store.http.setFault { _ in .deliver(.wholeThenStale) }
            let run = try await scene.run([], ["BUFFER_MEMORY": "8Mi", "RETRY_ATTEMPTS": "1"])
            try expectAll(scene, run)
            #expect(scene.names.count == messages.count)
        }
    }

    @Test("Case 30: where a credential may only create, a retry finds its own blob", arguments: [false, true])
    func aRetryThatMayOnlyCreateFindsItsOwnBlob(losesAnswers: Bool) async throws {
        var options = StrictBlobServer.Options()
        options.createOnlyContainers = ["mesh-messages"]
        try await withScene(messages, blobs: options) { scene in
            let seen = Once()
            scene.store.http.setFault { request in
                let isCreating = request.blob(of: "") != nil || request.blob(of: "comp=blocklist") != nil
                guard losesAnswers, isCreating, seen.isNew(request.target) else {
                    return nil
                }
                return .closeAfterHandling
            }
            let run = try await scene.run([], ["BUFFER_MEMORY": "8Mi", "STATE_CONTAINER_NAME": "state"])
            try expectAll(scene, run)
            #expect(scene.names.count == messages.count)
            let refused = scene.store.http.requests.count { $0.status == 403 }
            #expect(refused == (losesAnswers ? messages.count : 0))
        }
    }

    /// Whether a name has a BSO and a time, and not also an ordinal and a message id.
    private static func isPlain(_ name: String) -> Bool { name.count { $0 == "_" } == 1 }

    /// Every message is stored once, whole, and acknowledged.
    private func expectAll(
        _ scene: Scene,
        _ run: JobRun,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        run.expectStatus(0, sourceLocation: sourceLocation)
        #expect(scene.mesh.waiting() == [], sourceLocation: sourceLocation)
        for message in messages {
            let content = message.id == "ABC0002" ? Array("small".utf8) : Self.large
            let name = try #require(run.names[message.id], sourceLocation: sourceLocation)
            #expect(scene.content(name) == content, "\(message.id)", sourceLocation: sourceLocation)
        }
    }
}

extension HTTPServer.RequestContext {
    /// The blob of the messages' container that a PUT of this kind is about.
    /// - Parameter operation: the query's `comp`, empty for Put Blob.
    fileprivate func blob(of operation: String) -> String? {
        let parts = target.split(separator: "?", maxSplits: 1)
        let prefix = "/devstoreaccount1/mesh-messages/"
        guard method == "PUT", let path = parts.first, path.hasPrefix(prefix), !path.contains("/.") else { return nil }
        let pairs = parts.dropFirst().first?.split(separator: "&") ?? []
        let component = pairs.first { $0.hasPrefix("comp=") } ?? ""
        return component == operation ? path.dropFirst(prefix.count).removingPercentEncoding : nil
    }
}
