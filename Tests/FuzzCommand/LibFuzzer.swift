#if LIBFUZZER
import FuzzTargets
import Glibc

/// The driver of libFuzzer (https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library), on the target that
/// FUZZ_TARGET names, with its usual options. The target's seeds and words go where FUZZ_CORPUS and FUZZ_WORDS say.
enum LibFuzzer {
    nonisolated(unsafe) private static var target = FuzzTarget.all[0]

    static func run() {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let chosen = FuzzTarget.all.first(where: { $0.name == name }) else {
            complain("FUZZ_TARGET is none of \(FuzzTarget.all.map(\.name).joined(separator: ", "))\n")
            exit(64)
        }
        target = chosen
        writeSeeds()
        var count = CommandLine.argc
        var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = CommandLine.unsafeArgv
        exit(
            runDriver(&count, &values) { bytes, length in
                LibFuzzer.target.run(Array(UnsafeBufferPointer(start: bytes, count: length)))
                return 0
            }
        )
    }

    private static func writeSeeds() {
        if let folder = getenv("FUZZ_CORPUS").map({ String(cString: $0) }) {
            for (index, seed) in target.seeds.enumerated() { write(seed, "\(folder)/seed-\(index)") }
        }
        if let file = getenv("FUZZ_WORDS").map({ String(cString: $0) }) {
            let lines = target.words.map { word in
                "\"" + word.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\"\n"
            }
            write(Array(lines.joined().utf8), file)
        }
    }

    private static func write(_ bytes: [UInt8], _ path: String) {
        guard let file = fopen(path, "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ values: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
#endif
