import Testing

@testable import Transfer

struct CircuitBreakerTests {
    private static func fail(
        _ breaker: inout CircuitBreaker,
        _ count: Int,
        _ service: Failure.Service = .mesh,
        _ kind: Failure.Kind = .transient,
        isSample: Bool = false,
        now: Duration = .zero
    ) -> [CircuitBreaker.Verdict] {
        (0..<count).map { _ in breaker.failed(.test(kind, service: service), isSample: isSample, now: now) }
    }

    @Test func aFewFailuresRaiseNoSuspicion() {
        var breaker = CircuitBreaker()
        #expect(Self.fail(&breaker, 4) == [.goOn, .goOn, .goOn, .goOn])
        #expect(breaker.samples == nil)
        breaker.succeeded()
        #expect(Self.fail(&breaker, 4).last == .goOn)
    }

    @Test func fiveFailuresInARowAskTheServiceAndTryOthers() {
        var breaker = CircuitBreaker()
        #expect(Self.fail(&breaker, 5).last == .suspect)
        #expect(breaker.samples?.most(500) == 62)
        #expect(Self.fail(&breaker, 4).allSatisfy { $0 == .goOn })
        #expect(Self.fail(&breaker, 1) == [.suspect])
    }

    /// It may have been on its way before the service went down.
    @Test func theSuccessOfAMessageBegunBeforeShowsNothing() {
        var breaker = CircuitBreaker()
        _ = Self.fail(&breaker, 5)
        breaker.succeeded()
        #expect(breaker.samples == nil)
        _ = Self.fail(&breaker, 5)
        #expect(breaker.samples != nil)
    }

    @Test func oneSampleThatSucceedsShowsThatTheMessagesAreAtFault() {
        var breaker = CircuitBreaker()
        _ = Self.fail(&breaker, 5)
        breaker.succeeded(isSample: true)
        _ = Self.fail(&breaker, 2_000, isSample: true)
        #expect(breaker.samples == nil)
        #expect(breaker.outage() == nil)
    }

    @Test func samplesThatAllFailShowAnOutage() {
        var breaker = CircuitBreaker()
        _ = Self.fail(&breaker, 5)
        _ = Self.fail(&breaker, 26, isSample: true)
        #expect(breaker.outage() == nil)
        _ = Self.fail(&breaker, 1, isSample: true)
        #expect(breaker.outage()?.service == .mesh)
    }

    @Test func storageTakesFewerSamples() {
        var breaker = CircuitBreaker()
        _ = Self.fail(&breaker, 5, .storage)
        #expect(breaker.samples?.most(500) == 4)
        _ = Self.fail(&breaker, 3, .storage, isSample: true)
        #expect(breaker.outage()?.service == .storage)
        #expect(Self.fail(&breaker, 29, .storage, isSample: true).last == .endRun)
    }

    @Test(arguments: [Failure.Kind.refused, .settings]) func storageThatRefusesEndsTheRun(kind: Failure.Kind) {
        var breaker = CircuitBreaker()
        #expect(Self.fail(&breaker, 5, .storage, kind) == [.goOn, .goOn, .goOn, .goOn, .endRun])
    }

    @Test func aLongDroughtEndsTheRun() {
        var breaker = CircuitBreaker()
        _ = Self.fail(&breaker, 5)
        #expect(Self.fail(&breaker, 1, now: .seconds(299)) == [.goOn])
        #expect(Self.fail(&breaker, 1, now: .seconds(300)) == [.endRun])
    }

    @Test func whatIsWrongWithOneMessageIsNoOutage() {
        var breaker = CircuitBreaker()
        #expect(Self.fail(&breaker, 100, .mesh, .permanent).allSatisfy { $0 == .goOn })
    }
}
