// SPDX-License-Identifier: Apache-2.0

import Credentials
import Synchronization

/// A person who types what the test says, and remembers what was asked.
final class TypedSecrets: SecretSource {
    private let pins: Mutex<[String]>
    private let qpins: Mutex<[String]>
    private let asked = Mutex<[SecretKind]>([])
    private let announced = Mutex<[SecretKind]>([])

    init(pin: [String] = [], qpin: [String] = []) {
        pins = Mutex(pin)
        qpins = Mutex(qpin)
    }

    /// What was asked for so far, in order.
    var questions: [SecretKind] { asked.withLock { $0 } }

    /// What the device itself asked for so far, in order.
    var announcements: [SecretKind] { announced.withLock { $0 } }

    func pin(for request: SecretRequest) async throws(KeyStoreError) -> PIN {
        asked.withLock { $0.append(.pin) }
        guard let text = pins.withLock({ $0.isEmpty ? nil : $0.removeFirst() }), let pin = PIN(typed: text) else {
            throw KeyStoreError(.secretUnavailable, secret: .pin)
        }
        return pin
    }

    func qpin(for request: SecretRequest) async throws(KeyStoreError) -> QPIN {
        asked.withLock { $0.append(.qpin) }
        guard let text = qpins.withLock({ $0.isEmpty ? nil : $0.removeFirst() }), let qpin = QPIN(typed: text) else {
            throw KeyStoreError(.secretUnavailable, secret: .qpin)
        }
        return qpin
    }

    func announceDeviceEntry(of request: SecretRequest) async { announced.withLock { $0.append(request.kind) } }
}

extension Secret {
    fileprivate init?(typed text: String) {
        self.init(filling: { room in
            room.copyBytes(from: text.utf8)
            return text.utf8.count
        })
    }
}
