// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import OpenSSLKit

// What a file holds that should hold certificates, in Czech.
extension CzechErrorWords {
    /// A file that gives no certificate.
    func bundle(_ error: BundleError) -> Wording {
        switch error {
        case .tooLarge: Wording("soubor je větší než jakýkoli s certifikáty (4 MiB)")
        case .noCertificate(let parts) where parts.isEmpty: Wording("soubor je prázdný")
        case .noCertificate([.other]): Wording("v souboru není certifikát", usualForms)
        case .noCertificate(let parts):
            Wording("v souboru není certifikát, ale \(naming(parts))").adding(parts.first.flatMap(advice))
        case .unreadable(let fault):
            Wording(text(of: fault), "vyžádejte si soubor znovu nebo ho znovu uložte; nic z něj se nepoužilo")
        }
    }

    /// Several parts in a row.
    func naming(_ parts: [BundlePart]) -> String { parts.map(name).joined(separator: ", ") }

    /// What is wrong with a part of a file.
    func text(of fault: BundleFault) -> String {
        guard let number = fault.block else { return "soubor \(reason(fault.reason))" }
        let label = fault.label.isEmpty ? "" : " (\(fault.label.printable))"
        return "\(number). blok souboru\(label) \(reason(fault.reason))"
    }

    /// A file of trust anchors: its path, and why it cannot be used.
    func anchors(_ error: CAError) -> Wording {
        let what = Wording("soubor s kořenovými certifikáty autority nelze použít").quoting(error.detail)
        guard let fault = error.bundleError else { return what.adding("nelze ho přečíst: existuje a je to soubor?") }
        let wording = bundle(fault)
        return wording.hints.reduce(what.adding(wording.message)) { $0.adding($1) }
    }

    /// A file that should be PKCS#12.
    func noKeyFile(_ parts: [BundlePart], _ certificates: Int) -> Wording {
        let certificate =
            certificates == 0 ? nil : certificates == 1 ? "certifikát" : "certifikáty (\(certificates))"
        let all = [certificate].compactMap(\.self) + parts.map(name)
        let wording = Wording("soubor není PKCS#12; je v něm \(all.joined(separator: ", "))")
        if parts.contains(.keyFile) {
            return wording.adding("je zapsán jako text: soubor z něj udělá base64 -d, bez prvního a posledního řádku")
        }
        if parts.contains(.privateKey) {
            return wording.adding(
                "klíč a certifikát spojí openssl pkcs12 -export -inkey KLÍČ -in CERTIFIKÁT -out SOUBOR.p12"
            )
        }
        return wording.adding(certificates > 0 ? "certifikáty bez klíče bere isignum import" : nil)
    }

    private var usualForms: String { "certifikát bývá PEM, DER nebo PKCS#7 (.pem, .cer, .crt, .p7b)" }

    private func reason(_ reason: BundleFault.Reason) -> String {
        switch reason {
        case .cutOff: "je useknutý: chybí mu konec"
        case .firstLineMissing: "nemá začátek"
        case .firstLineBroken: "začíná neúplným řádkem"
        case .notBase64: "je poškozený: není to base64"
        case .notCertificate(.other): "je poškozený: čitelný certifikát v něm není"
        case .notCertificate(let part): "neobsahuje certifikát; je v něm \(name(part))"
        case .followed: "má za certifikátem ještě něco, co tam nepatří"
        case .tooLarge: "je větší než jakýkoli certifikát (64 KiB)"
        }
    }

    private func name(_ part: BundlePart) -> String {
        switch part {
        case .request: "žádost o certifikát"
        case .privateKey: "soukromý klíč"
        case .publicKey: "veřejný klíč"
        case .revocationList: "seznam zneplatněných certifikátů"
        case .parameters: "parametry klíče"
        case .attributeCertificate: "atributový certifikát, který nemá klíč"
        case .keyFile: "soubor PKCS#12"
        case .javaKeyStore: "úložiště klíčů Javy"
        case .message: "zpráva (PKCS#7) bez certifikátů"
        case .distrustedCertificate: "certifikát, který sám označuje za nedůvěryhodný"
        case .page: "webová stránka"
        case .document: "dokument PDF"
        case .archive: "archiv ZIP"
        case .block(let label): "neznámý blok „\(label.printable)“"
        case .other: "něco jiného"
        }
    }

    private func advice(on part: BundlePart) -> String? {
        switch part {
        case .request: "na žádost odpovídá autorita certifikátem: sem patří ten"
        case .privateKey: "klíč se importuje z PKCS#12: isignum import-key SOUBOR.p12; nikomu ho neposílejte"
        case .keyFile: "klíč i s certifikátem zapíše isignum import-key SOUBOR"
        case .javaKeyStore:
            "keytool -importkeystore -deststoretype PKCS12 z něj udělá soubor, který vezme isignum import-key"
        case .page: "neuložila se místo něj stránka s přihlášením? stáhněte samotný certifikát"
        case .archive: "nejdřív ho rozbalte"
        default: usualForms
        }
    }
}
