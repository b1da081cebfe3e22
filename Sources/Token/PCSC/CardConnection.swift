// SPDX-License-Identifier: Apache-2.0

internal import CPCSC

/// A card that is talked to beside its PKCS#11 module, shared with it (PC/SC part 5). Nobody else's command comes
/// between those of one connection.
struct CardConnection: ~Copyable {
    private let context: CardContext
    private let handle: SCARDHANDLE
    private let activeProtocol: DWORD

    /// Connects to the card in a reader and waits until no other program is in the middle of something.
    init(reader: String) throws(PCSCError) {
        let context = try CardContext()
        var handle = SCARDHANDLE()
        var activeProtocol = DWORD()
        try PCSCError.check(
            SCardConnect(
                context.handle,
                reader,
                DWORD(SCARD_SHARE_SHARED),
                DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1),
                &handle,
                &activeProtocol
            ),
            "SCardConnect"
        )
        let begun = SCardBeginTransaction(handle)
        guard begun == 0 else {
            SCardDisconnect(handle, DWORD(SCARD_LEAVE_CARD))
            try PCSCError.check(begun, "SCardBeginTransaction")
            throw PCSCError(code: .failed, function: "SCardBeginTransaction", returnValue: 0)
        }
        self.context = context
        self.handle = handle
        self.activeProtocol = activeProtocol
    }

    deinit {
        SCardEndTransaction(handle, DWORD(SCARD_LEAVE_CARD))
        SCardDisconnect(handle, DWORD(SCARD_LEAVE_CARD))
    }

    /// Sends one command and gives the card's status word (ISO 7816-4, section 5.6). Data that comes with it is not
    /// wanted by anybody here.
    borrowing func status(of command: UnsafeRawBufferPointer) throws(PCSCError) -> UInt16 {
        var request = SCARD_IO_REQUEST(
            dwProtocol: activeProtocol,
            cbPciLength: DWORD(MemoryLayout<SCARD_IO_REQUEST>.size)
        )
        var answer = [UInt8](repeating: 0, count: 258)
        var length = DWORD(answer.count)
        try PCSCError.check(
            SCardTransmit(
                handle,
                &request,
                command.baseAddress?.assumingMemoryBound(to: UInt8.self),
                DWORD(command.count),
                nil,
                &answer,
                &length
            ),
            "SCardTransmit"
        )
        let count = Int(clamping: length)
        guard (2...answer.count).contains(count) else {
            throw PCSCError(code: .failed, function: "SCardTransmit", returnValue: 0)
        }
        return UInt16(answer[count - 2]) << 8 | UInt16(answer[count - 1])
    }
}
