package import Curl
internal import Transfer

/// One way to an access token, with all that it needs.
package struct TokenSource: Sendable {
    /// An application of Microsoft Entra ID, and where its tokens are issued.
    struct Application: Sendable {
        var authority: ServiceURL
        var tenantID: String
        var clientID: String
    }

    enum Way: Sendable {
        case clientSecret(Application, String)
        /// The path of a file.
        case workloadIdentity(Application, String)
        case appService(ServiceURL, header: String, clientID: String?)
        case instanceMetadata(clientID: String?)
    }

    /// What tokens are asked for: the same in every cloud.
    static let resource = "https://storage.azure.com"

    let way: Way

    init(_ way: Way) {
        self.way = way
    }

    package var method: IdentityMethod {
        switch way {
        case .clientSecret: .clientSecret
        case .workloadIdentity: .workloadIdentity
        case .appService: .appService
        case .instanceMetadata: .instanceMetadata
        }
    }

    var clientID: String? {
        switch way {
        case .clientSecret(let application, _), .workloadIdentity(let application, _): application.clientID
        case .appService(_, _, let clientID), .instanceMetadata(let clientID): clientID
        }
    }

    /// Where tokens are asked for.
    var endpoint: ServiceURL {
        switch way {
        case .clientSecret(let application, _), .workloadIdentity(let application, _): application.authority
        case .appService(let endpoint, _, _): endpoint
        case .instanceMetadata: Self.metadataService
        }
    }

    /// The same address on every machine of Azure.
    static let metadataService = ServiceURL("http://169.254.169.254")!

    /// How that place is reached. Services of the machine itself are asked without a proxy, and one that may not be
    /// there is not waited for.
    package func configuration(from usual: ClientConfiguration) -> ClientConfiguration {
        var configuration = usual
        switch way {
        case .clientSecret, .workloadIdentity: break
        case .appService:
            configuration.usesProxies = false
        case .instanceMetadata:
            configuration.usesProxies = false
            configuration.connectTimeout = .seconds(1)
        }
        return configuration
    }
}

extension TokenSource: CustomStringConvertible, CustomReflectable {
    /// The method, and the client id where there is one.
    package var description: String {
        clientID.map { "\(method.rawValue) of the client \($0)" } ?? method.rawValue
    }

    package var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
