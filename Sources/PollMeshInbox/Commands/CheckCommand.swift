import ArgumentParser

/// `poll-mesh-inbox check`
struct CheckCommand: RequestingCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "check",
            abstract: "Proves settings, MESH and storage; moves no message.",
            discussion: "Writes and removes one probe blob beside the journal."
        )
    }

    @ParentCommand var parent: PollMeshInboxCommand

    var request: CommandLineRequest { .job(.check) }

    func validate() throws {
        try parent.requireNoFlags(before: "check")
    }
}
