// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// The secrets of a card whose commands are known: what PKCS#11 does not tell, and what its module may not do.
struct CardSecrets: Sendable {
    let facts: CardFacts
    let reader: String

    /// How many tries of a secret are left (ISO 7816-4, section 11.5.6: VERIFY without data). Costs none.
    ///
    /// - Returns: `nil` when the card does not tell, because the secret is verified just now, or at all.
    func triesLeft(of secret: SecretKind) -> Int? {
        guard let reference = facts.reference(of: secret), let connection = try? connected() else { return nil }
        let question: [UInt8] = [0x00, 0x20, 0x00, reference]
        guard let status = try? question.withUnsafeBytes({ try connection.status(of: $0) }) else { return nil }
        return Self.triesLeft(by: status)
    }

    /// Gives a secret a new value, whatever its old one was (ISO 7816-4, section 11.5.10: RESET RETRY COUNTER).
    ///
    /// - Throws: `secretWrong` and `secretLocked` speak of the PUK.
    func reset<Role>(
        _ secret: SecretKind,
        to new: borrowing Secret<Role>,
        with puk: borrowing PUK
    ) throws(KeyStoreError) {
        guard let reference = facts.reference(of: secret), new.count <= facts.paddedLength,
            puk.count <= facts.paddedLength
        else {
            throw KeyStoreError(.unblockNotOffered, secret: secret)
        }
        let command = Command([0x00, 0x2C, 0x00, reference, UInt8(2 * facts.paddedLength)]) { room in
            puk.copy(to: room, at: 5, facts)
            new.copy(to: room, at: 5 + facts.paddedLength, facts)
            return 5 + 2 * facts.paddedLength
        }
        guard let command else { throw KeyStoreError(.unblockNotOffered, secret: secret) }
        let status: UInt16
        do throws(PCSCError) {
            let connection = try connected()
            do throws(PCSCError) {
                status = try command.bytes.withBytes { bytes throws(PCSCError) in try connection.status(of: bytes) }
            } catch {
                // The command was on its way: nobody knows whether the card still did it.
                throw PCSCError(code: .failed, function: Self.function, returnValue: error.returnValue)
            }
        } catch {
            guard error.function == Self.function else { throw KeyStoreError(error) }
            throw KeyStoreError(
                .secretUncertain,
                secret: secret,
                function: error.function,
                returnValue: error.returnValue
            )
        }
        try Self.check(status, of: secret)
    }

    private static let function = "RESET RETRY COUNTER"

    private static func check(_ status: UInt16, of secret: SecretKind) throws(KeyStoreError) {
        let value = UInt(status)
        switch status {
        case 0x9000: return
        case 0x63C0, 0x6983:
            throw KeyStoreError(.secretLocked, secret: .puk, function: function, returnValue: value, state: .locked)
        case 0x63C1...0x63CF:
            let left = Int(status & 0x0F)
            throw KeyStoreError(
                .secretWrong,
                secret: .puk,
                function: function,
                returnValue: value,
                state: left == 1 ? .final : .low,
                triesLeft: left
            )
        case 0x6700, 0x6A80:
            throw KeyStoreError(
                .secretRefused,
                secret: secret,
                function: function,
                returnValue: value,
                refusal: .byDevice
            )
        case 0x6A88, 0x6D00:
            throw KeyStoreError(.unblockNotOffered, secret: secret, function: function, returnValue: value)
        default: throw KeyStoreError(.functionFailed, function: function, returnValue: value)
        }
    }

    static func triesLeft(by status: UInt16) -> Int? {
        switch status {
        case 0x6983, 0x6984: 0
        case 0x63C0...0x63CF: Int(status & 0x0F)
        default: nil
        }
    }

    private func connected() throws(PCSCError) -> CardConnection {
        let connection = try CardConnection(reader: reader)
        if let application = facts.application.flatMap(hexadecimal), (1...16).contains(application.count) {
            let selection = [0x00, 0xA4, 0x04, 0x00, UInt8(application.count)] + application
            let status = try selection.withBytes { bytes throws(PCSCError) in try connection.status(of: bytes) }
            // 61xx: there is more to read about the application.
            guard status == 0x9000 || status >> 8 == 0x61 else {
                throw PCSCError(code: .failed, function: "SELECT", returnValue: UInt(status))
            }
        }
        return connection
    }
}

/// A command with secrets in it, in memory like theirs.
private struct Command: ~Copyable {
    let bytes: PUK

    init?(_ header: [UInt8], filling fill: (UnsafeMutableRawBufferPointer) -> Int) {
        guard
            let bytes = PUK(filling: { room in
                room.copyBytes(from: header)
                return fill(room)
            })
        else { return nil }
        self.bytes = bytes
    }
}

extension Secret {
    fileprivate borrowing func copy(to room: UnsafeMutableRawBufferPointer, at offset: Int, _ facts: CardFacts) {
        for index in 0..<facts.paddedLength { room[offset + index] = facts.padding }
        withBytes { bytes in
            for (index, byte) in bytes.enumerated() { room[offset + index] = byte }
        }
    }
}

extension [UInt8] {
    // An array's own `withUnsafeBytes` loses the type of what is thrown.
    fileprivate func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: self)
        return try body(UnsafeRawBufferPointer(copy))
    }
}

extension KeyStoreError {
    /// What the smart-card service says, in the words of tokens.
    fileprivate init(_ error: PCSCError) {
        switch error.code {
        case .readerGone, .cardGone, .cardMute, .serviceUnavailable:
            self.init(.tokenRemoved, function: error.function, returnValue: error.returnValue)
        case .cardBusy, .cancelled, .failed:
            self.init(.functionFailed, function: error.function, returnValue: error.returnValue)
        }
    }
}
