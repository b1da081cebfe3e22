// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Paper

/// Draws a page: JSON on standard input, PDF on standard output; with `--symbol` a QR code, text on standard input and
/// `Symbol` on standard output. A program of its own, so that the client starts without the libraries that only paper
/// needs. Next hops: `Drawing`, `QRSymbol`.
@main
struct PaperCommand {
    static func main() {
        do throws(DrawingFailure) {
            let input = FileHandle.standardInput.readData(ofLength: Page.largestSize + 1)
            let bytes = CommandLine.arguments.dropFirst() == [Symbol.argument] ? try symbol(input) : try draw(input)
            do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch { throw .failed }
        } catch {
            exit(error.rawValue)
        }
    }

    private static func symbol(_ input: Data) throws(DrawingFailure) -> [UInt8] {
        guard (1...Symbol.longestText).contains(input.count), !input.contains(0),
            let text = String(data: input, encoding: .utf8)
        else { throw .notAPage }
        return Array(try QRSymbol(text).symbol.text.utf8)
    }

    private static func draw(_ input: Data) throws(DrawingFailure) -> [UInt8] {
        guard input.count <= Page.largestSize, let page = try? JSONDecoder().decode(Page.self, from: input) else {
            throw .notAPage
        }
        return try Drawing.pdf(of: page)
    }
}
