import StoreConformance
import Testing

@Suite struct ConformanceTests {
    @Test(arguments: StoreConformance.cases)
    func keeps(_ rule: StoreConformance) async throws {
        try await rule.check(TemporaryDirectory())
    }
}
