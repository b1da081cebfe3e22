// SPDX-License-Identifier: Apache-2.0

internal import CPangoCairo
internal import Paper

/// A page as PDF: A4, in points. Next hops: `Canvas`, `QRSymbol`.
enum Drawing {
    private static let size = (width: 595.276, height: 841.89)
    private static let margin = 56.0
    private static let names = 130.0

    /// Draws a page. Whatever is too long for it is drawn smaller: it stays one page.
    static func pdf(of page: Page) throws(DrawingFailure) -> [UInt8] {
        guard Canvas.hasFonts else { throw .fontsMissing }
        var scale = 1.0
        while scale > 0.3 {
            let canvas = try Canvas(width: size.width, height: size.height, title: "\(page.title) \(page.code)")
            let end = try draw(page, on: canvas, scale: scale)
            if end <= size.height - margin { return try canvas.finish() }
            scale *= 0.92
        }
        throw .notAPage
    }

    /// - Returns: where the page ends.
    private static func draw(_ page: Page, on canvas: Canvas, scale: Double) throws(DrawingFailure) -> Double {
        let width = size.width - 2 * margin
        let symbol = try QRSymbol(page.code)
        let side = 118.0
        canvas.draw(symbol, x: size.width - margin - side, y: margin - 8, side: side)
        let beside = width - side - 16
        var y = margin
        y += try canvas.write(page.title, .title, x: margin, y: y, width: beside, scale: scale) + 14
        y += try canvas.write(page.code, .code, x: margin, y: y, width: beside, scale: scale)
        y = max(y + 18, margin + side + 6)
        canvas.rule(y: y, from: margin, to: size.width - margin)
        y += 14
        for fact in page.facts {
            let left = try canvas.write(fact.name, .name, x: margin, y: y, width: names - 10, scale: scale)
            let right = try canvas.write(
                fact.value,
                fact.isCode ? .fingerprint : .text,
                x: margin + names,
                y: y,
                width: width - names,
                scale: scale
            )
            y += max(left, right) + 6 * scale
        }
        for steps in page.steps {
            y += 12 * scale
            y += try canvas.write(steps.heading, .heading, x: margin, y: y, width: width, scale: scale) + 5 * scale
            for (index, line) in steps.lines.enumerated() {
                _ = try canvas.write("\(index + 1).", .text, x: margin, y: y, width: 20, scale: scale)
                y += try canvas.write(line, .text, x: margin + 20, y: y, width: width - 20, scale: scale) + 4 * scale
            }
        }
        y += 14 * scale
        y += try canvas.write(page.footer, .footer, x: margin, y: y, width: width, scale: scale)
        return y
    }
}
