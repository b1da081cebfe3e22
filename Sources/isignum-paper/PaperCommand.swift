// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Paper

/// Draws a page: JSON on standard input, PDF on standard output. A program of its own, so that the client starts
/// without the libraries that only paper needs. Next hop: `Drawing`.
@main
struct PaperCommand {
    static func main() {
        do throws(DrawingFailure) {
            let bytes = try draw(FileHandle.standardInput.readData(ofLength: Page.largestSize + 1))
            do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch { throw .failed }
        } catch {
            exit(error.rawValue)
        }
    }

    private static func draw(_ input: Data) throws(DrawingFailure) -> [UInt8] {
        guard input.count <= Page.largestSize, let page = try? JSONDecoder().decode(Page.self, from: input) else {
            throw .notAPage
        }
        return try Drawing.pdf(of: page)
    }
}
