// SPDX-License-Identifier: Apache-2.0

extension SummaryWords {
    static let english = SummaryWords(
        title: "Certificate request",
        device: "Device",
        fingerprint: "Key (SHA-256)",
        bringHeading: "Bring to the branch",
        sealHeading: "Have ready",
        nextHeading: "Next steps",
        bringPage: "this page, or just its ID",
        bringIdentity: "a valid identity document",
        bringAuthority: "a document that says that you may act for the organisation",
        goToBranch:
            "Visit the branch of the certification authority. It checks who you are and issues the certificate.",
        goOnWithSeal:
            "Go on with the ID as the website of the certification authority says for seals; "
            + "a branch issues no qualified ones. It checks the organisation and issues the certificate.",
        askCA: "See whether it is issued: isignum check",
        install: "Plug the device in, read what was issued, and accept it: isignum install",
        keepDevice:
            "Until then keep the device and leave its keys as they are: the certificate fits this one key alone.",
        footer: { authority, moment in
            "Request to \(authority), handed in on \(moment). Nothing on this page is secret."
        },
        saved: "the summary is saved: ",
        printed: "the summary is on its way to the printer",
        copied: "the ID is in the clipboard",
        copiedByTerminal: "the terminal was asked to put the ID into its clipboard",
        notCopied: "no clipboard can be reached; copy the ID by hand"
    )
}
