internal import Curl
internal import HTTPTypes
internal import Transfer

/// What makes an answer that reports success storage's own (docs/reliability.md has the same as a table): every answer of the
/// Blob service carries an id of its own for the request, and repeats ours.
enum AnswerProof {
    /// What is missing from an answer with the operation's status of success, as it goes on after "an answer that "; `nil` if it
    /// is storage's own.
    static func flaw(in answer: StorageAnswer, of request: StorageRequest, requestID: String) -> String? {
        guard isOwn(answer) else { return noRequestID }
        if isToAnother(answer, requestID) { return toAnotherRequest }
        if request.operation.namesVersion && answer.fields[.eTag] == nil { return "has no ETag" }
        if let leaseID = request.heldLeaseID, answer.fields[.leaseID]?.lowercased() != leaseID.lowercased() {
            return "is about another lease (x-ms-lease-id)"
        }
        if request.operation == .getBlob && !answer.end.isWhole && answer.end != .cutOff {
            return "does not say how long it is"
        }
        return nil
    }

    /// What is missing from an answer with any other status, likewise. What a gateway may say of itself, such as that it does not
    /// let us through, is no claim about a blob; that there is none, or one already, is.
    static func flaw(inRefusal answer: StorageAnswer, requestID: String) -> String? {
        if isToAnother(answer, requestID) { return toAnotherRequest }
        if (200..<300).contains(answer.status) {
            return isOwn(answer) ? "has the status of another operation" : noRequestID
        }
        guard [404, 409, 410, 412].contains(answer.status), !isOwn(answer) else { return nil }
        return answer.errorCode == nil ? noRequestID : nil
    }

    private static let noRequestID = "has no x-ms-request-id"
    private static let toAnotherRequest = "is to another request (x-ms-client-request-id)"

    private static func isToAnother(_ answer: StorageAnswer, _ requestID: String) -> Bool {
        guard let echo = answer.fields[.clientRequestID] else { return false }
        return echo.lowercased() != requestID.lowercased()
    }

    /// Whether the Blob service itself gave an answer, of whatever status.
    static func isOwn(_ answer: StorageAnswer) -> Bool {
        answer.fields[.serviceRequestID] != nil
    }

    /// Whether a creating request may still take effect after this refusal: storage's own refusals say that it was not done, but
    /// for those that it gives when something broke (500).
    static func leavesOpen(_ answer: StorageAnswer) -> Bool {
        !isOwn(answer) || answer.status == 500 || answer.status == 504
    }
}

extension StorageOperation {
    /// Whether the answer names the version of one blob.
    fileprivate var namesVersion: Bool {
        switch self {
        case .putBlob, .replaceBlob, .putBlockList, .getBlobProperties: true
        case .createContainer, .putBlock, .getBlob, .deleteBlob, .acquireLease, .renewLease, .releaseLease: false
        }
    }
}
