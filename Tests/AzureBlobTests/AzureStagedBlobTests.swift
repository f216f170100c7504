import Blocks
import Curl
import Digests
import HTTPTypes
import StoreConformance
import Testing
import Transfer

@testable import AzureBlob

@Suite struct AzureStagedBlobTests {
    private let attempt = Attempt(operation: 1)
    /// The CRC-64 of `123456789`.
    private let checksum = Scenario.Reply.answer(201, fields: [.contentCRC64: "iJh5CoYUi64="])

    private var block: Block { Block("123456789") }

    @Test func stagesBlocksAndCommitsThemInOrder() async throws {
        let scenario = Scenario([checksum, checksum, .answer(201)])
        let staged = try await scenario.store().stage(BlobName("a b"))
        try await staged.stage(block, index: 1, offset: 9, attempt)
        try await staged.stage(block, index: 0, offset: 0, attempt)
        let blob = BlobDescription(
            name: BlobName("a b"),
            metadata: BlobMetadata(sortedEntries: [.init(name: "sha256", value: "ab")])
        )
        try await staged.commit(blob, blockCount: 2, length: 18, attempt)

        let ids = BlockIDs(random: [UInt8](repeating: 2, count: 8))
        #expect(
            scenario.lines == [
                "PUT /devstoreaccount1/inbox/a%20b?blockid=\(ids[1])&comp=block",
                "PUT /devstoreaccount1/inbox/a%20b?blockid=\(ids[0])&comp=block",
                "PUT /devstoreaccount1/inbox/a%20b?comp=blocklist",
            ]
        )
        #expect(scenario.exchanges[0].body == [UInt8]("123456789".utf8))
        #expect(scenario.exchanges[0].request.headerFields[.contentMD5] == nil)
        #expect(scenario.exchanges[2].body == ids.list(count: 2))
        let commit = scenario.exchanges[2].request.headerFields
        #expect(commit[.ifNoneMatch] == "*")
        #expect(commit[.blobContentType] == "application/octet-stream")
        #expect(commit[HTTPField.Name("x-ms-meta-sha256")!] == "ab")
    }

    @Test func aBlockThatArrivedDifferentIsStagedAgain() async throws {
        let scenario = Scenario([.answer(201, fields: [.contentCRC64: "AAAAAAAAAAA="]), checksum])
        let staged = try await scenario.store().stage(BlobName("a"))
        let failure = await failure { () throws(Failure) in
            try await staged.stage(block, index: 0, offset: 0, attempt)
        }
        #expect(failure?.kind == .transient)
        #expect(failure?.type == "crc64_mismatch")
        try await staged.stage(block, index: 0, offset: 0, Attempt(operation: 1, number: 2))
        #expect(scenario.lines[0] == scenario.lines[1])
    }

    @Test func aServiceWithoutChecksumsIsSentTheMD5OfThisAndAllLaterBlocks() async throws {
        let scenario = Scenario([.answer(201), .answer(201), .answer(201), .answer(201)])
        let store = try scenario.store()
        try await store.stage(BlobName("a")).stage(block, index: 0, offset: 0, attempt)
        try await store.stage(BlobName("b")).stage(block, index: 0, offset: 0, attempt)
        #expect(scenario.lines.count == 3)
        #expect(scenario.lines[0] == scenario.lines[1])
        let sums = scenario.exchanges.map { $0.request.headerFields[.contentMD5] }
        #expect(sums == [nil, "JfnnlDI7RTiF9RgfG2JNCw==", "JfnnlDI7RTiF9RgfG2JNCw=="] as [String?])
    }

    @Test func eachUploadHasBlockIDsOfItsOwn() async throws {
        let scenario = Scenario([checksum, checksum])
        let store = try scenario.store()
        try await store.stage(BlobName("a")).stage(block, index: 0, offset: 0, attempt)
        try await store.stage(BlobName("a")).stage(block, index: 0, offset: 0, attempt)
        #expect(scenario.lines[0] != scenario.lines[1])
    }

    @Test func lostBlocksAreStagedFromTheStart() async throws {
        let store = try Scenario([.error(400, "InvalidBlockList")]).store()
        let staged = try await store.stage(BlobName("a"))
        let blob = BlobDescription(name: BlobName("a"), metadata: BlobMetadata(sortedEntries: []))
        let failure = await failure { () throws(Failure) in
            try await staged.commit(blob, blockCount: 1, length: 9, attempt)
        }
        #expect(failure?.kind == .stagedBlocksLost)
    }

    @Test func thereIsALimitOfBlocks() async throws {
        let scenario = Scenario([checksum])
        let staged = try await scenario.store().stage(BlobName("a"))
        try await staged.stage(block, index: 49_999, offset: 0, attempt)
        let failure = await failure { () throws(Failure) in
            try await staged.stage(block, index: 50_000, offset: 0, attempt)
        }
        #expect(failure?.kind == .permanent)
        #expect(scenario.exchanges.count == 1)
    }
}
