// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment

/// The words of renewals: what happens, what is asked, what cannot be. A language that misses one does not compile.
struct RenewalWords: Sendable {
    // What happens.
    let signingOrder, sealIsRequestedAnew, orderMayHaveArrived: String
    let goesOn: @Sendable (_ request: String) -> String
    let givenUp: @Sendable (_ request: String, _ token: String) -> String
    // What cannot be.
    let refusal: @Sendable (RenewalRefusal) -> Wording
    let refusedForNow, keyIsKept: String
    let anotherVoucher, oneYear, anotherDay: @Sendable (_ subject: String) -> String
    // The questions.
    let title, certificateQuestion, certificateHelp, tokenQuestion, tokenHelp: String
    let termQuestion, termHelp, voucherQuestion, voucherHelp, voucherInvalid, sendQuestion, sealQuestion: String
    let sendHelp, sealNote: String
    /// In the order of `RenewalTerm.allCases`.
    let terms: [String]
    // The results.
    let replaces, term, voucher, newKey, noBranch: String

    /// What a term is called.
    func name(of term: RenewalTerm) -> String? { RenewalTerm.allCases.firstIndex(of: term).map { terms[$0] } }

    static func of(_ language: Language) -> RenewalWords { language == .czech ? czech : english }
}
