#if LIBFUZZER
    import FuzzTargets
    import Glibc

    /// What libFuzzer (https://llvm.org/docs/LibFuzzer.html) calls, on the target that FUZZ_TARGET names. The target's seeds
    /// and words go where FUZZ_CORPUS and FUZZ_WORDS say.
    enum LibFuzzer {
        static let target: FuzzTarget = {
            let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
            guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
                complain("FUZZ_TARGET is none of \(FuzzTarget.all.map(\.name).joined(separator: ", "))\n")
                exit(64)
            }
            return target
        }()

        static func writeSeeds() {
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

    @_cdecl("LLVMFuzzerInitialize")
    public func fuzzerInitialize(_: UnsafeMutableRawPointer, _: UnsafeMutableRawPointer) -> Int32 {
        LibFuzzer.writeSeeds()
        return 0
    }

    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzzerTestOneInput(_ bytes: UnsafePointer<UInt8>?, _ length: Int) -> Int32 {
        LibFuzzer.target.run(Array(UnsafeBufferPointer(start: bytes, count: length)))
        return 0
    }
#endif
