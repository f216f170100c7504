/// What an operator can do about an answer of MESH.
enum AnswerAdvice: Sendable, Equatable, CaseIterable {
    case checkAddress
    case checkCredentials
    case checkFilter
    case checkMailbox
    case checkRedirect
    case messageEnded
    case messageMissing

    /// The advice in one sentence.
    var text: String {
        switch self {
        case .checkAddress:
            "Check MESH_BASE_URL, and that it leads to MESH itself."
        case .checkCredentials:
            "Check MESH_MAILBOX_ID, MESH_PASSWORD, MESH_SHARED_KEY, and that the client certificate is this mailbox's."
        case .checkFilter:
            "Check MESH_WORKFLOW_FILTER."
        case .checkMailbox:
            "Check MESH_BASE_URL and MESH_MAILBOX_ID."
        case .checkRedirect:
            "Redirects are not followed; check MESH_BASE_URL."
        case .messageEnded:
            "The message has expired, has failed, or is still being uploaded."
        case .messageMissing:
            "The message is not in this inbox, or a part of it is missing."
        }
    }
}
