// SPDX-License-Identifier: Apache-2.0

internal import Credentials

extension TTY {
    /// Asks for a yes to something that cannot be taken back: Enter, no and the end of the input are none; whatever else
    /// is no answer is asked for again.
    func agrees(to question: String, _ words: TokenWorkWords) async throws(KeyStoreError) -> Bool {
        while true {
            write(question + " ")
            guard let line = try await line() else {
                write("\n")
                return false
            }
            guard let letter = line.lowercased().first(where: { !$0.isWhitespace }) else { return false }
            if words.yesLetters.contains(letter) { return true }
            if letter == "n" { return false }
            write(words.consentHelp + "\n")
        }
    }
}
