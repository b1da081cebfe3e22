// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import OpenSSLKit

// What a file holds that should hold certificates, in English.
extension EnglishErrorWords {
    /// A file that gives no certificate.
    func bundle(_ error: BundleError) -> Wording {
        switch error {
        case .tooLarge: Wording("the file is larger than any with certificates (4 MiB)")
        case .noCertificate(let parts) where parts.isEmpty: Wording("the file is empty")
        case .noCertificate([.other]): Wording("the file holds no certificate", usualForms)
        case .noCertificate(let parts):
            Wording("the file holds no certificate, but \(naming(parts))").adding(parts.first.flatMap(advice))
        case .unreadable(let fault):
            Wording(text(of: fault), "have the file sent or saved anew; nothing of it was used")
        }
    }

    /// Several parts in a row.
    func naming(_ parts: [BundlePart]) -> String { parts.map(name).joined(separator: ", ") }

    /// What is wrong with a part of a file.
    func text(of fault: BundleFault) -> String {
        guard let number = fault.block else { return "the file \(reason(fault.reason))" }
        let label = fault.label.isEmpty ? "" : " (\(fault.label.printable))"
        return "block \(number) of the file\(label) \(reason(fault.reason))"
    }

    /// A file of trust anchors: its path, and why it cannot be used.
    func anchors(_ error: CAError) -> Wording {
        let what = Wording("the file of the CA's trust anchors cannot be used").quoting(error.detail)
        guard let fault = error.bundleError else {
            return what.adding("it cannot be read: is it there, and is it a file?")
        }
        let wording = bundle(fault)
        return wording.hints.reduce(what.adding(wording.message)) { $0.adding($1) }
    }

    /// A file that should be PKCS#12.
    func noKeyFile(_ parts: [BundlePart], _ certificates: Int) -> Wording {
        let certificate = certificates == 0 ? nil : certificates == 1 ? "a certificate" : "\(certificates) certificates"
        let all = [certificate].compactMap(\.self) + parts.map(name)
        let wording = Wording("the file is no PKCS#12 file; it holds \(all.joined(separator: ", "))")
        if parts.contains(.keyFile) {
            return wording.adding(
                "it is written as text: base64 -d makes the file of it, without the lines that begin and end it"
            )
        }
        if parts.contains(.privateKey) {
            return wording.adding(
                "put key and certificate together: openssl pkcs12 -export -inkey KEY -in CERTIFICATE -out FILE.p12"
            )
        }
        return wording.adding(certificates > 0 ? "isignum import takes certificates without a key" : nil)
    }

    private var usualForms: String { "a certificate is PEM, DER or PKCS#7 (.pem, .cer, .crt, .p7b)" }

    private func reason(_ reason: BundleFault.Reason) -> String {
        switch reason {
        case .cutOff: "is cut off: its end is missing"
        case .firstLineMissing: "has no beginning"
        case .firstLineBroken: "begins with a line that is not whole"
        case .notBase64: "is damaged: it is no base64"
        case .notCertificate(.other): "is damaged: it is no certificate that can be read"
        case .notCertificate(let part): "holds no certificate, but \(name(part))"
        case .followed: "holds something behind the certificate that does not belong there"
        case .tooLarge: "is larger than any certificate (64 KiB)"
        }
    }

    private func name(_ part: BundlePart) -> String {
        switch part {
        case .request: "a certificate request"
        case .privateKey: "a private key"
        case .publicKey: "a public key"
        case .revocationList: "a revocation list"
        case .parameters: "parameters of a key"
        case .attributeCertificate: "an attribute certificate, which has no key"
        case .keyFile: "a PKCS#12 file"
        case .javaKeyStore: "a key store of Java"
        case .message: "a message (PKCS#7) without certificates"
        case .distrustedCertificate: "a certificate that it marks as not trusted"
        case .page: "a web page"
        case .document: "a PDF document"
        case .archive: "a ZIP archive"
        case .block(let label): "a block \"\(label.printable)\", which is unknown"
        case .other: "something else"
        }
    }

    private func advice(on part: BundlePart) -> String? {
        switch part {
        case .request: "the CA answers the request with a certificate: that is what is wanted here"
        case .privateKey: "a key is imported from PKCS#12: isignum import-key FILE.p12; send it to nobody"
        case .keyFile: "isignum import-key FILE takes a key with its certificate"
        case .javaKeyStore:
            "keytool -importkeystore -deststoretype PKCS12 makes a file of it that isignum import-key takes"
        case .page: "was it saved from a page that wants a login? fetch the certificate itself"
        case .archive: "unpack it first"
        default: usualForms
        }
    }
}
