// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Why a module cannot be used, as the process that tried it says on its standard output.
enum ModuleRefusal: Equatable {
    /// The file cannot be loaded; the loader's words.
    case notLoaded(String)
    /// It is a library that has no C_GetFunctionList.
    case noFunctionList
    /// A function of it answered an error.
    case failed(function: String, value: UInt?)

    private static let prefix = "isignum: why: "

    /// Finds out why p11-kit could not load a file. For the process that tries modules: what the file does when it is
    /// loaded, it does once more.
    init(ofLoading path: String) {
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let words = dlerror().map { String(cString: $0) } ?? ""
            self = .notLoaded(words.hasPrefix("\(path): ") ? String(words.dropFirst(path.count + 2)) : words)
            return
        }
        self =
            dlsym(library, "C_GetFunctionList") == nil
            ? .noFunctionList : .failed(function: "C_GetFunctionList", value: nil)
    }

    /// What a call of the module ended with.
    init(_ error: KeyStoreError) {
        self = .failed(function: error.function ?? "", value: error.returnValue)
    }

    /// Reads what the other process said.
    init?(said: String) {
        let lines = said.split(separator: "\n")
        guard let line = lines.last(where: { $0.hasPrefix(Self.prefix) })?.dropFirst(Self.prefix.count) else {
            return nil
        }
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch words.first {
        case "loader": self = .notLoaded(words.count > 1 ? words[1] : "")
        case "symbol": self = .noFunctionList
        case let function?: self = .failed(function: function, value: words.count > 1 ? UInt(words[1]) : nil)
        case nil: return nil
        }
    }

    /// The line for whoever started the trial.
    var line: String {
        switch self {
        // One line, and short enough to be read in one piece.
        case .notLoaded(let words):
            "\(Self.prefix)loader \(TokenText.clean(Array(words.utf8), limit: 300))\n"
        case .noFunctionList: "\(Self.prefix)symbol\n"
        case .failed(let function, let value): "\(Self.prefix)\(function)\(value.map { " \($0)" } ?? "")\n"
        }
    }

    /// As an error about the module in a file.
    func error(about path: String) -> KeyStoreError {
        switch self {
        case .notLoaded(let words): KeyStoreError(.moduleUnusable, candidates: [path], detail: words)
        case .noFunctionList:
            KeyStoreError(.moduleUnusable, function: "C_GetFunctionList", candidates: [path])
        case .failed(let function, let value):
            // Without a code of its own it is a general error (PKCS#11 2.40, section 5.1).
            KeyStoreError(
                .moduleUnusable,
                function: function,
                returnValue: value ?? UInt(CKR_GENERAL_ERROR),
                candidates: [path]
            )
        }
    }
}
