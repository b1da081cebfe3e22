// SPDX-License-Identifier: Apache-2.0

/// The words of `watch`. A language that misses one does not compile.
struct WatchWords: Sendable {
    /// A notification.
    struct Notice: Equatable, Sendable {
        let title: String
        let body: String
    }

    let nothingNew: @Sendable (_ pending: Int) -> String
    let matter: @Sendable (WatchMatter) -> Notice
    let installed, removed, noTimer, running, atNextLogin: String

    /// The words of a language.
    static func of(_ language: Language) -> WatchWords { language == .czech ? czech : english }

    /// What is new; a person who asks is told as well what was told before.
    func text(of document: WatchDocument, isAsked: Bool) -> String {
        let told = document.matters.filter { $0.isNew || isAsked }
        guard !told.isEmpty else { return isAsked ? nothingNew(document.pending) + "\n" : "" }
        return told.map { matter in
            let notice = self.matter(matter)
            return "\(notice.title)\n  \(notice.body)\n".wrapped(to: Width.ofStandardOutput, indent: 2)
        }.joined()
    }

    /// What became of the timer.
    func text(of report: WatchTimer.Report, isInstalled: Bool) -> String {
        guard !report.files.isEmpty else { return noTimer + "\n" }
        let files = report.files.map { "  \($0.printable)\n" }.joined()
        let end = isInstalled ? (report.running ? running : atNextLogin) + "\n" : ""
        return (isInstalled ? installed : removed) + "\n" + files + end
    }
}
