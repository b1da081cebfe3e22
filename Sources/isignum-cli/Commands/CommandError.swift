// SPDX-License-Identifier: Apache-2.0

/// What a command itself finds wrong, before or beside the stories. Equal by code alone; wording and exit codes are in
/// `Messages/`.
struct CommandError: Error, Equatable, Sendable {
    /// The kinds of failure; each says what `subjects` holds.
    enum Code: String, Sendable {
        /// The arguments are none that the command takes: the parser's words. Exit 64.
        case usage
        /// `--no-input`, and these flags are needed. Exit 64.
        case answersMissing = "answers_missing"
        /// These are no request IDs. Exit 65.
        case requestIDInvalid = "request_id_invalid"
        /// No such request in the journal: what was asked for. Exit 66.
        case requestNotFound = "request_not_found"
        /// Several requests could be meant: each one's ID or number. Exit 64.
        case requestAmbiguous = "request_ambiguous"
        /// No request waits for its certificate. Exit 66.
        case nothingToInstall = "nothing_to_install"
        /// No certificate on the tokens fits the selector: the selector. Exit 66.
        case certificateNotFound = "certificate_not_found"
        /// Several certificates fit the selector, or none was named: `certificates`, and keys, each in a line. Exit 64.
        case certificateAmbiguous = "certificate_ambiguous"
        /// The request has not come so far that it has a CSR: its number. Exit 66.
        case requestNotSigned = "request_not_signed"
        /// The CA has not given the request an ID: its number. Exit 66.
        case requestNotSent = "request_not_sent"
        /// The request belongs to another CA than the one named: its ID or number, and its CA's name. Exit 64.
        case authorityDiffers = "authority_differs"
        /// The serial number that was typed to confirm a reset is not the device's: the device's. Exit 64.
        case serialDiffers = "serial_differs"
        /// The file is there already and `--force` was not given: its path. Exit 73.
        case fileExists = "file_exists"
        /// What is there under the name is no regular file, and is left alone: its path, what it is (`FileKind`). Exit 73.
        case notRegularFile = "not_a_regular_file"
        /// The file cannot be read: its path. Exit 66.
        case fileUnreadable = "file_unreadable"
        /// The file is larger than any that could be meant: its path. Exit 65.
        case fileTooLarge = "file_too_large"
        /// The file can be read and is nothing that could be meant: its path. Exit 65.
        case fileUnusable = "file_unusable"
        /// The file, or standard output, cannot be written: its path. Exit 73.
        case cannotWrite = "cannot_write"
        /// The page was not drawn: the program that draws it, and what that said. Exit 73.
        case pageNotDrawn = "page_not_drawn"
        /// The system has no fonts for the page. Exit 73.
        case fontsMissing = "fonts_missing"
        /// Nothing was printed: what the printing system says. Exit 69.
        case printerUnavailable = "printer_unavailable"
        /// Nothing here shows documents: the path of the one that was saved. Exit 69.
        case viewerUnavailable = "viewer_unavailable"
        /// Nobody reads standard output any more. Said to nobody; exit 141 like a program that SIGPIPE ended.
        case outputClosed = "output_closed"
        /// A signal ended the command: its name, as "SIGINT". Exit 128 and the signal's number.
        case interrupted
    }

    /// What kind of failure it is.
    let code: Code
    /// What it is about, as the code says. May hold foreign text that is not yet safe for a terminal.
    let subjects: [String]
    /// The certificates among which to choose.
    let certificates: [CertificateDocument]
    /// The option that chooses among them; `nil` for the command's own argument.
    let option: String?

    /// Makes an error.
    init(
        _ code: Code,
        _ subjects: [String] = [],
        among certificates: [CertificateDocument] = [],
        by option: String? = nil
    ) {
        self.code = code
        self.subjects = subjects
        self.certificates = certificates
        self.option = option
    }

    static func == (left: Self, right: Self) -> Bool { left.code == right.code }
}
