// SPDX-License-Identifier: Apache-2.0

internal import CPCSC

/// A reader and what is in it, as the smart-card service sees it.
public struct CardReader: Hashable, Sendable {
    /// The service's name of the reader; most modules use it as the description of their slot.
    public let name: String
    /// The card's answer to reset (ISO 7816-3, section 8.2), at most 33 bytes; `nil` while no card is in.
    public let answerToReset: [UInt8]?
    /// Whether a card is in and does not answer: upside down, or broken.
    public let isMute: Bool

    /// All readers with what is in them.
    ///
    /// - Throws: `serviceUnavailable` when pcscd does not run.
    public static func all() throws(PCSCError) -> [CardReader] {
        let context = try CardContext()
        return try states(of: context.readerNames(), in: context)
    }

    static func states(of names: [String], in context: CardContext) throws(PCSCError) -> [CardReader] {
        guard !names.isEmpty else { return [] }
        var states = ReaderStates(names: names)
        try states.refresh(in: context, waiting: 0)
        return states.readers
    }
}

/// The reader states that the service compares with its own (SCARD_READERSTATE), and the names they point to.
struct ReaderStates: ~Copyable {
    private let names: [String]
    private var pointers: [UnsafeMutablePointer<CChar>]
    private var states: [SCARD_READERSTATE]

    init(names: [String]) {
        self.names = names
        pointers = names.map { name in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: name.utf8.count + 1)
            for (index, byte) in name.utf8.enumerated() { copy[index] = CChar(bitPattern: byte) }
            copy[name.utf8.count] = 0
            return copy
        }
        states = pointers.map { pointer in
            var state = SCARD_READERSTATE()
            state.szReader = UnsafePointer(pointer)
            state.dwCurrentState = DWORD(SCARD_STATE_UNAWARE)
            return state
        }
    }

    deinit { for pointer in pointers { pointer.deallocate() } }

    /// Waits until anything differs from what is known, and takes it over.
    ///
    /// - Parameter milliseconds: 0 asks and does not wait; `nil` waits for ever.
    /// - Returns: whether anything changed.
    @discardableResult
    mutating func refresh(in context: CardContext, waiting milliseconds: UInt32?) throws(PCSCError) -> Bool {
        let timeout = milliseconds.map { DWORD($0) } ?? DWORD(0xFFFF_FFFF)
        let result = SCardGetStatusChange(context.handle, timeout, &states, DWORD(states.count))
        if UInt(bitPattern: Int(result)) & 0xFFFF_FFFF == PCSCError.timedOut { return false }
        try PCSCError.check(result, "SCardGetStatusChange")
        var changed = false
        for index in states.indices {
            changed = changed || states[index].dwEventState & DWORD(SCARD_STATE_CHANGED) != 0
            states[index].dwCurrentState = states[index].dwEventState & ~DWORD(SCARD_STATE_CHANGED)
        }
        return changed
    }

    var readers: [CardReader] {
        zip(names, states).compactMap { name, state in
            guard name != ReaderMonitor.announcer, state.dwEventState & DWORD(SCARD_STATE_UNKNOWN) == 0 else {
                return nil
            }
            let isPresent = state.dwEventState & DWORD(SCARD_STATE_PRESENT) != 0
            let length = min(Int(state.cbAtr), MemoryLayout.size(ofValue: state.rgbAtr))
            let atr = withUnsafeBytes(of: state.rgbAtr) { Array($0.prefix(length)) }
            return CardReader(
                name: name,
                answerToReset: isPresent && !atr.isEmpty ? atr : nil,
                isMute: isPresent && state.dwEventState & DWORD(SCARD_STATE_MUTE) != 0
            )
        }
    }
}
