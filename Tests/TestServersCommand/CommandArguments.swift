/// What was typed behind `test-servers`.
struct CommandArguments {
    var startsMESH = false
    var startsBlob = false
    var meshPort = 0
    var blobPort = 0
    var mailbox = "X26ABC1"
    var password = "password"
    var sharedKey = "TestKey"
    var container = "mesh-messages"
    var isOnDisk = false
    var messages = 0
    var size = 1024
    var chunks = 1
    var pageCap: Int?
    var keepsRunning = false

    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            switch name {
            case "--mesh": startsMESH = true
            case "--blob": startsBlob = true
            case "--on-disk": isOnDisk = true
            case "--keep-running": keepsRunning = true
            case "--mesh-port": meshPort = try Self.number(name, &rest, 0...65535)
            case "--blob-port": blobPort = try Self.number(name, &rest, 0...65535)
            case "--mailbox": mailbox = try Self.text(name, &rest)
            case "--password": password = try Self.text(name, &rest)
            case "--shared-key": sharedKey = try Self.text(name, &rest)
            case "--container": container = try Self.text(name, &rest)
            case "--messages": messages = try Self.number(name, &rest, 0...10_000_000)
            case "--size": size = try Self.number(name, &rest, 0...Int.max)
            case "--chunks": chunks = try Self.number(name, &rest, 1...100_000)
            case "--page-cap": pageCap = try Self.number(name, &rest, 1...5000)
            default: throw UsageError(description: "unknown argument \(name)")
            }
        }
        if !startsMESH, !startsBlob { (startsMESH, startsBlob) = (true, true) }
    }

    private static func text(_ name: String, _ rest: inout ArraySlice<String>) throws(UsageError) -> String {
        guard let value = rest.popFirst() else { throw UsageError(description: "\(name) needs a value") }
        return value
    }

    private static func number(
        _ name: String,
        _ rest: inout ArraySlice<String>,
        _ allowed: ClosedRange<Int>
    ) throws(UsageError) -> Int {
        let value = try text(name, &rest)
        guard let number = Int(value), allowed.contains(number) else {
            throw UsageError(
                description: "\(name) needs a number within \(allowed.lowerBound) and \(allowed.upperBound)"
            )
        }
        return number
    }
}

/// The command line can't be understood.
struct UsageError: Error, CustomStringConvertible {
    let description: String
}
