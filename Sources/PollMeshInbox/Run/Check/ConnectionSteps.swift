import Curl
import Digests
import Logging
import Transfer

/// What one request shows of the way to a service, step by step: its name, its port, both certificates, its clock.
struct ConnectionSteps {
    enum Verdict {
        case passed(Logger.Metadata)
        case doubtful(Logger.Metadata, advice: String)
        case failed(CurlError)
        case skipped
    }

    /// As it is called in sentences.
    let name: String
    let isSecure: Bool
    let showsCertificate: Bool

    /// The statements that are looked at, in their order.
    var statements: [String] {
        var statements = ["the name of \(name) has an address", "\(name) answers at its port"]
        if isSecure {
            statements.append("the certificate of \(name) is trusted")
            statements.append(
                showsCertificate ? "\(name) takes our certificate" : "\(name) asks for no certificate of ours"
            )
        }
        return statements + ["our clock agrees with that of \(name)"]
    }

    /// How many seconds clocks may differ without a word.
    static let skewLimit: Int64 = 60

    /// Says what holds and what does not.
    /// - Parameter now: when the answer came, in seconds since 1970.
    func verdicts(_ result: Result<ConnectionReport, CurlError>, now: Int64) -> [(statement: String, Verdict)] {
        let all = statements
        switch result {
        case .success(let report):
            var verdicts: [Verdict] = [.passed(["network.peer.address": "\(report.address)"]), .passed([:])]
            if isSecure { verdicts += [.passed(Self.fields(of: report.certificates, now: now)), .passed([:])] }
            return Array(zip(all, verdicts + [clock(report.date, now: now)]))
        case .failure(let error):
            let failing = min(step(of: error), all.count - 1)
            return all.enumerated().map { index, statement in
                (statement, index < failing ? .passed([:]) : index == failing ? .failed(error) : .skipped)
            }
        }
    }

    /// The number of the statement that an error is about.
    private func step(of error: CurlError) -> Int {
        if error.kind == .nameNotResolved { return 0 }
        guard let failure = error.tlsFailure else {
            // With TLS 1.3 the server looks at our certificate when the handshake is over for us.
            let isAfterHandshake = isSecure && showsCertificate && error.requestMayHaveBeenSent
            return isAfterHandshake && error.kind == .connectionLost ? 3 : 1
        }
        switch failure {
        case .notTLS: return 1
        case .clientMissing, .clientUnknownAuthority, .clientExpired, .clientRevoked, .clientRefused:
            return 3
        default: return 2
        }
    }

    private func clock(_ date: String?, now: Int64) -> Verdict {
        guard let time = date.flatMap({ HTTPDate.parse($0) }) else {
            return .doubtful([:], advice: "\(name) does not say what time it is, so that clocks can't be compared.")
        }
        let skew = now - time
        let fields: Logger.Metadata = ["clock.skew_s": .stringConvertible(skew)]
        guard abs(skew) > Self.skewLimit else { return .passed(fields) }
        let direction = skew > 0 ? "ahead of" : "behind"
        return .doubtful(
            fields,
            advice: "Set this machine's clock: it is \(abs(skew)) seconds \(direction) that of \(name). MESH takes two "
                + "hours, storage 15 minutes."
        )
    }

    private static func fields(of certificates: [[UInt8]], now: Int64) -> Logger.Metadata {
        let chain = certificates.compactMap { try? Certificate.all(pem: $0).first }
        guard let own = chain.first else { return [:] }
        return [
            "tls.server.subject": "\(own.subject)",
            "tls.server.issuer": "\(own.issuer)",
            "tls.server.chain_length": .stringConvertible(chain.count),
            "tls.server.expires_in_days": .stringConvertible(chain.map { $0.days(from: now) }.min() ?? 0),
        ]
    }
}
