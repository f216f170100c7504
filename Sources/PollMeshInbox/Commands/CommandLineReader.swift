import ArgumentParser

/// Turns arguments into what they ask for.
enum CommandLineReader {
    enum Result: Sendable, Equatable {
        case request(CommandLineRequest)
        /// Help or version, for stdout.
        case answer(String)
        /// Why the arguments were not understood, for stderr.
        case misuse(String)
    }

    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - libraries: the versions of the libraries that are linked, for `--version`.
    static func read(_ arguments: [String], libraries: String) -> Result {
        PollMeshInboxCommand.$libraries.withValue(libraries) {
            do {
                let command = try PollMeshInboxCommand.parseAsRoot(arguments)
                guard let command = command as? any RequestingCommand else {
                    // The parser's own: `help`, whose run throws what it shows.
                    var command = command
                    try command.run()
                    return .answer("")
                }
                return .request(command.request)
            } catch {
                let text = PollMeshInboxCommand.fullMessage(for: error)
                return PollMeshInboxCommand.exitCode(for: error).isSuccess ? .answer(text) : .misuse(text)
            }
        }
    }
}
