//! A WebAssembly file, taken apart as far as its size asks for.

use std::collections::HashSet;

const HEAD: usize = 8;

/// The sections that are touched here.
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
const CODE: u8 = 10;

/// In the custom section of that name, what the functions are called.
const NAMES: &str = "name";
const NAMES_OF_FUNCTIONS: u8 = 1;

/// What an import begins with if it is a function.
const FUNCTION: u8 = 0;

/// No locals, `unreachable`, `end`.
const TRAP: [u8; 3] = [0, 0, 0x0b];

/// A file: its head, and its sections in their order.
pub(super) struct Module {
    head: Vec<u8>,
    sections: Vec<(u8, Vec<u8>)>,
}

impl Module {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..HEAD)?.to_vec();
        let mut rest = Reader(bytes.get(HEAD..)?);
        let mut sections = Vec::new();
        while !rest.0.is_empty() {
            let id = rest.byte()?;
            sections.push((id, rest.counted()?.to_vec()));
        }
        head.starts_with(b"\0asm").then_some(Self { head, sections })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone();
        for (id, section) in &self.sections {
            bytes.push(*id);
            push_counted(&mut bytes, section);
        }
        bytes
    }

    fn section(&self, id: u8) -> Option<&[u8]> {
        self.sections.iter().find(|(other, _)| *other == id).map(|(_, section)| &section[..])
    }

    fn replace(&mut self, id: u8, section: Vec<u8>) {
        if let Some((_, old)) = self.sections.iter_mut().find(|(other, _)| *other == id) {
            *old = section;
        }
    }

    /// Replaces the bodies of the functions that are meant, by their names; how many there are.
    pub(super) fn trap_in(&mut self, is_meant: impl Fn(&str) -> bool) -> Option<usize> {
        let imported = self.imported_functions()?;
        let meant: HashSet<_> =
            self.names()?.into_iter().filter(|(_, name)| is_meant(name)).map(|(index, _)| index).collect();
        let mut reader = Reader(self.section(CODE)?);
        let mut section = Vec::new();
        let count = reader.number()?;
        push_number(&mut section, count);
        let mut cut = 0;
        for index in imported..imported + count {
            let body = reader.counted()?;
            let is_meant = meant.contains(&index);
            cut += usize::from(is_meant);
            push_counted(&mut section, if is_meant { &TRAP } else { body });
        }
        self.replace(CODE, section);
        Some(cut)
    }

    /// They are counted before the functions that have a body.
    fn imported_functions(&self) -> Option<u32> {
        let mut reader = Reader(self.section(IMPORTS)?);
        let mut functions = 0;
        for _ in 0..reader.number()? {
            reader.counted()?;
            reader.counted()?;
            functions += u32::from(reader.import_type()?.first() == Some(&FUNCTION));
        }
        Some(functions)
    }

    /// What the functions are called; nothing where the file does not say.
    fn names(&self) -> Option<Vec<(u32, &str)>> {
        let mut names = Vec::new();
        for (_, section) in self.sections.iter().filter(|(id, _)| *id == CUSTOM) {
            let mut reader = Reader(section);
            if reader.text() != Some(NAMES) {
                continue;
            }
            while !reader.0.is_empty() {
                let kind = reader.byte()?;
                let mut content = Reader(reader.counted()?);
                if kind == NAMES_OF_FUNCTIONS {
                    for _ in 0..content.number()? {
                        names.push((content.number()?, content.text()?));
                    }
                }
            }
        }
        Some(names)
    }

    /// Calls every import and every export by another name. The names of one kind are asked for
    /// in the order of the file.
    pub(super) fn rename(
        &mut self,
        mut import: impl FnMut(&str) -> String,
        mut export: impl FnMut(&str) -> String,
    ) -> Option<()> {
        let mut reader = Reader(self.section(IMPORTS)?);
        let mut section = Vec::new();
        let count = reader.number()?;
        push_number(&mut section, count);
        for _ in 0..count {
            push_counted(&mut section, reader.counted()?);
            push_counted(&mut section, import(reader.text()?).as_bytes());
            section.extend_from_slice(reader.import_type()?);
        }
        self.replace(IMPORTS, section);

        let mut reader = Reader(self.section(EXPORTS)?);
        let mut section = Vec::new();
        let count = reader.number()?;
        push_number(&mut section, count);
        for _ in 0..count {
            push_counted(&mut section, export(reader.text()?).as_bytes());
            section.push(reader.byte()?);
            push_number(&mut section, reader.number()?);
        }
        self.replace(EXPORTS, section);
        Some(())
    }
}

