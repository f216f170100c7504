import Testing

@testable import PollMeshInbox

@Suite struct MemoryLimitTests {
    static let halves: [(String, Int)] = [
        ("max", 32), ("134217728", 32), ("67108864", 32), ("41943040", 20), ("16777216", 8), ("4194304", 8), ("", 32),
        ("9223372036854771712", 32),
    ]

    private func bufferMemory(_ files: [String: String]) -> Int? {
        SettingsFixture(files: files).load().settings?.transfer.bufferMemory
    }

    @Test(arguments: halves)
    func halfOfTheLimitIsTakenWithinBounds(limit: String, mebibytes: Int) {
        for file in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
            #expect(bufferMemory([file: "\(limit)\n"]) == mebibytes << 20)
        }
    }

    @Test(arguments: [[20, 30], [30, 20]])
    func theLowestLimitUpToTheRootCounts(mebibytes: [Int]) {
        let limits = mebibytes.map { $0 << 20 }
        let files = [
            "/proc/self/cgroup": "0::/kubepods/pod1/container\n",
            "/sys/fs/cgroup/kubepods/memory.max": "max\n",
            "/sys/fs/cgroup/kubepods/pod1/memory.max": "\(limits[0])\n",
            "/sys/fs/cgroup/kubepods/pod1/container/memory.max": "\(limits[1])\n",
        ]
        #expect(bufferMemory(files) == 10 << 20)
    }

    @Test func version1HasItsOwnTree() {
        let files = [
            "/proc/self/cgroup": "12:pids:/a\n4:cpu,memory:/docker/b:c\n0::/\n",
            "/sys/fs/cgroup/memory/docker/b:c/memory.limit_in_bytes": "\(24 << 20)\n",
            "/sys/fs/cgroup/memory/a/memory.limit_in_bytes": "\(17 << 20)\n",
        ]
        #expect(bufferMemory(files) == 12 << 20)
    }

    @Test func whatIsSetByHandComesFirst() {
        let fixture = SettingsFixture(["BUFFER_MEMORY": "1Gi"], files: ["/sys/fs/cgroup/memory.max": "\(64 << 20)"])
        #expect(fixture.load().settings?.transfer.bufferMemory == 1 << 30)
    }
}
