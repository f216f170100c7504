import Testing

/// Searches the model of two runs exhaustively; docs/reliability.md says what the model has and what it has not.
@Suite struct ModelTests {
    @Test(arguments: Scenario.all)
    func nothingIsLostAndNothingIsStoredTwice(scenario: Scenario) {
        let start = ContinuousClock.now
        let faults = Search.isFast ? scenario.faultCount : 1
        let result = Search.run(Model(scenario), faults: faults)
        print(
            "model: \(scenario.name), \(faults) faults: \(result.states) states, \(result.steps) steps,",
            "\(result.histories) histories, \(ContinuousClock.now - start)"
        )
        if let (kind, history) = result.violation {
            Issue.record("\(kind):\n\(history.map { "  \($0)" }.joined(separator: "\n"))")
        }
    }
}
