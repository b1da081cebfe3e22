// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials

/// What a reset would do to a device, known before any secret is asked for.
public struct FactoryResetPlan: Sendable {
    /// All certificates that will be gone. Private keys show only after a login.
    public let certificates: [StoredCertificate]
    /// The secrets that get back the values of the factory.
    public let returned: [SecretKind]
    /// The secrets that stay as they are, because no way or no value is known.
    public let kept: [SecretKind]

    /// Whether the PUK alone is enough: with it PIN and QPIN are returned first, and open what is to be removed.
    public var wantsPUK: Bool { returned.contains(.puk) }
}

/// What was done.
public struct FactoryResetReport: Sendable {
    /// How many certificates were removed.
    public let certificates: Int
    /// How many keys, halves without a partner among them.
    public let keys: Int
    /// The secrets that now have the values of the factory.
    public let returned: [SecretKind]
    /// The secrets that were left as they are.
    public let kept: [SecretKind]
}

/// The state for a complaint: nothing of the owner's on the device, and secrets that its maker knows.
///
/// Every step can be done again. With the PUK, PIN and QPIN become those of the factory (blocked ones too), open
/// their areas, and everything there is removed; the PUK itself comes last, so that whoever is interrupted begins again
/// with the same one. Only where the maker's values are not known the owner's PIN and QPIN are asked for.
extension PKCS11Token {
    /// What a reset would do; no secret is asked for.
    public func resetPlan() throws(KeyStoreError) -> FactoryResetPlan {
        let returned = returnable
        return FactoryResetPlan(
            certificates: try certificates(),
            returned: returned,
            kept: device.secretKinds.filter { !returned.contains($0) }
        )
    }

    /// Removes all certificates and keys and returns what can be returned to the factory; reads the device again.
    ///
    /// - Throws: `notRemoved` when anything is still there at the end.
    public func reset(secrets: any DeviceSecretSource) async throws(KeyStoreError) -> FactoryResetReport {
        let plan = try resetPlan()
        guard plan.wantsPUK else {
            let removed = try await removeEverything(secrets: secrets)
            close()
            return FactoryResetReport(
                certificates: removed.certificates,
                keys: removed.keys,
                returned: [],
                kept: plan.kept
            )
        }
        let request = try request(for: .puk, purpose: .resetDevice)
        let puk = try await secrets.puk(for: request)
        guard request.lengths.contains(puk.count) else { throw KeyStoreError(.secretInvalid, secret: .puk) }
        for kind in plan.returned where kind != .puk { try returnToFactory(kind, with: puk) }
        close()
        let opened = FactoryValues(profile: device.profile, others: secrets)
        let removed = try await removeEverything(secrets: opened)
        close()
        try returnPUKToFactory(puk)
        return FactoryResetReport(
            certificates: removed.certificates,
            keys: removed.keys,
            returned: plan.returned,
            kept: plan.kept
        )
    }

    /// The secrets whose values of the factory are known, where the PUK can set them.
    private var returnable: [SecretKind] {
        let profile = device.profile
        guard profile.knownCare.unblock == .initPIN, profile.factoryValue(of: .pin) != nil,
            profile.factoryValue(of: .puk) != nil, !device.asksByItself(for: .puk, in: device.general)
        else { return [] }
        let hasQPIN = device.slot(of: .qpin) != nil && profile.factoryValue(of: .qpin) != nil
        return hasQPIN ? [.pin, .qpin, .puk] : [.pin, .puk]
    }

    private func returnToFactory(_ kind: SecretKind, with puk: borrowing PUK) throws(KeyStoreError) {
        guard let slot = device.slot(of: kind),
            let value = Secret<PUKRole>(published: device.profile.factoryValue(of: kind))
        else { return }
        closeForNewSecret()
        let open = try OpenSlot(slot)
        do throws(KeyStoreError) {
            try puk.withBytes { puk throws(KeyStoreError) in try open.session.logIn(CKU_SO, as: .puk, with: puk) }
            try value.withBytes { value throws(KeyStoreError) in try open.session.initPIN(kind, to: value) }
        } catch {
            guard let failure = outcome(of: error, for: kind, on: open) else { return }
            throw failure
        }
    }

    private func returnPUKToFactory(_ puk: borrowing PUK) throws(KeyStoreError) {
        guard let value = Secret<PUKRole>(published: device.profile.factoryValue(of: .puk)), !puk.matches(value) else {
            return
        }
        try puk.withBytes { old throws(KeyStoreError) in
            try value.withBytes { new throws(KeyStoreError) in
                try setPIN(.puk, in: device.general, as: CKU_SO, old: old, new: new)
            }
        }
    }

    /// Certificates first, so that none is left without its key; and then again, from the beginning, to see that
    /// nothing is left.
    private func removeEverything(
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> (certificates: Int, keys: Int) {
        var removed = (certificates: 0, keys: 0)
        for certificate in try certificates() {
            try await remove(certificate, secrets: secrets)
            removed.certificates += 1
        }
        for area in areas {
            for pair in try await keyPairs(in: area, for: .resetDevice, secrets: secrets) {
                try await remove(pair, secrets: secrets)
                removed.keys += 1
            }
        }
        guard try certificates().isEmpty else { throw KeyStoreError(.notRemoved) }
        for area in areas {
            guard try await keyPairs(in: area, for: .resetDevice, secrets: secrets).isEmpty else {
                throw KeyStoreError(.notRemoved)
            }
        }
        return removed
    }
}

/// Values that the maker publishes, for a device that was just given them; whatever else is asked goes to the person.
private struct FactoryValues: SecretSource {
    let profile: DeviceProfile
    let others: any SecretSource

    func pin(for request: SecretRequest) async throws(KeyStoreError) -> PIN {
        if let pin = PIN(published: profile.factoryValue(of: .pin)) { return pin }
        return try await others.pin(for: request)
    }

    func qpin(for request: SecretRequest) async throws(KeyStoreError) -> QPIN {
        if let qpin = QPIN(published: profile.factoryValue(of: .qpin)) { return qpin }
        return try await others.qpin(for: request)
    }

    func announceDeviceEntry(of request: SecretRequest) async throws(KeyStoreError) {
        try await others.announceDeviceEntry(of: request)
    }
}

extension Secret {
    /// A value that is no secret: everybody can read it in the maker's guide.
    fileprivate init?(published text: String?) {
        guard let text, text.utf8.count <= Self.capacity else { return nil }
        self.init(filling: { room in
            room.copyBytes(from: text.utf8)
            return text.utf8.count
        })
    }
}
