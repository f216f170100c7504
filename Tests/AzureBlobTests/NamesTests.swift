import Testing
import Transfer

@testable import AzureBlob

@Suite struct NamesTests {
    @Test(arguments: ["mesh-messages", "abc", "a1-b2-c3", "0ab", String(repeating: "a", count: 63)])
    func acceptsContainerNames(name: String) throws {
        #expect(try ContainerName(name).text == name)
    }

    @Test(arguments: [
        "", "ab", String(repeating: "a", count: 64), "Mesh", "a_b", "a.b", "-ab", "ab-", "a--b", "é-messages", "a b",
        "a/b",
        "$root", "$web",
    ])
    func refusesContainerNames(name: String) {
        #expect(throws: StorageSettingsError.self) { try ContainerName(name) }
    }

    @Test(arguments: [
        "2024-01-15/ABC_20240115T143045.dat", "a", String(repeating: "é", count: 1024), ".poll/x.json", "a b,(c)&=@",
    ])
    func acceptsBlobNames(name: String) throws {
        try BlobName(name).check()
    }

    @Test(arguments: [
        "", String(repeating: "a", count: 1025), "a\u{0}", "a\nb", "a\u{7f}", "a\u{85}b", "a.", "a/", "../x", "a/../b",
        "./a",
    ])
    func refusesBlobNames(name: String) {
        #expect {
            try BlobName(name).check()
        } throws: {
            ($0 as? Failure)?.kind == .permanent
        }
    }

    @Test func requestIDsTellRunsAndOperationsApart() {
        let ids = RequestIDs(random: [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef])
        #expect(ids[1] == "01234567-89ab-4cde-8000-000000000001")
        #expect(ids[0x0fed_cba9_8765_4321] == "01234567-89ab-4cde-8fed-cba987654321")
        #expect(ids[1] == ids[1])
        #expect(RequestIDs(random: [UInt8](repeating: 9, count: 8))[1] != ids[1])
    }

    @Test func blockIDsHaveOneLengthAndBelongToOneUpload() {
        let ids = BlockIDs(random: [1, 2, 3, 4, 5, 6, 7, 8])
        let all = [0, 1, 9, 10, 49_999].map { ids[$0] }
        #expect(ids[1] == "MDEwMjAzMDQwNTA2MDcwOC0wMDAwMDAx")
        #expect(Set(all).count == all.count)
        #expect(Set(all.map(\.count)) == [32])
        #expect(BlockIDs(random: [UInt8](repeating: 9, count: 8))[1] != ids[1])
    }

    @Test func blockListsNameTheLatestBlocksInOrder() {
        let ids = BlockIDs(random: [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(
            String(decoding: ids.list(count: 2), as: UTF8.self) == """
                <?xml version="1.0" encoding="utf-8"?><BlockList>\
                <Latest>\(ids[0])</Latest><Latest>\(ids[1])</Latest></BlockList>
                """
        )
    }
}
