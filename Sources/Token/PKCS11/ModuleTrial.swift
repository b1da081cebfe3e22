// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials
public import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Tries a module out in a process of its own before it is loaded into ours for the first time: whoever crashes or
/// hangs there does it alone. What came of it is kept by the file's path, size and time of change.
public struct ModuleTrial: Sendable {
    /// How a module did.
    enum Verdict: String, Codable, Sendable {
        /// It starts.
        case usable
        /// It starts, and its table of functions has gaps.
        case incomplete
        /// It is no module, or refuses to start.
        case unusable
        /// It ended its process.
        case crashed
        /// It did not come to an end in time.
        case hung
    }

    /// What the program's first argument says when it is started to try a module.
    static let argument = "--try-module"
    /// Likewise, when it is to count the module's tokens too.
    static let countingArgument = "--count-tokens"

    /// How long a module may take to start: reading a slow card takes seconds.
    static let limit: TimeInterval = 10
    /// How long a crash or a hang is remembered: its cause may have been the device, not the module.
    static let patience: TimeInterval = 600

    static let proof = "isignum: the module starts\n"
    static let gaps = "isignum: the module starts, with gaps\n"
    static let refusal = "isignum: the module does not start\n"

    private let program: String
    private let cache: URL

    /// - Parameters:
    ///   - program: the path of a program that begins with `serve`.
    ///   - cache: a file in which verdicts are kept.
    public init(program: String, cache: URL) {
        self.program = program
        self.cache = cache
    }

    /// The other side, for a program that was started to try a module: starts it, says so on standard output, and ends
    /// the process. Comes back when the program was started for something else.
    public static func serve(_ arguments: [String]) {
        guard arguments.count == 3, [argument, countingArgument].contains(arguments[1]) else { return }
        serve(path: arguments[2], counting: arguments[1] == countingArgument)
    }

    private static func serve(path: String, counting: Bool) -> Never {
        p11_kit_be_quiet()
        guard let functions = p11_kit_module_load(path, CInt(P11_KIT_MODULE_UNMANAGED)) else {
            // Said first: the reason is found out by loading it again.
            say(refusal)
            answer(ModuleRefusal(ofLoading: path).line)
        }
        let value = p11_kit_module_initialize(functions)
        guard value == CKR_OK || value == CKR_CRYPTOKI_ALREADY_INITIALIZED else {
            answer(refusal + ModuleRefusal.failed(function: "C_Initialize", value: UInt(value)).line)
        }
        say(functions.pointee.isComplete ? proof : gaps)
        if counting { say(ModuleReport.count(of: functions, named: path)) }
        // Some hang here. It has been said that they start; a TPM keeps what nobody gave back.
        _ = p11_kit_module_finalize(functions)
        _exit(0)
    }

    private static func answer(_ text: String) -> Never {
        say(text)
        _exit(0)
    }

    private static func say(_ text: String) { text.withCString { _ = write(STDOUT_FILENO, $0, strlen($0)) } }

    /// What came of a trial.
    struct Judgement {
        let verdict: Verdict
        /// Why it cannot be used, where that was said.
        var refusal: ModuleRefusal?
    }

    /// The judgements on modules, tried at the same time where they are not known.
    func judgements(on paths: [String]) -> [String: Judgement] {
        var known = Verdicts.read(cache)
        let now = Date()
        var judgements: [String: Judgement] = [:]
        var unknown: [(path: String, file: Verdicts.File)] = []
        for path in paths {
            guard let file = Verdicts.File(path) else { continue }
            if let verdict = known.verdict(on: file, at: now) {
                judgements[path] = Judgement(verdict: verdict)
            } else {
                unknown.append((path, file))
            }
        }
        guard !unknown.isEmpty else { return judgements }
        let runs = unknown.map { TrialRun(program, [Self.argument, $0.path]) }
        let deadline = now.addingTimeInterval(Self.limit)
        for (entry, run) in zip(unknown, runs) {
            let outcome = run?.outcome(before: deadline)
            let verdict = Self.verdict(on: outcome)
            let refusal = verdict == .unusable ? outcome.flatMap { ModuleRefusal(said: $0.said) } : nil
            judgements[entry.path] = Judgement(verdict: verdict, refusal: refusal)
            if run != nil { known.note(verdict, on: entry.file, at: now) }
        }
        known.write(to: cache)
        return judgements
    }

    // Where no process can be had, everything is as it was before there were trials.
    private static func verdict(on outcome: TrialRun.Outcome?) -> Verdict {
        guard let outcome else { return .usable }
        // A module may talk too, before and after.
        if outcome.said.contains(proof) { return .usable }
        if outcome.said.contains(gaps) { return .incomplete }
        if outcome.said.contains(refusal) { return .unusable }
        return outcome.isTimedOut ? .hung : .crashed
    }
}

/// What is known of modules, as it is kept in the cache. A file that cannot be read or written costs another trial.
private struct Verdicts: Codable {
    struct File: Codable, Hashable {
        let path: String
        let size: Int
        /// In nanoseconds.
        let changed: Int

        /// - Returns: `nil` when there is no such file.
        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            self.path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            size = Int(status.st_size)
            changed = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
        }
    }

    struct Entry: Codable {
        let file: File
        let verdict: ModuleTrial.Verdict
        let tried: Date
    }

    var entries: [Entry] = []

    static func read(_ cache: URL) -> Verdicts {
        guard let bytes = PrivateFile.read(cache.path, atMost: 1 << 20) else { return Verdicts() }
        return (try? JSONDecoder().decode(Verdicts.self, from: Data(bytes))) ?? Verdicts()
    }

    func verdict(on file: File, at now: Date) -> ModuleTrial.Verdict? {
        guard let entry = entries.last(where: { $0.file == file }) else { return nil }
        switch entry.verdict {
        case .usable, .incomplete: return entry.verdict
        case .crashed, .hung:
            return (0..<ModuleTrial.patience).contains(now.timeIntervalSince(entry.tried)) ? entry.verdict : nil
        // It may be one whose device was not there; a trial is cheap.
        case .unusable: return nil
        }
    }

    mutating func note(_ verdict: ModuleTrial.Verdict, on file: File, at now: Date) {
        entries.removeAll { $0.file.path == file.path }
        entries.append(Entry(file: file, verdict: verdict, tried: now))
    }

    func write(to cache: URL) {
        guard let data = try? JSONEncoder().encode(self) else { return }
        PrivateFile.write([UInt8](data), to: cache.path)
    }
}

extension CK_FUNCTION_LIST {
    /// Whether everything that a client may call is there.
    fileprivate var isComplete: Bool {
        withUnsafeBytes(of: self) { bytes in
            let first = MemoryLayout<CK_FUNCTION_LIST>.offset(of: \.C_Initialize) ?? 0
            return stride(from: first, to: bytes.count, by: MemoryLayout<UInt>.size).allSatisfy {
                bytes.load(fromByteOffset: $0, as: UInt.self) != 0
            }
        }
    }
}
