// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Token

#if canImport(Glibc)
    import Glibc
#endif

/// Readers and cards as the real smart-card service tells of them.
@Suite struct ReaderTests {
    private static let atr: [UInt8] = [
        0x3B, 0xF5, 0x18, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45, 0x4F, 0x73, 0x45, 0x49, 0x44, 0x92,
    ]

    @Test func `a reader is named with the answer to reset of its card`() async throws {
        let card = try await CardStack()
        // The library remembers its socket: each story is a process of its own.
        await #expect(processExitsWith: .success) { [path = card.path as String] in
            setenv("PCSCLITE_CSOCK_NAME", "\(path)/pcscd.comm", 1)
            let readers = try CardReader.all()
            #expect(readers.count == 1)
            #expect(readers.first?.name.hasPrefix("Virtual Reader") == true)
            #expect(readers.first?.answerToReset == ReaderTests.atr)
            #expect(readers.first?.isMute == false)
        }
    }

    @Test func `a card that is pulled and pushed in again is told by events`() async throws {
        let card = try await CardStack()
        await #expect(processExitsWith: .success) { [path = card.path as String] in
            setenv("PCSCLITE_CSOCK_NAME", "\(path)/pcscd.comm", 1)
            var seen: [Bool] = []
            for try await readers in ReaderMonitor.changes() {
                seen.append(readers.first?.answerToReset != nil)
                if seen == [true] { try await CardStack.pull(path) }
                if seen == [true, false] { try await CardStack.insert(path) }
                if seen.count == 3 { break }
            }
            #expect(seen == [true, false, true])
            // As the client ends: the watcher may still be in the library, whose exit handler takes away what it uses.
            _exit(seen == [true, false, true] ? 0 : 1)
        }
    }

    @Test func `without the service the error says so`() async throws {
        await #expect(processExitsWith: .success) {
            setenv("PCSCLITE_CSOCK_NAME", "/nowhere/pcscd.comm", 1)
            let error = #expect(throws: PCSCError.self) { try CardReader.all() }
            #expect(error?.code == .serviceUnavailable)
        }
    }
}
