import Glibc

extension Folder {
    /// Calls the body with each name in this folder, and whether it is a folder, until it answers `false`. Bytes of a name
    /// that are no UTF-8 come as replacement characters, so that nothing is found under it.
    func forEachName(_ body: (_ name: String, _ isFolder: Bool) -> Bool) throws(SystemError) {
        // A descriptor of its own, since descriptors that are duplicates share their position.
        let number = try system("list", path) {
            openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | Self.careful)
        }
        guard let stream = fdopendir(number) else {
            let code = errno
            close(number)
            throw SystemError(code: code, action: "list", path: path)
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let code = errno
                if code == 0 { return }
                throw SystemError(code: code, action: "list", path: path)
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            if !body(name, Int(entry.pointee.d_type) == Int(DT_DIR)) { return }
        }
    }
}
