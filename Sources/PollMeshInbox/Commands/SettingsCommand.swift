import ArgumentParser

/// `poll-mesh-inbox settings`
struct SettingsCommand: RequestingCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "settings",
            abstract: "Lists every setting with its meaning and default.",
            discussion: """
                A setting K comes from the environment variable K, or the file that K_FILE names, or a file named K in \
                SECRETS_DIRECTORY, in this order.
                """
        )
    }

    @ParentCommand var parent: PollMeshInboxCommand

    @Option(help: "text, json or markdown.")
    var format = SettingsListing.Format.text

    var request: CommandLineRequest { .listSettings(format) }

    func validate() throws {
        try parent.requireNoFlags(before: "settings")
    }
}

extension SettingsListing.Format: ExpressibleByArgument {}

extension PollMeshInboxCommand {
    /// Refuses flags that would be lost, as in `--dry-run check`.
    func requireNoFlags(before command: String) throws {
        if dryRun {
            throw ValidationError("--dry-run does not go with \(command).")
        }
    }
}
