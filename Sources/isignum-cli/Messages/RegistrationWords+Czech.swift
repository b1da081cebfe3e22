// SPDX-License-Identifier: Apache-2.0

extension RegistrationWords {
    static let czech = RegistrationWords(
        dryRun: "Toto by se stalo; nic se nezměnilo:",
        nothing: "Nic není zaregistrováno.",
        sandboxed: "běží odděleně (snap, flatpak) a na soubor modulu možná nevidí",
        applications: { kind in
            switch kind {
            case .chromium: "Chromium a příbuzní"
            case .firefox: "Firefox"
            case .thunderbird: "Thunderbird"
            case .p11kit: "p11-kit"
            }
        },
        outcome: { outcome, detail in
            switch outcome {
            case .registered: "zaregistrováno"
            case .already: "už zaregistrováno"
            case .there: "už tam je (\(detail)), ponecháno"
            case .throughP11Kit: "už ho vidí přes p11-kit (\(detail)), ponecháno"
            case .inUse:
                "používá se\(detail.isEmpty ? "" : " (proces \(detail))"), ponecháno; zavřete aplikaci a zkuste to znovu"
            case .unused: "tento profil se ještě nepoužil; spusťte aplikaci a zkuste to znovu"
            case .ignoredForRoot: "p11-kit vlastní soubory správce nečte; dejte soubor .module do /etc/pkcs11/modules"
            case .toolMissing: "chybí certutil, který databázi založí; nainstalujte libnss3-tools"
            case .restored: "jako předtím"
            case .removed: "náš záznam je pryč; zbytek se mezitím změnil a zůstává"
            case .failed: "nelze změnit (\(detail))"
            }
        },
        error: { code, subjects in
            let first = subjects.first ?? ""
            switch code {
            case .moduleUnset:
                return Wording(
                    "není zadán žádný modul PKCS#11",
                    "zadejte ho přes --module, nebo nastavte modules v konfiguraci (isignum config set modules CESTA)"
                )
            case .moduleMissing: return Wording("modul \(first) tu není", "nainstalujte software zařízení")
            case .ledgerUnreadable:
                return Wording(
                    "záznamy o registracích nelze přečíst: \(first)",
                    "nic se nezměnilo; soubor odložte a zaregistrujte znovu"
                )
            }
        }
    )
}
