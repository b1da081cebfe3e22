// SPDX-License-Identifier: Apache-2.0

import Credentials
import Synchronization

/// A person who types what the test says, and remembers what was asked.
final class TypedSecrets: DeviceSecretSource {
    private let pins: Mutex<[String]>
    private let qpins: Mutex<[String]>
    private let puks: Mutex<[String]>
    private let news: Mutex<[String]>
    private let refused = Mutex<[NewSecretRefusal]>([])
    private let requested = Mutex<[SecretRequest]>([])
    private let asked = Mutex<[SecretKind]>([])
    private let announced = Mutex<[SecretKind]>([])

    init(pin: [String] = [], qpin: [String] = [], puk: [String] = [], new: [String] = []) {
        puks = Mutex(puk)
        news = Mutex(new)
        pins = Mutex(pin)
        qpins = Mutex(qpin)
    }

    /// What was asked for so far, in order.
    var questions: [SecretKind] { asked.withLock { $0 } }

    /// What the device itself asked for so far, in order.
    var announcements: [SecretKind] { announced.withLock { $0 } }

    /// What was said of each secret before it was typed.
    var requests: [SecretRequest] { requested.withLock { $0 } }

    /// Why new values were not taken, in order.
    var refusals: [NewSecretRefusal] { refused.withLock { $0 } }

    func puk(for request: SecretRequest) async throws(KeyStoreError) -> PUK {
        asked.withLock { $0.append(.puk) }
        requested.withLock { $0.append(request) }
        guard let text = puks.withLock({ $0.isEmpty ? nil : $0.removeFirst() }), let puk = PUK(typed: text) else {
            throw KeyStoreError(.secretUnavailable, secret: .puk)
        }
        return puk
    }

    func newSecret<Role: DeviceSecretRole>(
        _ role: Role.Type,
        for request: NewSecretRequest
    ) async throws(KeyStoreError) -> Secret<Role> {
        if let refusal = request.refusal { refused.withLock { $0.append(refusal) } }
        guard let text = news.withLock({ $0.isEmpty ? nil : $0.removeFirst() }), let new = Secret<Role>(typed: text)
        else {
            throw KeyStoreError(.secretRefused, secret: role.kind, refusal: request.refusal)
        }
        return new
    }

    func pin(for request: SecretRequest) async throws(KeyStoreError) -> PIN {
        requested.withLock { $0.append(request) }
        asked.withLock { $0.append(.pin) }
        guard let text = pins.withLock({ $0.isEmpty ? nil : $0.removeFirst() }), let pin = PIN(typed: text) else {
            throw KeyStoreError(.secretUnavailable, secret: .pin)
        }
        return pin
    }

    func qpin(for request: SecretRequest) async throws(KeyStoreError) -> QPIN {
        requested.withLock { $0.append(request) }
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
