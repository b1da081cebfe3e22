// SPDX-License-Identifier: Apache-2.0

internal import Foundation

extension Registrar {
    /// Takes registrations back, of one module or of all.
    ///
    /// - Parameter modules: `nil` for all.
    mutating func unregister(_ modules: [ModuleFile]?) -> [RegistrationStep] {
        var steps: [RegistrationStep] = []
        for record in ledger.records {
            let meant =
                modules.map { modules in
                    let names = modules.flatMap(record.names(of:))
                    return record.names.filter(names.contains)
                } ?? record.names
            guard !meant.isEmpty else { continue }
            let place = place(of: record)
            let end: (RegistrationStep.Outcome, String?)
            if let user = place?.user {
                end = (.inUse, user.process.map { "\($0)" })
            } else {
                do {
                    end = (try takeBack(record, meant), nil)
                } catch {
                    end = (.failed, Self.words(of: error))
                }
            }
            steps.append(
                RegistrationStep(
                    application: record.kind,
                    file: record.file,
                    module: meant.count == record.names.count ? nil : meant.joined(separator: ", "),
                    outcome: end.0,
                    detail: end.1,
                    sandboxed: place?.isSandboxed ?? false
                )
            )
        }
        return steps
    }

    /// What uses a file that was changed. Chromium's database may have been in its other place then.
    private func place(of record: RegistrationRecord) -> ApplicationPlace? {
        places.first { $0.list.path(percentEncoded: false) == record.file }
            ?? places.first { record.kind == .chromium && $0.kind == .chromium && !$0.isSandboxed }
    }

    private mutating func takeBack(
        _ record: RegistrationRecord,
        _ names: [String]
    ) throws -> RegistrationStep.Outcome {
        let file = ChangedFile(record)
        guard names.count == record.names.count else {
            let data = file.without(names)
            guard !isDryRun else { return .removed }
            var rest = record
            rest.names.removeAll(where: names.contains)
            if file.isAsWritten { rest.written = data }
            try ledger.keep(rest)
            try ChangedFile.write(data, to: file.url, mode: record.mode)
            return .removed
        }
        let outcome: RegistrationStep.Outcome = file.canBeRestored ? .restored : .removed
        guard !isDryRun else { return outcome }
        try file.restore()
        try ledger.forget(record)
        return outcome
    }
}
