/// When a token is asked for again, and after how long.
struct TokenRetryRule: Sendable {
    var statuses: ClosedRange<Int>
    /// The wait before the second try, before the third, and so on.
    var waits: [Duration]

    /// What the instance metadata service asks its callers for: "Handling" in "How to use managed identities on a VM to
    /// acquire an access token"; it is updated, and gone (410), for up to 70 seconds.
    static let instanceMetadata: [TokenRetryRule] = [
        TokenRetryRule(statuses: 404...404, waits: usual),
        TokenRetryRule(statuses: 410...410, waits: usual + [.seconds(12.8), .seconds(16), .seconds(20)]),
        TokenRetryRule(statuses: 429...429, waits: usual),
        TokenRetryRule(statuses: 500...599, waits: usual),
    ]

    static let appService: [TokenRetryRule] = [
        TokenRetryRule(statuses: 429...429, waits: usual),
        TokenRetryRule(statuses: 500...599, waits: usual),
    ]

    static let entra: [TokenRetryRule] = [
        TokenRetryRule(statuses: 408...408, waits: short),
        TokenRetryRule(statuses: 429...429, waits: short),
        TokenRetryRule(statuses: 500...599, waits: short),
    ]

    /// Of connections that break, and of refusals that may pass.
    static let short: [Duration] = [.seconds(0.8), .seconds(1.6), .seconds(3.2)]

    private static let usual: [Duration] = [.zero, .seconds(1.6), .seconds(3.2), .seconds(6.4), .seconds(12.8)]

    static func rules(for method: IdentityMethod) -> [TokenRetryRule] {
        switch method {
        case .clientSecret, .workloadIdentity: entra
        case .appService: appService
        case .instanceMetadata: instanceMetadata
        }
    }

    /// The waits after a status; none where it is final.
    static func waits(after status: Int, method: IdentityMethod) -> [Duration] {
        rules(for: method).first { $0.statuses.contains(status) }?.waits ?? []
    }
}
