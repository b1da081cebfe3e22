// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials

/// Taking things off the token. Modules may fail after an object was removed (OpenSC: "general error" when it cannot
/// update the directory), or say that all is well when nothing happened; so the token is asked afterwards, whatever
/// the answer was.
extension PKCS11Token {
    /// Removes both halves of a key pair: the private one first, so that whatever interrupts it leaves a public half,
    /// which signs nothing and can be recognised and removed.
    public func remove(_ pair: StoredKeyPair, secrets: any SecretSource) async throws(KeyStoreError) {
        let open = try await writableSlot(for: pair.area, purpose: .removeObjects, secrets: secrets)
        let found = try open.perform { session throws(KeyStoreError) in try session.halves(of: pair) }
        guard !found.isEmpty else { throw KeyStoreError(.keyNotFound) }
        try remove(found, from: open) { session throws(KeyStoreError) in try session.halves(of: pair).isEmpty }
    }

    /// Removes a certificate. Its key stays.
    public func remove(_ certificate: StoredCertificate, secrets: any SecretSource) async throws(KeyStoreError) {
        // Without its bytes nothing tells it from the others.
        guard !certificate.value.isEmpty else { throw KeyStoreError(.certificateNotFound) }
        let open = try await writableSlot(for: certificate.area, purpose: .removeObjects, secrets: secrets)
        var template = Template(class: CKO_CERTIFICATE)
        if !certificate.identifier.bytes.isEmpty { template.bytes(CKA_ID, certificate.identifier.bytes) }
        template.bytes(CKA_VALUE, certificate.value)
        let found = try open.perform { session throws(KeyStoreError) in try session.find(template, limit: 16) }
        guard !found.isEmpty else { throw KeyStoreError(.certificateNotFound) }
        try remove(found, from: open) { session throws(KeyStoreError) in
            try session.find(template, limit: 1).isEmpty
        }
    }

    /// Removes objects one by one and asks at the end whether they are gone; the first failure counts only if not.
    private func remove(
        _ objects: [CK_OBJECT_HANDLE],
        from open: OpenSlot,
        areGone: (borrowing Session) throws(KeyStoreError) -> Bool
    ) throws(KeyStoreError) {
        var failure: KeyStoreError?
        for object in objects {
            do throws(KeyStoreError) {
                try open.perform { session throws(KeyStoreError) in try session.destroy(object) }
            } catch {
                if error.code == .tokenRemoved { throw error }
                failure = failure ?? error
            }
        }
        do throws(KeyStoreError) {
            if try open.perform(areGone) { return }
        } catch {
            throw failure ?? error
        }
        throw failure ?? KeyStoreError(.notRemoved, function: "C_DestroyObject")
    }
}

extension Session {
    /// What is there of a key pair, the private half first.
    ///
    /// Objects with numbers must have the pair's; those without are taken by their identifier alone, and only when
    /// nothing else could be meant by it.
    borrowing func halves(of pair: StoredKeyPair) throws(KeyStoreError) -> [CK_OBJECT_HANDLE] {
        let privates = try keyHalves(CKO_PRIVATE_KEY, bearing: pair.identifier)
        let publics = try keyHalves(CKO_PUBLIC_KEY, bearing: pair.identifier)
        let meantPublics = publics.filter { $0.isMeant(by: pair, among: publics) }
        // A private half without numbers is the pair's when there is no other pair under the identifier.
        let isOnly = privates.count == 1 && publics.count == meantPublics.count
        let meantPrivates = privates.filter { half in
            half.publicKey == nil ? isOnly : half.isMeant(by: pair, among: privates)
        }
        return (meantPrivates + meantPublics).map(\.handle)
    }
}

extension KeyHalf {
    fileprivate func isMeant(by pair: StoredKeyPair, among halves: [KeyHalf]) -> Bool {
        guard let publicKey else { return halves.count == 1 }
        return publicKey == pair.publicKey
    }
}
