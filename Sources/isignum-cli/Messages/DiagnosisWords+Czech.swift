// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Token

private func mending(_ mend: Finding.Mend, _ command: String) -> String {
    switch mend {
    case .puk: command
    case .makersSoftware: "pomocí PUKu ho nastaví program výrobce: způsob, jak to udělat odsud, není znám"
    case .issuer: "zablokovaný je i PUK: s tokenem se obraťte na vydavatele"
    }
}

extension DiagnosisWords {
    static let czech = DiagnosisWords(
        severities: { severity in
            switch severity {
            case .ok: "ok"
            case .note: "pozn."
            case .warning: "pozor"
            case .problem: "CHYBA"
            }
        },
        healthy: "Certifikát by teď šlo získat.",
        unhealthy: "Nejdřív napravte chyby výše; do té doby certifikát získat nejde.",
        unhealthyWithoutToken:
            "Bez tokenu lze získat komerční certifikát s klíčem v softwarovém úložišti: isignum new --software-store",
        finding: { kind in
            switch kind {
            case .configurationRead(let file, true): return Wording("konfigurace: \(file.printable)")
            case .configurationRead(let file, false):
                return Wording("konfigurace zatím není: \(file.printable)", "založí ji isignum config add-ca URL")
            case .configurationWrong(let why), .authorityUnset(let why), .journalUnsound(let why),
                .requestUnreadable(let why):
                return Wording(why)
            case .configurationOpenToOthers(let file):
                return Wording("konfiguraci mohou měnit jiní", "chmod 600 \(file.printable)")
            case .serviceRuns: return Wording("služba pro čipové karty (pcscd) odpovídá")
            case .serviceMissing(true):
                return Wording(
                    "služba pro čipové karty (pcscd) neběží",
                    "systemctl enable --now pcscd.socket (jako správce); tokeny bez čtečky ji nepotřebují"
                )
            case .serviceMissing(false):
                return Wording(
                    "služba pro čipové karty (pcscd) není nainstalována",
                    "apt install pcscd (jako správce); tokeny bez čtečky ji nepotřebují"
                )
            case .serviceSilent:
                return Wording("služba pro čipové karty (pcscd) neodpovídá", "systemctl restart pcscd")
            case .serviceFailed(let code):
                return Wording(
                    "služba pro čipové karty (pcscd) odmítá (0x\(String(code, radix: 16)))",
                    "přes ssh nebo bez přihlášení k ploše to může zakazovat polkit; zkuste to na ploše"
                )
            case .noReader: return Wording("není připojena žádná čtečka", "připojte čtečku nebo token")
            case .reader(let name): return Wording("čtečka bez karty: \(name.printable)")
            case .card(let reader): return Wording("karta je v \(reader.printable)")
            case .cardMute(let reader):
                return Wording("karta v \(reader.printable) neodpovídá", "otočte ji a zasuňte znovu")
            case .noModule:
                return Wording(
                    "není nastaven žádný modul PKCS#11",
                    "nainstalujte software zařízení, potom isignum config set modules CESTA"
                )
            case .moduleMissing(let path, let others):
                return Wording(
                    "modul \(path.printable) tu není",
                    "nainstalujte software zařízení, nebo určete jiný: \(setModules(others, "CESTA"))"
                )
            case .moduleLoads(let path, 0): return Wording("modul bez vlastního tokenu: \(path.printable)")
            case .moduleLoads(let path, let tokens):
                let count = tokens == 1 ? "1 tokenem" : "\(tokens) tokeny"
                return Wording("modul s \(count): \(path.printable)")
            case .moduleUnusable(let error): return Wording(explain(error, in: .czech))
            case .moduleCrashed(let path):
                return Wording("modul padá: \(path.printable)", "nainstalujte software zařízení znovu")
            case .moduleHung(let path):
                return Wording(
                    "modul se nevrací: \(path.printable)",
                    "vytáhněte token, počkejte, zasuňte ho; ukončete jiné programy, které ho používají"
                )
            case .moduleWrong(let device, let used, let wanted, let others):
                return Wording(
                    "\(used.printable) je modul jiného zařízení; karta druhu \(device.printable) potřebuje \(wanted)",
                    "\(setModules(others, "CESTA")), kde CESTA končí na \(wanted)"
                )
            case .moduleForCard(let device, let wanted, let others):
                return Wording(
                    "modul pro kartu druhu \(device.printable) se nepoužívá: \(wanted)",
                    "nainstalujte software zařízení, potom \(setModules(others, "CESTA"))"
                )
            case .noToken:
                return Wording("žádný modul nevidí token", "zasuňte token; nový se musí nejdřív inicializovat")
            case .tokens(let count):
                switch count {
                case 1: return Wording("lze použít 1 token")
                case 2...4: return Wording("lze použít \(count) tokeny")
                default: return Wording("lze použít \(count) tokenů")
                }
            case .softwareStore(let store) where store.exists:
                return Wording(
                    "softwarové úložiště lze používat: \(store.folder.printable)",
                    "místo tokenu se použije s --software-store"
                )
            case .softwareStore(let store):
                return Wording(
                    "bez tokenu: isignum new --software-store uloží klíč komerčního certifikátu do "
                        + store.folder.printable
                )
            case .databaseHidden(let used, let hidden):
                return Wording(
                    "Chromium čte jen \(used.printable); co je v \(hidden.printable), to nevidí",
                    "založil-li první složku isignum register, pomůže isignum unregister a potom znovu isignum register; "
                        + "jinak přesuňte tu, kterou potřebujete"
                )
            case .secretsOfFactory(let device, let secrets):
                let names = secrets.map { $0.rawValue.uppercased() }.joined(separator: ", ")
                return secrets.reduce(
                    Wording("\(device.printable): ještě tovární \(names); dokud se nezmění, klíč nevznikne")
                ) { $0.adding("isignum device \($1.rawValue)") }
            case .pinBlocked(let token, let mend):
                return Wording(
                    "PIN tokenu \(token.printable) je zablokovaný",
                    mending(mend, "isignum device unblock pin (je potřeba PUK; nic se neztratilo)")
                )
            case .qpinBlocked(let token, let mend):
                return Wording(
                    "podpisový PIN (QPIN) tokenu \(token.printable) je zablokovaný: kvalifikovaný certifikát získat nejde",
                    mending(mend, "isignum device unblock qpin (je potřeba PUK; nic se neztratilo)")
                )
            case .pukBlocked(let token):
                return Wording("PUK tokenu \(token.printable) je zablokovaný a nic ho neodblokuje")
            case .secretUnset(let token, let secret, let mend):
                return Wording(
                    "\(secret == .qpin ? "podpisový PIN (QPIN)" : "PIN") tokenu \(token.printable) ještě nikdo nenastavil",
                    mend == .puk
                        ? "nastaví ho isignum device unblock \(secret.rawValue) (je potřeba PUK nebo PIN správce)"
                        : "nastaví ho program výrobce"
                )
            case .anchorsPartly(let name, let faults):
                return Wording(
                    "některé z kořenových certifikátů autority \(name.printable) nelze přečíst; ostatním se věří",
                    faults.prefix(5).map(CzechErrorWords().text).joined(separator: "; ")
                )
            case .authorityAnswers(let name, let address, let calls):
                return Wording("autorita \(name.printable) odpovídá: \(calls.printable), \(address.printable)")
            case .authorityFails(let name, let why): return Wording(Explanation.about(name, why))
            case .authoritySound(let name):
                return Wording("kořeny důvěry \(name.printable) stačí na to, co vydává")
            case .authorityUnsound(let name, let faults):
                let reasons = faults.map(CertificateWords.czech.authority).joined(separator: "; ")
                return Wording(
                    "\(name.printable): \(faults.isEmpty ? "žádný z jejích kořenů důvěry na to nestačí" : reasons)",
                    "certifikáty, které tam vedou, se odmítají; vyžádejte si od autority ty, které platí teď",
                    "převezme je isignum config add-ca --force"
                )
            case .clockRight: return Wording("hodiny jdou stejně jako u CA")
            case .clockUnknown: return Wording("CA neříká, kolik je hodin")
            case .clockWrong(let seconds):
                let length = MomentText(.czech).duration(.seconds(abs(seconds)))
                return Wording(
                    "hodiny se proti CA \(seconds > 0 ? "předbíhají" : "zpožďují") o \(length)",
                    "timedatectl set-ntp true (jako správce)"
                )
            case .folderReady(let path): return Wording("složku deníku lze používat: \(path.printable)")
            case .folderUnwritable(let path):
                return Wording("do \(path.printable) nelze zapisovat", "chmod u+rwx \(path.printable)")
            case .fileSystemReadOnly(let path):
                return Wording(
                    "souborový systém je jen pro čtení: \(path.printable)",
                    "chmod nepomůže: ať je připojen i pro zápis, nebo nastavte ISIGNUM_HOME na složku jinde"
                )
            case .folderForeign(let path):
                return Wording("\(path.printable) patří někomu jinému", "změňte vlastníka (jako správce)")
            case .folderOpenToOthers(let path):
                return Wording("do složky deníku vidí jiní", "chmod 700 \(path.printable)")
            case .journalSound(let requests): return Wording("deník je v pořádku (žádostí: \(requests))")
            case .journalNew: return Wording("deník zatím není; založí ho první žádost")
            case .terminal(true): return Wording("terminál pro otázky je k dispozici")
            case .terminal(false): return Wording("terminál tu není; tajné údaje musí přijít z --pin-from")
            case .localeWithoutUTF8(let name):
                return Wording("prostředí \(name.printable) není UTF-8", "export LC_ALL=C.UTF-8")
            case .locale(let name): return Wording("prostředí: \(name.printable)")
            case .clipboard(let program): return Wording("schránka: \(program)")
            case .noClipboard: return Wording("není program pro schránku", "apt install wl-clipboard, nebo xclip")
            case .printer(let name): return Wording("tiskárna: \(name.printable)")
            case .noPrinter(true): return Wording("není nastavena žádná tiskárna")
            case .noPrinter(false): return Wording("není čím tisknout", "apt install cups-client")
            case .notifications(true): return Wording("oznámení lze zobrazit (notify-send)")
            case .notifications(false):
                return Wording("watch nemůže zobrazovat oznámení", "apt install libnotify-bin")
            }
        }
    )
}
