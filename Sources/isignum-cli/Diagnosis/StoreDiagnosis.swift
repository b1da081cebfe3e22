// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Token

/// The software store: where it is, whether a browser sees it, and that it does for whoever has no token.
struct StoreDiagnosis: Sendable {
    let store: SoftwareStore
    let isPossible: Bool
    let browser: BrowserDatabase

    init(_ folders: Folders, isPossible: Bool = SoftwareStore.isPossible) {
        store = SoftwareStore(folder: folders.softwareStore.path(percentEncoded: false).trimmingSlash)
        browser = folders.browserDatabase
        self.isPossible = isPossible
    }

    /// - Parameter devices: what was found of them: whoever has a token needs to hear nothing of a store that is not there.
    func findings(beside devices: [Finding]) -> [Finding] {
        var findings: [Finding] = []
        if isPossible, store.exists || devices.contains(where: Self.isLackOfToken) {
            findings.append(Finding(store.exists ? .ok : .note, .softwareStore(store)))
        }
        if let hidden = browser.hidden {
            findings.append(
                Finding(
                    .warning,
                    .databaseHidden(
                        used: browser.folder.path(percentEncoded: false).trimmingSlash,
                        hidden: hidden.path(percentEncoded: false).trimmingSlash
                    )
                )
            )
        }
        return findings
    }

    /// What was found of devices, for somebody who may do without: a store that is there is enough for a certificate.
    func softening(_ devices: [Finding]) -> [Finding] {
        guard isPossible, store.exists else { return devices }
        return devices.map { Self.isLackOfToken($0) ? Finding(.note, $0.kind) : $0 }
    }

    private static func isLackOfToken(_ finding: Finding) -> Bool {
        switch finding.kind {
        case .noToken, .noModule: true
        default: false
        }
    }
}
