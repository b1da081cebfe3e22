// SPDX-License-Identifier: Apache-2.0

internal import Enrollment

// What can be wrong with the journal, in both languages.

extension EnglishErrorWords {
    func journal(_ error: JournalError) -> Wording {
        let path = (error.path ?? "").printable
        switch error.code {
        case .cannotWrite:
            let room =
                switch error.obstacle {
                case .full: "the disk, or your quota, is full: make room"
                case .readOnly: "the file system can only be read: its administrator, or another ISIGNUM_HOME, helps"
                case .rights: "is the folder yours, and can nobody else write there? isignum doctor looks"
                case nil: "is the disk full, or the folder not yours? isignum doctor looks"
                }
            return Wording("the journal cannot be written: \(path)", room).quoting(error.detail)
                .adding(error.isBeforeAnything ? "nothing was done" : "what had been done before stands; \(carryOn)")
        case .corrupt where error.isPutAside:
            return Wording(
                "the journal is damaged; it was put aside as \(path)",
                "keys on tokens are safe; the next run begins a new journal",
                "keep the file: it knows the requests that are open"
            )
        case .corrupt:
            return Wording(
                "the journal is damaged: \(path)",
                "it is where it was; the next command that writes puts it aside under another name and begins a new one",
                "keys on tokens are safe; keep the file: it knows the requests that are open"
            ).quoting(error.detail)
        case .tooNew: return Wording("a later version of isignum wrote the journal: \(path)", "use that version")
        case .irregular:
            return Wording(
                "no ordinary file: \(path); it was not touched",
                "a link, a device or a folder is in the place of a file of the journal: take it away, or move the file back"
            )
        case .unreadable:
            let what = error.entry.map { "the request #\($0)" } ?? "a row"
            return Wording(
                "\(what) cannot be read from the journal\(error.detail.map { " (\($0.printable))" } ?? "")",
                "a later version of isignum may know what it holds; it stays as it is, and so does its key",
                "nothing else is affected: isignum requests shows the others"
            )
        case .busy: return Wording("another isignum is working on this request", "wait until it is done")
        case .notFound: return Wording("there is no such request", "isignum requests shows them all")
        case .idTaken: return Wording("the CA gave this request the ID of another one", "tell the CA")
        case .failed: return Wording("the journal failed" + (path.isEmpty ? "" : ": \(path)")).quoting(error.detail)
        }
    }
}

extension CzechErrorWords {
    func journal(_ error: JournalError) -> Wording {
        let path = (error.path ?? "").printable
        switch error.code {
        case .cannotWrite:
            let room =
                switch error.obstacle {
                case .full: "disk nebo vaše kvóta jsou plné: uvolněte místo"
                case .readOnly: "souborový systém je jen pro čtení: pomůže jeho správce, nebo jiné ISIGNUM_HOME"
                case .rights: "je složka vaše a nemůže do ní zapisovat nikdo jiný? poradí isignum doctor"
                case nil: "není plný disk nebo cizí složka? poradí isignum doctor"
                }
            return Wording("do deníku nelze zapsat: \(path)", room).quoting(error.detail)
                .adding(error.isBeforeAnything ? "nic se neprovedlo" : "co se stihlo předtím, platí; \(carryOn)")
        case .corrupt where error.isPutAside:
            return Wording(
                "deník je poškozený; byl odložen jako \(path)",
                "klíče na tokenech jsou v pořádku; příští spuštění začne nový deník",
                "soubor si nechte: ví o otevřených žádostech"
            )
        case .corrupt:
            return Wording(
                "deník je poškozený: \(path)",
                "zůstal na svém místě; příští příkaz, který zapisuje, ho odloží pod jiným názvem a začne nový",
                "klíče na tokenech jsou v pořádku; soubor si nechte: ví o otevřených žádostech"
            ).quoting(error.detail)
        case .tooNew: return Wording("deník zapsala novější verze programu isignum: \(path)", "použijte tu verzi")
        case .irregular:
            return Wording(
                "není to obyčejný soubor: \(path); nic se s tím nestalo",
                "na místě souboru deníku je odkaz, zařízení nebo složka: odstraňte je, nebo vraťte soubor zpět"
            )
        case .unreadable:
            let what = error.entry.map { "žádost #\($0)" } ?? "řádek"
            return Wording(
                "\(what) nelze z deníku přečíst\(error.detail.map { " (\($0.printable))" } ?? "")",
                "možná jí porozumí novější verze programu isignum; zůstává, jak je, a s ní i její klíč",
                "ničeho jiného se to netýká: ostatní ukáže isignum requests"
            )
        case .busy: return Wording("na této žádosti pracuje jiný isignum", "počkejte, až skončí")
        case .notFound: return Wording("taková žádost tu není", "všechny ukáže isignum requests")
        case .idTaken: return Wording("autorita dala této žádosti ID jiné žádosti", "oznamte to autoritě")
        case .failed: return Wording("deník selhal" + (path.isEmpty ? "" : ": \(path)")).quoting(error.detail)
        }
    }
}
