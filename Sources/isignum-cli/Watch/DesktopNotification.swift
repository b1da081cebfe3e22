// SPDX-License-Identifier: Apache-2.0

/// A notification on the desktop, through notify-send where it is there.
enum DesktopNotification {
    /// Shows one; where it cannot be shown, the text on standard output has to do.
    static func show(_ title: String, _ body: String, isUrgent: Bool) async {
        guard let program = QuietProgram.find("notify-send") else { return }
        let arguments = [
            "--app-name=isignum", "--urgency=\(isUrgent ? "critical" : "normal")", "--", title, marked(body),
        ]
        _ = await QuietProgram.run(program, arguments, within: .seconds(5))
    }

    /// The body is markup (Desktop Notifications Specification, 4.2): foreign text must not become any.
    private static func marked(_ text: String) -> String {
        text.printable.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
