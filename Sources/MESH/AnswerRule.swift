import Transfer

/// What an answer other than success means, by its status and by what was asked.
struct AnswerRule: Sendable {
    var statuses: [ClosedRange<Int>]
    var operations: [Operation] = Operation.allCases
    var kind: Failure.Kind
    var advice: AnswerAdvice?

    func holds(for status: Int, _ operation: Operation) -> Bool {
        operations.contains(operation) && statuses.contains { $0.contains(status) }
    }

    /// The rule of an answer: of ``rules``, in which no two say something about the same answer, or ``otherwise``.
    static func rule(for status: Int, _ operation: Operation) -> AnswerRule {
        rules.first { $0.holds(for: status, operation) } ?? otherwise
    }

    /// The calls and errors of the API specification (NHSDigital/mesh-api-specification), and what stands before MESH.
    static let rules: [AnswerRule] = [
        // What may pass.
        .init(statuses: [408...408, 425...425, 429...429], kind: .transient),
        .init(statuses: [500...500, 502...504], kind: .transient),

        // Another password, key, clock, mailbox or certificate.
        .init(statuses: [401...401, 403...403], kind: .refused, advice: .checkCredentials),

        // No such mailbox, or nobody who knows of mailboxes.
        .init(statuses: [404...404], operations: [.handshake, .list], kind: .settings, advice: .checkMailbox),
        .init(statuses: [410...410], operations: [.handshake, .list], kind: .permanent),

        // No such message, or none any more, or not yet.
        .init(statuses: [404...404], operations: [.download], kind: .gone, advice: .messageMissing),
        .init(statuses: [410...410], operations: [.download], kind: .gone, advice: .messageEnded),
        .init(statuses: [404...404, 410...410], operations: [.acknowledge], kind: .gone),

        .init(statuses: [400...400], operations: [.list], kind: .permanent, advice: .checkFilter),
        .init(statuses: [300...399], kind: .permanent, advice: .checkRedirect),
        .init(statuses: [501...501, 505...599], kind: .permanent),
    ]

    /// Of an answer that no rule is about.
    static let otherwise = AnswerRule(statuses: [0...999], kind: .permanent, advice: .checkAddress)
}
