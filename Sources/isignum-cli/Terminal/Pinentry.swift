// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Asks for a secret in the desktop's own window (the Assuan protocol, as pinentry programs speak it).
struct Pinentry {
    /// - Returns: `nil` when the person cancelled.
    static func ask<Role>(prompt: String, description: String) throws(SecretSourceError) -> Secret<Role>? {
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["pinentry"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw .pinentryFailed }
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        let lines = Lines(output.fileHandleForReading.fileDescriptor)
        guard lines.skip() else { throw .pinentryFailed }
        for command in ["SETPROMPT \(escape(prompt))", "SETDESC \(escape(description))"] {
            send(command, to: input)
            guard lines.skip() else { throw .pinentryFailed }
        }
        send("GETPIN", to: input)
        var answered = false
        let secret: Secret<Role>? = unsafe Secret(filling: { buffer in
            guard let count = unsafe lines.data(into: buffer) else { return nil }
            answered = true
            return count > 0 ? count : nil
        })
        if answered, !lines.skip() { throw .pinentryFailed }
        return secret
    }

    private static func send(_ line: String, to pipe: Pipe) {
        try? pipe.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    private static func escape(_ text: String) -> String {
        text.replacingOccurrences(of: "%", with: "%25").replacingOccurrences(of: "\n", with: "%0A")
    }

    /// The program's answers. Data is decoded where it arrives and never becomes a String.
    private struct Lines {
        private let descriptor: Int32

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        /// Passes a line over.
        ///
        /// - Returns: whether it said OK.
        func skip() -> Bool {
            var line: [UInt8] = []
            while let byte = next(), byte != 0x0A, line.count < 1_000 { line.append(byte) }
            return line.starts(with: Array("OK".utf8))
        }

        /// Reads "D data", undoing its escapes, or "OK" for an empty secret.
        ///
        /// - Returns: `nil` for any other answer.
        func data(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
            guard let first = next(), let second = next() else { return nil }
            guard first == UInt8(ascii: "D"), second == UInt8(ascii: " ") else {
                while let byte = next(), byte != 0x0A {}
                return nil
            }
            var count = 0
            while let byte = next(), byte != 0x0A {
                guard count < buffer.count else { return nil }
                if byte == UInt8(ascii: "%") {
                    guard let high = digit(next()), let low = digit(next()) else { return nil }
                    unsafe buffer[count] = high << 4 | low
                } else {
                    unsafe buffer[count] = byte
                }
                count += 1
            }
            return count
        }

        private func digit(_ byte: UInt8?) -> UInt8? {
            byte.flatMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
        }

        private func next() -> UInt8? {
            var byte: UInt8 = 0
            while true {
                let got = unsafe read(descriptor, &byte, 1)
                if got == 1 { return byte }
                guard got < 0, errno == EINTR else { return nil }
            }
        }
    }
}
