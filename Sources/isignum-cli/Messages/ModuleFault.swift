// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

/// What is wrong with a module that cannot be used, as far as the file and the trial tell.
enum ModuleFault: Equatable {
    case missing, folder, noLibrary, noFunctionList
    /// The loader's words.
    case notLoaded(String)
    /// The function and its answer, as "C_Initialize 0x5".
    case fails(String)
    case unknown

    init(_ error: KeyStoreError) {
        let path = error.candidates.first ?? ""
        var isFolder: ObjCBool = false
        if let function = error.function {
            self = error.returnValue.map { .fails("\(function) 0x\(String($0, radix: 16))") } ?? .noFunctionList
        } else if unsafe !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            self = .missing
        } else if isFolder.boolValue {
            self = .folder
        } else if let head = Self.head(of: path), head != [0x7F, 0x45, 0x4C, 0x46] {
            self = .noLibrary
        } else if let words = error.detail, !words.isEmpty {
            self = .notLoaded(words)
        } else {
            self = .unknown
        }
    }

    /// The magic number of a library is ELF's (gABI, "ELF Identification").
    private static func head(of path: String) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: 4)).map { [UInt8]($0) }
    }

    func english(_ path: String) -> Wording {
        let mend = "correct modules in config.toml, or --module"
        return switch self {
        case .missing:
            Wording("there is no PKCS#11 module \(path)", "install the software of the device, or \(mend)")
        case .folder: Wording("\(path) is a folder and no PKCS#11 module", "name the file of the module: \(mend)")
        case .noLibrary: Wording("\(path) is no library, and so no PKCS#11 module", mend)
        case .noFunctionList:
            Wording("\(path) is a library, but no PKCS#11 module: it has no C_GetFunctionList", mend)
        case .notLoaded(let words):
            Wording(
                "the PKCS#11 module \(path) cannot be loaded",
                "install the software of the device anew, with what it needs; a 32-bit module cannot be used"
            ).quoting(words)
        case .fails(let answer):
            Wording(
                "the PKCS#11 module \(path) fails (\(answer))",
                "plug its device in, or start what the module wants; the software of the device says more"
            )
        case .unknown: Wording("the PKCS#11 module cannot be used: \(path)", mend)
        }
    }

    func czech(_ path: String) -> Wording {
        let mend = "opravte modules v config.toml nebo --module"
        return switch self {
        case .missing: Wording("modul PKCS#11 \(path) tu není", "nainstalujte software zařízení, nebo \(mend)")
        case .folder: Wording("\(path) je složka, ne modul PKCS#11", "uveďte soubor modulu: \(mend)")
        case .noLibrary: Wording("\(path) není knihovna, a tedy ani modul PKCS#11", mend)
        case .noFunctionList: Wording("\(path) je knihovna, ale ne modul PKCS#11: nemá C_GetFunctionList", mend)
        case .notLoaded(let words):
            Wording(
                "modul PKCS#11 \(path) nelze načíst",
                "nainstalujte software zařízení znovu, se vším, co potřebuje; 32bitový modul použít nelze"
            ).quoting(words)
        case .fails(let answer):
            Wording(
                "modul PKCS#11 \(path) selhává (\(answer))",
                "připojte jeho zařízení, nebo spusťte, co modul potřebuje; víc řekne software zařízení"
            )
        case .unknown: Wording("modul PKCS#11 nelze použít: \(path)", mend)
        }
    }
}
