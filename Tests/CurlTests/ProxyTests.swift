import Curl
import Glibc
import HTTPTypes
import Synchronization
import TestServers
import Testing

/// Proxies of the environment. Each test is a process of its own, since the environment belongs to the process.
@Suite(.timeLimit(.minutes(2)))
struct ProxyTests {
    @Test func asksTheProxyOfTheEnvironment() async {
        await #expect(processExitsWith: .success) {
            let heads = try await ProxyTests.heads(variable: "http_proxy") { client in
                let (response, body) = try await client.answer(ProxyTests.request(scheme: "http"))
                #expect(response.status.code == 203)
                #expect(body == Array("proxied".utf8))
            }
            #expect(heads.count == 1)
            #expect(heads.first?.hasPrefix("GET http://mesh.invalid/a%2Fb?c HTTP/1.1\r\n") == true)
            #expect(heads.first?.contains("Authorization: secret\r\n") == true)
        }
    }

    @Test func showsNothingOfARequestToTheProxyOfATunnel() async {
        await #expect(processExitsWith: .success) {
            let heads = try await ProxyTests.heads(variable: "https_proxy") { client in
                let error = try await failure { try await client.perform(ProxyTests.request(scheme: "https")) }
                #expect(error.kind == .notConnected)
                #expect(error.text.contains("403"))
                #expect(!error.requestMayHaveBeenSent)
            }
            #expect(heads.first?.hasPrefix("CONNECT mesh.invalid:443 HTTP/1.1\r\n") == true)
            #expect(heads.first?.contains("secret") == false)
        }
    }

    @Test(arguments: ["no_proxy", "usesProxies"])
    func goesAroundTheProxyWhereToldTo(how: String) async {
        await #expect(processExitsWith: .success) { [how] in
            setenv("http_proxy", "http://127.0.0.1:1", 1)
            if how == "no_proxy" { setenv("no_proxy", "other.example,127.0.0.1", 1) }
            let configuration = ClientConfiguration(usesProxies: how == "no_proxy")
            let client = HTTPClient(engine: HTTPEngine(), configuration: configuration)
            try await withHTTPServer { _ in
                HTTPServer.Response(200)
            } run: { server in
                let (response, _) = try await client.answer(CurlTests.request(to: server.port))
                #expect(response.status == .ok)
            }
        }
    }

    /// Runs with a proxy that answers requests and refuses tunnels.
    /// - Returns: the heads that came to the proxy.
    private static func heads(variable: String, run: (HTTPClient) async throws -> Void) async throws -> [String] {
        let heads = Mutex<[String]>([])
        let proxy = try RawServer { connection in
            while let head = connection.readHead() {
                heads.withLock { $0.append(head) }
                let refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                let answer = "HTTP/1.1 203 Proxied\r\nContent-Length: 7\r\n\r\nproxied"
                connection.send(head.hasPrefix("CONNECT") ? refused : answer)
            }
        }
        defer { proxy.stop() }
        unsetenv("no_proxy")
        unsetenv("NO_PROXY")
        setenv(variable, "http://127.0.0.1:\(proxy.port)", 1)
        try await run(HTTPClient(engine: HTTPEngine()))
        return heads.withLock { $0 }
    }

    private static func request(scheme: String) -> HTTPRequest {
        HTTPRequest(
            method: .get,
            scheme: scheme,
            authority: "mesh.invalid",
            path: "/a%2Fb?c",
            headerFields: [.authorization: "secret"]
        )
    }
}
