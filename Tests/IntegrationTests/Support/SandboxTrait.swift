import ProgramFixture
import Testing

/// Starts a sandbox before the first test of a suite and stops it after the last one, ``Sandbox/current`` in between.
struct SandboxTrait: SuiteTrait, TestScoping {
    let mailboxes: [String]
    /// Whether it speaks TLS, to clients that have a certificate.
    let isMutualTLS: Bool

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let certificates = isMutualTLS ? try await makeCertificates() : nil
        let sandbox = try await Sandbox(mailboxes: mailboxes, certificates: certificates)
        let result: Result<Void, any Error>
        do {
            result = .success(try await Sandbox.$current.withValue(sandbox) { try await function() })
        } catch {
            result = .failure(error)
        }
        try await sandbox.stop()
        try result.get()
    }
}

extension Sandbox {
    /// The one of the suite that runs.
    @TaskLocal static var current: Sandbox?
}

extension Trait where Self == SandboxTrait {
    /// A sandbox for the suite, with these mailboxes beside its own.
    static func sandbox(mailboxes: String..., isMutualTLS: Bool = false) -> SandboxTrait {
        SandboxTrait(mailboxes: mailboxes, isMutualTLS: isMutualTLS)
    }
}
