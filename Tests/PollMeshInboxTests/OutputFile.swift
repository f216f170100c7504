import Glibc

@testable import PollMeshInbox

/// A file without a name, to look at what was written.
final class OutputFile: Sendable {
    let descriptor: CInt

    init() {
        var path = Array("/tmp/output-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        precondition(descriptor >= 0)
        unlink(path)
    }

    deinit {
        close(descriptor)
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = pread(descriptor, &piece, piece.count, off_t(bytes.count))
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
        }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var lines: [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
