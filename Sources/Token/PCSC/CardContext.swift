// SPDX-License-Identifier: Apache-2.0

internal import CPCSC

/// A connection to the smart-card service (PC/SC part 5, resource manager).
final class CardContext: @unchecked Sendable {
    // @unchecked: pcsclite serialises the calls of one context, and SCardCancel is made for other threads.
    let handle: SCARDCONTEXT

    init() throws(PCSCError) {
        var handle = SCARDCONTEXT()
        try PCSCError.check(
            SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &handle),
            "SCardEstablishContext"
        )
        self.handle = handle
    }

    deinit { SCardReleaseContext(handle) }

    /// The names of all readers, in the service's order; at most 64 KiB of them.
    func readerNames() throws(PCSCError) -> [String] {
        var length = DWORD(65_536)
        var names = [CChar](repeating: 0, count: Int(length))
        let result = SCardListReaders(handle, nil, &names, &length)
        if UInt(bitPattern: Int(result)) & 0xFFFF_FFFF == PCSCError.noReaders { return [] }
        try PCSCError.check(result, "SCardListReaders")
        return names.prefix(Int(length)).split(separator: 0).map { name in
            String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Ends a wait that another thread is in.
    func cancel() { SCardCancel(handle) }
}
