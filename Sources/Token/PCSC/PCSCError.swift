// SPDX-License-Identifier: Apache-2.0

internal import CPCSC

/// Why the smart-card service could not be asked. Equal by code alone.
public struct PCSCError: Error, Equatable, Sendable {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// pcscd is not running, or not reachable. No error for tokens that need no reader.
        case serviceUnavailable
        /// The reader is gone.
        case readerGone
        /// No card is in the reader, or it was taken out.
        case cardGone
        /// The card does not answer as a card does.
        case cardMute
        /// Another program has the card for itself.
        case cardBusy
        /// The call was ended by `cancel`.
        case cancelled
        /// Anything else.
        case failed
    }

    /// What kind of failure it is.
    public let code: Code
    /// The function that failed.
    public let function: String
    /// Its return value (SCARD_…).
    public let returnValue: UInt

    /// Whether both are of the same kind.
    public static func == (left: PCSCError, right: PCSCError) -> Bool { left.code == right.code }

    /// The one door through which every return value goes.
    static func check(_ value: LONG, _ function: String) throws(PCSCError) {
        let value = UInt(bitPattern: Int(value)) & 0xFFFF_FFFF
        guard value != 0 else { return }
        throw PCSCError(code: codes[value] ?? .failed, function: function, returnValue: value)
    }

    // The names are C macros with casts that Swift does not import (pcsclite.h).
    private static let codes: [UInt: Code] = [
        0x8010_0002: .cancelled,  // SCARD_E_CANCELLED
        0x8010_0009: .readerGone,  // SCARD_E_UNKNOWN_READER
        0x8010_000B: .cardBusy,  // SCARD_E_SHARING_VIOLATION
        0x8010_000C: .cardGone,  // SCARD_E_NO_SMARTCARD
        0x8010_0017: .readerGone,  // SCARD_E_READER_UNAVAILABLE
        0x8010_001D: .serviceUnavailable,  // SCARD_E_NO_SERVICE
        0x8010_001E: .serviceUnavailable,  // SCARD_E_SERVICE_STOPPED
        0x8010_0066: .cardMute,  // SCARD_W_UNRESPONSIVE_CARD
        0x8010_0067: .cardMute,  // SCARD_W_UNPOWERED_CARD
        0x8010_0068: .cardGone,  // SCARD_W_RESET_CARD
        0x8010_0069: .cardGone,  // SCARD_W_REMOVED_CARD
    ]

    static let timedOut: UInt = 0x8010_000A  // SCARD_E_TIMEOUT
    static let noReaders: UInt = 0x8010_002E  // SCARD_E_NO_READERS_AVAILABLE
}
