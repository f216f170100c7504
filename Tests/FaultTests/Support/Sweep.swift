import Synchronization
import Testing

/// Runs the cases of a sweep, a few at a time, and counts them.
/// - Parameters:
///   - what: for the line with the count.
///   - cases: each as a text that reproduces it.
///   - check: what is wrong with a case; it passes with nothing.
func sweep<Case: Sendable>(
    _ what: String,
    _ cases: [Case],
    atOnce: Int = 3,
    check: @escaping @Sendable (Case) async throws -> Findings
) async throws {
    let start = ContinuousClock.now
    let tally = Tally()
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<atOnce {
            group.addTask {
                while true {
                    let index = tally.next()
                    guard index < cases.count else { return }
                    let findings = try await check(cases[index])
                    if !findings.isEmpty {
                        tally.fail("\(cases[index]): \(findings.joined(separator: "; "))")
                    }
                }
            }
        }
        try await group.waitForAll()
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let failures = tally.failures
    print("\(what): \(cases.count) cases, \(failures.count) failed, \(Int(seconds.rounded())) s")
    #expect(
        failures.isEmpty,
        "\(what): \(failures.count) of \(cases.count)\n\(failures.prefix(5).joined(separator: "\n"))"
    )
}

private final class Tally: Sendable {
    private let started = Atomic(0)
    private let failed = Mutex<[String]>([])

    var failures: [String] { failed.withLock { $0 } }

    /// - Returns: the index of the next case.
    func next() -> Int { started.wrappingAdd(1, ordering: .relaxed).oldValue }

    func fail(_ account: String) {
        failed.withLock { $0.append(account) }
    }
}
