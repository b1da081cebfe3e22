// SPDX-License-Identifier: Apache-2.0

/// The answers of an Assuan server. Data is decoded where it arrives and never becomes a `String`.
struct AssuanAnswers {
    /// What came of a question.
    enum Outcome {
        /// So many bytes.
        case data(Int)
        /// An empty answer, or a refusal: the person cancelled.
        case nothing
        /// The answer broke off, or was longer than any secret.
        case ended
    }

    /// How long an answer may take that needs nobody to think.
    static let patience = Duration.seconds(10)

    private let bytes: Input.Bytes

    init(_ bytes: Input.Bytes) { self.bytes = bytes }

    /// Whether the next answer is a yes.
    ///
    /// - Throws: `pinentrySilent` when there is none in time.
    func isOK() throws(SecretSourceError) -> Bool {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            let line = try line(by: deadline)
            if line.first != UInt8(ascii: "#"), !line.starts(with: Array("S ".utf8)) {
                return line.starts(with: Array("OK".utf8))
            }
        }
    }

    /// Reads "D data" whenever it comes, undoing its escapes; remarks and news of the server before it are passed over.
    func data(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        while let kind = next() {
            switch kind {
            case UInt8(ascii: "D"): return next() == UInt8(ascii: " ") ? unsafe decode(into: buffer) : .ended
            case UInt8(ascii: "S"), UInt8(ascii: "#"): _ = rest()
            default:
                let word = [kind] + rest()
                return word.starts(with: Array("OK".utf8)) || word.starts(with: Array("ERR".utf8)) ? .nothing : .ended
            }
        }
        return .ended
    }

    private func decode(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        var count = 0
        while let byte = next() {
            guard byte != 0x0A else { return .data(count) }
            guard count < buffer.count else { return .ended }
            if byte == UInt8(ascii: "%") {
                guard let high = digit(next()), let low = digit(next()) else { return .ended }
                unsafe buffer[count] = high << 4 | low
            } else {
                unsafe buffer[count] = byte
            }
            count += 1
        }
        return .ended
    }

    private func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case let byte? where (0x30...0x39).contains(byte): byte - 0x30
        case let byte? where (0x41...0x46).contains(byte & 0xDF): (byte & 0xDF) - 0x37
        default: nil
        }
    }

    /// What is left of a line, at most 1,000 bytes (the protocol's limit).
    private func rest() -> [UInt8] {
        var line: [UInt8] = []
        while line.count < 1_000, let byte = next(), byte != 0x0A { line.append(byte) }
        return line
    }

    private func line(by deadline: ContinuousClock.Instant) throws(SecretSourceError) -> [UInt8] {
        var line: [UInt8] = []
        while line.count < 1_000 {
            switch bytes.next(by: deadline) {
            case .byte(0x0A), .end, .failed, .givenUp: return line
            case .byte(let byte): line.append(byte)
            case .tooLate: throw .pinentrySilent
            }
        }
        return line
    }

    private func next() -> UInt8? {
        guard case .byte(let byte) = bytes.next() else { return nil }
        return byte
    }
}
