import Foundation
import ProgramFixture
import TestServers

/// A blob or file that stands where consumers look.
struct Stored: Sendable {
    var name: String
    /// The id in its metadata; nil for what the program did not write.
    var messageID: String?
    var content: [UInt8]
    /// Changes when somebody writes it, even with the same content.
    var version: String
}

extension Stage {
    /// Everything that is stored, in the order of the names' bytes, without what the program keeps for itself.
    var stored: [Stored] {
        switch place {
        case .blobService:
            blobs.blobs(in: Self.container).filter { !$0.name.hasPrefix(".") }.map { blob in
                Stored(
                    name: blob.name,
                    messageID: blob.metadata["meshmessageid"]?.removingPercentEncoding,
                    content: blob.bytes,
                    version: blob.etag
                )
            }
        case .directory:
            folder.files(below: "messages").filter { !$0.hasPrefix(".") }.map(storedFile)
        }
    }

    private func storedFile(_ name: String) -> Stored {
        let path = folder.file("messages/\(name)")
        var status = stat()
        lstat(path, &status)
        let nanoseconds = String(status.st_mtim.tv_nsec)
        let time = "\(status.st_mtim.tv_sec)-\(String(repeating: "0", count: 9 - nanoseconds.count))\(nanoseconds)"
        struct Record: Decodable {
            var metadata: [String: String]
        }
        let record = FileManager.default.contents(
            atPath: folder.file("messages/.poll-mesh-inbox/metadata/\(name).\(time).json")
        )
        .flatMap { try? JSONDecoder().decode(Record.self, from: $0) }
        return Stored(
            name: name,
            messageID: record?.metadata["meshmessageid"]?.removingPercentEncoding,
            content: FileManager.default.contents(atPath: path).map { Array($0) } ?? [],
            version: "\(status.st_ino) \(time)"
        )
    }

    /// The ids in the journal; nil where it can't be read.
    var journal: [String]? {
        struct Document: Decodable {
            struct Group: Decodable {
                var ids: [String]
            }
            var groups: [Group]
        }
        let name = ".poll-mesh-inbox/\(Self.mailbox).json"
        let content: [UInt8]?
        switch place {
        case .blobService: content = blobs.blob(name, in: Self.container)?.bytes
        case .directory:
            content = FileManager.default.contents(atPath: folder.file("messages/\(name)")).map { Array($0) }
        }
        guard let content, !content.isEmpty else { return [] }
        return (try? JSONDecoder().decode(Document.self, from: Data(content)))?.groups.flatMap(\.ids)
    }

    /// Takes all plain names that a message of ``foreignCode`` could get within some seconds.
    func placeForeignBlobs(seconds: Int = 100) throws {
        let start = time(nil)
        for second in start..<start + seconds {
            var moment = second
            var parts = tm()
            gmtime_r(&moment, &parts)
            var text = [CChar](repeating: 0, count: 64)
            strftime(&text, text.count, "%Y-%m-%d/\(Self.foreignCode)_%Y%m%dT%H%M%S.dat", &parts)
            let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            switch place {
            case .blobService: blobs.add(name, text: Self.foreignText, in: Self.container)
            case .directory:
                let url = URL(filePath: folder.file("messages/\(name)"))
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(Self.foreignText.utf8).write(to: url)
            }
        }
    }
}
