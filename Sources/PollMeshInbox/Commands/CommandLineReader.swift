/// Turns arguments into what they ask for.
///
/// By hand, since there is little to read: a library for it brings a third of the binary's size with it.
struct CommandLineReader {
    enum Result: Sendable, Equatable {
        case request(CommandLineRequest)
        /// Help or version, for stdout.
        case answer(String)
        /// Why the arguments were not understood, for stderr.
        case misuse(String)
    }

    private var command = CommandName.poll
    private var isDryRun = false
    private var format = SettingsListing.Format.text
    private var remaining: ArraySlice<String>

    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - libraries: the versions of the libraries that are linked, for `--version`: one line, or empty.
    static func read(_ arguments: [String], libraries: String) -> Result {
        var reader = CommandLineReader(remaining: arguments[...])
        while let argument = reader.remaining.popFirst() {
            if let result = reader.take(argument, libraries: libraries) { return result }
        }
        switch reader.command {
        case .poll: return .request(.job(.poll(dryRun: reader.isDryRun)))
        case .check: return .request(.job(.check))
        case .settings: return .request(.listSettings(reader.format))
        }
    }

    /// - Returns: what ends the reading, or `nil` to go on.
    private mutating func take(_ argument: String, libraries: String) -> Result? {
        if argument == "-h" || argument == "--help" { return .answer(command.help) }
        if argument == "--version" {
            let version = "\(Product.name) \(Product.version)"
            return .answer(libraries.isEmpty ? version : "\(version)\n\(libraries)")
        }
        if argument.hasPrefix("-") { return takeOption(argument) }
        guard command == .poll else { return unexpected(argument) }
        if argument == "help" { return help() }
        guard let named = CommandName.typed.first(where: { $0.rawValue == argument }) else {
            return unexpected(argument)
        }
        command = named
        return isDryRun ? misuse("--dry-run does not go with \(argument).") : nil
    }

    private mutating func takeOption(_ argument: String) -> Result? {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard command.options.contains(name) else {
            return misuse("Unknown option '\(name)'.\(hint(name, among: command.options + ["--version", "--help"]))")
        }
        let attached = parts.count > 1 ? String(parts[1]) : nil
        if name == "--dry-run" {
            isDryRun = true
            return attached == nil ? nil : misuse("The option '--dry-run' takes no value.")
        }
        let values = SettingsListing.Format.allCases.map(\.rawValue).joined(separator: ", ")
        guard let value = attached ?? remaining.popFirst() else {
            return misuse("The option '--format' needs a value, one of \(values).")
        }
        guard let format = SettingsListing.Format(rawValue: value) else {
            return misuse("'\(value)' is no value of '--format', which takes one of \(values).")
        }
        self.format = format
        return nil
    }

    /// `help` and `help COMMAND`.
    private mutating func help() -> Result {
        guard let name = remaining.popFirst() else { return .answer(command.help) }
        guard remaining.isEmpty, let named = CommandName.typed.first(where: { $0.rawValue == name }) else {
            return unexpected(remaining.first ?? name)
        }
        return .answer(named.help)
    }

    private func unexpected(_ argument: String) -> Result {
        let commands = command == .poll ? CommandName.typed.map(\.rawValue) + ["help"] : []
        return misuse("Unexpected argument '\(argument)'.\(hint(argument, among: commands))")
    }

    private func hint(_ word: String, among names: [String]) -> String {
        let correction = Misspelling.correction(of: word, among: names.map { $0.uppercased() })
        return correction.map { " Did you mean '\($0.lowercased())'?" } ?? ""
    }

    private func misuse(_ explanation: String) -> Result {
        .misuse("Error: \(explanation)\nUsage: \(command.usage)\n  See '\(command.helpRequest)' for more information.")
    }
}
