// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// `watch` once an hour, as a timer of the user's own systemd (systemd.timer(5)).
struct WatchTimer {
    /// What was done.
    struct Report: Encodable {
        /// The unit files that were written or removed.
        let files: [String]
        /// Whether systemd took part; otherwise it reads the files at the next login.
        let running: Bool
    }

    private let folder: URL
    private let environment: [String: String]
    private static let names = ["isignum-watch.service", "isignum-watch.timer"]

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
        let base = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil }
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil }
        folder = (base ?? (home ?? FileManager.default.homeDirectoryForCurrentUser).appending(path: ".config"))
            .appending(path: "systemd/user", directoryHint: .isDirectory)
    }

    /// The link by which systemd starts the timer at login.
    private var wanted: URL { folder.appending(path: "timers.target.wants/isignum-watch.timer") }

    /// Writes the units and starts the timer.
    func install() async throws -> Report {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path(percentEncoded: false)
        let texts = [service(program), Self.timer]
        try ConfigurationFile.makeFolder(wanted.deletingLastPathComponent())
        for (name, text) in zip(Self.names, texts) {
            try NewFile.write(Array(text.utf8), to: path(name), force: true)
        }
        // Enabled by hand: without a running systemd nobody else would do it.
        let link = wanted.path(percentEncoded: false)
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == nil {
            do {
                try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../\(Self.names[1])")
            } catch {
                throw CommandError(.cannotWrite, [link])
            }
        }
        var running = await systemctl(["daemon-reload"])
        if running { running = await systemctl(["start", Self.names[1]]) }
        return Report(files: Self.names.map(path), running: running)
    }

    /// Stops the timer and removes the units.
    func remove() async throws -> Report {
        // A link is somebody's own arrangement: systemctl mask makes one.
        let there = Self.names.map(path).filter { FileKind(of: $0) == .regular }
        guard !there.isEmpty else { return Report(files: [], running: false) }
        var running = await systemctl(["stop", Self.names[1]])
        let link = wanted.path(percentEncoded: false)
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
        let isOurs = target.map { $0.hasSuffix(Self.names[1]) } ?? false
        for file in (isOurs ? [link] : []) + there {
            do { try FileManager.default.removeItem(atPath: file) } catch { throw CommandError(.cannotWrite, [file]) }
        }
        if running { running = await systemctl(["daemon-reload"]) }
        return Report(files: there, running: running)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

    private func systemctl(_ arguments: [String]) async -> Bool {
        guard let program = QuietProgram.find("systemctl") else { return false }
        return await QuietProgram.run(program, ["--user"] + arguments).succeeded
    }

    private func service(_ program: String) -> String {
        // Where this user's files are, as they are now; systemd knows nothing of a shell's settings.
        let kept = ["ISIGNUM_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "LC_ALL", "LANG"]
        let lines = kept.compactMap { name in
            environment[name].flatMap { value in
                value.isEmpty ? nil : "Environment=\(UnitWord.setting(name, value))\n"
            }
        }
        return """
            [Unit]
            Description=isignum: certificates that are ready or about to expire
            Documentation=man:isignum(1)

            [Service]
            Type=oneshot
            ExecStart=\(UnitWord.program(program)) watch --no-input
            SuccessExitStatus=69
            TimeoutStartSec=5min
            \(lines.joined())
            """
    }

    private static let timer = """
        [Unit]
        Description=isignum: certificates that are ready or about to expire, once an hour

        [Timer]
        OnCalendar=hourly
        RandomizedDelaySec=10min
        Persistent=true

        [Install]
        WantedBy=timers.target

        """
}
