// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Why a source of secrets cannot be used.
enum SecretSourceError: Error, Equatable, Sendable {
    /// Neither fd:N, file:PATH nor pinentry.
    case malformed
    /// The file or descriptor, which cannot be read.
    case unreadable(String)
    /// The file or descriptor, whose first line is longer than any secret.
    case tooLong(String)
    /// What the file, descriptor or window gave, which is not what its owner means by a secret.
    case flawed(String, SecretFlaw)
    /// There is no pinentry program, or it failed.
    case pinentryFailed
    /// The pinentry program is there and does not speak.
    case pinentrySilent
}

/// Where a secret comes from, as `--pin-from` names it. Reading it once stands for one typing.
enum SecretInput: Sendable, Equatable {
    /// The person at the terminal.
    case terminal
    /// The next line of an open descriptor.
    case descriptor(Int32)
    /// The first line of a file.
    case file(String)
    /// The desktop's own window.
    case pinentry

    /// Reads the value of a flag; `nil` is the terminal.
    init(_ text: String?) throws(SecretSourceError) {
        guard let text else {
            self = .terminal
            return
        }
        if text == "pinentry" {
            self = .pinentry
        } else if text.hasPrefix("file:"), text.count > 5 {
            self = .file(String(text.dropFirst(5)))
        } else if text.hasPrefix("fd:"), let number = Int32(text.dropFirst(3)), number >= 0 {
            self = .descriptor(number)
            // Programs that a module starts are not to read it. Those that we start get nothing anyway.
            if ![STDOUT_FILENO, STDERR_FILENO].contains(number) { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
        } else {
            throw .malformed
        }
    }

    /// What a person calls it.
    var name: String {
        switch self {
        case .terminal: "/dev/tty"
        case .descriptor(let number): "fd:\(number)"
        case .file(let path): path
        case .pinentry: "pinentry"
        }
    }

    /// Whether it gives the secret to whatever token asks, without a person who reads the token's name.
    var isUnseen: Bool {
        switch self {
        case .descriptor, .file: true
        case .terminal, .pinentry: false
        }
    }

    /// Whether others than the owner may read the file.
    var isOpenToOthers: Bool {
        guard case .file(let path) = self else { return false }
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    /// Reads the secret, once.
    ///
    /// - Parameters:
    ///   - isPassword: whether a wrong one costs no try, so that what a person typed is taken as it is.
    ///   - onWait: told once when it takes long.
    /// - Returns: `nil` when there is none, or when the task was cancelled.
    /// - Throws: `flawed` for what must not be sent to a device: it would cost a try.
    func read<Role>(
        asking prompt: String,
        isPassword: Bool = Role.kind == .password,
        onWait: @escaping @Sendable () async -> Void = {}
    ) async throws(SecretSourceError) -> Secret<Role>? {
        let secret: Secret<Role>?
        switch self {
        case .terminal: return nil
        case .descriptor(let number): secret = try await Self.line(from: number, onWait)
        case .file(let path): secret = try Self.firstLine(of: path)
        case .pinentry:
            secret = try await Pinentry.ask(prompt: Role.kind.rawValue.uppercased(), description: prompt)
        }
        guard let secret else { return nil }
        if let flaw = flaw(of: secret, isPassword) { throw .flawed(name, flaw) }
        return secret
    }

    /// What is wrong with a secret that came from here. A blank at an end may be meant where a person typed a password.
    func flaw<Role>(of secret: borrowing Secret<Role>, _ isPassword: Bool) -> SecretFlaw? {
        secret.flaw(isTyped: isPassword && !isUnseen)
    }

    /// Why what came from here is not used.
    func malformed(_ kind: SecretKind, _ flaw: SecretFlaw) -> KeyStoreError {
        KeyStoreError(.secretMalformed, secret: kind, candidates: isUnseen ? [name] : [], flaw: flaw)
    }

    /// Reads the next line of a descriptor. Whoever is to write it may take their time.
    private static func line<Role>(
        from descriptor: Int32,
        _ onWait: @escaping @Sendable () async -> Void
    ) async throws(SecretSourceError) -> Secret<Role>? {
        let held = HeldSecret<Role>()
        let failure = await Input.telling(onWait) {
            await Input(descriptor).reading { bytes -> SecretSourceError? in
                do throws(SecretSourceError) {
                    held.keep(try line(of: bytes, named: "fd:\(descriptor)"))
                    return nil
                } catch { return error }
            }
        }
        if let failure { throw failure }
        return held.take()
    }

    /// Reads a line straight into the secret's own memory, byte by byte: nothing behind the line is taken, it may be the
    /// next secret.
    ///
    /// - Returns: `nil` when the line is empty or missing, or when nobody wants it any more.
    private static func line<Role>(
        of bytes: Input.Bytes,
        named name: String
    ) throws(SecretSourceError) -> Secret<Role>? {
        var failure: SecretSourceError?
        let secret: Secret<Role>? = unsafe Secret(filling: { buffer in
            var count = 0
            reading: while true {
                switch bytes.next() {
                case .byte(0x0A), .end: break reading
                case .byte where count == buffer.count: failure = .tooLong(name)
                case .byte(let byte):
                    unsafe buffer[count] = byte
                    count += 1
                case .failed: failure = .unreadable(name)
                case .givenUp, .tooLate: return nil
                }
                if failure != nil { return nil }
            }
            // Files made elsewhere end their lines in two characters.
            if count > 0, unsafe buffer[count - 1] == 0x0D { count -= 1 }
            return count > 0 ? count : nil
        })
        if let failure { throw failure }
        return secret
    }

    /// Reads the first line of a regular file.
    private static func firstLine<Role>(of path: String) throws(SecretSourceError) -> Secret<Role>? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path)
        }
        return try line(of: Input.Bytes(descriptor), named: path)
    }
}

/// A secret on its way from the thread that read it.
final class HeldSecret<Role: SecretRole>: Sendable {
    private let secret = Mutex<Secret<Role>?>(nil)

    func keep(_ given: consuming sending Secret<Role>?) {
        var given = given
        secret.withLock { $0 = given.take() }
    }

    /// Gives it away.
    func take() -> Secret<Role>? { secret.withLock { $0.take() } }
}
