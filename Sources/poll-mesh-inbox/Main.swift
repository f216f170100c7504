import Glibc
import PollMeshInbox

@main
struct Main {
    static func main() async {
        let app = App(
            libraries: { "" },
            checkConnectionString: { _ in nil },
            operation: { _, _, _ in
                RunOutcome(status: .bug, outcome: "not wired")
            }
        )
        exit(await app.run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }
}
