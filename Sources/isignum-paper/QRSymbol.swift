// SPDX-License-Identifier: Apache-2.0

internal import CQRencode
internal import Paper

/// A QR code (ISO/IEC 18004) with error correction for an eighth of it.
struct QRSymbol {
    /// Modules on a side.
    let width: Int
    private let dark: [Bool]

    init(_ text: String) throws(DrawingFailure) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { throw .notAPage }
        defer { QRcode_free(code) }
        guard let data = code.pointee.data else { throw .failed }
        width = Int(code.pointee.width)
        // The lowest bit is the colour.
        dark = UnsafeBufferPointer(start: data, count: width * width).map { $0 & 1 == 1 }
    }

    /// The symbol for those that draw it otherwise.
    var symbol: Symbol {
        Symbol(rows: (0..<width).map { row in (0..<width).map { dark[row * width + $0] } })
    }

    /// The dark stretches of a row.
    func runs(inRow row: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for column in 0...width {
            let isDark = column < width && dark[row * width + column]
            if isDark, start == nil { start = column }
            if !isDark, let begun = start {
                runs.append(begun..<column)
                start = nil
            }
        }
        return runs
    }
}
