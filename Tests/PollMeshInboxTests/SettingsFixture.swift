@testable import PollMeshInbox

/// Sources of settings that a test makes up: an environment and some files.
struct SettingsFixture {
    /// What is enough for a run on a laptop.
    static let laptop = ["STORAGE_DIRECTORY": "/store"]

    var environment: [String: String]
    var files: [String: FileContent] = [:]
    var undecodable: Set<String> = []
    var isTerminal = false
    /// Seconds since 1970: a day on which the certificates of ``PEM`` hold.
    var now = PEM.start + 86_400

    /// - Parameter changes: what is set beside, or instead of, what a laptop needs; empty text unsets it.
    init(_ changes: [String: String] = [:], files: [String: String] = [:]) {
        environment = Self.laptop.merging(changes) { _, new in new }
        self.files = files.mapValues { .bytes(Array($0.utf8)) }
    }

    var sources: SettingSources {
        SettingSources(environment: environment, undecodable: undecodable, outputIsTerminal: isTerminal, now: now) {
            [files] path in
            files[path] ?? .missing
        }
    }

    func load() -> SettingsReport {
        SettingsLoader.load(sources)
    }
}

extension SettingsReport {
    var problemNames: [String] { problems.map(\.setting) }
    var warningNames: [String] { warnings.map(\.setting) }

    /// Everything that a user is told.
    var text: String {
        (problems + warnings).map { "\($0)" }.joined(separator: "\n")
    }
}
