import Glibc
import Synchronization
import Testing

@testable import PollMeshInbox

@Suite struct LineWriterTests {
    private func makePipe() -> (reading: CInt, writing: CInt) {
        var ends: [CInt] = [0, 0]
        precondition(pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    @Test func linesFromManyThreadsAreNeverMixed() async {
        let output = OutputFile()
        let writer = LineWriter(descriptor: output.descriptor)
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for line in 0..<50 {
                        // Longer than what a pipe takes in one piece.
                        writer.write(Array("\(task) \(line) \(String(repeating: "x", count: 5_000)) end\n".utf8))
                    }
                }
            }
        }
        #expect(writer.flush(within: .seconds(60)))
        let lines = output.lines
        #expect(lines.count == 400)
        #expect(Set(lines).count == 400)
        #expect(lines.allSatisfy { $0.hasSuffix(" end") && $0.utf8.count > 5_000 && $0.utf8.count < 5_016 })
    }

    @Test(arguments: [false, true])
    func aSlowReaderGetsEverythingAlsoWhenTheDescriptorDoesNotBlock(isNonBlocking: Bool) async {
        let (reading, writing) = makePipe()
        if isNonBlocking {
            #expect(fcntl(writing, F_SETFL, O_NONBLOCK) == 0)
        }
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000) + [UInt8(ascii: "\n")]
        let writer = LineWriter(descriptor: writing)
        writer.write(line)
        var received = 0
        var piece = [UInt8](repeating: 0, count: 4_096)
        while received < line.count {
            let count = read(reading, &piece, piece.count)
            guard count > 0 else { break }
            received += count
        }
        #expect(received == line.count)
        #expect(writer.flush(within: .seconds(60)))
        close(reading)
        close(writing)
    }

    @Test func aReaderThatIsGoneStopsNothing() {
        Signals.ignorePipe()
        let (reading, writing) = makePipe()
        close(reading)
        let writer = LineWriter(descriptor: writing)
        writer.write(Array("one\n".utf8))
        writer.write(Array("two\n".utf8))
        close(writing)
    }

    @Test func aFullDiskStopsNothing() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        LineWriter(descriptor: full).write(Array("one\n".utf8))
        close(full)
    }

    @Test func aLineThatWasWrittenInPartIsEndedBeforeTheNext() {
        let written = Mutex<[UInt8]>([])
        let answers = Mutex<[Int]>([3, -Int(EINTR), 2, -Int(ENOSPC), -Int(ENOSPC), 1, 100])
        let send: @Sendable (UnsafeRawBufferPointer) -> Int = { bytes in
            let answer = answers.withLock { $0.removeFirst() }
            written.withLock { $0 += bytes.prefix(max(answer, 0)) }
            return min(answer, bytes.count)
        }
        let writer = LineWriter(LineSink(send: send, sendWaiting: send))
        writer.write(Array("first line\n".utf8))
        writer.write(Array("lost for want of room\n".utf8))
        writer.write(Array("third\n".utf8))
        #expect(written.withLock { String(decoding: $0, as: UTF8.self) } == "first\nthird\n")
    }
}
