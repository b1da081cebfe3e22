// SPDX-License-Identifier: Apache-2.0

/// The words of what is asked at addresses that certificates name. A language that misses one does not compile.
struct OnlineWords: Sendable {
    /// A line that is wiped when there is an answer.
    let asking: @Sendable (_ host: String) -> String
    let fetchingIssuer: @Sendable (_ address: String) -> String

    static func of(_ language: Language) -> OnlineWords { language == .czech ? czech : english }

    static let english = OnlineWords(
        asking: { "asking whether certificates were revoked: \($0) …" },
        fetchingIssuer: { "the certificate's issuer is missing, so it is fetched from \($0) …" }
    )

    static let czech = OnlineWords(
        asking: { "dotaz, zda certifikáty platí: \($0) …" },
        fetchingIssuer: { "chybí certifikát vydavatele, stahuje se z \($0) …" }
    )
}

extension EnglishErrorWords {
    func issuerMissing(_ name: String, _ addresses: [String]) -> Wording {
        Wording(
            "the certificate cannot be checked: \(issuer(name, addresses))",
            addresses.isEmpty
                ? "get it from the CA, and give its file with --chain FILE" : "give its file with --chain FILE",
            "for good: isignum config set ca.NAME.chain FILE",
            "nothing was written and nothing is lost: the certificate waits"
        )
    }

    /// Whose certificate is missing, and where it is.
    func issuer(_ name: String, _ addresses: [String]) -> String {
        "the certificate of its issuer, \(name.printable), is missing"
            + (addresses.isEmpty ? "" : ": get it from \(addresses.prefix(2).map(\.printable).joined(separator: ", "))")
    }
}

extension CzechErrorWords {
    func issuerMissing(_ name: String, _ addresses: [String]) -> Wording {
        Wording(
            "certifikát nejde ověřit: \(issuer(name, addresses))",
            addresses.isEmpty
                ? "vyžádejte si ho od autority a jeho soubor zadejte přes --chain SOUBOR"
                : "jeho soubor zadejte přes --chain SOUBOR",
            "natrvalo: isignum config set ca.JMÉNO.chain SOUBOR",
            "nic se nezapsalo a nic se neztratilo: certifikát počká"
        )
    }

    /// Whose certificate is missing, and where it is.
    func issuer(_ name: String, _ addresses: [String]) -> String {
        "chybí certifikát vydavatele \(name.printable)"
            + (addresses.isEmpty
                ? "" : "; stáhnete ho z \(addresses.prefix(2).map(\.printable).joined(separator: ", "))")
    }
}
