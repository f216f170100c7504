import Foundation
import ProgramFixture
import Synchronization
import TestServers

/// Lets a part of all requests fail in every way of the two protocols' tables.
///
/// What goes wrong with a request follows from the seed, its target without the time, and how often that came: so a seed
/// repeats a storm, although requests come in another order each time.
final class StormFaults: Sendable {
    /// What a fault is called in the count that a storm prints.
    private struct Named {
        var name: String
        var fault: HTTPServer.Fault
    }

    private struct State {
        var seen: [String: Int] = [:]
        var counts: [String: Int] = [:]
        var requests = 0
    }

    private let seed: UInt64
    /// Of a hundred requests.
    private let rate: Int
    private let damaged: [String: HTTPServer.Response]
    private let state = Mutex(State())

    /// - Parameter compressed: ids of messages that are gzip, which are also damaged now and then.
    init(seed: UInt64, rate: Int = 10, compressed: [String]) {
        self.seed = seed
        self.rate = rate
        damaged = Dictionary(uniqueKeysWithValues: compressed.map { ($0, Self.damagedAnswer($0)) })
    }

    /// How often each fault came, and the number of requests.
    var account: String {
        let (counts, requests) = state.withLock { ($0.counts, $0.requests) }
        let list = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return "\(requests) requests, \(counts.values.reduce(0, +)) faults: \(list)"
    }

    func fault(_ request: HTTPServer.RequestContext) -> HTTPServer.Fault? {
        let target = Self.withoutTimes(request.target)
        let key = "\(request.method) \(target)"
        let turn = state.withLock { state in
            state.requests += 1
            state.seen[key, default: 0] += 1
            return state.seen[key]!
        }
        var hash = seed
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var random = SeededGenerator(seed: hash &+ UInt64(turn))
        guard Int.random(in: 0..<100, using: &random) < rate else { return nil }
        let isStorage = request.target.hasPrefix("/devstoreaccount1")
        let named = (isStorage ? storageFaults(request, &random) : meshFaults(request, &random))
            .randomElement(using: &random)!
        state.withLock { $0.counts[named.name, default: 0] += 1 }
        return named.fault
    }

    /// A request that has no target of its own in the next run neither.
    private static func withoutTimes(_ target: String) -> String {
        target.split(separator: "?")[0].replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}/, with: "")
            .replacing(/[0-9]{8}T[0-9]{6}/, with: "")
            + (target.contains("comp=") ? target.replacing(/^.*comp=/, with: "") : "")
    }

    private static func connectionFaults(_ random: inout SeededGenerator) -> [Named] {
        [
            Named(name: "close before", fault: .closeBeforeHandling),
            Named(name: "close after", fault: .closeAfterHandling),
            Named(name: "reset before", fault: .answer(HTTPServer.Response(0, delivery: .reset))),
            Named(name: "reset after", fault: .deliver(.reset)),
            Named(name: "half head", fault: .deliver(.halfHead)),
            Named(name: "cut body", fault: .deliver(.cutBody(after: Int.random(in: 0...2000, using: &random)))),
            Named(name: "stale connection", fault: .deliver(.wholeThenStale)),
        ]
    }

    private func meshFaults(_ request: HTTPServer.RequestContext, _ random: inout SeededGenerator) -> [Named] {
        var faults = Self.connectionFaults(&random)
        let seconds = Int.random(in: 0...1, using: &random)
        faults.append(
            Named(name: "429", fault: .answer(Self.answer(429, "{}", ["Retry-After": "\(seconds)"])))
        )
        let date = "Mon, 23 Nov 2026 15:00:00 GMT"
        faults.append(Named(name: "503 with a date", fault: .answer(Self.answer(503, "busy", ["Retry-After": date]))))
        for status in [408, 425, 500, 502, 504] {
            let body = status == 500 ? #"{"message":""}"# : "<html><body>\(status)</body></html>"
            faults.append(Named(name: "\(status)", fault: .answer(Self.answer(status, body))))
        }
        if request.method == "PUT" {
            faults.append(Named(name: "500 after", fault: .answerAfterHandling(Self.answer(500, #"{"message":""}"#))))
        }
        if let answer = damaged[request.target.split(separator: "/").last.map(String.init) ?? ""] {
            faults.append(Named(name: "damaged gzip", fault: .answerAfterHandling(answer)))
        }
        return faults
    }

    private func storageFaults(_ request: HTTPServer.RequestContext, _ random: inout SeededGenerator) -> [Named] {
        var faults = Self.connectionFaults(&random)
        for (status, code) in [(500, "InternalError"), (503, "ServerBusy"), (429, "TooManyRequests"), (408, "")] {
            let answer = StrictBlobServer.answer(status, code: code, retryAfter: Int.random(in: 0...1, using: &random))
            faults.append(Named(name: "\(status) \(code)", fault: .answer(answer)))
        }
        for status in [502, 504] {
            faults.append(Named(name: "\(status)", fault: .answer(Self.answer(status, "<html></html>"))))
        }
        let late = StrictBlobServer.answer(500, code: "OperationTimedOut")
        faults.append(Named(name: "OperationTimedOut after", fault: .answerAfterHandling(late)))
        if request.contentLength > 1 {
            let cut = Int.random(in: 0..<request.contentLength, using: &random)
            faults.append(Named(name: "close while reading", fault: .closeWhileReading(after: cut)))
            let mismatch = StrictBlobServer.answer(400, code: "Md5Mismatch")
            faults.append(Named(name: "Md5Mismatch", fault: .answer(mismatch)))
        }
        if request.target.hasSuffix("comp=blocklist") {
            let lost = StrictBlobServer.answer(400, code: "InvalidBlockList")
            faults.append(Named(name: "InvalidBlockList", fault: .answer(lost)))
        }
        return faults
    }

    private static func answer(
        _ status: Int,
        _ text: String,
        _ headers: HTTPServer.Headers = [:]
    ) -> HTTPServer.Response {
        HTTPServer.Response(status, headers: headers, body: .text(text))
    }

    /// The message in full length, with one byte in its middle changed.
    private static func damagedAnswer(_ id: String) -> HTTPServer.Response {
        var bytes = gzip(sampleBytes(Message.compressedLength, seed: 7))
        bytes[bytes.count / 2] ^= 0x55
        return HTTPServer.Response(
            200,
            headers: [
                "Content-Type": "application/octet-stream", "Content-Encoding": "gzip", "Mex-MessageID": id,
                "Mex-MessageType": "DATA", "Mex-Chunk-Range": "1:1", "Mex-From": "X26ABC2", "Mex-WorkflowID": "TEST",
            ],
            body: .bytes(bytes)
        )
    }
}
