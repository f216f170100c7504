/// A fixed piece of memory that message content flows through, filled from the front.
///
/// A block has one user at a time: whoever holds it hands it on whole (reader to engine, engine back to reader,
/// reader to uploader) and does not touch it until it comes back. That is what makes it safe to send between tasks.
package final class Block: @unchecked Sendable {
    /// The bytes that fit, at least 1.
    package let capacity: Int

    /// The bytes that were filled so far.
    package private(set) var count = 0

    private let base: UnsafeMutableRawPointer

    /// Allocates a block of its own, outside of every pool.
    package init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
        self.base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        base.deallocate()
    }

    /// The filled bytes; valid while the block is held and not written.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base, count: count)
    }

    /// The room behind the filled bytes; call ``advance(by:)`` after writing to it.
    package var room: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
    }

    package var isFull: Bool { count == capacity }

    package var isEmpty: Bool { count == 0 }

    /// Counts bytes that were written to the front of ``room`` as filled.
    package func advance(by written: Int) {
        precondition(written >= 0 && written <= capacity - count)
        count += written
    }

    /// Copies as many of the bytes as fit.
    /// - Returns: how many bytes were copied.
    @discardableResult
    package func append(_ source: UnsafeRawBufferPointer) -> Int {
        let length = min(source.count, capacity - count)
        if length > 0 {
            (base + count).copyMemory(from: source.baseAddress!, byteCount: length)
            count += length
        }
        return length
    }

    /// Forgets the bytes from `length` on.
    package func truncate(to length: Int) {
        precondition(length >= 0 && length <= count)
        count = length
    }

    /// Forgets all content.
    package func clear() {
        count = 0
    }
}
