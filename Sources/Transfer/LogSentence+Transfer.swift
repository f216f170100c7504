import Logging

extension LogSentence {
    private static let audit = ["messaging.message.id", "blob.name", "blob.length", "blob.sha256"]
    private static let id = ["messaging.message.id"]

    package static let messageStored = LogSentence(
        .info,
        "message stored",
        fields: audit,
        meaning:
            "The audit trail: the blob of a message is committed and the message is acknowledged. Consumers may take the blob now."
    )
    package static let messageDownloaded = LogSentence(
        .info,
        "message downloaded",
        fields: audit,
        meaning: "In a dry run: the message was read and is whole. Nothing was stored or acknowledged."
    )
    static let messageNotAcknowledged = LogSentence(
        .warning,
        "message stored but not acknowledged",
        fields: audit,
        showsFailure: true,
        meaning: "The blob is committed, and MESH did not take the acknowledgement; the next run acknowledges it."
    )
    static let messageFailed = LogSentence(
        .error,
        "message failed and stays in the inbox",
        fields: id,
        showsFailure: true,
        meaning: "The message could not be moved; the next run tries it again."
    )
    static let messageInvalid = LogSentence(
        .error,
        "message is invalid and stays in the inbox",
        fields: id,
        showsFailure: true,
        meaning: "The message itself is malformed; every run will say so until it is gone or quarantined."
    )
    static let messageQuarantined = LogSentence(
        .warning,
        "message is invalid and was quarantined",
        fields: id,
        showsFailure: true,
        meaning: "The malformed message is stored as it came under quarantine/, and is acknowledged."
    )
    static let messageBegunAgain = LogSentence(
        .debug,
        "message begun again",
        fields: id,
        showsFailure: true,
        meaning: "The message is downloaded a second time, for the reason given."
    )
    static let messageListedStill = LogSentence(
        .debug,
        "message was acknowledged before and is listed still",
        fields: id,
        meaning: "MESH takes a while to forget what was acknowledged; it was acknowledged again."
    )
    static let messageGone = LogSentence(
        .info,
        "message of an earlier run is not in the inbox any more",
        fields: id,
        meaning:
            "An earlier run had planned it; MESH has no such message, and no blob of it was found. It was acknowledged and its blob moved on, or it has expired."
    )
    static let messageUnlisted = LogSentence(
        .warning,
        "message of an earlier run is neither listed nor stored",
        fields: id,
        meaning:
            "An earlier run had planned it; MESH gives it out but does not list it, and no blob of it was found. It is left alone."
    )
    static let reportArrived = LogSentence(
        .warning,
        "report: a message that this mailbox sent was not delivered",
        fields: [
            "messaging.message.id", "blob.name", "mesh.status_code", "mesh.status_event", "mesh.status_description",
            "mesh.linked_message_id", "mesh.workflow_id",
        ],
        meaning: "A report of MESH was stored: it is about the message mesh.linked_message_id that this mailbox sent."
    )
    static let reportLeft = LogSentence(
        .info,
        "report left in the inbox",
        fields: id,
        meaning: "REPORTS=leave: the report was neither stored nor acknowledged."
    )
    static let blobGone = LogSentence(
        .warning,
        "blob was there and is gone; the message is stored under another name",
        fields: audit,
        meaning: "Somebody removed a blob while its name was being claimed."
    )
    static let serviceAnswers = LogSentence(
        .warning,
        "several messages failed in a row, and the service answers; the run goes on with other messages",
        fields: ["service"],
        meaning:
            "The failures are about these messages. They stay in the inbox, and the next run begins with others."
    )
    static let leaseLeft = LogSentence(
        .warning,
        "lease left to run out, since a request to storage may still take effect",
        fields: ["blob.name"],
        meaning:
            "A request that creates a blob got no answer. The next run waits up to a minute for the lease, so that nothing is stored twice."
    )
    static let stopAskedFor = LogSentence(
        .warning,
        "stop asked for",
        fields: ["grace_period_s"],
        meaning: "SIGTERM or SIGINT: nothing more is started, and what is in flight has the grace period to finish."
    )
    package static let runEndedEarly = LogSentence(
        .error,
        "run ended early",
        showsFailure: true,
        meaning: "The run as a whole could not go on, for the reason given; no further message was started."
    )
    static let leaseNotReleased = LogSentence(
        .debug,
        "lease not released; it ends by itself",
        showsFailure: true,
        meaning: "The next run may have to wait up to a minute for the journal."
    )
    package static let tryingAgain = LogSentence(
        .debug,
        "trying again",
        fields: ["retry.delay_s", "messaging.message.id"],
        showsFailure: true,
        meaning:
            "A request failed and is repeated after the delay. The id is there where the request is about one message."
    )

    /// All that a transfer says.
    package static let transfer: [LogSentence] = [
        messageStored, messageDownloaded, messageNotAcknowledged, messageFailed, messageInvalid, messageQuarantined,
        messageBegunAgain, messageListedStill, messageGone, messageUnlisted, reportArrived, reportLeft, blobGone,
        serviceAnswers, leaseLeft, stopAskedFor, runEndedEarly, leaseNotReleased, tryingAgain,
    ]
}
