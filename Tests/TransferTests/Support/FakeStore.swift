import Blocks
import Synchronization
import Transfer

/// A container in memory that never replaces a blob. What goes wrong is decided by `fault`, for each call.
final class FakeStore: BlobStore {
    struct Blob: Sendable, Equatable {
        var content: [UInt8]
        var metadata: BlobMetadata
        var contentType = "application/octet-stream"
    }

    enum Call: Hashable, Sendable {
        case prepare
        case create(String)
        case stage(String, Int)
        case commit(String)
        case look(String)
    }

    /// What a fault does: the failure comes before or after the call took effect.
    enum Fault: Sendable {
        case before(Failure)
        case after(Failure)
    }

    struct State {
        var blobs: [String: Blob] = [:]
        var calls: [Call] = []
        var attempts: [Attempt] = []
    }

    let state: Mutex<State>
    private let fault: @Sendable (Call, _ nth: Int) async -> Fault?

    init(_ blobs: [String: Blob] = [:], fault: @escaping @Sendable (Call, Int) async -> Fault? = { _, _ in nil }) {
        state = Mutex(State(blobs: blobs))
        self.fault = fault
    }

    var blobs: [String: Blob] { state.withLock { $0.blobs } }
    var names: [String] { blobs.keys.sorted() }
    var calls: [Call] { state.withLock { $0.calls } }

    func perform<Value: Sendable>(
        _ call: Call,
        _ attempt: Attempt? = nil,
        _ body: (inout State) -> Result<Value, Failure>
    ) async throws(Failure) -> Value {
        let nth = state.withLock { state in
            state.calls.append(call)
            if let attempt { state.attempts.append(attempt) }
            return state.calls.count { $0 == call }
        }
        let fault = await fault(call, nth)
        if case .before(let failure) = fault { throw failure }
        let result = state.withLock { body(&$0) }
        if case .after(let failure) = fault { throw failure }
        return try result.get()
    }

    func prepare(_ attempt: Attempt) async throws(Failure) {
        try await perform(.prepare, attempt) { _ in .success(()) }
    }

    func create(
        _ blob: BlobDescription,
        content: Block,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure) {
        try permit.check()
        let made = Blob(content: Array(content.bytes), metadata: blob.metadata, contentType: blob.contentType)
        try await perform(.create(blob.name.path), attempt) { $0.create(blob.name, made) }
    }

    func stage(_ name: BlobName) async throws(Failure) -> any StagedBlob {
        FakeStagedBlob(store: self, name: name)
    }

    func look(at name: BlobName, _ attempt: Attempt) async throws(Failure) -> BlobProperties? {
        try await perform(.look(name.path), attempt) { state in
            .success(
                state.blobs[name.path].map { BlobProperties(length: UInt64($0.content.count), metadata: $0.metadata) }
            )
        }
    }

    func removeProbe(_ name: BlobName, _ attempt: Attempt) async throws(Failure) {
        state.withLock { $0.blobs[name.path] = nil }
    }
}

extension FakeStore.State {
    mutating func create(_ name: BlobName, _ blob: FakeStore.Blob) -> Result<Void, Failure> {
        guard blobs[name.path] == nil else { return .failure(.test(.alreadyExists, service: .storage)) }
        blobs[name.path] = blob
        return .success(())
    }
}

final class FakeStagedBlob: StagedBlob {
    private let store: FakeStore
    private let name: BlobName
    private let blocks = Mutex<[Int: (offset: UInt64, bytes: [UInt8])]>([:])

    init(store: FakeStore, name: BlobName) {
        self.store = store
        self.name = name
    }

    func stage(_ block: Block, index: Int, offset: UInt64, _ attempt: Attempt) async throws(Failure) {
        let bytes = Array(block.bytes)
        try await store.perform(.stage(name.path, index), attempt) { _ in .success(()) }
        blocks.withLock { $0[index] = (offset, bytes) }
    }

    func commit(
        _ blob: BlobDescription,
        blockCount: Int,
        length: UInt64,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure) {
        try permit.check()
        let parts = blocks.withLock { blocks in (0..<blockCount).map { blocks[$0] } }
        try await store.perform(.commit(name.path), attempt) { state -> Result<Void, Failure> in
            var content: [UInt8] = []
            for part in parts {
                guard let part, part.offset == content.count else { return .failure(.test(.stagedBlocksLost)) }
                content += part.bytes
            }
            guard content.count == length else { return .failure(.test(.permanent)) }
            return state.create(blob.name, FakeStore.Blob(content: content, metadata: blob.metadata))
        }
    }

    func abandon() async {
        blocks.withLock { $0.removeAll() }
    }
}
