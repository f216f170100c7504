import Glibc

extension Folder {
    /// Reads a small file whole.
    /// - Parameter limit: the most bytes that it may have.
    /// - Returns: `nil` when there is none.
    func content(of name: String, atMost limit: Int) throws(SystemError) -> [UInt8]? {
        let file: Descriptor
        do {
            file = try self.file(name, O_RDONLY, action: "read")
        } catch  where error.code == ENOENT {
            return nil
        }
        let tooLarge = SystemError(
            code: EFBIG,
            action: "read",
            path: path(of: name),
            obstacle: .tooLarge(limit: limit)
        )
        if try file.status(of: path(of: name)).length(of: path(of: name)) > UInt64(limit) { throw tooLarge }
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
            if content.count > limit { throw tooLarge }
        }
    }
}
