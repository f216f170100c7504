import Testing

@testable import TestServers

struct BlobWriteTests {
    private static let first = "MDAwMDAx"
    private static let second = "MDAwMDAy"

    @Test func refusesABodyWithoutLengthInTheServicesOwnWay() async throws {
        try await withBlobServer { server, _ async throws in
            let request = "PUT /devstoreaccount1/inbox/a HTTP/1.1\r\nHost: h\r\n\r\n"
            let answer = try await RawClient(port: server.http.port).send(Array(request.utf8))
            #expect(answer?.status == 411 && answer?["x-ms-error-code"] == "MissingContentLengthHeader")
        }
    }

    @Test(arguments: [
        ([("x-ms-blob-type", "-")], 400, "MissingRequiredHeader"),
        ([("x-ms-blob-type", "AppendBlob")], 400, "InvalidHeaderValue"),
        ([("Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww==")], 400, "Md5Mismatch"),
        ([("Content-MD5", "XrY7")], 400, "InvalidMd5"),
        ([("x-ms-content-crc64", "AAAAAAAAAAA=")], 400, "Crc64Mismatch"),
        ([("x-ms-meta-mesh-id", "1")], 400, "InvalidMetadata"),
        ([("x-ms-meta-1id", "1")], 400, "InvalidMetadata"),
        ([("x-ms-meta-", "1")], 400, "EmptyMetadataKey"),
        ([("x-ms-meta-id", "é")], 400, "InvalidMetadata"),
        ([("x-ms-meta-id", "1"), ("x-ms-meta-ID", "1")], 400, "InvalidMetadata"),
        ([("x-ms-meta-id", String(repeating: "x", count: 8191))], 400, "MetadataTooLarge"),
        ([("x-ms-lease-id", "6f1c2b0e-0000-4000-8000-000000000001")], 412, "LeaseNotPresentWithBlobOperation"),
        ([("If-Match", "\"0x1\"")], 412, "ConditionNotMet"),
    ])
    func refusesAPutBlobWith(headers: [(String, String)], status: Int, code: String) async throws {
        try await withBlobServer { server, client async throws in
            let answer = try await client.put("name", "text", headers)
            #expect(answer.status == status && answer["x-ms-error-code"] == code, "\(answer.text)")
            #expect(server.blobs(in: "inbox").isEmpty)
        }
    }

    @Test(arguments: ["a.", "a/", "a%0Ab", String(repeating: "x", count: 1025)])
    func refusesTheName(name: String) async throws {
        try await withBlobServer { _, client async throws in
            #expect(try await client.put(name, "text")["x-ms-error-code"] == "InvalidResourceName")
        }
    }

    @Test func takesMetadataOfExactlyEightKibibytes() async throws {
        try await withBlobServer { _, client async throws in
            let value = String(repeating: "x", count: 8190)
            #expect(try await client.put("name", "text", [("x-ms-meta-id", value)]).status == 201)
        }
    }

    @Test func neverOverwritesUnderTheCondition() async throws {
        try await withBlobServer { server, client async throws in
            let first = try await client.put("name", "first", [("If-None-Match", "*")])
            #expect(first.status == 201 && first["x-ms-content-crc64"] == CRC64(of: Array("first".utf8)).header)
            let second = try await client.put("name", "second", [("If-None-Match", "*")])
            #expect(second.status == 409 && second["x-ms-error-code"] == "BlobAlreadyExists")
            server.update { $0.answersExistingWith412 = true }
            let third = try await client.put("name", "third", [("If-None-Match", "*")])
            #expect(third.status == 412 && third["x-ms-error-code"] == "ConditionNotMet")
            #expect(server.blob("name", in: "inbox")?.text == "first")
            #expect(try await client.put("name", "4", [("If-Match", first["etag"] ?? "")]).status == 201)
            #expect(try await client.put("name", "5", [("If-Match", first["etag"] ?? "")]).status == 412)
            #expect(server.log.events.filter { $0.isCommit(of: "name") }.count == 2)
        }
    }

