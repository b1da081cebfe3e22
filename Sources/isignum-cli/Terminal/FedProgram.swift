// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Another program that is given bytes and then has a limited time to do something with them: a printer's queue, a
/// clipboard, a viewer.
enum FedProgram {
    /// How it ended.
    struct Outcome: Sendable {
        /// The exit code; `nil` when a signal ended it or the time was over.
        let status: Int32?
        /// What it wrote.
        let output: [UInt8]
        /// What it complained of.
        let complaint: String

        /// Whether it did what it was asked for.
        var succeeded: Bool { status == 0 }
    }

    /// The most bytes that are taken from a program.
    private static let largestOutput = 20 << 20

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - listening: whether what it writes is wanted. Programs that leave another one behind, as clipboards and
    ///     viewers do, are not listened to: what they leave would keep our end open.
    /// - Returns: `nil` when there is no such program.
    static func run(
        _ name: String,
        _ arguments: [String] = [],
        input: [UInt8] = [],
        listening: Bool = true,
        within limit: Duration = .seconds(30)
    ) async -> Outcome? {
        await withCheckedContinuation { continuation in
            // It blocks, and the threads of the pool are few.
            Thread {
                continuation.resume(returning: wait(name, arguments, input, listening, .now + limit))
            }.start()
        }
    }

    private static func wait(
        _ name: String,
        _ arguments: [String],
        _ input: [UInt8],
        _ listening: Bool,
        _ deadline: ContinuousClock.Instant
    ) -> Outcome? {
        guard let feed = ProgramStart.pipe() else { return nil }
        let output = listening ? ProgramStart.pipe() : nil
        let errors = listening ? ProgramStart.pipe() : nil
        let process = ProgramStart.start(
            name,
            arguments,
            input: feed.reading,
            output: output?.writing,
            errors: errors?.writing
        )
        for descriptor in [feed.reading, output?.writing, errors?.writing] { if let descriptor { close(descriptor) } }
        guard let process else {
            for descriptor in [feed.writing, output?.reading, errors?.reading] {
                if let descriptor { close(descriptor) }
            }
            return nil
        }
        var exchange = Exchange(rest: input[...], feed: feed.writing, open: [output?.reading, errors?.reading])
        while exchange.goesOn, .now < deadline { exchange.step() }
        exchange.end()
        return Outcome(
            status: status(of: process, by: deadline),
            output: exchange.taken[0],
            complaint: String(decoding: exchange.taken[1].prefix(2_000), as: UTF8.self)
        )
    }

    private static func status(of process: pid_t, by deadline: ContinuousClock.Instant) -> Int32? {
        var status: Int32 = 0
        while true {
            let ended = unsafe waitpid(process, &status, WNOHANG)
            if ended == process { return status & 0x7F == 0 ? status >> 8 & 0xFF : nil }
            if ended < 0, errno != EINTR { return nil }
            guard .now < deadline else { break }
            usleep(5_000)
        }
        kill(process, SIGKILL)
        while waitpid(process, nil, 0) < 0 && errno == EINTR {}
        return nil
    }

    /// What goes in and what comes out, at once: neither side may wait for the other for ever.
    private struct Exchange {
        var rest: ArraySlice<UInt8>
        var feed: Int32
        var open: [Int32?]
        var taken: [[UInt8]] = [[], []]

        init(rest: ArraySlice<UInt8>, feed: Int32, open: [Int32?]) {
            self.rest = rest
            self.feed = feed
            self.open = open
            _ = fcntl(feed, F_SETFL, O_NONBLOCK)
        }

        var goesOn: Bool { feed >= 0 || open.contains { $0 != nil } }

        mutating func step() {
            if rest.isEmpty { stopFeeding() }
            let descriptors = [feed] + open.map { $0 ?? -1 }
            var watched = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            watched[0].events = Int16(POLLOUT)
            guard unsafe poll(&watched, nfds_t(watched.count), 100) > 0 else { return }
            if feed >= 0, watched[0].revents != 0 {
                let written = unsafe rest.withUnsafeBytes { unsafe write(feed, $0.baseAddress, $0.count) }
                if written > 0 { rest = rest.dropFirst(written) } else if errno != EAGAIN { stopFeeding() }
            }
            for index in open.indices {
                if let descriptor = open[index], watched[index + 1].revents != 0 { take(from: descriptor, at: index) }
            }
        }

        mutating func end() {
            stopFeeding()
            for case let descriptor? in open { close(descriptor) }
        }

        private mutating func stopFeeding() {
            if feed >= 0 { close(feed) }
            feed = -1
        }

        private mutating func take(from descriptor: Int32, at index: Int) {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let got = unsafe read(descriptor, &buffer, buffer.count)
            if got > 0 { taken[index] += buffer.prefix(got) }
            guard got <= 0 || taken[index].count > FedProgram.largestOutput else { return }
            close(descriptor)
            open[index] = nil
        }
    }
}
