// SPDX-License-Identifier: Apache-2.0

extension ConfigWords {
    static let english = ConfigWords(
        file: "Configuration",
        notThere: "not there yet",
        state: "Journal",
        cache: "Cache",
        softwareStore: "Software store",
        defaultAuthority: "Default CA",
        language: "Language",
        expert: "For experts",
        qrCode: "QR code",
        modules: "Modules",
        systemModules: "Modules of p11-kit",
        localeDecides: "as the locale says",
        none: "none",
        yes: "yes",
        no: "no",
        authority: "CA",
        address: "Address",
        anchors: "Trust anchors",
        chain: "Issuers",
        systemStore: "the system's store",
        wireProtocol: "Protocol",
        authorityName: "Calls itself",
        server: "Server's certificate",
        device: "Device",
        certifiedUntil: "Certified until",
        releaseMail: "Mail for releases",
        anchor: "Trust anchor",
        validUntil: "Valid until",
        fingerprint: "SHA-256",
        isDefault: "used when none is named",
        added: "The CA was added.",
        presented: { "\($0) presents itself with these certificates. Nothing was sent to it yet." },
        trustQuestion: "Does the CA publish this very fingerprint? [y/N]",
        trustHelp: "Compare it with the one on the CA's website, in its documents, or at its branch. Whoever holds the "
            + "key of this certificate can pass for the CA. Without a certain yes nothing is changed.",
        yesLetters: "y",
        isThere: { "the CA \($0) is in the configuration already, with this address and this anchor" },
        change: { code, subjects in
            let first = subjects.first ?? ""
            let second = subjects.dropFirst().first ?? ""
            switch code {
            case .keyUnknown:
                return Wording(
                    "there is no key \(first) in the configuration",
                    "there are: \(ConfigurationKey.forms.joined(separator: ", "))"
                )
            case .valueUnusable: return Wording("this cannot be the value of \(first)", "what belongs there: \(second)")
            case .cannotFollow:
                return Wording(
                    "\(first) could not be changed without disturbing the rest of the file",
                    "nothing was changed; edit \(second) yourself"
                )
            case .changedMeanwhile:
                return Wording("\(first) was changed by somebody else meanwhile", "nothing was written; try again")
            case .nameUnusable:
                return Wording("a CA cannot be called \(first)", "give 1 to 64 characters with --name")
            case .nameTaken:
                return Wording(
                    "there is another CA called \(first)",
                    "give a name with --name, or replace that one with --force"
                )
            case .fingerprintMalformed:
                return Wording("this is no SHA-256 fingerprint: \(first)", "it has 64 hexadecimal digits")
            case .fingerprintDiffers:
                return Wording(
                    "the server leads to another trust anchor: \(second)",
                    "expected was \(first)",
                    "nothing was sent and nothing was changed; somebody may stand between you and the CA"
                )
            case .rootNotShown:
                return Wording(
                    "\(first) does not show a root that could be trusted",
                    "get the CA's root certificate from the CA and give it with --ca-file FILE"
                )
            }
        }
    )
}
