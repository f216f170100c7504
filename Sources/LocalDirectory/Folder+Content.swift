import Glibc

extension Folder {
    /// The most that is read of a file that is read whole; metadata and journals are far smaller.
    private static let longestContent = 64 << 20

    /// Reads a small file whole.
    /// - Returns: `nil` when there is none.
    func content(of name: String) throws(SystemError) -> [UInt8]? {
        let file: Descriptor
        do {
            file = try open(name, O_RDONLY, action: "read")
        } catch  where error.code == ENOENT {
            return nil
        }
        var content: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = read(file.number, &part, part.count)
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw SystemError(code: code, action: "read", path: path(of: name))
            }
            if count == 0 { return content }
            content += part[..<count]
            if content.count > Self.longestContent {
                throw SystemError(code: EFBIG, action: "read", path: path(of: name))
            }
        }
    }
}
