// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import Synchronization

/// A line for each exchange: its number, method, path and status; 0 for one that was never answered.
final class RequestLog: Sendable {
    private let file: Mutex<FileHandle>
    private let number = Mutex(0)

    init(_ url: URL) throws {
        if !FileManager.default.fileExists(atPath: url.path) {
            try Data().write(to: url)
        }
        let handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
        file = Mutex(handle)
    }

    func write(_ request: Request, status: Int) {
        let number = number.withLock { number in
            number += 1
            return number
        }
        let line = "\(number) \(request.method.rawValue) \(request.uri.path) \(status)\n"
        file.withLock { try? $0.write(contentsOf: Data(line.utf8)) }
    }
}
