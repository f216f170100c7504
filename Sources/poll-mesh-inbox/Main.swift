import Glibc
import PollMeshInbox

@main
struct Main {
    static func main() async {
        exit(await App().run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }
}
