// SPDX-License-Identifier: Apache-2.0

internal import Enrollment

/// How a command ended that has said all there is to say and yet is not simply done.
struct ExitStatus: Error, Sendable {
    /// The exit code (sysexits.h, as far as it has one).
    let code: Int32

    /// Not yet: come back later.
    static let notYet = ExitStatus(code: 75)
    /// The CA said no.
    static let rejected = ExitStatus(code: 1)
}

extension EnrollmentState {
    /// What a state means to whoever asked for the certificate; `nil` when nothing stands in its way.
    var exitStatus: ExitStatus? {
        switch self {
        case .planned, .keyGenerated, .csrSigned, .submitted, .pending: .notYet
        case .issued, .accepted, .installed: nil
        case .rejected, .expired, .withdrawn, .revoked: .rejected
        }
    }
}
