import FuzzTargets
import ProgramFixture
import Testing

/// A short run of the fuzzer over everything that reads foreign bytes; `make fuzz` is the long one.
@Suite(.timeLimit(.minutes(10))) struct FuzzTests {
    @Test func foreignBytesDoNoHarm() async throws {
        let seed = Place.variable("FUZZ_SEED") ?? "\(UInt64.random(in: 0..<1_000_000))"
        let fuzzer = try Place.product("fuzz")
        // In a process of its own: a trap must not end the other tests.
        try await sweep("fuzzing with FUZZ_SEED=\(seed)", FuzzTarget.all.map(\.name), atOnce: 2) { target in
            let folder = TemporaryFolder()
            let process = try ChildProcess(
                [fuzzer, target, "--count", "20000", "--seed", seed],
                environment: [:],
                output: folder.file("stdout"),
                errorOutput: folder.file("stderr"),
                limit: .seconds(300)
            )
            let ending = await process.ending
            return ending.status == 0 ? [] : [folder.text(of: "stderr") ?? "it can't be run"]
        }
    }
}