/// Reads on from where it is.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn counted(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.counted()?).ok()
    }

    /// What is imported: a function, a table, a memory or a global.
    fn import_type(&mut self) -> Option<&'a [u8]> {
        let from = self.0;
        match self.byte()? {
            0 => {
                self.number()?;
            }
            1 => {
                self.byte()?;
                self.limits()?;
            }
            2 => self.limits()?,
            3 => {
                self.byte()?;
                self.byte()?;
            }
            _ => return None,
        }
        from.get(..from.len() - self.0.len())
    }

    fn limits(&mut self) -> Option<()> {
        let has_maximum = self.byte()? & 1 != 0;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Some(())
    }
}

fn push_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn push_counted(bytes: &mut Vec<u8>, content: &[u8]) {
    push_number(bytes, content.len() as u32);
    bytes.extend_from_slice(content);
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Imports `env.long_one`, and exports its own function, `going`, as `go`.
    pub(in crate::finish::wasm) fn sample() -> Vec<u8> {
        let mut sample = b"\0asm\x01\0\0\0".to_vec();
        for (id, section) in [
            (1, &b"\x01\x60\0\0"[..]),
            (IMPORTS, b"\x01\x03env\x08long_one\0\0"),
            (3, b"\x01\0"),
            (EXPORTS, b"\x01\x02go\0\x01"),
            (CODE, b"\x01\x04\0\x10\0\x0b"),
            (CUSTOM, b"\x04name\x01\x12\x02\0\x08long_one\x01\x05going"),
        ] {
            sample.push(id);
            push_counted(&mut sample, section);
        }
        sample
    }

    #[test]
    fn a_file_comes_together_as_it_was() {
        assert_eq!(Module::parse(&sample()).unwrap().to_bytes(), sample());
    }

    #[test]
    fn what_is_no_file_or_is_cut_off_is_refused() {
        assert!(Module::parse(b"").is_none() && Module::parse(b"<!doctype html>").is_none());
        assert!(Module::parse(&sample()[..40]).is_none());
    }

    #[test]
    fn names_change_on_both_sides_and_nothing_else_does() {
        let mut module = Module::parse(&sample()).unwrap();
        module.rename(|name| name.to_uppercase(), |name| format!("{name}{name}")).unwrap();
        assert_eq!(module.section(IMPORTS).unwrap(), b"\x01\x03env\x08LONG_ONE\0\0");
        assert_eq!(module.section(EXPORTS).unwrap(), b"\x01\x04gogo\0\x01");
        assert_eq!(module.section(CODE), Module::parse(&sample()).unwrap().section(CODE));
    }

    #[test]
    fn a_function_that_is_meant_becomes_a_trap_and_an_import_stays_one() {
        let mut module = Module::parse(&sample()).unwrap();
        assert_eq!(module.trap_in(|name| name == "gone"), Some(0));
        assert_eq!(module.to_bytes(), sample());
        assert_eq!(module.trap_in(|name| name == "long_one"), Some(0));
        assert_eq!(module.to_bytes(), sample());
        assert_eq!(module.trap_in(|name| name == "going"), Some(1));
        assert_eq!(module.section(CODE).unwrap(), b"\x01\x03\0\0\x0b");
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for number in [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX] {
            let mut bytes = Vec::new();
            push_number(&mut bytes, number);
            assert_eq!(Reader(&bytes).number(), Some(number));
        }
    }
}
