// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import OpenSSLKit

/// The order of a renewal and its signature with the old key. Next hop: `OpenSSLKit/SignedMessage`.
extension Enroller {
    /// Signs the order of a renewal, unless that was done: the bytes are written down before they are signed, the
    /// signature before it leaves. A first request has none.
    ///
    /// - Parameters:
    ///   - store: a device that is open already; when it is the old key's, nobody is asked for its secret again.
    ///   - open: opens the device of the old key; it is closed again.
    func signOrder(
        _ entry: inout JournalEntry,
        holding store: (any KeyStore)?,
        opening open: StoreOpener?
    ) async throws(EnrollmentError) {
        guard let renewal = entry.renewal, entry.signedOrder == nil, entry.state == .csrSigned else { return }
        guard let replaced = try? Certificate(parsing: renewal.certificate) else { throw .wrongState(entry) }
        if entry.renewalOrder == nil {
            entry.renewalOrder = try await order(of: entry, renewal, replacing: replaced)
            try context.record(&entry)
        }
        guard let order = entry.renewalOrder else { throw .wrongState(entry) }
        await context.console.report(.signingOrder)
        if let store, store.token.identity == renewal.token {
            entry.signedOrder = try await sign(order, with: replaced, of: renewal, on: store)
        } else {
            guard let open else { throw .renewal(.oldKeyMissing(renewal.token)) }
            let other = try await from(keyStore: { () throws(KeyStoreError) in try await open(renewal.token) })
            do {
                entry.signedOrder = try await sign(order, with: replaced, of: renewal, on: other)
            } catch {
                await other.close()
                throw error
            }
            await other.close()
        }
        try context.record(&entry)
    }

    private func order(
        of entry: JournalEntry,
        _ renewal: Renewal,
        replacing replaced: Certificate
    ) async throws(EnrollmentError) -> [UInt8] {
        guard let request = entry.request, let name = try? IssuerAndSerial(of: replaced) else {
            throw .wrongState(entry)
        }
        return try await from(authority: { () throws(CAError) in
            try context.authority.document(
                of: RenewalOrder(
                    request: request,
                    replaces: name,
                    term: renewal.term,
                    voucher: renewal.voucher,
                    device: entry.device,
                    contact: entry.plan.contact,
                    locale: entry.plan.locale
                )
            )
        })
    }

    private func sign(
        _ order: [UInt8],
        with certificate: Certificate,
        of renewal: Renewal,
        on store: any KeyStore
    ) async throws(EnrollmentError) -> [UInt8] {
        let found = try await from(keyStore: { () throws(KeyStoreError) in
            try await store.findKey(
                renewal.keyIdentifier,
                in: renewal.area,
                matching: certificate.publicKey,
                for: .signRequest,
                secrets: context.console
            )
        })
        guard let key = found?.signingKey,
            let identity = try? SigningIdentity(
                certificate: certificate,
                chain: [],
                key: key,
                secrets: context.console
            )
        else { throw .renewal(.oldKeyMissing(renewal.token)) }
        do {
            return try await SignedMessage.sign(order, as: identity)
        } catch {
            switch error {
            case .key(let cause): throw .keyStore(cause)
            // A signature that does not fit its own key, or a key of a kind that cannot sign orders.
            case .library: throw .testSignatureWrong
            }
        }
    }
}

extension JournalEntry {
    /// After a change, or after the CA refused it: the next order is another one, under a name of its own.
    mutating func forgetOrder() {
        renewalOrder = nil
        signedOrder = nil
        (reason, refusal) = (nil, nil)
        idempotencyKey = Journal.newIdempotencyKey()
    }
}

extension CAError {
    /// Whether an order may succeed another day, or with another voucher, term or signature, so that its key is kept
    /// for it.
    var refusesOrderForNow: Bool {
        switch code {
        case .problem(.voucherInvalid), .problem(.multiYearNotEnabled), .problem(.tooEarly),
            .problem(.signatureInvalid), .problem(.serviceNotOffered):
            true
        default: false
        }
    }
}
