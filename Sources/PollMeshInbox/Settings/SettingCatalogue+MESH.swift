extension SettingCatalogue {
    static let meshBaseURL = DefaultedSetting(
        "MESH_BASE_URL",
        .serviceURL,
        default: "https://localhost:8700",
        meaning: "Where MESH is, without /messageexchange."
    )
    static let meshMailboxID = DefaultedSetting(
        "MESH_MAILBOX_ID",
        .mailboxID,
        default: "X26ABC1",
        meaning: "The mailbox to take messages from."
    )
    static let meshUsername = OptionalSetting(
        "MESH_USERNAME",
        .username,
        inPlace: "the mailbox id",
        meaning: "The name in the authorization token, where it differs from the mailbox id."
    )
    static let meshPassword = OptionalSetting(
        "MESH_PASSWORD",
        .secret(),
        isSecret: true,
        meaning: "The mailbox's password. Goes with MESH_SHARED_KEY."
    )
    static let meshSharedKey = OptionalSetting(
        "MESH_SHARED_KEY",
        .secret(),
        isSecret: true,
        meaning: "The environment's shared key, which signs the tokens. Goes with MESH_PASSWORD."
    )
    static let meshAuthentication = OptionalSetting(
        "MESH_AUTHENTICATION",
        SettingForm<Settings.AuthenticationMode>.word,
        inPlace: "hmac",
        meaning: """
            hmac signs every request; none sends no Authorization, for a sandbox without authentication. \
            Without the two secrets none is assumed for a loopback host, with a warning.
            """
    )
    static let meshClientCertificate = OptionalSetting(
        "MESH_CLIENT_CERTIFICATE",
        .certificates,
        meaning:
            "The client certificate for mutual TLS, and the intermediate ones behind it. Goes with MESH_CLIENT_KEY."
    )
    static let meshClientKey = OptionalSetting(
        "MESH_CLIENT_KEY",
        .privateKey,
        isSecret: true,
        meaning: "The private key of the client certificate."
    )
    static let meshClientKeyPassword = OptionalSetting(
        "MESH_CLIENT_KEY_PASSWORD",
        .secret(),
        isSecret: true,
        meaning: "The passphrase of MESH_CLIENT_KEY, where it is encrypted."
    )
    static let meshCACertificate = OptionalSetting(
        "MESH_CA_CERTIFICATE",
        .certificates,
        inPlace: "the system's, or those of SSL_CERT_FILE",
        meaning: "The certificates that MESH's own is checked against."
    )
    static let meshWorkflowFilter = OptionalSetting(
        "MESH_WORKFLOW_FILTER",
        .workflowFilter,
        inPlace: "every workflow",
        meaning: "Takes only messages of matching workflow ids: X, !X, X*, !X*, *X* or !*X*."
    )

    static let mesh: [Setting] = [
        meshBaseURL.setting, meshMailboxID.setting, meshUsername.setting, meshPassword.setting, meshSharedKey.setting,
        meshAuthentication.setting, meshClientCertificate.setting, meshClientKey.setting, meshClientKeyPassword.setting,
        meshCACertificate.setting, meshWorkflowFilter.setting,
    ]
}
