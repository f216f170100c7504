import Blocks
import Curl
import Digests
import Logging
import Transfer

/// Proves that a poll would find what it needs, and moves no message. One line says of each thing whether it holds, or
/// what to do.
struct Check {
    let settings: Settings
    let services: Services
    let stop: StopRequest
    let log: RunLog

    /// Looks at everything, or ends when a stop is asked for: there is nothing to finish.
    func run() async -> RunOutcome {
        await withTaskGroup(of: RunOutcome?.self) { group in
            group.addTask { await prove() }
            group.addTask {
                await stop.wait()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? RunOutcome(status: .terminated, outcome: "stopped")
        }
    }

    private func prove() async -> RunOutcome {
        var report = CheckReport(log)
        report.passed("the settings are usable")
        let retrier = Retrier(settings.transfer, services.surroundings, log)
        await checkMESH(retrier, &report)
        await checkStorage(retrier, &report)
        return report.outcome
    }

    /// Looks at the way to a service.
    /// - Returns: whether requests can get there.
    func connect(
        _ service: Failure.Service,
        _ configuration: ClientConfiguration,
        _ scheme: String,
        _ authority: String,
        _ path: String,
        _ retrier: Retrier,
        _ report: inout CheckReport
    ) async -> Bool {
        let steps = ConnectionSteps(
            name: service == .mesh ? "MESH" : "storage",
            isSecure: scheme == "https",
            showsCertificate: configuration.clientCertificate != nil
        )
        let probe = ConnectionProbe(configuration)
        var result: Result<ConnectionReport, CurlError>?
        do throws(Failure) {
            try await retrier.run { _ async throws(Failure) in
                do throws(CurlError) {
                    result = .success(try await probe.ask(scheme, authority, path))
                } catch {
                    result = .failure(error)
                    throw Failure(error, service)
                }
            }
        } catch {
            // It is in the result.
        }
        guard let result else { return false }
        var isThere = true
        for (statement, verdict) in steps.verdicts(result, now: services.surroundings.now()) {
            switch verdict {
            case .passed(let fields):
                report.passed(statement, fields.with(["server.address": "\(authority)"]))
            case .doubtful(let fields, let advice):
                report.doubtful(statement, advice: advice, fields.with(["server.address": "\(authority)"]))
            case .failed(let error):
                isThere = false
                report.failed(statement, Failure(error, service))
            case .skipped:
                report.skipped([statement])
            }
        }
        return isThere
    }
}

extension Failure {
    /// What stands in the way of a first connection.
    fileprivate init(_ error: CurlError, _ service: Service) {
        self.init(
            service: service,
            kind: error.kind == .tls && error.isLastingTLSFailure ? .refused : .transient,
            type: error.typeName,
            message: MarkedText(familiar: error.explanation),
            advice: error.advice,
            server: error.host
        )
    }
}
