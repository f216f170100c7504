import FuzzTargets
import Glibc
import Synchronization

/// Runs targets on inputs of our own making, and says which one it was when the process comes to harm.
enum Generator {
    /// An input that takes longer than this hangs.
    private static let limitSeconds = 5

    /// What a signal handler reads: plain memory.
    nonisolated(unsafe) private static let place = UnsafeMutablePointer<CChar>.allocate(capacity: 256)
    private static let current = Atomic(0)

    static func run(_ target: FuzzTarget, _ arguments: Arguments) {
        snprintf(target, arguments)
        handleSignals()
        watch()
        let mutator = Mutator(target, seed: arguments.seed)
        if let number = arguments.input {
            let input = mutator.input(number)
            print("\(input.count) bytes: \(String(decoding: input, as: UTF8.self).debugDescription)\n\(input)")
            fflush(nil)
            target.run(input)
            return
        }
        let start = ContinuousClock.now
        for number in 0..<arguments.count {
            current.store(number, ordering: .relaxed)
            target.run(mutator.input(number))
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("\(target.name): \(arguments.count) inputs of seed \(arguments.seed), \((seconds * 10).rounded() / 10) s")
        fflush(nil)
    }

    private static func snprintf(_ target: FuzzTarget, _ arguments: Arguments) {
        let text = "\nfuzz: reproduce with: fuzz \(target.name) --seed \(arguments.seed) --input "
        _ = text.withCString { strncpy(place, $0, 255) }
    }

    /// Traps come as SIGILL or SIGTRAP, `fatalError` and hangs as SIGABRT.
    private static func handleSignals() {
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
            var handling = sigaction()
            handling.__sigaction_handler.sa_handler = { number in
                write(STDERR_FILENO, Generator.place, strlen(Generator.place))
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
                    var rest = Generator.current.load(ordering: .relaxed)
                    var start = 23
                    digits[23] = 10
                    repeat {
                        start -= 1
                        digits[start] = UInt8(48 + rest % 10)
                        rest /= 10
                    } while rest > 0
                    write(STDERR_FILENO, digits.baseAddress! + start, 24 - start)
                }
                raise(number)
            }
            handling.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | Int32(SA_NODEFER)
            sigaction(number, &handling, nil)
        }
    }

    private static let watcher: Void = {
        var thread = pthread_t()
        pthread_create(&thread, nil, { _ in Generator.abortWhatHangs() }, nil)
        pthread_detach(thread)
    }()

    private static func watch() {
        _ = watcher
    }

    private static func abortWhatHangs() -> Never {
        var last = -1
        var seconds = 0
        while true {
            sleep(1)
            let number = current.load(ordering: .relaxed)
            seconds = number == last ? seconds + 1 : 0
            last = number
            if seconds >= limitSeconds {
                complain("fuzz: an input takes more than \(limitSeconds) s\n")
                abort()
            }
        }
    }
}
