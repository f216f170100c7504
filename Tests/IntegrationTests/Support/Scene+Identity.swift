import Foundation
import ProgramFixture
import TestServers
import Testing

/// How the program proves who it is to get a token.
enum IdentityWay: CaseIterable {
    case clientSecret
    case workloadIdentity
    case appService
}

extension Scene {
    /// What leads the program to storage as an identity.
    func settings(_ way: IdentityWay, _ tokens: StrictTokenServer) throws -> [String: String?] {
        let options = StrictTokenServer.Options()
        var settings: [String: String?] = [
            "AZURE_STORAGE_CONNECTION_STRING": nil, "AZURE_STORAGE_ACCOUNT_URL": store.endpoint,
            "AZURE_CLIENT_ID": options.clientID, "AZURE_TENANT_ID": options.tenantID,
            "AZURE_AUTHORITY_HOST": tokens.http.baseURL,
        ]
        switch way {
        case .clientSecret: settings["AZURE_CLIENT_SECRET"] = options.clientSecret
        case .workloadIdentity:
            let path = folder.file("token")
            try (FederatedToken(end: tokens.clock.now + 600).text + "\n").write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
            settings["AZURE_FEDERATED_TOKEN_FILE"] = path
        case .appService:
            settings["IDENTITY_ENDPOINT"] = tokens.identityEndpoint
            settings["IDENTITY_HEADER"] = options.identityHeader
        }
        return settings
    }
}

/// Runs with both servers, and a token server whose tokens storage takes.
/// - Parameter lifetime: of a token, in seconds.
func withIdentity(
    _ messages: [MESHMessage] = [MESHMessage("ABC0001", text: "data")],
    lifetime: Int = 3600,
    _ run: (Scene, StrictTokenServer) async throws -> Void
) async throws {
    var options = StrictTokenServer.Options()
    options.lifetime = lifetime
    try await withStrictTokenServer(options: options) { tokens in
        var blobs = StrictBlobServer.Options()
        blobs.issuedTokens = tokens.issued
        try await withScene(messages, blobs: blobs) { scene in try await run(scene, tokens) }
    }
}
