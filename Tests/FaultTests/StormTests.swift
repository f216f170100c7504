import Foundation
import ProgramFixture
import Synchronization
import TestServers
import Testing

/// Thousands of messages while one request of ten fails, each time in another way.
@Suite(.timeLimit(.minutes(10))) struct StormTests {
    private static let seed = ProgramFixture.Place.variable("STORM_SEED").flatMap(UInt64.init)
    private static let count = ProgramFixture.Place.variable("STORM_MESSAGES").flatMap(Int.init) ?? 5_000
    private static let runLimit = 8

    @Test(arguments: Stage.Place.allCases)
    func aStormLosesNothingAndStoresNothingTwice(_ place: Stage.Place) async throws {
        let first = Self.seed ?? .random(in: 0..<1_000_000)
        // Of three seeds in a row, one ends the lease all at once.
        for seed in first...first + (Self.seed == nil ? 2 : 0) {
            print("storm, \(place): STORM_SEED=\(seed)")
            try await run(place, seed)
        }
    }

    private func run(_ place: Stage.Place, _ seed: UInt64) async throws {
        let start = ContinuousClock.now
        let storm = try Storm(place, seed: seed, count: Self.count)
        var peak = 0
        var statuses: [Int32] = []
        // 65: nothing but invalid messages is left.
        while statuses.count < Self.runLimit, statuses.last != 65 {
            let run = try await storm.stage.run(["CONCURRENCY": "16"])
            statuses.append(run.status ?? -1)
            #expect([65, 75].contains(run.status), "STORM_SEED=\(seed): \(run.account)")
            peak = max(peak, run.ending.peakMemory)
            // A run whose release of the lease failed leaves it to its end.
            storm.stage.clock.advance(by: 61)
        }
        #expect(statuses.last == 65, "STORM_SEED=\(seed): \(statuses)")
        #expect(storm.waiting == [], "STORM_SEED=\(seed)")
        #expect(storm.findings.prefix(5) == [], "STORM_SEED=\(seed)")
        #expect(peak < 48 << 20, "STORM_SEED=\(seed): \(peak >> 20) MiB")
        storm.stage.setFault(nil)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("storm, \(place): \(storm.faults.account)")
        print("storm, \(place): statuses \(statuses), \(peak >> 20) MiB at most, \(Int(seconds.rounded())) s")
    }
}

/// A stage in a storm.
private final class Storm: Sendable {
    /// When a message grows too old.
    private enum Expiry {
        case beforeItIsStored
        case beforeItIsAcknowledged
    }

    let stage: Stage
    let faults: StormFaults
    private let invalid: Set<String>
    private let expiring: [String: Expiry]

    init(_ place: Stage.Place, seed: UInt64, count: Int) throws {
        var random = SeededGenerator(seed: seed)
        var messages: [Message] = [.invalid()]
        var compressed: [String] = []
        var expiring: [String: Expiry] = [:]
        for index in 0..<count {
            // About two hundred BSOs, whose names collide again and again.
            let code = Int.random(in: 100..<300, using: &random)
            let number = String(10_000 + index)
            let id = "\(code)-\(number)"
            switch Int.random(in: 0..<1_000, using: &random) {
            case 0..<50:
                messages.append(.compressed(id))
                compressed.append(id)
            case 50..<53: messages.append(.chunked(id, length: 2_300_000, chunks: 3))
            case 53..<65: messages.append(.report(id))
            case 65..<70: messages.append(.invalid("-\(number)"))
            case 70..<75:
                messages.append(.plain(id))
                expiring[id] = .beforeItIsStored
            case 75..<80:
                messages.append(.plain(id))
                expiring[id] = .beforeItIsAcknowledged
            default:
                let length = Int.random(in: 0...2_000, using: &random)
                messages.append(.plain(id, String(repeating: "\(number)\n", count: length / 6)))
            }
        }
        var options = StrictMESHServer.Options()
        options.pageCap = 1_000
        options.lag = Int.random(in: 0...2, using: &random)
        options.servesAcknowledged = Bool.random(using: &random)
        options.duplicatedIDs = Set((0..<200).compactMap { _ in messages.randomElement(using: &random)?.id })
        stage = try Stage(place, messages, options: options)
        stage.blobs.update { $0.wrongCRCs = 2 }
        faults = StormFaults(seed: seed, compressed: compressed)
        invalid = Set(messages.filter { $0.expected == .leftBehind }.map(\.id))
        self.expiring = expiring

        // In some storms the lease is gone all at once, as after a pause of the machine.
        let leaseEnds = seed % 3 == 0 ? Int.random(in: count / 2...count, using: &random) : nil
        let requests = Count()
        stage.setFault { [stage, faults, expiring] request in
            if requests.add() == leaseEnds { stage.clock.advance(by: 61) }
            Self.expire(request, expiring, stage.mesh)
            return faults.fault(request)
        }
    }

    private static func expire(
        _ request: HTTPServer.RequestContext,
        _ expiring: [String: Expiry],
        _ mesh: StrictMESHServer
    ) {
        let parts = request.target.split(separator: "/")
        guard parts.count > 3, parts[0] == "messageexchange", let expiry = expiring[String(parts[3])] else { return }
        switch expiry {
        case .beforeItIsStored where request.method == "GET": mesh.expire(String(parts[3]))
        case .beforeItIsAcknowledged where request.method == "PUT": mesh.expire(String(parts[3]))
        default: break
        }
    }

    /// What is left in the inbox and should not be.
    var waiting: [String] { stage.mesh.waiting().filter { !invalid.contains($0) } }

    /// What is wrong, besides what follows from a message's age.
    var findings: Findings {
        let early = expiring.filter { $0.value == .beforeItIsStored }.keys
        let late = expiring.filter { $0.value == .beforeItIsAcknowledged }.keys
        let expected = Set(
            early.flatMap { ["\($0) is lost", "\($0) is not acknowledged"] } + late.map { "\($0) is not acknowledged" }
        )
        let found = stage.findings()
        return found.filter { !expected.contains($0) && !$0.hasPrefix("names are not in inbox order") }
    }
}
