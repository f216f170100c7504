extension HTTPServer {
    /// What follows the head of an answer. Large bodies are sent from a small buffer, never held in memory whole.
    package struct Body: Sendable {
        enum Source: Sendable {
            case bytes([UInt8])
            /// The pattern repeated until it is at least a block long, and where in it the body starts.
            case repeated([UInt8], start: Int)
            case generated(@Sendable (Int, UnsafeMutableRawBufferPointer) -> Void)
        }

        package let length: Int
        let source: Source

        package static let empty = bytes([])

        package static func bytes(_ bytes: [UInt8]) -> Body {
            Body(length: bytes.count, source: .bytes(bytes))
        }

        package static func text(_ text: String) -> Body {
            bytes(utf8(text))
        }

        /// A pattern again and again, up to a length.
        /// - Parameter start: where in the endless repetition the body starts.
        package static func repeating(_ pattern: [UInt8], start: Int = 0, length: Int) -> Body {
            precondition(!pattern.isEmpty && start >= 0 && length >= 0)
            var long = pattern
            while long.count < min(blockLength, length) { long += long }
            return Body(length: length, source: .repeated(long, start: start % pattern.count))
        }

        /// A body made while it is sent.
        /// - Parameter fill: gets an offset and fills the whole buffer with what stands there.
        package static func generated(
            length: Int,
            _ fill: @escaping @Sendable (_ offset: Int, _ buffer: UnsafeMutableRawBufferPointer) -> Void
        ) -> Body {
            Body(length: length, source: .generated(fill))
        }

        static let blockLength = 1 << 18

        /// The whole of it in memory.
        package var contents: [UInt8] {
            if case .bytes(let bytes) = source { return bytes }
            var bytes: [UInt8] = []
            forEachPiece {
                bytes += $0
                return true
            }
            return bytes
        }

        /// Gives the content in pieces; stops when a piece is refused.
        /// - Returns: whether every piece was taken.
        @discardableResult
        func forEachPiece(limit: Int? = nil, _ take: (UnsafeRawBufferPointer) -> Bool) -> Bool {
            let end = min(length, limit ?? length)
            switch source {
            case .bytes(let bytes):
                return bytes.withUnsafeBytes { end == 0 || take(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
            case .repeated(let pattern, let start):
                return pattern.withUnsafeBytes { whole in
                    var position = 0
                    while position < end {
                        let from = (start + position) % whole.count
                        let count = min(whole.count - from, end - position)
                        guard take(UnsafeRawBufferPointer(rebasing: whole[from..<from + count])) else { return false }
                        position += count
                    }
                    return true
                }
            case .generated(let fill):
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockLength, alignment: 16)
                defer { buffer.deallocate() }
                var position = 0
                while position < end {
                    let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, end - position)])
                    fill(position, piece)
                    guard take(UnsafeRawBufferPointer(piece)) else { return false }
                    position += piece.count
                }
                return true
            }
        }
    }
}
