internal import Transfer

/// What a code of Microsoft Entra ID means here ("Microsoft Entra authentication and authorization error codes").
struct EntraErrorRule: Sendable {
    var kind: Failure.Kind
    var advice: IdentityAdvice
    /// Whether a right configuration meets it now and then, so that another try or two is worth it.
    var mayPass = false

    static let rules: [String: EntraErrorRule] = [
        "AADSTS700016": .init(kind: .settings, advice: .checkClient),
        "AADSTS7000112": .init(kind: .refused, advice: .enableApplication),
        "AADSTS7000114": .init(kind: .refused, advice: .enableApplication),
        "AADSTS500011": .init(kind: .settings, advice: .checkAuthority),
        "AADSTS90002": .init(kind: .settings, advice: .checkTenant),
        "AADSTS900023": .init(kind: .settings, advice: .checkTenant),
        "AADSTS900021": .init(kind: .settings, advice: .checkTenant),
        "AADSTS900382": .init(kind: .settings, advice: .checkAuthority),
        "AADSTS900432": .init(kind: .settings, advice: .checkAuthority),
        "AADSTS90038": .init(kind: .settings, advice: .checkAuthority),
        "AADSTS53003": .init(kind: .refused, advice: .conditionalAccess),

        "AADSTS7000215": .init(kind: .refused, advice: .checkSecret),
        "AADSTS7000222": .init(kind: .refused, advice: .renewSecret),

        "AADSTS70021": .init(kind: .refused, advice: .addFederatedCredential, mayPass: true),
        "AADSTS700211": .init(kind: .refused, advice: .addFederatedCredential, mayPass: true),
        "AADSTS700212": .init(kind: .refused, advice: .addFederatedCredential, mayPass: true),
        "AADSTS700213": .init(kind: .refused, advice: .addFederatedCredential, mayPass: true),
        "AADSTS700024": .init(kind: .refused, advice: .renewAssertion, mayPass: true),
        "AADSTS50027": .init(kind: .refused, advice: .checkAssertion),
        "AADSTS700027": .init(kind: .refused, advice: .checkAssertion),
        "AADSTS5002738": .init(kind: .refused, advice: .checkAssertion),
        "AADSTS50166": .init(kind: .transient, advice: .askLater, mayPass: true),

        "AADSTS50033": .init(kind: .transient, advice: .askLater, mayPass: true),
        "AADSTS50196": .init(kind: .transient, advice: .askLater, mayPass: true),
        "AADSTS90033": .init(kind: .transient, advice: .askLater, mayPass: true),
        "AADSTS90055": .init(kind: .transient, advice: .askLater, mayPass: true),
    ]
}
