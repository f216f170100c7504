import Testing

@testable import TestServers

struct BlobAuthorizationTests {
    private static let example: [(String, String)] = [
        ("Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww=="), ("Content-Type", "application/octet-stream"),
        ("If-None-Match", "*"), ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-meta-mesh_message_id", "20261123150000000000_A1"),
        ("x-ms-meta-sha256", "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"),
        ("Authorization", "SharedKey devstoreaccount1:fQTcXfYJA+lhpl1gNjYTMO09J7uwkgT7OT7x04xYjlo="),
    ]

    @Test func acceptsTheWorkedExampleOfPathStyle() async throws {
        try await withBlobServer { server, client async throws in
            let answer = try await client.call("PUT", "/inbox/X26ABC1/a%20b%C3%A9.dat", Self.example, "hello world")
            #expect(answer.status == 201, "\(answer.text)")
            let blob = try #require(server.blobs(in: "inbox").first)
            #expect(blob.name == "X26ABC1/a bé.dat" && blob.text == "hello world")
            #expect(blob.metadata["mesh_message_id"] == "20261123150000000000_A1")
            #expect(blob.sha256 == blob.metadata["sha256"])
            #expect(answer["content-md5"] == "XrY7u+Ae7tCTyyK7j1rNww==" && answer["x-ms-content-crc64"] == nil)
            #expect(answer["x-ms-version"] == "2025-11-05" && answer["x-ms-request-id"] != nil)
            #expect(answer["x-ms-client-request-id"] == "6f1c2b0e-0000-4000-8000-000000000001")
            #expect(answer["date"] == "Mon, 23 Nov 2026 15:00:00 GMT" && answer["etag"]?.hasPrefix("\"0x") == true)
        }
    }

    @Test func acceptsTheWorkedExampleOfHostStyle() async throws {
        var options = StrictBlobServer.Options()
        options.isHostStyle = true
        try await withBlobServer(options) { server, client async throws in
            var client = client
            client.root = ""
            let signature = "SharedKey devstoreaccount1:Pi4HUz1xB0GXxi0E64y5i8X3cVcFqCwYSQrJBvqlugU="
            let target = "/inbox/msg1?comp=block&blockid=MDAwMDAx%2Bg%3D%3D&timeout=30"
            let answer = try await client.call("PUT", target, [("Authorization", signature)], "hello world")
            #expect(answer.status == 201, "\(answer.text)")
            #expect(server.namesWithUncommittedBlocks(in: "inbox") == ["msg1"])
            #expect(server.endpoint == server.http.baseURL)
        }
    }

