// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import Token

/// Readers, cards, modules and tokens, as far as they can be seen without a secret.
struct DeviceDiagnosis: Sendable {
    /// The modules that are meant, and whether they were named.
    let modules: [String]
    /// Whether the modules that p11-kit knows are meant as well.
    let includesRegistered: Bool

    /// What is known of kinds of devices.
    let catalogue: DeviceCatalogue

    func findings() async -> [Finding] {
        let (service, readers) = await Self.service()
        let registered = includesRegistered ? registered.filter { !modules.contains($0) } : []
        let reports = await Self.reports(on: modules + registered)
        var found = modules.map { path in
            Self.finding(on: path, reports[path], others: modules.filter { $0 != path })
        }
        found += registered.map { path in
            let finding = Self.finding(on: path, reports[path], others: modules)
            // One that does not start may belong to a device that is not there.
            return finding.severity == .problem ? Finding(.warning, finding.kind) : finding
        }
        let tokens = reports.values.reduce(0) { $0 + $1.tokens }
        found += readers.compactMap {
            Self.misfit(
                of: $0.answerToReset,
                among: modules + registered,
                configured: modules,
                in: catalogue,
                hasToken: tokens > 0
            )
        }
        if found.isEmpty { found.append(Finding(.problem, .noModule)) }
        let blocked = (modules + registered).flatMap { reports[$0]?.blocked ?? [] }
        let unset = (modules + registered).flatMap { reports[$0]?.unset ?? [] }
        found += Self.standing(of: tokens, blocked: blocked, unset: unset)
        let marked = reports.sorted { $0.key < $1.key }.flatMap(\.value.ofFactory)
        // Where another token is ready, a certificate can be had.
        let usable = tokens - (blocked + unset).count { $0.secrets.contains(.pin) }
        let hindrance: Finding.Severity = marked.count < usable ? .warning : .problem
        found += marked.map { Finding(hindrance, .secretsOfFactory(device: $0.label, secrets: $0.secrets)) }
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

    /// Tries modules, each in a process of its own, all at once: one that hangs or crashes ends nothing else.
    private static func reports(on paths: [String]) async -> [String: ModuleReport] {
        let there = paths.filter { FileManager.default.fileExists(atPath: $0) }
        // The trials have an end of their own, which comes before this one.
        return await limited(to: .seconds(60)) { ModuleTrial.reports(on: there, by: "/proc/self/exe") } ?? [:]
    }

    private static func finding(on path: String, _ report: ModuleReport?, others: [String]) -> Finding {
        switch report?.state {
        case nil: Finding(.problem, .moduleMissing(path: path, others: others))
        case .usable where report?.tokens == 0: Finding(.note, .moduleLoads(path: path, tokens: 0))
        case .usable: Finding(.ok, .moduleLoads(path: path, tokens: report?.tokens ?? 0))
        case .unusable:
            Finding(.problem, .moduleUnusable(report?.failure ?? KeyStoreError(.moduleUnusable, candidates: [path])))
        case .crashed: Finding(.problem, .moduleCrashed(path: path))
        case .hung: Finding(.problem, .moduleHung(path: path))
        }
    }

    /// How many tokens can be used. One whose PIN is blocked, or was never set, cannot; where it is the signature PIN,
    /// commercial certificates can still be had.
    static func standing(
        of tokens: Int,
        blocked: [ModuleReport.BlockedDevice],
        unset: [ModuleReport.BlockedDevice] = []
    ) -> [Finding] {
        guard tokens > 0 else { return [Finding(.problem, .noToken)] }
        let usable = tokens - (blocked + unset).count { $0.secrets.contains(.pin) }
        let findings = blocked.flatMap { device in
            func mend(_ secret: SecretKind) -> Finding.Mend {
                device.secrets.contains(.puk) ? .issuer : device.mendable.contains(secret) ? .puk : .makersSoftware
            }
            return device.secrets.compactMap { secret -> Finding? in
                switch secret {
                case .pin:
                    let kind = Finding.Kind.pinBlocked(token: device.name, mend(.pin))
                    return Finding(usable > 0 ? .warning : .problem, kind)
                case .qpin: return Finding(.warning, .qpinBlocked(token: device.name, mend(.qpin)))
                case .puk: return Finding(.warning, .pukBlocked(token: device.name))
                case .password: return nil
                }
            }
        }
        let missing = unset.flatMap { device in
            device.secrets.filter { $0 == .pin || $0 == .qpin }.map { secret in
                let mend: Finding.Mend = device.mendable.contains(secret) ? .puk : .makersSoftware
                let severity: Finding.Severity = secret == .pin && usable <= 0 ? .problem : .warning
                return Finding(severity, .secretUnset(token: device.name, secret, mend))
            }
        }
        return (usable > 0 ? [Finding(.ok, .tokens(usable))] : []) + findings + missing
    }

    /// A card whose module is not in use; vendors have several, and the wrong one of them is the commonest mistake.
    static func misfit(
        of answerToReset: [UInt8]?,
        among modules: [String],
        configured: [String] = [],
        in catalogue: DeviceCatalogue = .builtIn,
        hasToken: Bool
    ) -> Finding? {
        guard let answerToReset,
            let (device, missing) = catalogue.wanted(by: answerToReset, modulesInUse: modules),
            let wanted = missing.files.first, missing.blind.isEmpty
        else { return nil }
        let severity: Finding.Severity = hasToken ? .warning : .problem
        if let used = missing.confusedWith.first {
            return Finding(
                severity,
                .moduleWrong(device: device, used: used, wanted: wanted, others: configured.filter { $0 != used })
            )
        }
        return Finding(severity, .moduleForCard(device: device, wanted: wanted, others: configured))
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
