import Glibc

/// Where the texts of settings come from.
package struct SettingSources: Sendable {
    package var environment: [String: String]
    /// The variables whose values are not UTF-8, so that they have no text.
    package var undecodable: Set<String>
    /// Reads a small file, following symbolic links.
    package var readFile: @Sendable (_ path: String) -> FileContent
    /// Whether a person reads the log.
    package var outputIsTerminal: Bool
    /// Seconds since 1970, which the dates of certificates are compared with.
    package var now: Int64

    package init(
        environment: [String: String],
        undecodable: Set<String> = [],
        outputIsTerminal: Bool = false,
        now: Int64 = Int64(time(nil)),
        readFile: @escaping @Sendable (_ path: String) -> FileContent
    ) {
        self.environment = environment
        self.undecodable = undecodable
        self.outputIsTerminal = outputIsTerminal
        self.now = now
        self.readFile = readFile
    }

    /// The environment and files of this process. Call it while no thread changes the environment: it is not
    /// locked.
    package static func process() -> SettingSources {
        var environment: [String: String] = [:]
        var undecodable: Set<String> = []
        var entry = environ
        while let text = entry.pointee {
            entry += 1
            guard let mark = strchr(text, CInt(UInt8(ascii: "="))) else { continue }
            let nameBytes = UnsafeRawBufferPointer(start: text, count: mark - text)
            let name = String(decoding: nameBytes, as: UTF8.self)
            if let value = String(validatingCString: mark + 1) {
                environment[name] = value
            } else {
                undecodable.insert(name)
            }
        }
        return SettingSources(
            environment: environment,
            undecodable: undecodable,
            outputIsTerminal: isatty(STDOUT_FILENO) == 1,
            readFile: FileContent.reading
        )
    }
}
