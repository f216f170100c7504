import Transfer

extension StoreConformance {
    static let racing = [
        StoreConformance("creates many blobs at once") { container in
            let store = try await container.prepared()
            let samples = (0..<64).map { Sample("2024-01-\(10 + $0 % 7)/\($0).dat", id: "ID\($0)", bytes: $0 * 100) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sample in samples { group.addTask { try await sample.create(in: store) } }
                try await group.waitForAll()
            }
            for sample in samples { try await sample.requireStored(in: container) }
        },
        StoreConformance("lets one of several writers have a name, whole") { container in
            let stores = [try await container.prepared(), try await container.prepared()]
            for round in 0..<10 {
                let samples = (0..<8).map { Sample("2024-01-15/R\(round).dat", id: "WRITER-\($0)", bytes: 2_000) }
                try await requireOneWinner(samples, in: container) { writer, sample throws(Failure) in
                    try await sample.create(in: stores[writer % 2])
                }
            }
        },
        StoreConformance("lets one of several commits and creates have a name, whole") { container in
            let stores = [try await container.prepared(), try await container.prepared()]
            for round in 0..<10 {
                let samples = (0..<6).map { Sample("2024-01-15/R\(round).dat", id: "WRITER-\($0)", bytes: 2_000) }
                // One stages, since the blocks of two messages under one name may get in each other's way.
                let staged = try await samples[0].stage(in: stores[0], blockSize: 500)
                try await requireOneWinner(samples, in: container) { writer, sample throws(Failure) in
                    if writer == 0 {
                        try await sample.commit(staged, blockSize: 500)
                    } else {
                        try await sample.create(in: stores[writer % 2])
                    }
                }
                await staged.abandon()
            }
        },
    ]

    /// Lets all samples, which have one name, be written at once, and checks that one of them is there in the end.
    private static func requireOneWinner(
        _ samples: [Sample],
        in container: any StoreUnderTest,
        write: @escaping @Sendable (Int, Sample) async throws(Failure) -> Void
    ) async throws {
        let winners = try await withThrowingTaskGroup(of: Int?.self) { group in
            for (writer, sample) in samples.enumerated() {
                group.addTask {
                    do throws(Failure) {
                        try await write(writer, sample)
                        return writer
                    } catch {
                        // A service may drop blocks when their name is taken.
                        let isLost = writer == 0 && error.kind == .stagedBlocksLost
                        try require(error.kind == .alreadyExists || isLost, "A writer failed: \(error)")
                        return nil
                    }
                }
            }
            return try await group.reduce(into: [Int]()) { winners, writer in
                if let writer { winners.append(writer) }
            }
        }
        try require(winners.count == 1, "\(winners.count) writers were told that \(samples[0].name) is theirs.")
        try await samples[winners[0]].requireStored(in: container)
    }
}
