import Glibc
import StoreConformance
import Testing
import Transfer

@testable import LocalDirectory

/// Messages are of patients: nobody but the owner may use what is made, unless the root lets others in.
@Suite struct ModesTests {
    private let directory = TemporaryDirectory()

    /// Permission bits of what the store made.
    private func modes() -> [String: mode_t] {
        let paths = directory.files() + ["", "2024-01-15", ".poll-mesh-inbox", ".poll-mesh-inbox/tmp"]
        return Dictionary(uniqueKeysWithValues: paths.map { ($0, (directory.status($0)?.st_mode ?? 0) & 0o7777) })
    }

    @Test(
        arguments: [
            (0o700, 0o600, 0o700), (0o755, 0o644, 0o755), (0o750, 0o640, 0o750), (0o777, 0o664, 0o775),
            (0o711, 0o600, 0o711), (0o2770, 0o660, 0o770), (0o000, 0o600, 0o700),
        ] as [(mode_t, mode_t, mode_t)]
    )
    func followTheRoot(root: mode_t, file: mode_t, folder: mode_t) {
        var status = stat()
        status.st_mode = S_IFDIR | root
        status.st_gid = 42
        let modes = Modes(root: status)
        #expect(modes.file == file)
        #expect(modes.folder == folder)
        #expect(modes.group == (root & S_ISGID == 0 ? nil : 42))
    }

    @Test func whatIsNewIsTheOwnersAlone() async throws {
        let store = directory.store(at: directory.root)
        try await store.create(.message(), "abc")
        try await store.setState("X26ABC1.json", to: [])
        let modes = modes()
        #expect(modes.count == 8)
        for (path, mode) in modes {
            #expect(mode == (directory.kind(path) == .folder ? 0o700 : 0o600), "\(path)")
        }
    }

    @Test func parentsOfANewRootAreTheOwnersAlone() async throws {
        try await directory.store(at: directory.path("a/b")).prepare()
        for path in ["", "a", "a/b"] {
            #expect((directory.status(path)?.st_mode ?? 0) & 0o777 == 0o700, "\(path)")
        }
    }

    /// Each one is within what a umask of 022 leaves, but for the group that may write.
    @Test(
        arguments: [(0o755, 0o644, 0o755), (0o750, 0o640, 0o750), (0o775, 0o664, 0o775)] as [(mode_t, mode_t, mode_t)]
    )
    func aRootThatLetsOthersInDoesSoForAll(root: mode_t, file: mode_t, folder: mode_t) async throws {
        try directory.makeFolder("")
        #expect(chmod(directory.root, root) == 0)
        let store = directory.store()
        try await store.create(.message(), "abc")
        try await store.setState("X26ABC1.json", to: [])
        let modes = modes()
        #expect(modes.count == 8)
        for (path, mode) in modes {
            #expect(mode == (directory.kind(path) == .folder ? folder : file), "\(path)")
        }
    }

    /// As in Kubernetes with `fsGroup`; changing groups needs root.
    @Test func whatIsMadeIsOfTheRootsGroup() async throws {
        try directory.makeFolder("")
        #expect(chown(directory.root, uid_t.max, 4242) == 0)
        #expect(chmod(directory.root, 0o2770) == 0)
        // Older than that choice.
        try directory.makeFolder(".poll-mesh-inbox/tmp")
        #expect(chown(directory.path(".poll-mesh-inbox/tmp"), uid_t.max, 0) == 0)
        #expect(chmod(directory.path(".poll-mesh-inbox/tmp"), 0o700) == 0)
        let store = directory.store()
        try await store.create(.message(), "abc")
        let blob = try #require(directory.status("2024-01-15/ABC.dat"))
        #expect(blob.st_gid == 4242)
        #expect(blob.st_mode & 0o777 == 0o660)
        #expect(directory.status("2024-01-15")?.st_gid == 4242)
    }
}
