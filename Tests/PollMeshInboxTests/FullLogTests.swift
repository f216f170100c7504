import Glibc
import Synchronization
import Testing

@testable import PollMeshInbox

/// What the log does where nobody reads it. No test here would end if a line waited for its reader.
@Suite struct FullLogTests {
    /// Two ends of which one is written to and nobody reads the other.
    struct Ends: CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable () -> (reading: CInt, writing: CInt)

        static let all = [
            Ends(testDescription: "pipe") {
                var ends: [CInt] = [0, 0]
                precondition(pipe(&ends) == 0)
                return (ends[0], ends[1])
            },
            Ends(testDescription: "socket") {
                var ends: [CInt] = [0, 0]
                precondition(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
                return (ends[0], ends[1])
            },
            Ends(testDescription: "terminal") { openTerminal() },
        ]

        private static func openTerminal() -> (reading: CInt, writing: CInt) {
            let reading = open("/dev/ptmx", O_RDWR | O_NOCTTY)
            var (locked, number) = (CInt(0), CInt(0))
            // TIOCSPTLCK, TIOCGPTN
            precondition(reading >= 0 && ioctl(reading, 0x4004_5431, &locked) == 0)
            precondition(ioctl(reading, 0x8004_5430, &number) == 0)
            let writing = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
            precondition(writing >= 0)
            var modes = termios()
            tcgetattr(writing, &modes)
            // A line feed stays one.
            modes.c_oflag &= ~tcflag_t(OPOST)
            tcsetattr(writing, TCSANOW, &modes)
            return (reading, writing)
        }
    }

    private static let width = 1_000

    private static func line(_ number: Int) -> [UInt8] {
        let text = "\(number) "
        return Array(text.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: width - 1 - text.utf8.count) + [10]
    }

