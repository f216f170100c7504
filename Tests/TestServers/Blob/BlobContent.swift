import Glibc
import Synchronization

/// The bytes of a blob: what its blocks brought, one after the other, never copied together.
struct BlobContent: Sendable {
    /// One request's body, in memory or in the file of the server.
    struct Piece: Sendable {
        enum Storage: Sendable {
            case memory([UInt8])
            case file(SpillFile, offset: Int)
        }

        let length: Int
        let storage: Storage

        init(_ bytes: [UInt8], spill: SpillFile?) {
            length = bytes.count
            if let spill, bytes.count > 0 {
                storage = .file(spill, offset: spill.append(bytes))
            } else {
                storage = .memory(bytes)
            }
        }

        func read(from offset: Int, into buffer: UnsafeMutableRawBufferPointer) {
            switch storage {
            case .memory(let bytes):
                bytes.withUnsafeBytes {
                    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + buffer.count]))
                }
            case .file(let file, let start):
                file.read(at: start + offset, into: buffer)
            }
        }
    }

    let pieces: [Piece]
    let length: Int

    init(_ pieces: [Piece]) {
        self.pieces = pieces
        self.length = pieces.reduce(0) { $0 + $1.length }
    }

    func read(from offset: Int, into buffer: UnsafeMutableRawBufferPointer) {
        var start = 0
        var filled = 0
        for piece in pieces where filled < buffer.count {
            let skip = max(0, offset + filled - start)
            if skip < piece.length {
                let count = min(piece.length - skip, buffer.count - filled)
                piece.read(from: skip, into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + count]))
                filled += count
            }
            start += piece.length
        }
    }

    func bytes(_ range: Range<Int>? = nil) -> [UInt8] {
        let range = range ?? 0..<length
        if range.count == length, pieces.count == 1, case .memory(let bytes) = pieces[0].storage { return bytes }
        return [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            read(
                from: range.lowerBound,
                into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count])
            )
            count = range.count
        }
    }

    /// The digest of the whole, computed a MiB at a time.
    func digest(_ digest: Digest) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        let parts = stride(from: 0, to: length, by: buffer.count).lazy.map { offset in
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, length - offset)])
            read(from: offset, into: part)
            return UnsafeRawBufferPointer(part)
        }
        return digest.of(parts: parts)
    }
}

/// A file without a name that takes large contents, so that the memory of the test's process stays small.
final class SpillFile: Sendable {
    private let descriptor: Int32
    private let end = Mutex(0)

    init() {
        var path = utf8("/var/tmp/test-servers.XXXXXX\0").map { CChar(bitPattern: $0) }
        descriptor = mkstemp(&path)
        precondition(descriptor >= 0, "no file in /var/tmp could be made")
        unlink(path)
    }

    deinit {
        close(descriptor)
    }

    /// - Returns: where the bytes went.
    func append(_ bytes: [UInt8]) -> Int {
        let start = end.withLock { end in
            defer { end += bytes.count }
            return end
        }
        bytes.withUnsafeBytes { source in
            var written = 0
            while written < source.count {
                let count = pwrite(
                    descriptor,
                    source.baseAddress! + written,
                    source.count - written,
                    off_t(start + written)
                )
                precondition(count > 0, "writing to /var/tmp failed")
                written += count
            }
        }
        return start
    }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
            precondition(count > 0, "reading from /var/tmp failed")
            done += count
        }
    }
}
