import Blocks
import Transfer

/// A store whose every call is measured.
struct MeteredStore: BlobStore {
    let store: any BlobStore
    let meter: RunMeter

    func prepare(_ attempt: Attempt) async throws(Failure) {
        let start = meter.now
        defer { meter.add(.store, since: start) }
        try await store.prepare(attempt)
    }

    func create(
        _ blob: BlobDescription,
        content: Block,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure) {
        let start = meter.now
        defer { meter.add(.store, since: start) }
        try await store.create(blob, content: content, permit, attempt)
    }

    func stage(_ name: BlobName) async throws(Failure) -> any StagedBlob {
        MeteredStagedBlob(staged: try await store.stage(name), meter: meter)
    }

    func look(at name: BlobName, _ attempt: Attempt) async throws(Failure) -> BlobProperties? {
        let start = meter.now
        defer { meter.add(.store, since: start) }
        return try await store.look(at: name, attempt)
    }

    func removeProbe(_ name: BlobName, _ attempt: Attempt) async throws(Failure) {
        try await store.removeProbe(name, attempt)
    }
}

/// A blob in the making whose every call is measured.
private struct MeteredStagedBlob: StagedBlob {
    let staged: any StagedBlob
    let meter: RunMeter

    func stage(_ block: Block, index: Int, offset: UInt64, _ attempt: Attempt) async throws(Failure) {
        let start = meter.now
        defer { meter.add(.store, since: start) }
        try await staged.stage(block, index: index, offset: offset, attempt)
    }

    func commit(
        _ blob: BlobDescription,
        blockCount: Int,
        length: UInt64,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure) {
        let start = meter.now
        defer { meter.add(.store, since: start) }
        try await staged.commit(blob, blockCount: blockCount, length: length, permit, attempt)
    }

    func abandon() async {
        await staged.abandon()
    }
}
