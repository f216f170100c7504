/// Ends a run whose other side is down: after so many messages in a row that failed on one side, each tried as often as
/// the policy says, no message is started any more. A single failure never stops the others.
struct Circuit: Sendable {
    static let limit = 5

    private var consecutive: [Failure.Service: Int] = [:]

    /// A message was moved: both sides work.
    mutating func succeeded() {
        consecutive.removeAll(keepingCapacity: true)
    }

    /// - Returns: true if the run has to end.
    mutating func failed(_ failure: Failure) -> Bool {
        switch failure.kind {
        case .transient, .staleConnection, .refused, .settings:
            consecutive[failure.service, default: 0] += 1
            return consecutive[failure.service]! >= Self.limit
        default:
            return false
        }
    }
}
