// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import CSRBuilder
internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// What is known of a device's certification before a key is made.
struct Certification: Sendable {
    let isQualifiedDevice: Bool
    let end: Date?
}

extension Enroller {
    /// Asks the CA only about devices for which a marker comes into question.
    func certification(of store: any KeyStore) async throws(EnrollmentError) -> Certification {
        let end = try await from(authority: { () throws(CAError) in
            try await context.certificationEnd(of: store.token)
        })
        return Certification(isQualifiedDevice: store.token.isQualifiedDevice, end: end)
    }

    /// The key of an entry: generated now, or found where an interrupted run left it.
    func key(
        for entry: inout JournalEntry,
        on store: any KeyStore,
        fresh: Bool
    ) async throws(EnrollmentError) -> (StoredKey, KeyOrigin) {
        if !fresh, let found = try await keyLeftBehind(by: &entry, on: store) {
            try record(found, on: store, in: &entry)
            await context.console.report(.keyFoundAgain(publicKeySHA256: entry.publicKeySHA256 ?? ""))
            return (found, .foundAgain)
        }
        let plan = entry.plan
        let specification = KeySpecification(
            identifier: entry.keyIdentifier,
            algorithm: plan.algorithm,
            area: plan.type.area,
            label: plan.contact.name ?? "isignum",
            mayDecrypt: plan.type == .commercial && plan.algorithm.modulusBits != nil,
            mayLeave: plan.backupFile != nil
        )
        // What is announced should happen.
        try await from(keyStore: { () throws(KeyStoreError) in
            try await store.admit(plan.algorithm, in: plan.type.area)
        })
        await context.console.report(.generatingKey(plan.algorithm, store.token.identity))
        let key = try await from(keyStore: { () throws(KeyStoreError) in
            try await store.generateKey(specification, secrets: context.console)
        })
        try record(key, on: store, in: &entry)
        await context.console.report(.keyGenerated(publicKeySHA256: entry.publicKeySHA256 ?? ""))
        return (key, .thisRun)
    }

    /// Looks for a key that a killed run may have made. A lone half gets no certificate: there is nothing to sign with,
    /// or nobody can read which numbers it has (a card that was pulled before its module wrote the public half). The
    /// entry then takes a new identifier, so that two keys can never be taken for one pair; OpenSC makes no second key
    /// under an identifier that is in use.
    private func keyLeftBehind(
        by entry: inout JournalEntry,
        on store: any KeyStore
    ) async throws(EnrollmentError) -> StoredKey? {
        let identifier = entry.keyIdentifier
        let area = entry.plan.type.area
        let found = try await from(keyStore: { () throws(KeyStoreError) in
            try await store.findKey(
                identifier,
                in: area,
                matching: nil,
                for: .signRequest,
                secrets: context.console
            )
        })
        if let found { return found }
        guard entry.state == .planned else { throw .keyMissing(entry.token) }
        let halfThere = try await from(keyStore: { () throws(KeyStoreError) in
            try await store.hasHalf(identifier, in: area)
        })
        if halfThere {
            entry.keyIdentifier = .random()
            try context.record(&entry)
        }
        return nil
    }

    private func record(
        _ key: StoredKey,
        on store: any KeyStore,
        in entry: inout JournalEntry
    ) throws(EnrollmentError) {
        let publicKey: [UInt8]
        do { publicKey = try key.signingKey.publicKey.subjectPublicKeyInfo() } catch { throw .request(CSRError(error)) }
        if let known = entry.publicKey, known != publicKey { throw .keyMissing(entry.token) }
        entry.publicKey = publicKey
        entry.publicKeySHA256 = Digests.hexadecimal(Digests.digest(publicKey, .sha256))
        entry.claims = key.claims
        let token = store.token
        if token.isQualifiedDevice {
            entry.device = DeviceStatement(
                model: token.identity.model,
                serial: token.identity.serial,
                firmware: token.firmware,
                claims: key.claims
            )
        }
        try context.record(&entry, as: .keyGenerated)
    }

    /// Builds the request, with its marker where the rule allows one, and lets the key sign it.
    func sign(
        _ entry: inout JournalEntry,
        with key: StoredKey,
        origin: KeyOrigin,
        certified: Certification
    ) async throws(EnrollmentError) {
        let plan = entry.plan
        let imported = try from(journal: { () throws(JournalError) in try context.journal.importedKeys() })
        let origin = entry.publicKeySHA256.map(imported.contains) == true ? KeyOrigin.imported : origin
        let decision = MarkerDecision.decide(
            isQualifiedDevice: certified.isQualifiedDevice,
            certifiedUntil: certified.end,
            claims: key.claims,
            origin: origin,
            now: context.now()
        )
        await context.console.report(.markerDecided(plan.type.marker, decision))
        await context.console.report(.signingRequest)
        do {
            entry.request = try await CSRBuilder(
                subject: SubjectName(name: plan.contact.name, email: plan.contact.email),
                type: plan.type,
                holder: plan.holder,
                onQualifiedDevice: decision.isGranted
            ).build(signingWith: key.signingKey, secrets: context.console)
        } catch {
            if let cause = error.keyStoreError { throw .keyStore(cause) }
            throw .request(error)
        }
        entry.marker = decision.isGranted ? plan.type.marker : nil
        entry.markerRefusal = decision.refusal
        try context.record(&entry, as: .csrSigned)
    }
}
