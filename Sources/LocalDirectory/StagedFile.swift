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
        /// `nil` once it was given up.
        var file: TemporaryFile?
        var pieces: [Int: Piece] = [:]
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
        try Failure.checkCancellation()
        try await workers.run { () throws(Failure) in
            let file = try self.file()
            // Until all of it is written, the place holds neither the old block nor the new one.
            self.state.withLock { $0.pieces[index] = nil }
            try Failure.from { () throws(SystemError) in try file.write(block.bytes, at: offset) }
            self.state.withLock { $0.pieces[index] = Piece(offset: offset, count: block.count) }
        }
    }

    func commit(
        _ blob: BlobDescription,
        blockCount: Int,
        length: UInt64,
        _ attempt: Attempt
    ) async throws(Failure) {
        try Failure.checkCancellation()
        let path = try BlobPath(blob.name)
        try await workers.run { () throws(Failure) in
            let file = try self.file()
            // Placed by an earlier try, whose last sync failed.
            if file.isPlaced { throw Failure(SystemError(code: EEXIST, action: "create", path: blob.name.path)) }
            try self.checkPieces(blockCount: blockCount, length: length)
            do throws(SystemError) {
                // A block that was staged again may have been longer the first time.
                if try file.length() != length { try file.truncate(to: length) }
                try self.session.place(file, as: blob, at: path)
            } catch {
                if file.isBroken { throw Failure.lost(Failure(error).wording) }
                throw Failure(error)
            }
        }
    }

    func abandon() async {
        // Removing a large file takes long, so not here.
        await workers.run { self.state.withLock { $0.file = nil } }
    }

    private func file() throws(Failure) -> TemporaryFile {
        guard let file = state.withLock({ $0.file }) else { throw Failure.lost("The staged file was given up.") }
        if file.isBroken { throw Failure.lost("The staged file could not be synced.") }
        return file
    }

    private func checkPieces(blockCount: Int, length: UInt64) throws(Failure) {
        let pieces = state.withLock { $0.pieces }
        var end: UInt64 = 0
        for index in 0..<blockCount {
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
