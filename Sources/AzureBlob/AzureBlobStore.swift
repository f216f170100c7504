package import Blocks
package import Curl
internal import Digests
internal import HTTPTypes
package import Transfer

/// A container of Azure Blob Storage.
///
/// Every creating request carries `If-None-Match: *`, so that no blob is ever replaced. Failures carry the service's
/// own error code as their type.
package struct AzureBlobStore: BlobStore {
    let client: StorageClient
    let container: ContainerPath
    let random: @Sendable (Int) -> [UInt8]
    private let integrity = BlockIntegrity()

    /// - Parameters:
    ///   - clock: gives the time in seconds since 1970.
    ///   - random: gives so many random bytes.
    package init(
        client: HTTPClient,
        endpoint: StorageEndpoint,
        credential: Credential,
        container: ContainerName,
        clock: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable (Int) -> [UInt8] = { SecureRandom.bytes($0) }
    ) {
        self.init(
            endpoint: endpoint,
            credential: credential,
            container: container,
            clock: clock,
            random: random,
            transport: { (request, body, limit, mayBeSent) async throws(CurlError) in
                try await client.perform(request, body: body, limit: limit, mayBeSent: mayBeSent)
            }
        )
    }

    init(
        endpoint: StorageEndpoint,
        credential: Credential,
        container: ContainerName,
        clock: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable (Int) -> [UInt8],
        transport: @escaping StorageClient.Transport
    ) {
        let context = StorageContext(endpoint: endpoint, container: container, credential: credential)
        self.client = StorageClient(
            endpoint: endpoint,
            credential: credential,
            classifier: AnswerClassifier(context: context),
            requestIDs: RequestIDs(random: random(8)),
            clock: clock,
            transport: transport
        )
        self.container = ContainerPath(endpoint: endpoint, container: container)
        self.random = random
    }

    /// Creates the container, or finds that it exists.
    ///
    /// A credential may well be allowed to write blobs but not to make containers. That is no failure: if the
    /// container is missing, the first write says so. A wrong account key fails here already; a wrong SAS can't be
    /// told from one whose scope is a container or a blob.
    package func prepare(_ attempt: Attempt) async throws(Failure) {
        do {
            _ = try await client.perform(.createContainer(container), body: .none, attempt)
        } catch {
            if error.type == "ContainerAlreadyExists" { return }
            if error.status == 403, mayBeUnableToCreateContainers(error) { return }
            throw error
        }
    }

    package func create(
        _ blob: BlobDescription,
        content: Block,
        _ permit: WritePermit,
        _ attempt: Attempt
    ) async throws(Failure) {
        try blob.name.check()
        let request = try StorageRequest.putBlob(
            blob,
            in: container,
            contentLength: content.count,
            contentMD5: await aside(bytes: content.count) { MD5.hash(content.bytes).base64 }
        )
        _ = try await client.perform(request, body: .block(content), attempt, permit: permit)
    }

    package func stage(_ name: BlobName) async throws(Failure) -> any StagedBlob {
        try name.check()
        return AzureStagedBlob(
            name: name,
            client: client,
            container: container,
            ids: BlockIDs(random: random(8)),
            integrity: integrity
        )
    }

    package func look(at name: BlobName, _ attempt: Attempt) async throws(Failure) -> BlobProperties? {
        try name.check()
        let answer: StorageAnswer
        do {
            answer = try await client.perform(.getBlobProperties(name, in: container), body: .none, attempt)
        } catch {
            guard error.kind == .gone else { throw error }
            return nil
        }
        guard let properties = BlobProperties(answer.fields) else {
            throw Failure(
                service: .storage,
                kind: .transient,
                type: "no_content_length",
                message:
                    "Get Blob Properties got an answer without the blob's length from \(client.endpoint.authority).",
                advice: StorageAdvice.checkProxy.text(client.classifier.context),
                status: answer.status,
                server: client.endpoint.authority
            )
        }
        return properties
    }

    package func removeProbe(_ name: BlobName, _ attempt: Attempt) async throws(Failure) {
        try name.check()
        do {
            _ = try await client.perform(.deleteBlob(name, in: container), body: .none, attempt)
        } catch {
            guard error.kind == .gone else { throw error }
        }
    }

    private func mayBeUnableToCreateContainers(_ failure: Failure) -> Bool {
        switch (client.credential, failure.type) {
        case (_, "AuthorizationPermissionMismatch"), (_, "AuthorizationFailure"),
            (_, "AuthorizationResourceTypeMismatch"), (_, "InsufficientAccountPermissions"):
            true
        case (.sharedAccessSignature, "AuthenticationFailed"):
            client.classifier.context.credentialEnd.map { $0 > client.clock() } ?? true
        default:
            false
        }
    }
}
