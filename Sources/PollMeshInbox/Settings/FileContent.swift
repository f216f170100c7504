import Glibc

/// What reading a small file gave.
package enum FileContent: Sendable, Equatable {
    case bytes([UInt8])
    /// There is no such file or folder.
    case missing
    case folder
    /// It can't be read, for the reason given.
    case unreadable(String)

    /// The largest file that a setting is read from, in bytes.
    package static let limit = 1 << 20

    /// Reads a file, following symbolic links.
    package static func reading(_ path: String) -> FileContent {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { return failure(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR {
                    continue
                }
                return failure(errno)
            }
            if count == 0 {
                return .bytes(bytes)
            }
            bytes += piece[..<count]
            if bytes.count > limit {
                return .unreadable("it is larger than \(ByteSize.text(limit))B")
            }
        }
    }

    private static func failure(_ code: CInt) -> FileContent {
        switch code {
        case ENOENT, ENOTDIR: .missing
        case EACCES, EPERM: .unreadable("permission denied")
        case EISDIR: .folder
        case ELOOP: .unreadable("its symbolic links lead in a circle")
        default: .unreadable(String(cString: strerror(code)))
        }
    }
}