    @Test func knowsContainers() async throws {
        try await withBlobServer(containers: []) { server, client async throws in
            let missing = try await client.put("name", "text")
            #expect(missing.status == 404 && missing["x-ms-error-code"] == "ContainerNotFound")
            #expect(try await client.call("PUT", "/inbox?restype=container").status == 201)
            let again = try await client.call("PUT", "/inbox?restype=container")
            #expect(again.status == 409 && again["x-ms-error-code"] == "ContainerAlreadyExists")
            #expect(try await client.call("PUT", "/In?restype=container")["x-ms-error-code"] == "InvalidResourceName")
            #expect(try await client.put("name", "text").status == 201)
            let head = try await client.call("HEAD", "/inbox/other")
            #expect(head.status == 404 && head["x-ms-error-code"] == "BlobNotFound" && head["content-length"] == "0")
            #expect(try await client.call("DELETE", "/inbox?restype=container").status == 202)
            #expect(server.containers.isEmpty)
        }
    }

    @Test func answersTheCRCOfABlockAndAWrongOneWhenAsked() async throws {
        try await withBlobServer { server, client async throws in
            server.update { $0.wrongCRCs = 1 }
            #expect(try await client.stage("name", Self.first, "123456789")["x-ms-content-crc64"] == "AAAAAAAAAAA=")
            #expect(try await client.stage("name", Self.first, "123456789")["x-ms-content-crc64"] == "iJh5CoYUi64=")
            let digest = Base64.encode(Digest.md5.of(Array("123456789".utf8)))
            let checked = try await client.stage("name", Self.first, "123456789", [("Content-MD5", digest)])
            #expect(checked["content-md5"] == digest && checked["x-ms-content-crc64"] == nil)
            let wrong = try await client.stage("name", Self.first, "12345678", [("Content-MD5", digest)])
            #expect(wrong.status == 400 && wrong["x-ms-error-code"] == "Md5Mismatch")
        }
    }

    @Test(arguments: [
        ("%%%", "text", "InvalidBlockId"), ("MDAwM", "text", "InvalidBlockId"),
        (Base64.encode([UInt8](repeating: 1, count: 65)), "text", "InvalidBlockId"),
        ("MDAwMDAwMQ==", "text", "InvalidBlobOrBlock"), ("MDAwMDA=", "text", "InvalidBlobOrBlock"),
        ("MDAwMDAy", "", "InvalidHeaderValue"),
    ])
    func refusesTheBlock(id: String, text: String, code: String) async throws {
        try await withBlobServer { _, client async throws in
            #expect(try await client.stage("name", Self.first, "1").status == 201)
            let answer = try await client.stage("name", id, text)
            #expect(answer.status == 400 && answer["x-ms-error-code"] == code, "\(answer.text)")
        }
    }

    @Test func makesABlobOfItsBlocks() async throws {
        try await withBlobServer { server, client async throws in
            _ = try await client.stage("name", Self.second, "two", [("If-None-Match", "*")])
            _ = try await client.stage("name", Self.first, "one")
            #expect(try await client.call("HEAD", "/inbox/name").status == 404)
            #expect(server.namesWithUncommittedBlocks(in: "inbox") == ["name"])
            let unknown = try await client.commit("name", [Self.first, "MDAwMDAz"])
            #expect(unknown.status == 400 && unknown["x-ms-error-code"] == "InvalidBlockList")
            let headers = [("If-None-Match", "*"), ("x-ms-meta-id", "A1"), ("x-ms-blob-content-type", "text/plain")]
            #expect(try await client.commit("name", [Self.first, Self.second], headers).status == 201)
            let blob = try #require(server.blob("name", in: "inbox"))
            #expect(blob.text == "onetwo" && blob.metadata == ["id": "A1"] && blob.contentType == "text/plain")
            #expect(blob.blockIDs == [Self.first, Self.second])
            #expect(server.namesWithUncommittedBlocks(in: "inbox").isEmpty)
            let list = try await client.call("GET", "/inbox/name?comp=blocklist&blocklisttype=all")
            #expect(list.text.contains("<CommittedBlocks><Block><Name>\(Self.first)</Name><Size>3</Size></Block>"))
        }
    }

