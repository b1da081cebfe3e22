// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Reads a descriptor without keeping a cooperative thread, and stops waiting when the task is cancelled.
struct Input: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Waits for something to read, or for the end.
    ///
    /// - Returns: `false` when the task was cancelled.
    func isReady() async -> Bool { await reading { $0.wait(until: nil) } != .givenUp }

    /// Lets a body read on a thread that may wait; what it waits for ends when the task is cancelled.
    func reading<Result: Sendable>(_ body: @escaping @Sendable (Bytes) -> Result) async -> Result {
        var wake: [Int32] = [-1, -1]
        if let pipe = ProgramStart.pipe() { wake = [pipe.reading, pipe.writing] }
        let (listening, waking) = (wake[0], wake[1])
        defer { for end in [listening, waking] where end >= 0 { close(end) } }
        let bytes = Bytes(descriptor, endedBy: listening)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async { continuation.resume(returning: body(bytes)) }
            }
        } onCancel: {
            var one: UInt8 = 1
            unsafe _ = Glibc.write(waking, &one, 1)
        }
    }

    /// Runs what may have to wait for others, and tells once that it does.
    static func telling<Result: Sendable>(
        _ onWait: @escaping @Sendable () async -> Void,
        after patience: Duration = .seconds(2),
        _ body: () async -> Result
    ) async -> Result {
        let notice = Task {
            try await Task.sleep(for: patience)
            await onWait()
        }
        defer { notice.cancel() }
        return await body()
    }

    /// The bytes of a descriptor, one by one: nothing behind what is asked for is taken.
    struct Bytes: Sendable {
        /// What came of waiting.
        enum Wait { case ready, tooLate, givenUp }

        /// What came of reading.
        enum Next: Equatable { case byte(UInt8), end, failed, tooLate, givenUp }

        private let descriptor, ending: Int32

        /// - Parameter ending: becomes readable when nobody wants to wait any longer; negative is never.
        init(_ descriptor: Int32, endedBy ending: Int32 = -1) {
            self.descriptor = descriptor
            self.ending = ending
        }

        /// - Parameter deadline: `nil` waits for ever.
        func wait(until deadline: ContinuousClock.Instant?) -> Wait {
            var watched = [descriptor, ending].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            while true {
                let left = deadline.map { max(0, Int32(($0 - .now) / .milliseconds(1))) } ?? -1
                let count = unsafe poll(&watched, 2, left)
                if count < 0, errno == EINTR { continue }
                if watched[1].revents != 0 { return .givenUp }
                return count == 0 ? .tooLate : .ready
            }
        }

        /// Reads up to the end, or until there is more than a limit, in bytes.
        ///
        /// - Returns: `nil` when reading fails or is given up.
        func all(atMost limit: Int) -> [UInt8]? {
            var all: [UInt8] = []
            var part = [UInt8](repeating: 0, count: 65_536)
            while all.count <= limit {
                guard wait(until: nil) == .ready else { return nil }
                let got = unsafe read(descriptor, &part, part.count)
                if got == 0 { return all }
                if got > 0 { all += part.prefix(got) } else if errno != EINTR && errno != EAGAIN { return nil }
            }
            return all
        }

        /// Reads one byte.
        func next(by deadline: ContinuousClock.Instant? = nil) -> Next {
            while true {
                switch wait(until: deadline) {
                case .tooLate: return .tooLate
                case .givenUp: return .givenUp
                case .ready: break
                }
                var byte: UInt8 = 0
                let got = unsafe read(descriptor, &byte, 1)
                if got == 1 { return .byte(byte) }
                if got == 0 { return .end }
                guard errno == EINTR || errno == EAGAIN else { return .failed }
            }
        }
    }
}
