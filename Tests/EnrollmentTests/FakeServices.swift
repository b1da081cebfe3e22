// SPDX-License-Identifier: Apache-2.0

import CAClient
import Foundation
import OpenSSLKit
import Synchronization

/// Addresses that give what a test put there, refuse, or never answer; who was asked is remembered.
final class FakeServices: RevocationServices {
    private let files: [String: [UInt8]]
    private let silent: Set<String>
    private let log = Mutex<[String]>([])

    /// - Parameter silent: whoever asks here waits until he is cancelled.
    init(_ files: [String: [UInt8]] = [:], silent: Set<String> = []) {
        self.files = files
        self.silent = silent
    }

    var asked: [String] { log.withLock { $0 } }

    func answer(to question: OCSPQuestion, from address: String) async throws(CAError) -> [UInt8] {
        try await file(at: address)
    }

    func revocationList(at address: String) async throws(CAError) -> [UInt8] { try await file(at: address) }

    func issuer(at address: String) async throws(CAError) -> [UInt8] { try await file(at: address) }

    private func file(at address: String) async throws(CAError) -> [UInt8] {
        log.withLock { $0.append(address) }
        if silent.contains(address) {
            try? await Task.sleep(for: .seconds(3_600))
            throw CAError(.cancelled)
        }
        guard let file = files[address] else { throw CAError(.unreachable) }
        return file
    }
}
