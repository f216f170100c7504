import Glibc
import PollMeshInbox

@main
struct Main {
    static func main() {
        exit(App().run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }
}
