import Testing

@testable import AzureBlob

@Suite struct StorageEndpointTests {
    @Test(arguments: [
        ("https://acct1.blob.core.windows.net", "acct1.blob.core.windows.net", "", "acct1"),
        ("https://acct1.blob.core.windows.net/", "acct1.blob.core.windows.net", "", "acct1"),
        ("HTTPS://acct1.z6.blob.storage.azure.net", "acct1.z6.blob.storage.azure.net", "", "acct1"),
        ("http://127.0.0.1:10000/devstoreaccount1", "127.0.0.1:10000", "/devstoreaccount1", "devstoreaccount1"),
        ("http://[::1]:10000/devstoreaccount1/", "[::1]:10000", "/devstoreaccount1", "devstoreaccount1"),
        ("https://blobs.example.org", "blobs.example.org", "", "blobs"),
    ])
    func readsAccountURLs(text: String, authority: String, basePath: String, account: String) throws {
        let endpoint = try StorageEndpoint(accountURL: text)
        #expect(endpoint.authority == authority)
        #expect(endpoint.basePath == basePath)
        #expect(endpoint.accountName == account)
    }

    @Test(arguments: [
        ("", "no scheme"), ("acct1.blob.core.windows.net", "no scheme"), ("ftp://x", "neither https nor http"),
        ("https://", "no host"), ("https://:443", "no host"), ("https:///path", "no host"), ("https://a b", "no host"),
        ("https://x:", "port"), ("https://x:0", "port"), ("https://x:65536", "port"), ("https://x:12a", "port"),
        ("https://[::g]", "host"),
        ("https://[::1", "host"), ("https://[::1]x", "host"),
        ("https://user:SECRET@x", "user information"),
        ("https://acct1.blob.core.windows.net/?sv=1&sig=SECRET", "query"),
        ("https://acct1.blob.core.windows.net/mesh-messages", "the container by its own setting"),
        ("https://acct1.dfs.core.windows.net", "Data Lake"), ("https://x/é", "path"), ("https://x/a//b", "path"),
        ("https://x#y", "fragment"),
    ])
    func saysWhatIsWrongWithAURL(text: String, said: String) {
        #expect {
            try StorageEndpoint(accountURL: text)
        } throws: {
            "\($0)".contains(said) && !"\($0)".contains("SECRET")
        }
    }
}
