import Transfer

extension StoreConformance {
    static let preparing = [
        StoreConformance("prepares twice, also at once") { container in
            let store = try await container.open()
            try await store.prepare(Attempt(operation: 1))
            try await store.prepare(Attempt(operation: 2))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for operation in 0..<4 {
                    let other = try await container.open()
                    group.addTask { try await other.prepare(Attempt(operation: UInt64(operation))) }
                }
                try await group.waitForAll()
            }
            try require(try await container.names().isEmpty, "Preparing left something that consumers see.")
        },
        StoreConformance("keeps what is there when another one prepares") { container in
            let sample = Sample()
            try await sample.create(in: try await container.prepared())
            _ = try await container.prepared()
            try await sample.requireStored(in: container)
        },
    ]

    static let creating = [
        StoreConformance("shows nothing where nothing is") { container in
            let store = try await container.prepared()
            for path in ["a", "2024-01-15/ABC.dat", "a/b/c/d"] {
                let properties = try await store.look(at: BlobName(path), Attempt(operation: 1))
                try require(properties == nil, "\(path) is there.")
            }
        },
        StoreConformance("creates blobs of any size with their metadata") { container in
            let store = try await container.prepared()
            for (number, bytes) in [0, 1, 100, 65_536, 1 << 20, 3_000_001].enumerated() {
                let sample = Sample("2024-01-15/S\(number).dat", id: "ID\(number)", bytes: bytes)
                try await sample.create(in: store)
                try await sample.requireStored(in: container)
            }
            let names = try await container.names()
            try require(names.sorted() == (0...5).map { "2024-01-15/S\($0).dat" }, "Consumers see \(names).")
        },
        StoreConformance("keeps metadata of 6 KiB, and none") { container in
            let store = try await container.prepared()
            let values = ["", "a", String(repeating: "%C3%A9", count: 500), String(repeating: "x", count: 3_000)]
            let entries = values.enumerated().map { BlobMetadata.Entry(name: "value\($0)", value: $1) }
            for (number, count) in [4, 0].enumerated() {
                // The service takes no empty values.
                let metadata = BlobMetadata(sortedEntries: Array(entries.dropFirst().prefix(count)))
                let name = BlobName("m\(number)")
                let sample = Sample(name.path)
                try await store.create(
                    BlobDescription(name: name, metadata: metadata),
                    content: sample.block,
                    Attempt(operation: 1)
                )
                let properties = try await store.look(at: name, Attempt(operation: 2))
                try require(properties?.metadata == metadata, "Metadata came back as \(properties as Any).")
            }
        },
        StoreConformance("never replaces a blob") { container in
            let store = try await container.prepared()
            let first = Sample(id: "FIRST", bytes: 100)
            try await first.create(in: store)
            for second in [
                Sample(id: "FIRST", bytes: 100), Sample(id: "SECOND", bytes: 0), Sample(id: "SECOND", bytes: 500),
            ] {
                try await requireFailure(.alreadyExists) { () throws(Failure) in try await second.create(in: store) }
            }
            let other = try await container.prepared()
            try await requireFailure(.alreadyExists) { () throws(Failure) in
                try await Sample(id: "THIRD").create(in: other)
            }
            try await first.requireStored(in: container)
        },
        StoreConformance("removes a probe, and one that is missing") { container in
            let store = try await container.prepared()
            let sample = Sample(".poll-mesh-inbox/probe-1")
            try await sample.create(in: store)
            try await store.removeProbe(sample.name, Attempt(operation: 2))
            try await sample.requireMissing(in: container)
            try await store.removeProbe(sample.name, Attempt(operation: 3))
            try await store.removeProbe(BlobName("missing/probe"), Attempt(operation: 4))
            try await sample.create(in: store)
            try await sample.requireStored(in: container)
        },
    ]

    static let naming = [
        "plain", "a b c.dat", "caf\u{E9}.dat", "cafe\u{301}-two.dat", "100%.dat", "%41%2F.dat", "a+b&c=d;e,f.dat",
        "q?x#y.dat",
        "~(tilde)!'*@$.dat", ".hidden", "deep/er/and/deeper.dat", "ABC_20240115T143045_0002_20240115143045_a-b.dat",
        String(repeating: "n", count: 200),
    ].map { path in
        StoreConformance("keeps the name \(path)") { container in
            let store = try await container.prepared()
            let sample = Sample("2024-01-15/" + path)
            try await sample.create(in: store)
            try await sample.requireStored(in: container)
            let names = try await container.names()
            try require(names.map { Array($0.utf8) } == [Array(sample.name.path.utf8)], "Consumers see \(names).")
        }
    }
}

extension StoreUnderTest {
    /// Another client, ready to use.
    func prepared() async throws -> any BlobStore {
        let store = try await open()
        try await store.prepare(Attempt(operation: 1))
        return store
    }
}
