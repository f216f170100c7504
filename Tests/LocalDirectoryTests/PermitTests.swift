import Blocks
import StoreConformance
import Testing
import Transfer

@testable import LocalDirectory

/// A blob gets its name only while the run may create.
@Suite struct PermitTests {
    private let directory = TemporaryDirectory()
    private let lost = WritePermit { () throws(Failure) in
        throw Failure(service: .storage, kind: .lease, type: "lease_lost", message: "The lease was lost.")
    }

    private func expectNothing(_ failure: Failure?, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(failure?.type == "lease_lost", sourceLocation: sourceLocation)
        #expect(failure?.mayTakeEffect == false, sourceLocation: sourceLocation)
        #expect(directory.files().filter { $0.contains("ABC.dat") } == [], sourceLocation: sourceLocation)
    }

    @Test func nothingIsCreatedWithoutIt() async throws {
        let store = directory.store()
        let creating = await failure { () throws(Failure) in
            try await store.create(.message(), content: Block("abc"), lost, Attempt(operation: 1))
        }
        expectNothing(creating)
    }

    @Test func nothingIsCommittedWithoutIt() async throws {
        let store = directory.store()
        let staged = try await store.stage(BlobName("2024-01-15/ABC.dat"))
        try await staged.stage(Block("abc"), index: 0, offset: 0, Attempt(operation: 1))
        let committing = await failure { () throws(Failure) in
            try await staged.commit(.message(), blockCount: 1, length: 3, lost, Attempt(operation: 2))
        }
        expectNothing(committing)
        try await staged.commit(.message(), blockCount: 1, length: 3, Attempt(operation: 2, number: 2))
        #expect(directory.content(of: "2024-01-15/ABC.dat") == Array("abc".utf8))
    }

    @Test func itIsAskedForWhenOnlyTheNameIsMissing() async throws {
        let directory = directory
        let found = Count()
        let permit = WritePermit { () throws(Failure) in
            #expect(directory.names() == [])
            // The content, and the metadata of the name to come.
            #expect(directory.files().count { $0.hasPrefix(".poll-mesh-inbox/tmp/") } == 1)
            #expect(directory.files().count { $0.hasPrefix(".poll-mesh-inbox/metadata/") } == 1)
            found.add()
        }
        let store = directory.store()
        try await store.create(.message(), content: Block("abc"), permit, Attempt(operation: 1))
        #expect(found.value == 1)
        #expect(directory.names() == ["2024-01-15/ABC.dat"])
    }
}
