// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials

/// The largest certificate that is read, in bytes.
private let certificateLimit = 65_536

/// Certificates on the token.
extension PKCS11Token {
    /// Writes a certificate beside its key, under the key's identifier (PKCS#11 2.40, section 4.6.3).
    ///
    /// Should the module fail after the certificate was written, it is found there and all is well.
    public func write(
        _ certificate: Certificate,
        beside identifier: KeyIdentifier,
        label: String,
        in area: KeyArea,
        secrets: any SecretSource
    ) async throws(KeyStoreError) {
        let open = try await writableSlot(for: area, purpose: .installCertificate, secrets: secrets)
        do throws(KeyStoreError) {
            try open.perform { session throws(KeyStoreError) in
                try session.create(.certificate(certificate, beside: identifier, label: label))
            }
        } catch  where !error.nothingWasDone {
            guard isThere(certificate, beside: identifier, in: open.session) else { throw error }
        } catch  where error.code == .tokenFull {
            throw explained(error, in: area)
        }
    }

    /// A device may give a certificate back with padding, so that its bytes alone do not find it.
    private func isThere(
        _ certificate: Certificate,
        beside identifier: KeyIdentifier,
        in session: borrowing Session
    ) -> Bool {
        let objects = (try? session.find(.key(CKO_CERTIFICATE, identifier), limit: 32)) ?? []
        for object in objects {
            let value = try? session.read([(CKA_VALUE, certificateLimit)], of: object)[0]
            if let value, DERElement.withoutPadding(value) == certificate.der { return true }
        }
        return false
    }

    /// All certificates on the device, in every area; no secret is asked for. One that the device does not give is
    /// there without its bytes.
    ///
    /// `hasKey` is a hint where nobody has logged in: it then tells of the public half. On a device with one slot
    /// for both areas, a key that wants its own code marks the qualified area, as far as it can be seen.
    public func certificates() throws(KeyStoreError) -> [StoredCertificate] {
        var all: [StoredCertificate] = []
        for area in device.qualifiedArea.areasWithSlots { all += try certificates(in: area) }
        return all
    }

    private func certificates(in area: KeyArea) throws(KeyStoreError) -> [StoredCertificate] {
        try openSlot(for: area).perform { session throws(KeyStoreError) in
            let objects = try session.find(Template(class: CKO_CERTIFICATE), limit: 256, exhaustively: true)
            var certificates: [StoredCertificate] = []
            for object in objects {
                do throws(KeyStoreError) {
                    certificates.append(try certificate(object, area: area, in: session))
                } catch {
                    if error.code == .tokenRemoved { throw error }
                    // One bad object says nothing of the others.
                    let none = KeyIdentifier(bytes: [])
                    certificates.append(
                        StoredCertificate(value: [], identifier: none, label: "", area: area, hasKey: false)
                    )
                }
            }
            return certificates
        }
    }

    private func certificate(
        _ object: CK_OBJECT_HANDLE,
        area: KeyArea,
        in session: borrowing Session
    ) throws(KeyStoreError) -> StoredCertificate {
        let values = try session.read([(CKA_VALUE, certificateLimit), (CKA_ID, 256), (CKA_LABEL, 1024)], of: object)
        let identifier = KeyIdentifier(bytes: values[1] ?? [])
        let key = try keyBeside(identifier, in: session)
        return StoredCertificate(
            value: values[0] ?? [],
            identifier: identifier,
            label: TokenText.clean(values[2] ?? [], limit: 255),
            area: key == .inQualifiedArea ? .qualified : area,
            hasKey: key != .none
        )
    }

    private enum KeyBeside { case none, inSameArea, inQualifiedArea }

    private func keyBeside(
        _ identifier: KeyIdentifier,
        in session: borrowing Session
    ) throws(KeyStoreError) -> KeyBeside {
        guard !identifier.bytes.isEmpty else { return .none }
        if let privateKey = try session.find(.key(CKO_PRIVATE_KEY, identifier), limit: 2).first {
            guard device.qualifiedArea.marksItsKeys else { return .inSameArea }
            let always = try session.read([(CKA_ALWAYS_AUTHENTICATE, 1)], of: privateKey).first ?? nil
            return always == [1] ? .inQualifiedArea : .inSameArea
        }
        return try session.find(.key(CKO_PUBLIC_KEY, identifier), limit: 2).isEmpty ? .none : .inSameArea
    }
}

extension Template {
    /// A certificate that anybody may read.
    fileprivate static func certificate(
        _ certificate: Certificate,
        beside identifier: KeyIdentifier,
        label: String
    ) -> Template {
        var template = Template(class: CKO_CERTIFICATE)
        template.number(CKA_CERTIFICATE_TYPE, CKC_X_509)
        template.flag(CKA_TOKEN, true)
        template.flag(CKA_PRIVATE, false)
        template.bytes(CKA_ID, identifier.bytes)
        template.text(CKA_LABEL, label)
        template.bytes(CKA_SUBJECT, certificate.subject)
        template.bytes(CKA_ISSUER, certificate.issuer)
        template.bytes(CKA_SERIAL_NUMBER, certificate.serialNumber)
        template.bytes(CKA_VALUE, certificate.der)
        return template
    }
}
