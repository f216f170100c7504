import ArgumentParser

/// What the command line asks for. Commands say what is meant and do nothing themselves; ``App`` does it.
protocol RequestingCommand: ParsableCommand, Sendable {
    var request: CommandLineRequest { get }
}

/// Everything that a command line can ask for and the parser does not answer itself.
enum CommandLineRequest: Sendable, Equatable {
    case job(Job)
    case listSettings(SettingsListing.Format)
}

/// `poll-mesh-inbox`: one run.
struct PollMeshInboxCommand: RequestingCommand {
    /// The versions of the libraries that are linked, for `--version`: one line, or empty.
    @TaskLocal static var libraries = ""

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Product.name,
            abstract: "Copies the messages of an NHS MESH mailbox into blob storage, once.",
            discussion: """
                Lists the inbox, stores every message, acknowledges it, says what happened, and ends.
                Everything else is set in the environment or in files: `\(Product.name) settings` lists it.

                Exit status: 0 all moved, the inbox was empty, or another run is alive; 64 usage; 65 only invalid \
                messages were left behind; 69 MESH or storage not reachable; 70 a bug; 75 some messages failed and \
                will be tried again; 77 refused; 78 settings; 143 after SIGTERM.
                """,
            version: libraries.isEmpty
                ? "\(Product.name) \(Product.version)"
                : "\(Product.name) \(Product.version)\n\(libraries)",
            subcommands: [CheckCommand.self, SettingsCommand.self]
        )
    }

    @Flag(help: "List and download messages, but store and acknowledge nothing.")
    var dryRun = false

    var request: CommandLineRequest { .job(.poll(dryRun: dryRun)) }
}
