/// What the program can be told to do; without a command it polls.
enum CommandName: String, CaseIterable {
    case poll = ""
    case check
    case settings

    /// Those that are typed.
    static let typed = allCases.filter { $0 != .poll }

    var usage: String {
        switch self {
        case .poll: "\(Product.name) [--dry-run] [<command>]"
        case .check: "\(Product.name) check"
        case .settings: "\(Product.name) settings [--format <format>]"
        }
    }

    /// Every option of the command's own that it takes.
    var options: [String] {
        switch self {
        case .poll: ["--dry-run"]
        case .check: []
        case .settings: ["--format"]
        }
    }

    /// What leads to its help.
    var helpRequest: String { self == .poll ? "\(Product.name) --help" : "\(Product.name) \(rawValue) --help" }

    /// The answer to `--help`.
    var help: String {
        switch self {
        case .poll:
            """
            OVERVIEW: Copies the messages of an NHS MESH mailbox into blob storage, once.

            Lists the inbox, stores every message, acknowledges it, says what happened, and
            ends. Everything else is set in the environment or in files:
            `\(Product.name) settings` lists it.

            Exit status: 0 all moved, the inbox was empty, or another run is alive;
            64 usage; 65 only invalid messages were left behind; 69 MESH or storage not
            reachable; 70 a bug; 75 some messages failed and will be tried again;
            77 refused; 78 settings; 143 after SIGTERM.

            USAGE: \(usage)

            OPTIONS:
              --dry-run               List and download messages, but store and acknowledge
                                      nothing.
            \(Self.commonOptions)

            COMMANDS:
              check                   Proves settings, MESH and storage; moves no message.
              settings                Lists every setting with its meaning and default.

              See '\(Product.name) help <command>' for detailed help.
            """
        case .check:
            """
            OVERVIEW: Proves settings, MESH and storage; moves no message.

            Writes and removes one probe blob beside the journal.

            USAGE: \(usage)

            OPTIONS:
            \(Self.commonOptions)
            """
        case .settings:
            """
            OVERVIEW: Lists every setting with its meaning and default.

            A setting K comes from the environment variable K, or the file that K_FILE
            names, or a file named K in SECRETS_DIRECTORY, in this order.

            USAGE: \(usage)

            OPTIONS:
              --format <format>       text, json or markdown. (default: text)
            \(Self.commonOptions)
            """
        }
    }

    private static let commonOptions = """
          --version               Show the version.
          -h, --help              Show help information.
        """
}
