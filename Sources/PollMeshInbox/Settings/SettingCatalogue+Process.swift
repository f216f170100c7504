import Logging

extension SettingCatalogue {
    static let secretsDirectory = DefaultedSetting(
        "SECRETS_DIRECTORY",
        .text("the path of a folder"),
        default: "/var/run/secrets/poll-mesh-inbox",
        meaning: "A folder with files named for the settings they hold. From the environment only."
    )
    static let terminationMessagePath = DefaultedSetting(
        "TERMINATION_MESSAGE_PATH",
        .text("the path of a file"),
        default: "/dev/termination-log",
        meaning: "Where the summary is written for Kubernetes, if that is possible."
    )
    static let logLevel = DefaultedSetting(
        "LOG_LEVEL",
        SettingForm<Logger.Level>.choice([
            ("trace", .trace), ("debug", .debug), ("info", .info), ("warning", .warning), ("error", .error),
            ("critical", .critical),
        ]),
        default: "info",
        meaning: "The least level that is logged."
    )
    static let logFormat = OptionalSetting(
        "LOG_FORMAT",
        SettingForm<LogFormat>.word,
        inPlace: "json; text on a terminal",
        meaning: "How the log on stdout looks."
    )
    static let timeZone = DefaultedSetting(
        "TZ",
        .text("the name of an installed time zone, or its rules, like GMT0BST,M3.5.0/1,M10.5.0"),
        default: "UTC0",
        meaning:
            "The time zone of the dates in blob names: a name like Europe/London, or the rules themselves."
    )
    static let httpsProxy = OptionalSetting(
        "HTTPS_PROXY",
        .secret("the URL of a proxy"),
        isSecret: true,
        meaning: "The proxy for https, as curl takes it; a secret since it may hold a password."
    )
    static let noProxy = OptionalSetting(
        "NO_PROXY",
        .text("host names joined by commas"),
        meaning: "The hosts that are asked without the proxy, as curl takes it."
    )
    static let process: [Setting] = [
        secretsDirectory.setting, terminationMessagePath.setting, logLevel.setting, logFormat.setting,
        timeZone.setting, httpsProxy.setting, noProxy.setting,
    ]
}
