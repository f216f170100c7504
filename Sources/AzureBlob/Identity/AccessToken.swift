internal import Transfer

/// An access token and how long it holds. Times are in seconds since 1970.
package struct AccessToken: Sendable {
    /// A secret.
    let text: String
    /// When it ends.
    package let end: Int64
    /// From when on another one is asked for.
    let refresh: Int64

    /// How long before its end another one is asked for, unless its issuer says when, or it is short-lived.
    static let lead: Int64 = 300
    /// How long before its end it is not used any more: a request takes a while, and clocks differ.
    static let margin: Int64 = 10

    /// - Parameters:
    ///   - lifetime: in seconds.
    ///   - refreshIn: when its issuer wants it to be renewed, in seconds from now.
    init(text: String, now: Int64, lifetime: Int64, refreshIn: Int64?) {
        let lifetime = min(max(lifetime, 0), 7 * 86_400)
        let early = lifetime - min(Self.lead, lifetime / 2)
        let asked = refreshIn.flatMap { (1..<max(lifetime, 2)).contains($0) ? $0 : nil }
        self.text = text
        end = now.addingClamped(lifetime)
        refresh = now.addingClamped(asked ?? early)
    }
}

extension AccessToken: CustomStringConvertible, CustomReflectable {
    package var description: String { "access token" }

    package var customMirror: Mirror {
        Mirror(self, children: [])
    }
}

/// What a request does about its token.
enum TokenDecision: Equatable {
    case use
    /// Use it, and have another one fetched meanwhile.
    case useAndRefresh
    /// There is none that could be used.
    case wait

    /// - Parameter now: seconds since 1970.
    init(_ token: AccessToken?, now: Int64) {
        guard let token, now < token.end - AccessToken.margin else {
            self = .wait
            return
        }
        self = now < token.refresh ? .use : .useAndRefresh
    }
}
