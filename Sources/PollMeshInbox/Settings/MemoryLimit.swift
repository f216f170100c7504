/// The memory that the process may use, as its cgroup says.
struct MemoryLimit {
    let readFile: (String) -> FileContent

    /// Half of the limit, within 8 and 32 MiB; 32 MiB where there is no limit.
    func bufferMemory() -> Int {
        min(max((bytes() ?? Int.max) / 2, 8 << 20), 32 << 20)
    }

    /// The lowest limit of the process's cgroup and those above it, of version 2 or 1, in bytes.
    /// - Returns: `nil` where there is none.
    func bytes() -> Int? {
        var files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        // Each line is `id:controllers:path`; version 2 has one line, with id 0 and no controllers.
        for line in text(of: "/proc/self/cgroup")?.split(separator: "\n") ?? [] {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[0] == "0" && parts[1].isEmpty {
                files += folders(from: parts[2]).map { "/sys/fs/cgroup\($0)/memory.max" }
            } else if parts[1].split(separator: ",").contains("memory") {
                files += folders(from: parts[2]).map { "/sys/fs/cgroup/memory\($0)/memory.limit_in_bytes" }
            }
        }
        return files.compactMap(limit(in:)).min()
    }

    /// The folder and all above it but the root, without a last `/`.
    private func folders(from path: Substring) -> [String] {
        let names = path.split(separator: "/").filter { $0 != ".." }
        return names.indices.map { "/" + names[...$0].joined(separator: "/") }
    }

    private func limit(in path: String) -> Int? {
        text(of: path).flatMap { Int($0.prefix { $0 != "\n" }) }
    }

    private func text(of path: String) -> String? {
        guard case .bytes(let bytes) = readFile(path) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
