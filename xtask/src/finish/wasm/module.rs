//! A WebAssembly file, taken apart as far as its size asks for.

const HEAD: usize = 8;

/// The sections that are touched here.
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

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

    /// Imports `env.long_one`, and exports its own function as `go`.
    pub(in crate::finish::wasm) fn sample() -> Vec<u8> {
        let mut sample = b"\0asm\x01\0\0\0".to_vec();
        for (id, section) in [
            (1, &b"\x01\x60\0\0"[..]),
            (IMPORTS, b"\x01\x03env\x08long_one\0\0"),
            (3, b"\x01\0"),
            (EXPORTS, b"\x01\x02go\0\x01"),
            (CODE, b"\x01\x04\0\x10\0\x0b"),
        ] {
            sample.push(id);
            push_counted(&mut sample, section);
        }
        sample
    }

    /// The bodies of the functions.
    const CODE: u8 = 10;

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
    fn numbers_are_written_as_they_are_read() {
        for number in [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX] {
            let mut bytes = Vec::new();
            push_number(&mut bytes, number);
            assert_eq!(Reader(&bytes).number(), Some(number));
        }
    }
}
