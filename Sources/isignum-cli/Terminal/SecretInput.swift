// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

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
    /// There is no pinentry program, or it failed.
    case pinentryFailed
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
    /// - Returns: `nil` when there is none, or when the task was cancelled.
    func read<Role>(asking prompt: String) async throws(SecretSourceError) -> Secret<Role>? {
        switch self {
        case .terminal: return nil
        case .descriptor(let number):
            // Whoever is to write the secret may take their time.
            guard await Input(number).isReady() else { return nil }
            return try Self.line(from: number, named: "fd:\(number)")
        case .file(let path): return try Self.firstLine(of: path)
        case .pinentry: return try await Pinentry.ask(prompt: Role.kind.rawValue.uppercased(), description: prompt)
        }
    }

    /// Reads a line from a descriptor straight into the secret's own memory, byte by byte: nothing behind the line is
    /// taken, it may be the next secret.
    ///
    /// - Returns: `nil` when the line is empty or missing.
    static func line<Role>(
        from descriptor: Int32,
        named name: String
    ) throws(SecretSourceError) -> Secret<Role>? {
        var failure: SecretSourceError?
        let secret: Secret<Role>? = unsafe Secret(filling: { buffer in
            var count = 0
            while true {
                guard count < buffer.count, let address = buffer.baseAddress else {
                    failure = .tooLong(name)
                    return nil
                }
                let got = unsafe Glibc.read(descriptor, address + count, 1)
                if got < 0 && errno == EINTR { continue }
                guard got >= 0 else {
                    failure = .unreadable(name)
                    return nil
                }
                if got == 0 { break }
                if unsafe buffer[count] == 0x0A {
                    unsafe buffer[count] = 0
                    break
                }
                count += 1
            }
            // Files made elsewhere end their lines in two characters.
            if count > 0, unsafe buffer[count - 1] == 0x0D { count -= 1 }
            return count > 0 ? count : nil
        })
        if let failure { throw failure }
        return secret
    }

    /// Reads the first line of a regular file.
    static func firstLine<Role>(of path: String) throws(SecretSourceError) -> Secret<Role>? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path)
        }
        return try line(from: descriptor, named: path)
    }
}