    @Test func letsTheFirstCommitDiscardTheOthersBlocks() async throws {
        try await withBlobServer { server, client async throws in
            _ = try await client.stage("name", Self.first, "mine")
            _ = try await client.stage("name", Self.second, "theirs")
            #expect(try await client.commit("name", [Self.second]).status == 201)
            #expect(try await client.commit("name", [Self.first])["x-ms-error-code"] == "InvalidBlockList")
            let conditional = try await client.commit("name", [Self.first], [("If-None-Match", "*")])
            #expect(conditional["x-ms-error-code"] == "BlobAlreadyExists")
            server.update { $0.checksBlocksFirst = true }
            let checked = try await client.commit("name", [Self.first], [("If-None-Match", "*")])
            #expect(checked["x-ms-error-code"] == "InvalidBlockList")
            #expect(server.blob("name", in: "inbox")?.text == "theirs")
        }
    }

    @Test(arguments: [
        "", "<BlockList>", "<BlockList><Other>MDAx</Other></BlockList>", "<BlockList></BlockList>x", "{}",
    ])
    func refusesTheBlockList(body: String) async throws {
        try await withBlobServer { _, client async throws in
            let answer = try await client.call("PUT", "/inbox/name?comp=blocklist", [], body)
            #expect(answer.status == 400 && answer["x-ms-error-code"] == "InvalidXmlDocument")
        }
    }

    @Test func keepsLargeContentsOnDiskWhenAsked() async throws {
        var options = StrictBlobServer.Options()
        options.keepsContentsOnDisk = true
        try await withBlobServer(options) { server, client async throws in
            let text = String(repeating: "0123456789", count: 300_000)
            _ = try await client.stage("name", Self.second, text)
            _ = try await client.stage("name", Self.first, "head ")
            _ = try await client.commit("name", [Self.first, Self.second])
            let blob = try #require(server.blob("name", in: "inbox"))
            #expect(blob.length == 3_000_005)
            #expect(blob.sha256 == hex(Digest.sha256.of(Array(("head " + text).utf8))))
            let range = try await client.call("GET", "/inbox/name", [("Range", "bytes=3-8")])
            #expect(range.status == 206 && range.text == "d 0123" && range["content-range"] == "bytes 3-8/3000005")
            #expect(try await client.call("GET", "/inbox/name").body.count == 3_000_005)
        }
    }

    @Test func readsRangesAndConditions() async throws {
        try await withBlobServer { _, client async throws in
            let etag = try #require(try await client.put("name", "0123456789")["etag"])
            #expect(try await client.call("GET", "/inbox/name", [("x-ms-range", "bytes=7-")]).text == "789")
            let beyond = try await client.call("GET", "/inbox/name", [("Range", "bytes=10-")])
            #expect(beyond.status == 416 && beyond["x-ms-error-code"] == "InvalidRange")
            #expect(try await client.call("GET", "/inbox/name", [("If-None-Match", etag)]).status == 304)
            #expect(try await client.call("GET", "/inbox/name", [("If-Match", "\"0x1\"")]).status == 412)
            let head = try await client.call("HEAD", "/inbox/name")
            #expect(head.status == 200 && head["content-length"] == "10" && head["etag"] == etag)
            #expect(try await client.call("DELETE", "/inbox/name").status == 202)
            #expect(try await client.call("GET", "/inbox/name").status == 404)
        }
    }

    @Test func answersFaultsInTheServicesOwnWay() async throws {
        try await withBlobServer { server, client async throws in
            server.http.setFault { request in
                request.number == 1
                    ? .answer(StrictBlobServer.answer(503, code: "ServerBusy", retryAfter: 7))
                    : .answerAfterHandling(StrictBlobServer.answer(500, code: "OperationTimedOut"))
            }
            let busy = try await client.put("name", "text")
            #expect(busy.status == 503 && busy["x-ms-error-code"] == "ServerBusy" && busy["retry-after"] == "7")
            #expect(server.blobs(in: "inbox").isEmpty)
            #expect(try await client.put("name", "text").status == 500)
            #expect(server.blob("name", in: "inbox")?.text == "text")
        }
    }
}
