// SPDX-License-Identifier: Apache-2.0

internal import CPangoCairo
internal import Paper

/// A PDF document of one page, drawn with cairo, its text laid out by pango.
final class Canvas {
    /// A kind of text: a font description of pango, and how dark it is.
    enum Style: String {
        case title = "Sans Bold 24"
        case code = "Monospace Bold 34"
        case heading = "Sans Bold 15"
        case name = "Sans 12"
        case text = "Sans 12.5"
        case fingerprint = "Monospace 8.5"
        case footer = "Sans 10"

        var darkness: Double { self == .name || self == .footer ? 0.6 : 1 }
    }

    private final class Output {
        var bytes: [UInt8] = []
    }

    private let output = Output()
    private let surface: OpaquePointer
    private let cairo: OpaquePointer

    /// Whether the system has any font; pango gives up the whole process without one.
    static var hasFonts: Bool {
        var families: UnsafeMutablePointer<UnsafeMutablePointer<PangoFontFamily>?>?
        var count: Int32 = 0
        pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &count)
        g_free(families)
        return count > 0
    }

    /// Begins a page.
    ///
    /// - Parameters:
    ///   - width: in points.
    ///   - height: in points.
    init(width: Double, height: Double, title: String) throws(DrawingFailure) {
        let surface = cairo_pdf_surface_create_for_stream(
            { closure, data, length in
                guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
                let output = Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue()
                output.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
                return CAIRO_STATUS_SUCCESS
            },
            Unmanaged.passUnretained(output).toOpaque(),
            width,
            height
        )
        guard let surface, let cairo = cairo_create(surface) else { throw .failed }
        self.surface = surface
        self.cairo = cairo
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "isignum")
    }

    deinit {
        cairo_destroy(cairo)
        // Whatever is still to be written goes to `output`, which is here until the end.
        cairo_surface_finish(surface)
        cairo_surface_destroy(surface)
    }

    /// Writes a paragraph; words that are too long for the width are broken.
    ///
    /// - Returns: its height in points.
    /// - Throws: `fontsMissing` when no font has one of its letters.
    func write(
        _ text: String,
        _ style: Style,
        x: Double,
        y: Double,
        width: Double,
        scale: Double
    ) throws(DrawingFailure) -> Double {
        guard let layout = pango_cairo_create_layout(cairo),
            let font = pango_font_description_from_string(style.rawValue)
        else { throw .failed }
        defer {
            pango_font_description_free(font)
            isignum_layout_free(layout)
        }
        let size = Double(pango_font_description_get_size(font)) * scale
        pango_font_description_set_size(font, Int32(size))
        // Sizes in points are to be points of the page.
        pango_cairo_context_set_resolution(pango_layout_get_context(layout), 72)
        pango_layout_set_font_description(layout, font)
        // A fingerprint that is broken must not get a hyphen.
        let attributes = pango_attr_list_new()
        pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(0))
        pango_layout_set_attributes(layout, attributes)
        pango_attr_list_unref(attributes)
        pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE)))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_text(layout, text, -1)
        guard pango_layout_get_unknown_glyphs_count(layout) == 0 else { throw .fontsMissing }
        let grey = 1 - style.darkness
        cairo_set_source_rgb(cairo, grey, grey, grey)
        cairo_move_to(cairo, x, y)
        pango_cairo_show_layout(cairo, layout)
        var extents = PangoRectangle()
        pango_layout_get_extents(layout, nil, &extents)
        return Double(extents.height) / Double(PANGO_SCALE)
    }

    /// A thin line across the page.
    func rule(y: Double, from left: Double, to right: Double) {
        cairo_set_source_rgb(cairo, 0.6, 0.6, 0.6)
        cairo_set_line_width(cairo, 0.5)
        cairo_move_to(cairo, left, y)
        cairo_line_to(cairo, right, y)
        cairo_stroke(cairo)
    }

    /// A QR code with the margin that readers need.
    func draw(_ symbol: QRSymbol, x: Double, y: Double, side: Double) {
        let module = side / Double(symbol.width + 2 * Symbol.quietZone)
        let origin = (x: x + Double(Symbol.quietZone) * module, y: y + Double(Symbol.quietZone) * module)
        cairo_set_source_rgb(cairo, 0, 0, 0)
        for row in 0..<symbol.width {
            // Neighbours are one rectangle: renderers leave hairlines between two.
            for run in symbol.runs(inRow: row) {
                cairo_rectangle(
                    cairo,
                    origin.x + Double(run.lowerBound) * module,
                    origin.y + Double(row) * module,
                    Double(run.count) * module,
                    module
                )
            }
        }
        cairo_fill(cairo)
    }

    /// Ends the page.
    ///
    /// - Returns: the document.
    func finish() throws(DrawingFailure) -> [UInt8] {
        cairo_show_page(cairo)
        cairo_surface_finish(surface)
        guard cairo_status(cairo) == CAIRO_STATUS_SUCCESS, cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else {
            throw .failed
        }
        return output.bytes
    }
}