    @Test func tellsTheStringToSignOfAWrongSignature() async throws {
        try await withBlobServer { server, client async throws in
            var wrong = Self.example
            wrong[3].1 = "AppendBlob"
            let answer = try await client.call("PUT", "/inbox/X26ABC1/a%20b%C3%A9.dat", wrong, "hello world")
            #expect(answer.status == 403 && answer["x-ms-error-code"] == "AuthenticationFailed")
            #expect(answer.text.contains("<AuthenticationErrorDetail>The MAC signature found"))
            #expect(
                answer.text.contains("Server used following string to sign: 'PUT\n\n\n11\nXrY7u+Ae7tCTyyK7j1rNww==")
            )
            #expect(answer.text.contains("/devstoreaccount1/devstoreaccount1/inbox/X26ABC1/a%20b%C3%A9.dat'"))
            #expect(server.blobs(in: "inbox").isEmpty)
        }
    }

    @Test func sortsHeaderNamesAsTheServiceDoes() {
        let names = ["x-ms-meta-a1", "x-ms-meta-a-b", "x-ms-meta-ab", "x-ms-meta-a_b", "x-ms-meta-b", "x-ms-metab"]
        let sorted = names.shuffled().sorted { HeaderOrder($0) < HeaderOrder($1) }
        #expect(
            sorted == ["x-ms-meta-a_b", "x-ms-meta-a1", "x-ms-meta-ab", "x-ms-meta-a-b", "x-ms-metab", "x-ms-meta-b"]
        )
    }

    @Test(arguments: [
        ("Authorization", "-", 401, "NoAuthenticationInformation"),
        ("Authorization", "SharedKey devstoreaccount1:AAAA", 403, "AuthenticationFailed"),
        ("Authorization", "SharedKey other:AAAA", 403, "AuthenticationFailed"),
        ("Authorization", "Bearer unknown", 401, "InvalidAuthenticationInfo"),
        ("Authorization", "SharedKeyLite devstoreaccount1:AAAA", 400, "InvalidAuthenticationInfo"),
        ("x-ms-version", "-", 400, "MissingRequiredHeader"),
        ("x-ms-version", "2025-11-06", 400, "InvalidHeaderValue"),
        ("x-ms-date", "-", 400, "MissingRequiredHeader"),
        ("x-ms-date", "2026-11-23T15:00:00Z", 400, "InvalidHeaderValue"),
        ("x-ms-date", "Mon, 23 Nov 2026 14:44:59 GMT", 403, "AuthenticationFailed"),
        ("x-ms-date", "Mon, 23 Nov 2026 15:15:01 GMT", 403, "AuthenticationFailed"),
    ])
    func refusesARequestWith(name: String, value: String, status: Int, code: String) async throws {
        try await withBlobServer { server, client async throws in
            let answer = try await client.put("name", "text", [(name, value)])
            #expect(answer.status == status && answer["x-ms-error-code"] == code, "\(answer.text)")
            #expect(answer.text.contains("<Code>\(code)</Code>"))
            #expect(server.blobs(in: "inbox").isEmpty)
        }
    }

    @Test func acceptsTheEndsOfTheTimeWindowAndAKnownToken() async throws {
        var options = StrictBlobServer.Options()
        options.bearerTokens = ["good"]
        try await withBlobServer(options) { _, client async throws in
            for date in ["Mon, 23 Nov 2026 14:45:00 GMT", "Mon, 23 Nov 2026 15:15:00 GMT"] {
                #expect(try await client.put("name", "text", [("x-ms-date", date)]).status == 201)
            }
            #expect(try await client.put("name", "text", [("Authorization", "Bearer good")]).status == 201)
        }
    }

    @Test func refusesAnotherKey() async throws {
        try await withBlobServer { _, client async throws in
            var client = client
            client.key = Base64.encode(Array("another".utf8))
            #expect(try await client.put("name", "text").status == 403)
        }
    }

    @Test func checksWhatASignatureOfTheAccountAllows() async throws {
        try await withBlobServer { _, client async throws in
            func call(_ sp: String, _ srt: String = "o", _ extra: String = "", ss: String = "b") async throws -> String
            {
                let values = ["devstoreaccount1", sp, ss, srt, "", "2026-11-23T16:00:00Z", "", "", "2025-11-05", ""]
                var fields = values
                if extra.hasPrefix("spr") { fields[7] = String(extra.dropFirst(4)) }
                if extra.hasPrefix("sip") { fields[6] = String(extra.dropFirst(4)) }
                if extra.hasPrefix("se") { fields[5] = String(extra.dropFirst(3)) }
                if extra.hasPrefix("st") { fields[4] = String(extra.dropFirst(3)) }
                let text = fields.joined(separator: "\n") + "\n"
                let mac = Digest.hmacSHA256(key: Base64.decode(StrictBlobServer.emulatorKey) ?? [], Array(text.utf8))
                var query = "sp=\(sp)&ss=\(ss)&srt=\(srt)&sv=2025-11-05"
                query += "&" + (extra.isEmpty ? "" : extra + "&") + (extra.hasPrefix("se") ? "" : "se=\(fields[5])&")
                let answer = try await client.put("name?\(query)sig=\(percentEncoded(Base64.encode(mac)))", "text")
                return answer["x-ms-error-code"] ?? "\(answer.status)"
            }
            #expect(try await call("c") == "201")
            #expect(try await call("c") == "UnauthorizedBlobOverwrite")
            #expect(try await call("w") == "201")
            #expect(try await call("r") == "AuthorizationPermissionMismatch")
            #expect(try await call("w", "sc") == "AuthorizationResourceTypeMismatch")
            #expect(try await call("w", ss: "f") == "AuthorizationServiceMismatch")
            #expect(try await call("w", "o", "spr=https") == "AuthorizationProtocolMismatch")
            #expect(try await call("w", "o", "spr=https,http") == "201")
            #expect(try await call("w", "o", "sip=10.0.0.1") == "AuthorizationSourceIPMismatch")
            #expect(try await call("w", "o", "sip=127.0.0.0-127.0.0.9") == "201")
            #expect(try await call("w", "o", "se=2026-11-23T15:00:00Z") == "AuthenticationFailed")
            #expect(try await call("w", "o", "st=2026-11-23T15:00:01Z") == "AuthenticationFailed")
            #expect(try await call("w", "o", "st=2026-11-23") == "201")
        }
    }
}
