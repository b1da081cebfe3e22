// SPDX-License-Identifier: Apache-2.0

extension RegistrationWords {
    static let english = RegistrationWords(
        dryRun: "This would be done; nothing was changed:",
        nothing: "Nothing is registered.",
        sandboxed: "it runs in a sandbox (snap, flatpak), which may not see the module's file",
        applications: { kind in
            switch kind {
            case .chromium: "Chromium and its kin"
            case .firefox: "Firefox"
            case .thunderbird: "Thunderbird"
            case .p11kit: "p11-kit"
            }
        },
        outcome: { outcome, detail in
            switch outcome {
            case .registered: "registered"
            case .already: "registered already"
            case .there: "there already (\(detail)), left alone"
            case .throughP11Kit: "sees it through p11-kit already (\(detail)), left alone"
            case .inUse:
                "in use\(detail.isEmpty ? "" : " by process \(detail)"), left alone; close the application and try again"
            case .unused: "this profile was never used; start the application once and try again"
            case .ignoredForRoot: "p11-kit does not read root's own files; put a .module file into /etc/pkcs11/modules"
            case .toolMissing: "certutil is missing to make the database; install libnss3-tools"
            case .restored: "as it was before"
            case .removed: "our entry was taken out; the rest was changed since and stays"
            case .failed: "cannot be changed (\(detail))"
            }
        },
        error: { code, subjects in
            let first = subjects.first ?? ""
            switch code {
            case .moduleUnset:
                return Wording(
                    "no PKCS#11 module is named",
                    "give it with --module, or set modules in the configuration (isignum config set modules PATH)"
                )
            case .moduleMissing: return Wording("there is no module \(first)", "install the software of the device")
            case .ledgerUnreadable:
                return Wording(
                    "the notes on what was registered cannot be read: \(first)",
                    "nothing was changed; put the file aside, then register again"
                )
            }
        }
    )
}
