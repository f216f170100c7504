package import AzureBlob
package import Logging
package import Transfer

/// What a run is to do, read and checked as a whole.
package struct Settings: Sendable {
    package var mesh: MESH
    package var storage: Storage
    package var blobs: Blobs
    package var transfer: Transfer
    package var process: Process
    /// Where metrics go; `nil` if they go nowhere.
    package var telemetry: Telemetry?

    /// The mailbox and the way to it.
    package struct MESH: Sendable {
        package var baseURL: ServiceURL
        /// As the user wrote it.
        package var mailboxID: String
        /// The name in the token.
        package var username: String
        package var authentication: Authentication
        package var client: ClientCertificate?
        /// PEM; `nil` for the system's.
        package var caCertificate: String?
        package var workflowFilter: String?
    }

    package enum AuthenticationMode: String, Sendable, CaseIterable {
        case hmac
        case none
    }

    package enum Authentication: Sendable {
        case hmac(password: Secret, sharedKey: Secret)
        /// No Authorization is sent.
        case none
    }

    /// The client's side of mutual TLS.
    package struct ClientCertificate: Sendable {
        /// PEM, with the intermediate ones behind it.
        package var certificates: String
        /// PEM.
        package var key: Secret
        package var keyPassword: Secret?
        /// Whole days until the first of the certificates ends.
        package var expiresInDays: Int
    }

    /// Where blobs go.
    package struct Storage: Sendable {
        package var place: Place
        package var containerName: ContainerName
        package var stateContainerName: ContainerName

        package enum Place: Sendable {
            case account(StorageEndpoint, Credential)
            /// An account as an identity, and the ways to a token that come before this one.
            case identity(StorageEndpoint, TokenSource, passedOver: [IdentityChoice.PassedOver])
            case directory(String)
        }
    }

    /// What blobs are called, and which messages become blobs.
    package struct Blobs: Sendable {
        /// Empty, or a valid start of a blob's name.
        package var prefix: String
        package var bsoCodeSource: BSOSource
        package var reports: TransferOptions.Reports
        package var invalidMessages: TransferOptions.InvalidMessages
    }

    /// How much is done at once, and how often and how long.
    package struct Transfer: Sendable {
        /// Messages in flight.
        package var concurrency: Int
        /// All blocks together, in bytes.
        package var bufferMemory: Int
        package var connectTimeout: Duration
        package var stallTimeout: Duration
        /// Tries of one operation, at least 1.
        package var retryAttempts: Int
        /// At most ``retryMaxDelay``.
        package var retryBaseDelay: Duration
        package var retryMaxDelay: Duration
        package var runDeadline: Duration?
        package var gracePeriod: Duration
    }

    /// Where metrics go, and what they are marked with.
    package struct Telemetry: Sendable {
        package var metricsURL: ServiceURL
        package var headers: [(name: String, value: Secret)]
        /// `nil` for the system's certificates.
        package var certificatePath: String?
        /// At most two seconds.
        package var timeLimit: Duration
        /// Whether counters count from the run before, and not from ever.
        package var countsFromLastRun: Bool
        package var serviceName: String?
        package var resourceAttributes: [(name: String, value: String)]
    }

    /// What concerns the process as such.
    package struct Process: Sendable {
        /// As `TZ` takes it.
        package var timeZone: String
        package var httpsProxy: Secret?
        package var noProxy: String?
        package var logLevel: Logger.Level
        package var logFormat: LogFormat
        /// Whether the log goes to a terminal on which a line can change.
        package var showsProgressLine: Bool
        package var terminationMessage: TerminationMessage
    }
}
