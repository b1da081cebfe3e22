// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What the program learns of a module when it first tries it: learnt once for all tests of a process, by the program
/// itself, from modules that nothing was ordered to fail in.
public enum ModuleVerdicts {
    /// Puts what was learnt into a home that has nothing of the kind.
    public static func give(to home: String) async throws {
        let file = URL(fileURLWithPath: home).appendingPathComponent("cache/modules.json")
        guard !FileManager.default.fileExists(atPath: file.path), let learnt = try await learning.value else { return }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try learnt.write(to: file, options: .atomic)
    }

    private static let learning = Task { () throws -> Data? in
        // Tests of other things than the device build no simulated one.
        guard let simulator = try? SimulatedDevice.module() else { return nil }
        let home = try TemporaryFolder(named: "home")
        let device = try await SimulatedDevice.provision()
        let card = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so"
        let modules = [simulator] + (FileManager.default.fileExists(atPath: card) ? [card] : [])
        try await ChildProcess.output(
            of: try BuildProducts.file("isignum").path,
            ["device", "list", "--json"] + modules.flatMap { ["--module", $0] },
            // No card: its APDUs are counted elsewhere.
            environment: device.environment.merging(
                ["ISIGNUM_HOME": home.path, "PCSCLITE_CSOCK_NAME": "/nonexistent/pcscd.comm"]
            ) { $1 }
        )
        return try? Data(contentsOf: home.file("cache/modules.json"))
    }
}
