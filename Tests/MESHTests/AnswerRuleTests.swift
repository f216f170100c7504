import Curl
import HTTPTypes
import Testing
import Transfer

@testable import MESH

/// The table of answers, against one that was written down apart from it.
@Suite struct AnswerRuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var statuses: [Int]
        var kinds: [Failure.Kind]
        /// Words of the advice to each operation; empty for none.
        var advice: [String]

        /// - Parameters:
        ///   - kinds: of handshake, listing, download and acknowledgement, or one for all.
        ///   - advice: the same.
        init(_ statuses: [Int], _ kinds: [Failure.Kind], _ advice: [String] = [""]) {
            self.statuses = statuses
            self.kinds = kinds.count == 1 ? Array(repeating: kinds[0], count: 4) : kinds
            self.advice = advice.count == 1 ? Array(repeating: advice[0], count: 4) : advice
        }

        var testDescription: String { statuses.map(String.init).joined(separator: " ") }
    }

    private static let elsewhere = "MESH_BASE_URL, and that it leads to MESH itself"

    static let cases = [
        Case([408, 425, 429, 500, 502, 503, 504], [.transient]),
        Case([401, 403], [.refused], ["MESH_PASSWORD"]),
        Case(
            [404],
            [.settings, .settings, .gone, .gone],
            ["MESH_BASE_URL and MESH_MAILBOX_ID", "MESH_BASE_URL and MESH_MAILBOX_ID", "not in this inbox", ""]
        ),
        Case([410], [.permanent, .permanent, .gone, .gone], ["", "", "expired", ""]),
        Case([400], [.permanent], [elsewhere, "MESH_WORKFLOW_FILTER", elsewhere, elsewhere]),
        Case(Array(300...399), [.permanent], ["Redirects are not followed"]),
        Case([501] + Array(505...599), [.permanent]),
    ]

    /// Every other status.
    static let others = Case(
        Array(100...599).filter { status in !cases.contains { $0.statuses.contains(status) } },
        [.permanent],
        [elsewhere]
    )

    @Test(arguments: cases + [others])
    func everyAnswerHasItsMeaning(example: Case) {
        for status in example.statuses {
            for (index, operation) in Operation.allCases.enumerated() {
                let answer = Response(status: .init(code: status))
                let failure = Failure(answer: answer, body: [], operation: operation, server: "mesh.example", now: 0)
                #expect(failure.kind == example.kinds[index], "\(status) \(operation)")
                #expect(failure.service == .mesh && failure.status == status && failure.type == "http_\(status)")
                #expect(failure.message == "MESH (mesh.example) answered \(operation.words) with \(status).")
                let words = example.advice[index]
                #expect(
                    words.isEmpty ? failure.advice == nil : failure.advice?.contains(words) == true,
                    "\(status) \(operation): \(failure.advice ?? "")"
                )
            }
        }
    }

    @Test func noTwoRulesAreAboutTheSameAnswer() {
        for status in 0...999 {
            for operation in Operation.allCases {
                #expect(AnswerRule.rules.count { $0.holds(for: status, operation) } <= 1, "\(status) \(operation)")
            }
        }
    }

    /// What may pass is tried again; of the rest nothing is.
    @Test func onlyWhatMayPassIsTriedAgain() {
        let policy = RetryPolicy()
        for status in 100...599 {
            for operation in Operation.allCases {
                let answer = Response(status: .init(code: status))
                let failure = Failure(answer: answer, body: [], operation: operation, server: "mesh.example", now: 0)
                let isTriedAgain = policy.delay(after: failure, failed: 1, stale: 0, random: 0.5) != nil
                #expect(isTriedAgain == [408, 425, 429, 500, 502, 503, 504].contains(status), "\(status)")
            }
        }
    }

    @Test func everyAdviceIsGivenBySomeRule() {
        let given = Set((AnswerRule.rules + [AnswerRule.otherwise]).compactMap(\.advice))
        #expect(given == Set(AnswerAdvice.allCases))
    }
}
