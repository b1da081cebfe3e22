// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Token

private func mending(_ mend: Finding.Mend, _ command: String) -> String {
    switch mend {
    case .puk: command
    case .makersSoftware: "its maker's own software sets it anew with the PUK: no way is known to do so from here"
    case .issuer: "the PUK is blocked too: take the device to its issuer"
    }
}

extension DiagnosisWords {
    static let english = DiagnosisWords(
        severities: { severity in
            switch severity {
            case .ok: "ok"
            case .note: "note"
            case .warning: "warning"
            case .problem: "PROBLEM"
            }
        },
        healthy: "A certificate could be had now.",
        unhealthy: "Mend the problems above first; no certificate can be had before.",
        unhealthyWithoutToken:
            "Without a token a commercial certificate can be had, its key in the software store: isignum new --software-store",
        finding: { kind in
            switch kind {
            case .configurationRead(let file, true): return Wording("configuration: \(file.printable)")
            case .configurationRead(let file, false):
                return Wording("no configuration yet: \(file.printable)", "isignum config add-ca URL begins one")
            case .configurationWrong(let why), .authorityUnset(let why), .journalUnsound(let why),
                .requestUnreadable(let why):
                return Wording(why)
            case .configurationOpenToOthers(let file):
                return Wording("others may change the configuration", "chmod 600 \(file.printable)")
            case .serviceRuns: return Wording("the smart-card service (pcscd) answers")
            case .serviceMissing(true):
                return Wording(
                    "the smart-card service (pcscd) does not run",
                    "systemctl enable --now pcscd.socket (as an administrator); tokens without a reader need none"
                )
            case .serviceMissing(false):
                return Wording(
                    "the smart-card service (pcscd) is not installed",
                    "apt install pcscd (as an administrator); tokens without a reader need none"
                )
            case .serviceSilent:
                return Wording("the smart-card service (pcscd) does not answer", "systemctl restart pcscd")
            case .serviceFailed(let code):
                return Wording(
                    "the smart-card service (pcscd) refuses (0x\(String(code, radix: 16)))",
                    "over ssh or without a session polkit may keep you from it; try at the desktop"
                )
            case .noReader: return Wording("no card reader is connected", "plug the reader or the token in")
            case .reader(let name): return Wording("reader without a card: \(name.printable)")
            case .card(let reader): return Wording("a card is in \(reader.printable)")
            case .cardMute(let reader):
                return Wording("the card in \(reader.printable) does not answer", "turn it over and push it in again")
            case .noModule:
                return Wording(
                    "no PKCS#11 module is configured",
                    "install the device's software, then isignum config set modules PATH"
                )
            case .moduleMissing(let path, let others):
                return Wording(
                    "there is no module \(path.printable)",
                    "install the device's software, or name another one with \(setModules(others, "PATH"))"
                )
            case .moduleLoads(let path, 0):
                return Wording("module without a token of its own: \(path.printable)")
            case .moduleLoads(let path, let tokens):
                return Wording("module with \(tokens == 1 ? "1 token" : "\(tokens) tokens"): \(path.printable)")
            case .moduleUnusable(let error): return Wording(explain(error, in: .english))
            case .moduleCrashed(let path):
                return Wording("the module crashes: \(path.printable)", "install the device's software anew")
            case .moduleHung(let path):
                return Wording(
                    "the module does not come back: \(path.printable)",
                    "unplug the token, wait, plug it in again; end other programs that use it"
                )
            case .moduleWrong(let device, let used, let wanted, let others):
                return Wording(
                    "\(used.printable) is the module of another device; a card of the kind \(device.printable) wants \(wanted)",
                    "\(setModules(others, "PATH")), where PATH ends with \(wanted)"
                )
            case .moduleForCard(let device, let wanted, let others):
                return Wording(
                    "the module for a card of the kind \(device.printable) is not used: \(wanted)",
                    "install the device's software, then \(setModules(others, "PATH"))"
                )
            case .noToken:
                return Wording("no module sees a token", "plug the token in; a new one has to be initialised first")
            case .tokens(let count): return Wording(count == 1 ? "1 token can be used" : "\(count) tokens can be used")
            case .softwareStore(let store) where store.exists:
                return Wording(
                    "the software store can be used: \(store.folder.printable)",
                    "--software-store takes it instead of a token"
                )
            case .softwareStore(let store):
                return Wording(
                    "without a token: isignum new --software-store keeps the key of a commercial certificate in "
                        + store.folder.printable
                )
            case .databaseHidden(let used, let hidden):
                return Wording(
                    "Chromium reads \(used.printable) alone; what is in \(hidden.printable) is hidden from it",
                    "if isignum register made the first: isignum unregister, then isignum register again; "
                        + "otherwise move the one that you need"
                )
            case .secretsOfFactory(let device, let secrets):
                let names = secrets.map { $0.rawValue.uppercased() }.joined(separator: ", ")
                return secrets.reduce(
                    Wording(
                        "\(device.printable): \(names) still as its maker gave \(secrets.count == 1 ? "it" : "them"); no key is made before"
                    )
                ) { $0.adding("isignum device \($1.rawValue)") }
            case .pinBlocked(let token, let mend):
                return Wording(
                    "the PIN of \(token.printable) is blocked",
                    mending(mend, "isignum device unblock pin (the PUK is needed; nothing is lost)")
                )
            case .qpinBlocked(let token, let mend):
                return Wording(
                    "the signature PIN (QPIN) of \(token.printable) is blocked: no qualified certificate can be had",
                    mending(mend, "isignum device unblock qpin (the PUK is needed; nothing is lost)")
                )
            case .pukBlocked(let token):
                return Wording("the PUK of \(token.printable) is blocked, and nothing unblocks it")
            case .secretUnset(let token, let secret, let mend):
                return Wording(
                    "the \(secret == .qpin ? "signature PIN (QPIN)" : "PIN") of \(token.printable) was never set",
                    mend == .puk
                        ? "isignum device unblock \(secret.rawValue) sets it (the PUK, or the security officer's PIN, is needed)"
                        : "its maker's own software sets it"
                )
            case .anchorsPartly(let name, let faults):
                return Wording(
                    "not all certificates among the trust anchors of the CA \(name.printable) can be read; the others are believed",
                    faults.prefix(5).map(EnglishErrorWords().text).joined(separator: "; ")
                )
            case .authorityAnswers(let name, let address, let calls):
                return Wording("the CA \(name.printable) answers: \(calls.printable), \(address.printable)")
            case .authorityFails(let name, let why):
                return Wording(Explanation.about(name, why))
            case .authoritySound(let name):
                return Wording("the trust anchors of \(name.printable) are good for what it issues")
            case .authorityUnsound(let name, let faults):
                let reasons = faults.map(CertificateWords.english.authority).joined(separator: "; ")
                return Wording(
                    "\(name.printable): \(faults.isEmpty ? "none of its trust anchors is good for that" : reasons)",
                    "certificates that lead there are refused; ask the CA for those that are right now",
                    "isignum config add-ca --force takes them"
                )
            case .clockRight: return Wording("the clock agrees with the CA's")
            case .clockUnknown: return Wording("the CA does not tell the time")
            case .clockWrong(let seconds):
                let length = MomentText(.english).duration(.seconds(abs(seconds)))
                return Wording(
                    "the clock is \(length) \(seconds > 0 ? "ahead of" : "behind") the CA's",
                    "timedatectl set-ntp true (as an administrator)"
                )
            case .folderReady(let path): return Wording("the journal's folder can be used: \(path.printable)")
            case .folderUnwritable(let path):
                return Wording("nothing can be written in \(path.printable)", "chmod u+rwx \(path.printable)")
            case .fileSystemReadOnly(let path):
                return Wording(
                    "the file system can only be read: \(path.printable)",
                    "chmod does not help: have it mounted for writing, or set ISIGNUM_HOME to a folder elsewhere"
                )
            case .folderForeign(let path):
                return Wording("\(path.printable) belongs to somebody else", "chown it (as an administrator)")
            case .folderOpenToOthers(let path):
                return Wording("others may look into the journal's folder", "chmod 700 \(path.printable)")
            case .journalSound(let requests):
                return Wording("the journal is sound (\(requests == 1 ? "1 request" : "\(requests) requests"))")
            case .journalNew: return Wording("there is no journal yet; the first request begins it")
            case .terminal(true): return Wording("there is a terminal to ask on")
            case .terminal(false): return Wording("there is no terminal; secrets have to come from --pin-from")
            case .localeWithoutUTF8(let name):
                return Wording("the locale \(name.printable) is not UTF-8", "export LC_ALL=C.UTF-8")
            case .locale(let name): return Wording("locale: \(name.printable)")
            case .clipboard(let program): return Wording("clipboard: \(program)")
            case .noClipboard:
                return Wording("no program for the clipboard", "apt install wl-clipboard, or xclip")
            case .printer(let name): return Wording("printer: \(name.printable)")
            case .noPrinter(true): return Wording("no printer is set up")
            case .noPrinter(false): return Wording("nothing to print with", "apt install cups-client")
            case .notifications(true): return Wording("notifications can be shown (notify-send)")
            case .notifications(false):
                return Wording("watch cannot show notifications", "apt install libnotify-bin")
            }
        }
    )
}
