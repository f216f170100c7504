import Transfer

extension SettingCatalogue {
    static let blobPrefix = OptionalSetting(
        "BLOB_PREFIX",
        .blobPrefix,
        meaning: "Put before every blob name, for example X26ABC1/."
    )
    static let bsoCodeSource = DefaultedSetting(
        "BSO_CODE_SOURCE",
        SettingForm<BSOSource>.word,
        default: "message-id",
        meaning:
            """
            What the BSO code in a blob's name is taken from: its first three characters. Message ids of the live MESH \
            start with a date, so set file-name there.
            """
    )
    static let reports = DefaultedSetting(
        "REPORTS",
        SettingForm<TransferOptions.Reports>.word,
        default: "store",
        meaning: "Whether reports about undelivered messages are stored, or left in the inbox."
    )
    static let invalidMessages = DefaultedSetting(
        "INVALID_MESSAGES",
        SettingForm<TransferOptions.InvalidMessages>.word,
        default: "skip",
        meaning:
            "skip leaves a malformed message in the inbox; quarantine stores it under quarantine/ and acknowledges it."
    )
    static let concurrency = DefaultedSetting(
        "CONCURRENCY",
        .count(1...1_024),
        default: "16",
        meaning:
            "How many messages are downloaded and stored at a time; as many again may be on their way out of the inbox."
    )
    static let bufferMemory = OptionalSetting(
        "BUFFER_MEMORY",
        .size(8 << 20...64 << 30),
        inPlace: "half the cgroup's memory limit, within 8Mi to 32Mi",
        meaning: "The memory that the content of messages in flight may take, all together."
    )
    static let connectTimeout = DefaultedSetting(
        "CONNECT_TIMEOUT",
        .duration(.milliseconds(1) ... .seconds(3_600)),
        default: "10s",
        meaning: "How long a connection may take to be made."
    )
    static let stallTimeout = DefaultedSetting(
        "STALL_TIMEOUT",
        .duration(.seconds(1) ... .seconds(3_600)),
        default: "60s",
        meaning:
            "How long a transfer may stand still, or wait for an answer, before it is given up and tried again. In all a request "
            + "may take twice that, and a second for each KiB."
    )
    static let retryAttempts = DefaultedSetting(
        "RETRY_ATTEMPTS",
        .count(1...100),
        default: "5",
        meaning: "How often a request is tried, the first time included."
    )
    static let retryBaseDelay = DefaultedSetting(
        "RETRY_BASE_DELAY",
        .duration(.milliseconds(1) ... .seconds(3_600)),
        default: "200ms",
        meaning:
            "The longest wait before the second try. It doubles with each further one; the wait is a random part of it."
    )
    static let retryMaxDelay = DefaultedSetting(
        "RETRY_MAX_DELAY",
        .duration(.milliseconds(1) ... .seconds(3_600)),
        default: "30s",
        meaning: "The longest wait between two tries, unless the service asks for more."
    )
    static let runDeadline = OptionalSetting(
        "RUN_DEADLINE",
        .duration(.seconds(1) ... .seconds(7 * 86_400)),
        inPlace: "none",
        meaning:
            "How long a run may take, whatever it waits for. In the last GRACE_PERIOD of it, or its second half, no message is begun."
    )
    static let gracePeriod = DefaultedSetting(
        "GRACE_PERIOD",
        .duration(.zero ... .seconds(3_600)),
        default: "20s",
        meaning: "How long messages in flight may take to finish after SIGTERM. The run has ended a second after that."
    )

    static let blobs: [Setting] = [
        blobPrefix.setting, bsoCodeSource.setting, reports.setting, invalidMessages.setting,
    ]

    static let run: [Setting] = [
        concurrency.setting, bufferMemory.setting, connectTimeout.setting, stallTimeout.setting,
        retryAttempts.setting, retryBaseDelay.setting, retryMaxDelay.setting, runDeadline.setting,
        gracePeriod.setting,
    ]
}
