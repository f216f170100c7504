import StoreConformance
import Testing

@testable import LocalDirectory

@Suite struct ConformanceTests {
    @Test(arguments: StoreConformance.cases)
    func keeps(_ rule: StoreConformance) async throws {
        try await rule.check(TemporaryDirectory())
    }

    @Test("Keeps the rule where names can only be linked, as on NFS", arguments: StoreConformance.cases)
    func keepsByLinks(_ rule: StoreConformance) async throws {
        try await rule.check(TemporaryDirectory(placements: [.link]))
    }
}
