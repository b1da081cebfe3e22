// SPDX-License-Identifier: Apache-2.0

/// Which new values are taken. The rule looks at bytes where they are and copies none of them.
///
/// Whoever finds or steals a device has a handful of tries, and begins with rows of digits, repetitions, years and
/// birthdays.
public struct NewSecretRule: Sendable {
    /// The lengths in characters that the token takes, both ends included.
    public let lengths: ClosedRange<Int>
    /// Values that the maker publishes: no secrets.
    private let factoryValues: [[UInt8]]

    /// Makes a rule.
    public init(lengths: ClosedRange<Int>, factoryValues: [String] = []) {
        self.lengths = lengths
        self.factoryValues = factoryValues.map { Array($0.utf8) }
    }

    /// Why a value is not taken.
    ///
    /// - Returns: `nil` when it is.
    public func refusal<Role>(of secret: borrowing Secret<Role>) -> NewSecretRefusal? {
        if secret.count < lengths.lowerBound { return .tooShort }
        if secret.count > lengths.upperBound { return .tooLong }
        if secret.isOne(of: factoryValues) { return .factory }
        return unsafe secret.withBytes { bytes -> NewSecretRefusal? in
            guard unsafe bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return .characters }
            // Nobody sees a blank at an end, and a file that holds one is refused.
            guard unsafe bytes.first != 0x20, unsafe bytes.last != 0x20 else { return .characters }
            if unsafe bytes.isRepetition { return .repetition }
            if unsafe bytes.isSequence { return .sequence }
            return unsafe bytes.isDate ? .date : nil
        }
    }

    /// Likewise for a value that takes the place of another.
    public func refusal<Role, Old>(
        of secret: borrowing Secret<Role>,
        replacing old: borrowing Secret<Old>
    ) -> NewSecretRefusal? {
        // Before all else: a person who types the old value twice is told that, whatever it looks like.
        if secret.matches(old) { return Old.kind == .puk && Role.kind != .puk ? .sameAsPUK : .sameAsOld }
        return refusal(of: secret)
    }
}

extension Secret {
    /// Whether it is one of some published values, each compared in a time that depends on the lengths alone.
    public borrowing func isOne(of published: [[UInt8]]) -> Bool {
        var isOne = false
        for value in published where value.count == count {
            let difference = unsafe withBytes { bytes in
                unsafe zip(bytes, value).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            }
            if difference == 0 { isOne = true }
        }
        return isOne
    }
}

// Indices begin at zero; no byte is copied.
extension RandomAccessCollection where Element == UInt8, Index == Int {
    /// A short pattern again and again, or such a thing with each character doubled.
    fileprivate var isRepetition: Bool {
        guard !isEmpty else { return false }
        for period in 1...Swift.max(1, count / 2) where period < count {
            if (period..<count).allSatisfy({ self[$0] == self[$0 - period] }) { return true }
        }
        return isOfTwins
    }

    /// 1122, 998877: pairs of which the first halves are themselves a row or a repetition.
    private var isOfTwins: Bool {
        guard count >= 4, count.isMultiple(of: 2) else { return false }
        guard stride(from: 0, to: count, by: 2).allSatisfy({ self[$0] == self[$0 + 1] }) else {
            return false
        }
        let step = Int(self[2]) - Int(self[0])
        return stride(from: 2, to: count, by: 2).allSatisfy {
            Int(self[$0]) - Int(self[$0 - 2]) == step
        }
    }

    /// Characters at equal distances, digits that go on from 9 to 0, and rows of a keyboard, forth and back.
    fileprivate var isSequence: Bool {
        guard count >= 3 else { return false }
        let step = Int(self[1]) - Int(self[0])
        if (1..<count).allSatisfy({ Int(self[$0]) - Int(self[$0 - 1]) == step }) { return true }
        if allSatisfy({ (0x30...0x39).contains($0) }) {
            let turn = (10 + step) % 10
            if (1..<count).allSatisfy({ (10 + Int(self[$0]) - Int(self[$0 - 1])) % 10 == turn }) {
                return true
            }
        }
        return keyboardRows.contains { isRun(in: $0) || isRun(in: Array($0.reversed())) }
    }

    private func isRun(in row: [UInt8]) -> Bool {
        guard let start = row.firstIndex(of: self[0] | 0x20), start + count <= row.count else { return false }
        return indices.allSatisfy { self[$0] | 0x20 == row[start + $0] }
    }

    /// A year, a day of the year, or a full date in any usual order; dots, dashes and slashes between do not hide it.
    fileprivate var isDate: Bool {
        var number = 0
        var digits = 0
        for byte in self {
            if (0x30...0x39).contains(byte), digits < 8 {
                number = number * 10 + Int(byte - 0x30)
                digits += 1
            } else if ![0x20, 0x2D, 0x2E, 0x2F].contains(byte) {
                return false
            } else if digits == 8 {
                return false
            }
        }
        let (head, tail) = (number / 100, number % 100)
        switch digits {
        case 4: return (1900...2099).contains(number) || isDay(head, tail)
        case 6: return isDay(head / 100, head % 100) || isMonthAndDay(head % 100, tail)
        case 8:
            let (front, year) = (number / 10_000, number % 10_000)
            return (1900...2099).contains(year) && isDay(front / 100, front % 100)
                || (1900...2099).contains(front) && isMonthAndDay(year / 100, year % 100)
        default: return false
        }
    }
}

/// Month and day, as they stand after a year.
private func isMonthAndDay(_ month: Int, _ day: Int) -> Bool {
    let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains(month) && (1...longest[month - 1]).contains(day)
}

/// Day and month, in either order.
private func isDay(_ left: Int, _ right: Int) -> Bool { isMonthAndDay(left, right) || isMonthAndDay(right, left) }

/// American, German and French keyboards; the Czech one has the German letters.
private let keyboardRows = ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "yxcvbnm"]
    .map { Array($0.utf8) }
