// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Token

/// Readers, cards, modules and tokens, as far as they can be seen without a secret.
struct DeviceDiagnosis: Sendable {
    /// The modules that are meant, and whether they were named.
    let modules: [String]
    /// Whether the modules that p11-kit knows are meant as well.
    let includesRegistered: Bool

    /// How long a module may take to start and to list its tokens.
    static let patience: Duration = .seconds(15)

    func findings() async -> [Finding] {
        let (service, readers) = await Self.service()
        let used = modules + (includesRegistered ? registered : [])
        var found: [Finding] = []
        var tokens = 0
        for path in modules {
            let (finding, count) = await Self.probe(path)
            found.append(finding)
            tokens += count
        }
        if includesRegistered {
            // One that does not start may belong to a device that is not there.
            for path in registered where !modules.contains(path) {
                let (finding, count) = await Self.probe(path)
                found.append(finding.severity == .problem ? Finding(.warning, finding.kind) : finding)
                tokens += count
            }
        }
        found += readers.compactMap { Self.misfit(of: $0.answerToReset, among: used, hasToken: tokens > 0) }
        if found.isEmpty { found.append(Finding(.problem, .noModule)) }
        found.append(tokens == 0 ? Finding(.problem, .noToken) : Finding(.ok, .tokens(tokens)))
        // Who has a token and no reader needs none.
        let softened =
            tokens == 0 ? service : service.map { Finding($0.severity == .warning ? .note : $0.severity, $0.kind) }
        return softened + found
    }

    private var registered: [String] {
        let all = ModuleConfigurations.systemFolders.flatMap { ModuleConfigurations.entries(in: $0) }
        var seen: Set<ModuleFile> = []
        return all.filter { !$0.isTrustPolicy }.map(\.module).filter { seen.insert($0).inserted }.map(\.path)
    }

    /// Lists a module's tokens in a process of its own, this program's: one that hangs or crashes ends nothing else.
    private static func probe(_ path: String) async -> (Finding, tokens: Int) {
        guard FileManager.default.fileExists(atPath: path) else {
            return (Finding(.problem, .moduleMissing(path: path)), 0)
        }
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path(percentEncoded: false)
        let arguments = ["list", "--json", "--no-input", "--module", path]
        // In a home of its own, which it finds empty: looking must not touch this user's journal.
        let home = FileManager.default.temporaryDirectory.appending(path: "isignum-probe-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: home) }
        let ended = await QuietProgram.run(
            program,
            arguments,
            within: patience,
            environment: ["ISIGNUM_HOME": home.path(percentEncoded: false)]
        )
        switch ended.end {
        case .exited(0):
            let document = try? JSONDecoder().decode(Listing.self, from: Data(ended.output.utf8))
            let count = document?.tokens.count ?? 1
            return (Finding(.ok, .moduleLoads(path: path, tokens: count)), count)
        case .exited(66): return (Finding(.note, .moduleLoads(path: path, tokens: 0)), 0)
        case .exited: return (Finding(.problem, verdict(in: ended.output, of: path)), 0)
        case .tookTooLong: return (Finding(.problem, .moduleHung(path: path)), 0)
        case .ended, .notStarted: return (Finding(.problem, .moduleCrashed(path: path)), 0)
        }
    }

    /// What the other process found out by trying the module in a third one.
    private static func verdict(in output: String, of path: String) -> Finding.Kind {
        switch (try? JSONDecoder().decode(Refusal.self, from: Data(output.utf8)))?.error.code {
        case "module_crashed": .moduleCrashed(path: path)
        case "module_hung": .moduleHung(path: path)
        default: .moduleUnusable(path: path)
        }
    }

    private struct Refusal: Decodable {
        struct Failure: Decodable { let code: String }
        let error: Failure
    }

    private struct Listing: Decodable {
        struct Token: Decodable {}
        let tokens: [Token]
    }

    /// A card whose module is not in use; vendors have several, and the wrong one of them is the commonest mistake.
    static func misfit(of answerToReset: [UInt8]?, among modules: [String], hasToken: Bool) -> Finding? {
        guard let answer = answerToReset, let expected = ExpectedModules(of: answer),
            !modules.contains(where: expected.contains)
        else { return nil }
        let wanted = expected.files[0]
        let severity: Finding.Severity = hasToken ? .warning : .problem
        // "libproidcm11.so" for "libproidqcm11.so": the beginning of the name is the vendor's.
        let relative = modules.first { path in
            let name = path.split(separator: "/").last ?? ""
            return name.prefix(8) == wanted.prefix(8)
        }
        if let relative {
            return Finding(severity, .moduleWrong(device: expected.device, used: relative, wanted: wanted))
        }
        return Finding(severity, .moduleForCard(device: expected.device, wanted: wanted))
    }

    private static func service() async -> ([Finding], [CardReader]) {
        let answer = await limited(to: .seconds(5)) { Result { () throws(PCSCError) in try CardReader.all() } }
        switch answer {
        case nil: return ([Finding(.warning, .serviceSilent)], [])
        case .failure(let error) where error.code == .serviceUnavailable:
            let isInstalled = ["/usr/sbin/pcscd", "/usr/bin/pcscd"].contains {
                FileManager.default.fileExists(atPath: $0)
            }
            return ([Finding(.warning, .serviceMissing(isInstalled: isInstalled))], [])
        case .failure(let error): return ([Finding(.warning, .serviceFailed(code: error.returnValue))], [])
        case .success(let readers):
            guard !readers.isEmpty else { return ([Finding(.ok, .serviceRuns), Finding(.warning, .noReader)], []) }
            let cards = readers.map { reader in
                if reader.isMute { return Finding(.warning, .cardMute(reader: reader.name)) }
                return reader.answerToReset == nil
                    ? Finding(.note, .reader(name: reader.name)) : Finding(.ok, .card(reader: reader.name))
            }
            return ([Finding(.ok, .serviceRuns)] + cards, readers)
        }
    }

    /// A call that may block for ever, on a thread of its own.
    ///
    /// - Returns: `nil` when it took too long; the thread is then left to itself.
    private static func limited<Value: Sendable>(
        to time: Duration,
        _ body: @escaping @Sendable () -> Value
    ) async -> Value? {
        let (answers, answering) = AsyncStream.makeStream(of: Value.self)
        Thread {
            answering.yield(body())
            answering.finish()
        }.start()
        let limit = Task {
            try await Task.sleep(for: time)
            answering.finish()
        }
        defer { limit.cancel() }
        for await answer in answers { return answer }
        return nil
    }
}