    private static func read(_ count: Int, from descriptor: CInt) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            let length = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + received, count - received)
            }
            guard length > 0 else { break }
            received += length
        }
        return Array(bytes[..<received])
    }

    private static func readLine(from descriptor: CInt) -> [UInt8] {
        var line: [UInt8] = []
        while let byte = read(1, from: descriptor).first, byte != 10 { line.append(byte) }
        return line
    }

    private static func numbers(_ bytes: [UInt8]) -> [Int] {
        bytes.split(separator: 10).map { Int(String(decoding: $0.prefix { $0 != 0x20 }, as: UTF8.self)) ?? -1 }
    }

    @Test(arguments: Ends.all) func linesWaitInTheirOrderForAReader(ends: Ends) {
        let (reading, writing) = ends.make()
        let writer = LineWriter(descriptor: writing)
        for number in 0..<3_000 { writer.write(Self.line(number)) }
        #expect(!writer.flush(within: .milliseconds(1)))
        #expect(fcntl(writing, F_GETFL) & O_NONBLOCK == 0, "others share the descriptor, and its flags")
        let bytes = Self.read(3_000 * Self.width, from: reading)
        #expect(bytes == (0..<3_000).flatMap(Self.line))
        #expect(writer.flush(within: .seconds(60)))
        // The pipe has room again, and no thread is needed.
        writer.write(Self.line(3_000))
        #expect(Self.read(Self.width, from: reading) == Self.line(3_000))
        close(reading)
        close(writing)
    }

    @Test func whatFindsNoRoomIsLostAndCounted() throws {
        let (reading, writing) = Ends.all[0].make()
        let writer = LineWriter(descriptor: writing)
        writer.onLoss { Array("lost: \($0)\n".utf8) }
        let count = 6_000
        for number in 0..<count { writer.write(Self.line(number)) }
        var kept = 0
        var lost: Int?
        while lost == nil {
            let line = Self.readLine(from: reading)
            if let text = line.firstRange(of: Array("lost: ".utf8)) {
                lost = Int(String(decoding: line[text.upperBound...], as: UTF8.self))
                #expect(lost != nil)
            } else {
                #expect(line + [10] == Self.line(kept))
                kept += 1
            }
        }
        #expect(kept + (lost ?? 0) == count)
        #expect(kept >= LineQueue.limit / (Self.width + 64))
        writer.write(Self.line(7))
        #expect(Self.readLine(from: reading) + [10] == Self.line(7))
        close(reading)
        close(writing)
    }

    @Test func theLastLineIsTakenHoweverManyWaitAndNoneAfterIt() {
        let (reading, writing) = Ends.all[0].make()
        let writer = LineWriter(descriptor: writing)
        writer.onLoss { _ in Array("-2 lost\n".utf8) }
        for number in 0..<6_000 { writer.write(Self.line(number)) }
        writer.write(Array("-3 last\n".utf8), isLast: true)
        writer.write(Self.line(6_001))
        writer.setStatus("status")
        #expect(!writer.writeLast(Array("-4 last\n".utf8), within: .milliseconds(1)))
        let reader = Mutex<[UInt8]>([])
        let isRead = Latch()
        #expect(
            DetachedThread.start {
                reader.withLock { $0 = Self.read(16 << 20, from: reading) }
                isRead.open()
            }
        )
        #expect(writer.flush(within: .seconds(60)))
        close(writing)
        #expect(isRead.wait(within: .seconds(60)))
        #expect(Self.numbers(reader.withLock { $0 }).suffix(2) == [-2, -3])
        close(reading)
    }

    @Test func aReaderThatGoesWhileLinesWaitEndsTheWaiting() {
        Signals.ignorePipe()
        let (reading, writing) = Ends.all[0].make()
        let writer = LineWriter(descriptor: writing)
        for number in 0..<1_000 { writer.write(Self.line(number)) }
        close(reading)
        #expect(writer.flush(within: .seconds(60)))
        close(writing)
    }

    /// As a disk that hangs.
    @Test func aThreadThatHangsInAWriteHoldsUpNoOther() {
        let written = Mutex<[UInt8]>([])
        let (isHanging, gate) = (Latch(), Latch())
        let send: @Sendable (UnsafeRawBufferPointer) -> Int = { bytes in
            isHanging.open()
            _ = gate.wait(within: nil)
            written.withLock { $0 += bytes }
            return bytes.count
        }
        let writer = LineWriter(LineSink(send: send, sendWaiting: send))
        let isBack = Latch()
        #expect(
            DetachedThread.start {
                writer.write(Array("1\n".utf8))
                isBack.open()
            }
        )
        #expect(isHanging.wait(within: .seconds(60)))
        writer.write(Array("2\n".utf8))
        writer.setStatus("status")
        #expect(!writer.writeLast(Array("3\n".utf8), within: .milliseconds(1)))
        #expect(!writer.flush(within: .milliseconds(1)))
        gate.open()
        #expect(writer.flush(within: .seconds(60)))
        #expect(isBack.wait(within: .seconds(60)))
        let text = written.withLock { String(decoding: $0, as: UTF8.self) }
        #expect(text.hasPrefix("1\n2\n\r\u{1b}[K3\nstatus"))
    }

    @Test func aHangingWriteOfTheLastLineHoldsUpNobody() {
        let gate = Latch()
        let hang: @Sendable (UnsafeRawBufferPointer) -> Int = { bytes in
            _ = gate.wait(within: nil)
            return bytes.count
        }
        let writer = LineWriter(LineSink(send: hang, sendWaiting: hang))
        #expect(!writer.writeLast(Array("last\n".utf8), within: .milliseconds(1)))
        gate.open()
        #expect(writer.flush(within: .seconds(60)))
    }

    @Test func aFileNeedsNoThread() {
        let output = OutputFile()
        let sink = LineSink(descriptor: output.descriptor)
        let writer = LineWriter(
            LineSink(
                send: sink.send,
                sendWaiting: { _ in
                    Issue.record("another thread writes")
                    return -Int(EPIPE)
                }
            )
        )
        for number in 0..<1_000 { writer.write(Self.line(number)) }
        #expect(writer.flush(within: .zero))
        #expect(Self.numbers(output.bytes) == Array(0..<1_000))
    }

    @Test func workThatHangsIsNotWaitedForForLong() {
        let gate = Latch()
        #expect(!DetachedThread.do(within: .milliseconds(1)) { _ = gate.wait(within: nil) })
        gate.open()
        #expect(DetachedThread.do(within: .seconds(60)) {})
    }
}
