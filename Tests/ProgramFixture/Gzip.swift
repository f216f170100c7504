import CZlib

/// One gzip member that holds the bytes.
package func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 for gzip.
    let size = Int32(MemoryLayout<z_stream>.size)
    precondition(
        deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
    )
    defer { deflateEnd(&stream) }
    var input = bytes
    return input.withUnsafeMutableBufferPointer { input in
        let capacity = Int(deflateBound(&stream, uLong(input.count)))
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            stream.next_in = input.baseAddress
            stream.avail_in = uInt(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = uInt(capacity)
            precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
            count = capacity - Int(stream.avail_out)
        }
    }
}

/// Bytes in which every value is found, and which don't repeat soon.
package func sampleBytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { index in
        if index < 256 { return UInt8(index) }
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}
