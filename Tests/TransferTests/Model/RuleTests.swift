import Testing

/// Shows what each rule, and each assumption, is for: a shortest history that breaks a promise without it.
@Suite(.enabled(if: Search.isFast, "a search without optimisation takes too long"))
struct RuleTests {
    @Test(arguments: Rule.allCases.filter { $0.purpose != .none })
    func leavingOutARuleBreaksAPromise(rule: Rule) {
        let drains = rule.purpose == .smallJournal
        let found = Self.shortest { Model($0, without: [rule], drains: drains) }
        Self.print("left out: \(rule.testDescription)", found)
        #expect(found != nil, "no history shows what the rule is for")
    }

    /// These are followed all the same: should another rule fail, they make it harmless.
    @Test(arguments: Rule.allCases.filter { $0.purpose == .none })
    func aSecondDefenceIsNotNeededWhileTheOthersHold(rule: Rule) {
        for scenario in Scenario.small {
            let result = Search.run(Model(scenario, without: [rule]), faults: 2)
            #expect(result.violation == nil, "\(rule.testDescription): \(scenario.name) needs it")
        }
    }

    @Test(arguments: Assumption.allCases)
    func droppingAnAssumptionBreaksAPromise(assumption: Assumption) {
        let found = Self.shortest { Model($0, dropping: assumption, drains: false) }
        Self.print("dropped: \(assumption.testDescription)", found)
        #expect(found != nil, "no history shows what the assumption is for")
    }

    private typealias Found = (scenario: Scenario, faults: Int, violation: Violation, history: [Event])

    /// The shortest violating history of those with the fewest faults.
    private static func shortest(_ model: (Scenario) -> Model) -> Found? {
        for faults in 0...3 {
            var best: Found?
            for scenario in Scenario.small {
                let model = model(scenario)
                guard let (kind, history) = Search.run(model, faults: faults).violation else { continue }
                if best == nil || history.count < best!.history.count { best = (model.scenario, faults, kind, history) }
            }
            if let best { return best }
        }
        return nil
    }

    private static func print(_ title: String, _ found: Found?) {
        guard let found else { return }
        let history = found.history.map { "    \($0)\n" }.joined()
        Swift.print("\(title)\n  \(found.violation), \(found.faults) faults, \(found.scenario.name)\n\(history)")
    }
}
