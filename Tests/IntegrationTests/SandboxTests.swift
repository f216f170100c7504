import Foundation
import ProgramFixture
import Testing

/// Messages travel from a real MESH sandbox, sent by the official client, into a store. One after the other: the sandbox
/// loses messages that are sent at the same time.
@Suite(.serialized, .sandbox(mailboxes: "TOFOLDER", "TOBLOBS"), .tags(.slow)) struct SandboxTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try #require(Sandbox.current)
    }

    @Test func messagesArriveByteForByteInAFolder() async throws {
        let folder = TemporaryFolder()
        let settings = ["STORAGE_DIRECTORY": folder.file("messages")]
        try await expectArrival(in: "TOFOLDER", settings) {
            try await BlobService.contents(ofFolder: folder.file("messages"))
        }
    }

    @Test func messagesArriveByteForByteInABlobService() async throws {
        try await withBlobService { service in
            let contents = try await expectArrival(in: "TOBLOBS", service.settings) { try await service.contents() }
            let named = contents.filter { $0.metadata["meshlocalid"] == "utf-8" }
            #expect(named.map { $0.metadata["meshfilename"]?.removingPercentEncoding } == ["résumé-Größe-中.dat"])
            #expect(contents.allSatisfy { $0.metadata["sha256"] == $0.sha256 })
        }
    }

    /// Sends, polls twice, and compares what was sent with what is stored.
    @discardableResult
    private func expectArrival(
        in mailbox: String,
        _ store: [String: String],
        contents: () async throws -> [BlobService.Stored]
    ) async throws -> [BlobService.Stored] {
        let sent = try await sandbox.send(to: mailbox)
        let messages = sent.filter { $0.isReport != true }
        #expect(messages.count == 14 && sent.count == 15)
        let settings = sandbox.settings(mailbox).merging(store) { $1 }

        let run = try await Program().job([], settings)
        run.expectStatus(0)
        #expect(run.outcome == "completed")
        #expect(run.summary[number: "messages.stored"] == sent.count)
        #expect(run.complaints.map(\.sentence) == ["report: a message that this mailbox sent was not delivered"])
        #expect(try await sandbox.list(mailbox) == [])

        let stored = try await contents()
        let byName = Dictionary(uniqueKeysWithValues: stored.map { ($0.name, $0) })
        #expect(stored.count == sent.count)
        for message in messages {
            let name = try #require(run.names[message.id])
            #expect(name.wholeMatch(of: /\d{4}-\d\d-\d\d\/[A-Z0-9]{3}_\d{8}T\d{6}(_.+)?\.dat/) != nil, "\(name)")
            #expect(byName[name]?.sha256 == message.sha256, "\(message)")
            #expect(byName[name]?.length == message.length)
        }
        let report = try #require(sent.first { $0.isReport == true })
        #expect(run.names[report.id]?.wholeMatch(of: /reports\/\d{4}-\d\d-\d\d\/.+\.ctl/) != nil)
        #expect(run.names[report.id].map { byName[$0] != nil } == true)

        let second = try await Program().job([], settings)
        second.expectStatus(0)
        #expect(second.outcome == "empty")
        #expect(second.summary[number: "messages.stored"] == 0)
        #expect(try await contents().map(\.name) == stored.map(\.name))
        return stored
    }
}
