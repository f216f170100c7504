import Synchronization
import TestServers

/// Tells the first request of each kind from its repetitions.
final class FirstOfEach: Sendable {
    private let seen = Mutex<Set<String>>([])

    func isFirst(_ request: HTTPServer.RequestContext) -> Bool {
        seen.withLock { $0.insert("\(request.method) \(request.target)").inserted }
    }
}
