import Logging
import Transfer

extension Check {
    func checkMESH(_ retrier: Retrier, _ report: inout CheckReport) async {
        let url = settings.mesh.baseURL
        let letsUsIn = "MESH lets us in"
        let canBeListed = "the inbox can be listed"
        let isThere = await connect(
            .mesh,
            Services.meshConfiguration(settings),
            url.scheme,
            url.authority,
            "\(url.path)/messageexchange/_ping",
            retrier,
            &report
        )
        guard isThere else { return report.skipped([letsUsIn, canBeListed]) }
        let isIn = await report.prove(letsUsIn) { () async throws(Failure) in
            try await retrier.run { _ async throws(Failure) in try await services.inbox.handshake() }
            return certificateFields
        }
        guard isIn else { return report.skipped([canBeListed]) }
        _ = await report.prove(canBeListed) { () async throws(Failure) in
            let page = try await retrier.run { _ async throws(Failure) in try await services.inbox.page(at: nil) }
            return page.approximateCount.map { ["messages.waiting": .stringConvertible($0)] } ?? [:]
        }
    }

    private var certificateFields: Logger.Metadata {
        var fields: Logger.Metadata = ["mesh.mailbox": "\(settings.mesh.mailboxID)"]
        if let days = settings.mesh.client?.expiresInDays {
            fields["certificate.expires_in_days"] = .stringConvertible(days)
        }
        return fields
    }
}
