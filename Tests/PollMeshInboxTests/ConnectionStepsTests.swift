import Curl
import Testing

@testable import PollMeshInbox

/// What one request shows of the way to a service, step by step.
@Suite struct ConnectionStepsTests {
    private static let now: Int64 = 1_795_446_000

    private static func words(
        _ result: Result<ConnectionReport, CurlError>,
        isSecure: Bool = true,
        showsCertificate: Bool = true
    ) -> [String] {
        ConnectionSteps(name: "MESH", isSecure: isSecure, showsCertificate: showsCertificate)
            .verdicts(result, now: now)
            .map { statement, verdict in
                switch verdict {
                case .passed: "passed: \(statement)"
                case .doubtful: "doubtful: \(statement)"
                case .failed: "failed: \(statement)"
                case .skipped: "skipped: \(statement)"
                }
            }
    }

    private static func error(_ kind: CurlError.Kind, code: Int = 0, text: String = "", isSent: Bool = false)
        -> Result<ConnectionReport, CurlError>
    {
        .failure(CurlError(kind: kind, code: code, text: text, host: "mesh", requestMayHaveBeenSent: isSent))
    }

    @Test func whereEverythingHoldsEachStepPasses() {
        let report = ConnectionReport(
            address: "::1",
            certificates: [],
            status: 404,
            date: "Mon, 23 Nov 2026 15:00:59 GMT"
        )
        #expect(
            Self.words(.success(report)) == [
                "passed: the name of MESH has an address", "passed: MESH answers at its port",
                "passed: the certificate of MESH is trusted", "passed: MESH takes our certificate",
                "passed: our clock agrees with that of MESH",
            ]
        )
        #expect(Self.words(.success(report), isSecure: false).count == 3)
        #expect(
            Self.words(.success(report), showsCertificate: false)[3] == "passed: MESH asks for no certificate of ours"
        )
    }

    @Test(arguments: [nil, "yesterday", "Mon, 23 Nov 2026 14:58:59 GMT", "Mon, 23 Nov 2026 15:01:01 GMT"])
    func clocksThatDifferAreDoubtful(date: String?) {
        let report = ConnectionReport(address: "::1", certificates: [], status: 200, date: date)
        #expect(Self.words(.success(report)).last == "doubtful: our clock agrees with that of MESH")
    }

    @Test(
        arguments: [
            (error(.nameNotResolved), "the name of MESH has an address", 4),
            (error(.notConnected), "MESH answers at its port", 3), (error(.timedOut), "MESH answers at its port", 3),
            (error(.tls, code: 60, text: "certificate has expired"), "the certificate of MESH is trusted", 2),
            (error(.tls, code: 35, text: "wrong version number"), "MESH answers at its port", 3),
            (error(.tls, code: 56, text: "tlsv1 alert unknown ca"), "MESH takes our certificate", 1),
            (error(.connectionLost, isSent: true), "MESH takes our certificate", 1),
            (error(.connectionLost), "MESH answers at its port", 3),
        ] as [(Result<ConnectionReport, CurlError>, String, Int)]
    )
    func aFailureIsThatOfItsStep(result: Result<ConnectionReport, CurlError>, statement: String, skipped: Int) {
        let words = Self.words(result)
        #expect(words.filter { $0.hasPrefix("failed: ") } == ["failed: \(statement)"])
        #expect(words.count { $0.hasPrefix("skipped: ") } == skipped)
    }

    @Test func theLackOfACertificateIsAFailure() {
        let words = Self.words(
            Self.error(.tls, code: 56, text: "tlsv13 alert certificate required"),
            showsCertificate: false
        )
        #expect(words.contains("failed: MESH asks for no certificate of ours"))
    }
}
