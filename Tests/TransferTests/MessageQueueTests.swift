import Testing

@testable import Transfer

struct MessageQueueTests {
    private static func turns(_ ids: ClosedRange<Int>) -> [Turn] {
        ids.map { number in
            let entry = PlanEntry(
                id: MessageID("m\(number)"),
                time: CivilTime(utc: 0),
                ordinal: 0,
                prefix: "",
                source: .messageID
            )
            return Turn(assignment: Assignment(entry: entry, task: .acknowledgeAgain), place: number)
        }
    }

    private static func numbers(_ turns: [Turn]) -> [Int] { turns.map(\.place) }

    private static func takeAll(_ queue: inout MessageQueue, sampling: Int?) -> [Int] {
        var taken: [Turn] = []
        while queue.hasNext(isSampling: sampling != nil),
            let turn = queue.takeNext(sampling: sampling.map { count in { _ in count } })
        {
            #expect(turn.isSample == (sampling != nil))
            taken.append(turn)
        }
        return numbers(taken)
    }

    @Test func messagesComeInInboxOrder() {
        var queue = MessageQueue()
        queue.add(Self.turns(1...4))
        #expect(Self.takeAll(&queue, sampling: nil) == [1, 2, 3, 4])
        queue.add(Self.turns(5...6))
        #expect(Self.takeAll(&queue, sampling: nil) == [5, 6])
    }

    @Test func samplesBeginWithTheLastAndAreSpread() {
        var queue = MessageQueue()
        queue.add(Self.turns(1...8))
        #expect(Self.takeAll(&queue, sampling: 4) == [8, 4, 6, 2])
        #expect(Self.takeAll(&queue, sampling: nil) == [1, 3, 5, 7])
    }

    @Test func whatSamplesPassOverComesBackInOrder() {
        var queue = MessageQueue()
        queue.add(Self.turns(1...4))
        #expect(queue.takeNext(sampling: nil)?.place == 1)
        #expect(Self.takeAll(&queue, sampling: 1) == [4])
        queue.add(Self.turns(5...7))
        #expect(Self.takeAll(&queue, sampling: 1) == [7])
        queue.add(Self.turns(8...8))
        #expect(Self.takeAll(&queue, sampling: nil) == [2, 3, 5, 6, 8])
        #expect(queue.removeAll().isEmpty)
    }

    @Test func aSampleOfEverythingLeavesNothing() {
        var queue = MessageQueue()
        queue.add(Self.turns(1...3))
        #expect(Self.takeAll(&queue, sampling: 16).sorted() == [1, 2, 3])
        #expect(!queue.hasNext(isSampling: false))
        #expect(queue.removeAll().isEmpty)
    }

    @Test func allThatWaitIsGivenUpInOrder() {
        var queue = MessageQueue()
        queue.add(Self.turns(1...4))
        _ = Self.takeAll(&queue, sampling: 1)
        queue.add(Self.turns(5...6))
        #expect(Self.numbers(queue.removeAll()) == [1, 2, 3, 5, 6])
    }

    @Test(arguments: 1...40) func everyPlaceIsSampledOnce(length: Int) {
        #expect(MessageQueue.spread(count: length, over: length).sorted() == Array(0..<length))
    }
}
