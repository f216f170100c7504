import FuzzTargets
import Glibc

#if !LIBFUZZER
    /// Gives foreign bytes to everything that reads them. Built with libFuzzer, it leaves the choice of the bytes, and the
    /// entry point, to that.
    @main
    enum Fuzz {
        static func main() {
            guard let arguments = Arguments(CommandLine.arguments.dropFirst()) else {
                complain(Arguments.usage)
                exit(64)
            }
            for target in arguments.targets { Generator.run(target, arguments) }
        }
    }
#endif

/// What the command line asks for.
struct Arguments {
    static let usage = """
        Usage: fuzz [--count N] [--seed S] [--input N] [--list] [TARGET]...
        Gives N inputs (default: 20000) to each target (default: all). The n-th input follows from the seed and n alone:
        --input N gives that one only, and prints it first.

        """

    var count = 20_000
    var seed = UInt64.random(in: 0..<1_000_000)
    var input: Int?
    var targets: [FuzzTarget] = []

    /// - Returns: nil for what is no command line.
    init?(_ arguments: some Sequence<String>) {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--count":
                guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else { return nil }
                count = number
            case "--seed":
                guard let number = rest.popFirst().flatMap({ UInt64($0) }) else { return nil }
                seed = number
            case "--input":
                guard let number = rest.popFirst().flatMap({ Int($0) }) else { return nil }
                input = number
            case "--list":
                for target in FuzzTarget.all { print(target.name) }
                exit(0)
            default:
                guard let target = FuzzTarget.all.first(where: { $0.name == argument }) else { return nil }
                targets.append(target)
            }
        }
        if targets.isEmpty { targets = FuzzTarget.all }
    }
}

/// Writes a text to stderr.
func complain(_ text: String) {
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
}
