/// Why one operation against MESH or storage did not succeed, in the terms that the transfer decides by.
///
/// Every adapter turns what its protocol says into this, once, where it knows most. `message` and `advice` are for an
/// operator who reads one line; what they repeat of others is looked through for secrets before it is shown.
package struct Failure: Error, Sendable {
    /// The side that failed.
    package enum Service: String, Sendable, CaseIterable {
        case mesh
        case storage
    }

    /// What can be done about it.
    package enum Kind: Sendable, Equatable {
        /// It may succeed when tried again, after `retryAfter` if that is given.
        case transient
        /// The peer closed an idle connection that the request was about to use: try again at once.
        case staleConnection
        /// Credentials, certificate or role: nothing will work until somebody changes them (status 77).
        case refused
        /// The settings name something that isn't there or can't work (status 78).
        case settings
        /// MESH has no such message any more, or not yet: 404 or 410.
        case gone
        /// The content arrived in full length and does not decode: a second download tells whether the message is at fault.
        case damaged
        /// A second download is not of the same content as the first: the message is to be begun again.
        case contentChanged
        /// The message itself is malformed, by this download; another one tells whether it is at fault.
        case invalidMessage
        /// A blob of that name exists already: look at it before deciding anything.
        case alreadyExists
        /// The staged blocks are gone or unusable: stage again from the start of the message.
        case stagedBlocksLost
        /// A lease is held by another, or was lost.
        case lease
        /// Another run is alive, and this one has nothing to do.
        case locked
        /// It will not succeed for this message, whatever is tried.
        case permanent
        /// The task was cancelled.
        case cancelled
    }

    package var service: Service
    package var kind: Kind
    /// A low-cardinality name for logs and metrics, `error.type`: a code of the service, or a name of ours.
    package var type: String
    /// What happened, in one sentence.
    package var wording: MarkedText
    /// What to do about it, in one sentence.
    package var advice: String?
    /// The HTTP status, where there was an answer.
    package var status: Int?
    /// The service's own id of the request.
    package var requestID: String?
    /// The host that was asked.
    package var server: String?
    /// How long the service asked to wait before another attempt.
    package var retryAfter: Duration?
    /// Whether what was asked for may be done all the same, now or later: the request went out, and no answer of the service
    /// itself says what became of it.
    package var mayTakeEffect = false

    package init(
        service: Service,
        kind: Kind,
        type: String,
        message: MarkedText,
        advice: String? = nil,
        status: Int? = nil,
        requestID: String? = nil,
        server: String? = nil,
        retryAfter: Duration? = nil
    ) {
        self.service = service
        self.kind = kind
        self.type = type
        self.wording = message
        self.advice = advice
        self.status = status
        self.requestID = requestID
        self.server = server
        self.retryAfter = retryAfter
    }
}

extension Failure {
    /// What happened, as one text.
    package var message: String { wording.text }
}

extension Failure: CustomStringConvertible {
    package var description: String {
        guard let advice else { return message }
        return "\(message) \(advice)"
    }
}

extension Failure {
    /// The message itself is malformed.
    /// - Parameters:
    ///   - type: for `error.type`.
    ///   - message: one sentence about "it", the message.
    package static func invalid(_ type: String, _ message: MarkedText) -> Failure {
        Failure(service: .mesh, kind: .invalidMessage, type: type, message: message)
    }

    /// Two downloads of one message differ.
    /// - Parameter message: one sentence about "it", the message.
    package static func contentChanged(_ message: MarkedText) -> Failure {
        Failure(
            service: .mesh,
            kind: .contentChanged,
            type: "content_changed",
            message: message,
            advice:
                "Something between here and MESH may change answers or mix them up, such as a cache or a proxy that "
                + "compresses: ask those who run the network."
        )
    }
}
