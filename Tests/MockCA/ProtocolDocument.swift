// SPDX-License-Identifier: Apache-2.0

import CPangoCairo
import Foundation
import SwiftASN1
import X509

/// The issuance protocol: one A4 page that states what was issued.
enum ProtocolDocument {
    /// A4 in points.
    private static let size = (width: 595.0, height: 842.0)

    private final class Output {
        var bytes: [UInt8] = []
    }

    static func pdf(of record: RequestRecord, _ certificate: Certificate) throws -> [UInt8] {
        let output = Output()
        let surface = cairo_pdf_surface_create_for_stream(
            { closure, data, length in
                guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
                let output = Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue()
                output.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
                return CAIRO_STATUS_SUCCESS
            },
            Unmanaged.passUnretained(output).toOpaque(),
            size.width,
            size.height
        )
        let cairo = cairo_create(surface)
        defer {
            cairo_destroy(cairo)
            cairo_surface_destroy(surface)
        }
        let isCzech = record.submission.locale != "en"
        write(
            isCzech ? "Protokol o vydání certifikátu" : "Certificate issuance protocol",
            "Sans Bold 18",
            at: 60,
            in: cairo
        )
        let lines = [
            (isCzech ? "Žádost" : "Request", record.id),
            (isCzech ? "Držitel" : "Holder", name(certificate.subject)),
            (isCzech ? "Vydavatel" : "Issuer", name(certificate.issuer)),
            (isCzech ? "Sériové číslo" : "Serial number", hexadecimal(certificate.serialNumber.bytes)),
            (isCzech ? "Platnost od" : "Valid from", certificate.notValidBefore.formatted(.iso8601)),
            (isCzech ? "Platnost do" : "Valid to", certificate.notValidAfter.formatted(.iso8601)),
            (
                isCzech ? "Příznak" : "Marker",
                record.marked ? (record.submission.profile == .qualified ? "QESCD" : "NCP+") : "–"
            ),
            (isCzech ? "Prostředek" : "Device", record.submission.device.map { "\($0.model) \($0.serial)" } ?? "–"),
        ]
        for (index, line) in lines.enumerated() {
            write("\(line.0): \(line.1)", "Sans 11", at: 110 + Double(index) * 44, in: cairo)
        }
        cairo_show_page(cairo)
        cairo_surface_finish(surface)
        guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else { throw CocoaError(.fileWriteUnknown) }
        return output.bytes
    }

    private static func name(_ name: DistinguishedName) -> String {
        let commonName: ASN1ObjectIdentifier = [2, 5, 4, 3]
        return name.joined().first { $0.type == commonName }.flatMap { String($0.value) } ?? name.description
    }

    private static func write(_ text: String, _ font: String, at y: Double, in cairo: OpaquePointer?) {
        let layout = pango_cairo_create_layout(cairo)
        let description = pango_font_description_from_string(font)
        defer {
            pango_font_description_free(description)
            isignum_layout_free(layout)
        }
        pango_layout_set_font_description(layout, description)
        pango_layout_set_width(layout, Int32((size.width - 120) * Double(PANGO_SCALE)))
        pango_layout_set_text(layout, text, -1)
        cairo_move_to(cairo, 60, y)
        pango_cairo_show_layout(cairo, layout)
    }
}
