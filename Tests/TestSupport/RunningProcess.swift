// SPDX-License-Identifier: Apache-2.0

public import Foundation
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#endif

/// A process that a test started.
///
/// Not Foundation's `Process`, under which a runner that had several hundred of them at once waited for ever: there the
/// end of a process is seen by a socket that leaks into whatever starts at the same time, all ends are told by one
/// thread that any of them can hold up, waiting for one turns a run loop on a thread of the cooperative pool (two on a
/// small machine), and children inherit the signals that the pool's threads block. Here a child gets three descriptors
/// and no more, every signal as usual, and one thread of its own that waits for it.
public final class RunningProcess: Sendable {
    /// How a process ended.
    public struct Ending: Sendable, Equatable {
        /// The exit code, or the number of the signal that ended it.
        public let status: Int32
        /// Whether a signal ended it.
        public let wasSignalled: Bool

        /// An end by itself, with an exit code, or by a signal.
        public init(status: Int32, wasSignalled: Bool) {
            self.status = status
            self.wasSignalled = wasSignalled
        }
    }

    /// What a process reads from or writes to.
    public enum Stream: Sendable {
        /// Nothing comes, and nothing is kept.
        case nowhere
        /// A pipe to the test.
        case pipe
        /// A file, opened for writing.
        case file(String)
        /// What the runner has itself.
        case inherited
    }

    /// A program that could not be started.
    public struct NotStarted: Error, CustomStringConvertible {
        /// The program and why.
        public let description: String
    }

    /// Its number.
    public let id: pid_t
    /// The writing end of its standard input, where that is a pipe.
    public let input: FileHandle?
    /// The reading end of its standard output, where that is a pipe.
    public let output: FileHandle?
    /// The reading end of its standard error, where that is a pipe.
    public let errors: FileHandle?

    private let ending = Mutex<Ending?>(nil)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: a path, or a name that is looked up in PATH.
    ///   - environment: added to the environment of the tests.
    ///   - folder: where it works; where the tests do, otherwise.
    public init(
        _ program: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        folder: String? = nil,
        input: Stream = .nowhere,
        output: Stream = .nowhere,
        errors: Stream = .nowhere
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Kept until the child has them.
        var theirs: [FileHandle] = []
        func pass(_ stream: Stream, as number: Int32) throws -> FileHandle? {
            switch stream {
            case .inherited: break
            case .nowhere: posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
            case .file(let path): posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY, 0)
            case .pipe:
                let (reading, writing) = try Self.pipe()
                let (own, other) = number == 0 ? (writing, reading) : (reading, writing)
                posix_spawn_file_actions_adddup2(&actions, other.fileDescriptor, number)
                theirs.append(other)
                return own
            }
            return nil
        }
        self.input = try pass(input, as: 0)
        self.output = try pass(output, as: 1)
        self.errors = try pass(errors, as: 2)
        _ = Self.closeFrom?(&actions, 3)
        let goThere = folder.map { ["--chdir=\($0)"] } ?? []
        id = try Self.spawn(
            "/usr/bin/env",
            // Names that begin with a dash are none of ours.
            ["env"] + goThere + [program] + arguments,
            ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" },
            &actions
        )
        withExtendedLifetime(theirs) {}
    }

    /// A process that nobody has any more is ended.
    deinit {
        if isRunning { stop(with: SIGKILL) }
    }

    // Files that the runner writes just now are not marked, and nobody may execute one that somebody has open for
    // writing. glibc has had this since 2.34; its headers show it to GNU sources alone.
    private typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    private static let closeFrom: CloseFrom? = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
        .map { unsafeBitCast($0, to: CloseFrom.self) }

    // Nothing starts between the making of a pipe and its being marked, or it would hold an end of it.
    private static let starting = Mutex(())

    /// A pipe of which no other process gets an end.
    private static func pipe() throws -> (FileHandle, FileHandle) {
        var ends: [Int32] = [-1, -1]
        let isMade = starting.withLock { _ in
            let isMade = Glibc.pipe(&ends) == 0
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return isMade
        }
        guard isMade else { throw NotStarted(description: "pipe: \(String(cString: strerror(errno)))") }
        return (
            FileHandle(fileDescriptor: ends[0], closeOnDealloc: true),
            FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        )
    }

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        _ environment: [String],
        _ actions: inout posix_spawn_file_actions_t
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
        let (words, values) = (arguments.map { strdup($0) } + [nil], environment.map { strdup($0) } + [nil])
        defer { for word in words + values { free(word) } }
        var id = pid_t()
        let failure = starting.withLock { _ in posix_spawn(&id, path, &actions, &attributes, words, values) }
        guard failure == 0 else {
            throw NotStarted(description: "\(path): \(String(cString: strerror(failure)))")
        }
        return id
    }
}

extension RunningProcess {
    /// Whether it has not ended.
    public var isRunning: Bool { ending.withLock { reap(&$0, waiting: false) } == nil }

    /// Sends it a signal, unless it has ended.
    public func send(_ signal: Int32) {
        ending.withLock { if $0 == nil { kill(id, signal) } }
    }

    /// Waits for its end. Blocks: for threads that may, and for processes that end at once.
    @discardableResult
    public func wait() -> Ending {
        while true {
            if let ending = ending.withLock({ $0 }) { return ending }
            // It stays a zombie, and its number its own, until the lock is held.
            var information = siginfo_t()
            waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT)
            if let ending = ending.withLock({ reap(&$0, waiting: true) }) { return ending }
        }
    }

    /// Waits for its end.
    public func ended() async -> Ending { await onOwnThread { self.wait() } }

    /// Ends it and waits until it has ended.
    public func stop(with signal: Int32 = SIGTERM) {
        send(signal)
        wait()
    }

    /// What it says next on standard error.
    ///
    /// - Throws: `NothingMore` when it has said all that it will.
    public func moreErrors() async throws -> String {
        let data = await onOwnThread { self.errors?.availableData ?? Data() }
        guard !data.isEmpty else { throw NothingMore() }
        return String(decoding: data, as: UTF8.self)
    }

    /// Thrown when a program has said all that it will.
    public struct NothingMore: Error {}

    private func reap(_ ending: inout Ending?, waiting: Bool) -> Ending? {
        if let ending { return ending }
        var status: Int32 = 0
        guard waitpid(id, &status, waiting ? 0 : WNOHANG) == id else { return nil }
        let signal = status & 0x7F
        ending = Ending(status: signal == 0 ? status >> 8 & 0xFF : signal, wasSignalled: signal != 0)
        return ending
    }
}

/// Does what blocks on a thread of its own: the cooperative pool has two of them on a small machine.
///
/// Foundation's `Thread` says nothing when there is no thread to be had, and whoever waits for it waits for ever; this
/// ends the runner.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        let work = Unmanaged.passRetained(Work { continuation.resume(returning: body()) })
        var thread = pthread_t()
        let failure = pthread_create(
            &thread,
            nil,
            { work in
                work.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body() }
                return nil
            },
            work.toOpaque()
        )
        guard failure == 0 else { fatalError("no thread: \(String(cString: strerror(failure)))") }
        pthread_detach(thread)
    }
}

private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
