import Transfer

extension StoreConformance {
    static let staging = [
        StoreConformance("commits blocks that were staged at once and in any order") { container in
            let store = try await container.prepared()
            for (number, size) in [3_000_000, 1 << 20, 100_000].enumerated() {
                let sample = Sample("2024-01-15/B\(number).dat", id: "ID\(number)", bytes: 3_000_000)
                let staged = try await sample.stage(in: store, blockSize: size)
                try await sample.requireMissing(in: container)
                try await sample.commit(staged, blockSize: size)
                try await sample.requireStored(in: container)
            }
        },
        StoreConformance("shows nothing before the commit") { container in
            let sample = Sample(bytes: 200_000)
            let staged = try await sample.stage(in: try await container.prepared(), blockSize: 70_000)
            try await sample.requireMissing(in: container)
            try require(try await container.names().isEmpty, "Consumers see a blob that was not committed.")
            await staged.abandon()
        },
        StoreConformance("takes a block that is staged again in place of the first") { container in
            let store = try await container.prepared()
            let sample = Sample(id: "RIGHT", bytes: 250)
            let wrong = Sample(id: "WRONG", bytes: 400)
            let staged = try await sample.stage(in: store, blockSize: 100)
            for (index, range) in [(0, 0..<100), (2, 200..<400)] {
                let offset = UInt64(range.lowerBound)
                try await staged.stage(wrong.block(range), index: index, offset: offset, Attempt(operation: 3))
            }
            for (index, range) in [(2, 200..<250), (0, 0..<100)] {
                let offset = UInt64(range.lowerBound)
                try await staged.stage(
                    sample.block(range),
                    index: index,
                    offset: offset,
                    Attempt(operation: 4, number: 2)
                )
            }
            try await sample.commit(staged, blockSize: 100)
            try await sample.requireStored(in: container)
        },
        StoreConformance("leaves an existing blob untouched when a commit meets it") { container in
            let store = try await container.prepared()
            let first = Sample(id: "FIRST", bytes: 50)
            let second = Sample(id: "SECOND", bytes: 1_000)
            try await first.create(in: store)
            let staged = try await second.stage(in: store, blockSize: 300)
            try await requireFailure(.alreadyExists) { () throws(Failure) in
                try await second.commit(staged, blockSize: 300)
            }
            await staged.abandon()
            try await first.requireStored(in: container)
        },
        StoreConformance("leaves nothing of what was abandoned") { container in
            let store = try await container.prepared()
            let given = Sample(id: "GIVEN-UP", bytes: 1_000)
            let staged = try await given.stage(in: store, blockSize: 300)
            await staged.abandon()
            await staged.abandon()
            try await given.requireMissing(in: container)
            let sample = Sample(id: "STORED", bytes: 700)
            try await sample.create(in: store)
            try await sample.requireStored(in: container)
        },
        StoreConformance("never commits blocks that are missing") { container in
            let store = try await container.prepared()
            let sample = Sample(bytes: 300)
            let staged = try await store.stage(sample.name)
            for index in [0, 2] {
                let range = index * 100..<(index + 1) * 100
                let offset = UInt64(range.lowerBound)
                try await staged.stage(sample.block(range), index: index, offset: offset, Attempt(operation: 3))
            }
            try await requireFailure(.stagedBlocksLost) { () throws(Failure) in
                try await sample.commit(staged, blockSize: 100)
            }
            await staged.abandon()
            try await sample.requireMissing(in: container)
        },
    ]
}
