import Blocks
import Glibc
import Synchronization
import Transfer

/// A blob in the making: one temporary file, whose blocks are written to their places.
final class StagedFile: StagedBlob {
    private struct Piece {
        var offset: UInt64
        var count: Int
    }

    private struct State {
        /// `nil` once it has its final name or was given up.
        var file: TemporaryFile?
        var pieces: [Int: Piece] = [:]
        var isCommitted = false
        /// Work on it was abandoned, and may write to it at any time.
        var isAbandoned = false
    }

    private let state: Mutex<State>
    private let session: Session
    private let workers: WorkerThreads

    init(_ file: TemporaryFile, session: Session, workers: WorkerThreads) {
        self.state = Mutex(State(file: file))
        self.session = session
        self.workers = workers
    }

    func stage(_ block: Block, index: Int, offset: UInt64, _ attempt: Attempt) async throws(Failure) {
        let bytes = LentBytes(block)
        try await run { _ throws(Failure) in
            let file = try self.file()
            // Until all of it is written, the place holds neither the old block nor the new one.
            self.state.withLock { $0.pieces[index] = nil }
            try Failure.from { () throws(SystemError) in try bytes.write(to: file, at: offset) }
            self.state.withLock { $0.pieces[index] = Piece(offset: offset, count: bytes.count) }
        }
    }

    func commit(
        _ blob: BlobDescription,
        blockCount: Int,
        length: UInt64,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure) {
        let path = try BlobPath(blob.name)
        try await run { abandonment throws(Failure) in
            // Also one that an earlier try placed, whose last sync failed.
            if self.state.withLock({ $0.isCommitted || $0.file?.isPlaced == true }) {
                throw Failure(SystemError(code: EEXIST, action: "create", path: blob.name.path))
            }
            let file = try self.file()
            try self.checkPieces(blockCount: blockCount, length: length)
            do throws(Failure) {
                try Failure.from { () throws(SystemError) in
                    // A block that was staged again may have been longer the first time.
                    if try file.length() != length { try file.truncate(to: length) }
                }
                try self.session.place(file, as: blob, at: path, permit, abandonment)
            } catch {
                if file.isBroken { throw Failure.lost(error.wording) }
                throw error
            }
            self.state.withLock { $0.isCommitted = true }
            self.letGo()
        }
    }

    func abandon() async {
        // Removing a large file takes long, so not here.
        await workers.finish { self.letGo() }
    }

    /// Closes the file, and removes it unless it has its final name.
    private func letGo() {
        let file = state.withLock { state in
            defer { state.file = nil }
            return state.file
        }
        // Not under the mutex, which others would wait for.
        withExtendedLifetime(file) {}
    }

    /// Does work on the file; once any was abandoned, the file is never placed.
    private func run(_ work: @escaping @Sendable (Abandonment) throws(Failure) -> Void) async throws(Failure) {
        do {
            try await workers.run(work)
        } catch {
            if error.kind == .cancelled { state.withLock { $0.isAbandoned = true } }
            throw error
        }
    }

    private func file() throws(Failure) -> TemporaryFile {
        let (file, isAbandoned) = state.withLock { ($0.file, $0.isAbandoned) }
        guard let file, !isAbandoned else { throw Failure.lost("The staged file was given up.") }
        if file.isBroken { throw Failure.lost("The staged file could not be synced.") }
        return file
    }

    private func checkPieces(blockCount: Int, length: UInt64) throws(Failure) {
        let pieces = state.withLock { $0.pieces }
        var end: UInt64 = 0
        for index in 0..<max(0, blockCount) {
            guard let piece = pieces[index], piece.offset == end else {
                throw Failure.lost("Block \(index) of \(blockCount) was not staged at byte \(end).")
            }
            end += UInt64(piece.count)
        }
        if end != length { throw Failure.lost("The staged blocks have \(end) bytes instead of \(length).") }
    }
}

extension Failure {
    fileprivate static func lost(_ message: MarkedText) -> Failure {
        Failure(service: .storage, kind: .stagedBlocksLost, type: "staged_file_lost", message: message)
    }
}
