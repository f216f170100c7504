/// Which mailbox is polled, where, and as whom.
package struct MailboxConfiguration: Sendable {
    /// What the token is made of.
    package struct Credentials: Sendable {
        /// The name in the token, the mailbox id as a rule.
        package var username: String
        package var password: String
        package var sharedKey: String

        package init(username: String, password: String, sharedKey: String) {
            self.username = username
            self.password = password
            self.sharedKey = sharedKey
        }
    }

    /// What the handshake tells of this client (`Mex-ClientVersion` and its siblings).
    package struct ClientDescription: Sendable {
        package var version: String
        package var osName: String
        package var osVersion: String
        package var osArchitecture: String

        package init(version: String, osName: String, osVersion: String, osArchitecture: String) {
            self.version = version
            self.osName = osName
            self.osVersion = osVersion
            self.osArchitecture = osArchitecture
        }
    }

    /// `http` or `https`
    package var scheme: String
    /// Host and port, as they stand in the URL.
    package var authority: String
    /// What stands before `/messageexchange`, without a slash at its end; empty as a rule.
    package var basePath: String
    package var mailboxID: String
    /// `nil` sends no Authorization.
    package var credentials: Credentials?
    /// As the API takes it, such as `WF*` or `!WF`.
    package var workflowFilter: String?
    /// 10...5000
    package var pageSize: Int
    package var client: ClientDescription
    /// Seconds since 1970.
    package var now: @Sendable () -> Int64

    package init(
        scheme: String,
        authority: String,
        basePath: String = "",
        mailboxID: String,
        credentials: Credentials?,
        workflowFilter: String? = nil,
        pageSize: Int = 5000,
        client: ClientDescription,
        now: @escaping @Sendable () -> Int64
    ) {
        self.scheme = scheme
        self.authority = authority
        self.basePath = basePath
        self.mailboxID = mailboxID
        self.credentials = credentials
        self.workflowFilter = workflowFilter
        self.pageSize = pageSize
        self.client = client
        self.now = now
    }
}
