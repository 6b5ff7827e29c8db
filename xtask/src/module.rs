//! A WebAssembly file, taken apart as far as its size asks for.
//!
//! The compiler's own files are such files too, with the words that a linker needs beside them:
//! what every function is called, and where in the code one thing names another.

use std::{collections::HashMap, ops::Range};

const HEAD: usize = 8;

/// The sections that are touched here.
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
const CODE: u8 = 10;

/// In the custom section of that name, for people: what the functions are called.
const NAMES: &str = "name";
const NAMES_OF_FUNCTIONS: u8 = 1;

/// In the custom section of that name, for a linker: what there is, by its name.
const LINKING: &str = "linking";
const SYMBOLS: u8 = 8;

/// In the custom section of that name, for a linker: where the code names something.
const RELOCATIONS: &str = "reloc.CODE";

/// What an import begins with if it is a function.
const FUNCTION: u8 = 0;

const UNREACHABLE: u8 = 0;
const NOP: u8 = 1;
const END: u8 = 0x0b;
const I32_CONST: u8 = 0x41;
const I64_CONST: u8 = 0x42;

/// What stands in place of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instead {
    /// The end of the program.
    Trap,
    /// Nothing at all.
    Nothing,
    /// The answer is no.
    No,
    /// The answer is the number 0, of 64 bits.
    Zero,
}

impl Instead {
    /// A body of that length, if there is room.
    fn body(self, length: usize) -> Option<Vec<u8>> {
        const NO_LOCALS: u8 = 0;
        let words: &[u8] = match self {
            Self::Trap => &[UNREACHABLE],
            Self::Nothing => &[],
            Self::No => &[I32_CONST, 0],
            Self::Zero => &[I64_CONST, 0],
        };
        let rest = length.checked_sub(words.len() + 2)?;
        let mut body = vec![NO_LOCALS];
        body.resize(1 + rest, NOP);
        body.extend_from_slice(words);
        body.push(END);
        Some(body)
    }
}

/// A file: its head, and its sections in their order.
pub(crate) struct Module {
    head: Vec<u8>,
    sections: Vec<(u8, Vec<u8>)>,
}

impl Module {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..HEAD)?.to_vec();
        let mut rest = Reader(bytes.get(HEAD..)?);
        let mut sections = Vec::new();
        while !rest.0.is_empty() {
            let id = rest.byte()?;
            sections.push((id, rest.counted()?.to_vec()));
        }
        head.starts_with(b"\0asm").then_some(Self { head, sections })
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
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

    /// Puts something else in place of functions, by their names, in a file that is yet to be linked;
    /// how many there were. A linker then leaves out what only they have named.
    pub(crate) fn put(&mut self, instead: impl Fn(&str) -> Option<Instead>) -> Option<usize> {
        if self.section(CODE).is_none() {
            return Some(0);
        }
        let imported = self.imported_functions()?;
        let others: HashMap<_, _> =
            self.functions()?.into_iter().filter_map(|(index, name)| Some((index, instead(name)?))).collect();
        let mut section = self.section(CODE)?.to_vec();
        let mut reader = Reader(self.section(CODE)?);
        let mut places = Vec::new();
        for index in imported..imported + reader.number()? {
            let body = reader.counted()?;
            let Some(other) = others.get(&index) else { continue };
            // As long as it was: everything else stays where it is said to be.
            let end = section.len() - reader.0.len();
            let place = end - body.len()..end;
            if let Some(body) = other.body(body.len()) {
                section.get_mut(place.clone())?.copy_from_slice(&body);
                places.push(place);
            }
        }
        self.replace(CODE, section);
        self.forget_what_they_named(&places)?;
        Some(places.len())
    }

    /// Takes out where the code in these places has named something.
    fn forget_what_they_named(&mut self, places: &[Range<usize>]) -> Option<()> {
        let Some((position, content)) = self.custom(RELOCATIONS) else { return Some(()) };
        let mut reader = Reader(content);
        let mut section = Vec::new();
        push_number(&mut section, reader.number()?);
        let (mut count, mut kept) = (0, Vec::new());
        for _ in 0..reader.number()? {
            let from = reader.0;
            let kind = reader.byte()?;
            let at = reader.number()? as usize;
            reader.number()?;
            if has_addend(kind) {
                reader.number()?;
            }
            if !places.iter().any(|place| place.contains(&at)) {
                kept.extend_from_slice(from.get(..from.len() - reader.0.len())?);
                count += 1;
            }
        }
        push_number(&mut section, count);
        section.append(&mut kept);
        let mut whole = Vec::new();
        push_counted(&mut whole, RELOCATIONS.as_bytes());
        whole.append(&mut section);
        self.sections.get_mut(position)?.1 = whole;
        Some(())
    }

    /// The custom section of that name: which one it is, and what it holds.
    fn custom(&self, name: &str) -> Option<(usize, &[u8])> {
        self.sections.iter().enumerate().find_map(|(position, (id, section))| {
            let mut reader = Reader(section);
            (*id == CUSTOM && reader.text() == Some(name)).then_some((position, reader.0))
        })
    }

    /// The bodies of the functions, in their order.
    pub(crate) fn bodies(&self) -> Option<Vec<&[u8]>> {
        let mut reader = Reader(self.section(CODE)?);
        (0..reader.number()?).map(|_| reader.counted()).collect()
    }

    /// Says what the functions with a body are called, in their order.
    pub(crate) fn name(&mut self, names: &[String]) -> Option<()> {
        let mut list = Vec::new();
        push_number(&mut list, u32::try_from(names.len()).ok()?);
        for (index, name) in (self.imported_functions()?..).zip(names) {
            push_number(&mut list, index);
            push_counted(&mut list, name.as_bytes());
        }
        let mut section = Vec::new();
        push_counted(&mut section, NAMES.as_bytes());
        section.push(NAMES_OF_FUNCTIONS);
        push_counted(&mut section, &list);
        self.sections.push((CUSTOM, section));
        Some(())
    }

    /// They are counted before the functions that have a body.
    fn imported_functions(&self) -> Option<u32> {
        let Some(section) = self.section(IMPORTS) else { return Some(0) };
        let mut reader = Reader(section);
        let mut functions = 0;
        for _ in 0..reader.number()? {
            reader.counted()?;
            reader.counted()?;
            functions += u32::from(reader.import_type()?.first() == Some(&FUNCTION));
        }
        Some(functions)
    }

    /// What the functions with a body are called, as a linker is told.
    fn functions(&self) -> Option<Vec<(u32, &str)>> {
        let (_, content) = self.custom(LINKING)?;
        let mut reader = Reader(content);
        let _version = reader.number()?;
        let mut functions = Vec::new();
        while !reader.0.is_empty() {
            let kind = reader.byte()?;
            let mut content = Reader(reader.counted()?);
            if kind == SYMBOLS {
                for _ in 0..content.number()? {
                    functions.extend(content.symbol()?);
                }
            }
        }
        Some(functions)
    }

    /// Calls every import and every export by another name. The names of one kind are asked for
    /// in the order of the file.
    pub(crate) fn rename(
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

    /// One thing that a linker may be asked for; its index and name, if it is a function with a body.
    fn symbol(&mut self) -> Option<Option<(u32, &'a str)>> {
        const UNDEFINED: u32 = 0x10;
        const NAMED_HERE: u32 = 0x40;
        let (kind, flags) = (self.byte()?, self.number()?);
        let is_defined = flags & UNDEFINED == 0;
        match kind {
            // A function, a global, a tag or a table.
            0 | 2 | 4 | 5 => {
                let index = self.number()?;
                let name = if is_defined || flags & NAMED_HERE != 0 { self.text()? } else { "" };
                Some((kind == FUNCTION && is_defined).then_some((index, name)))
            }
            // Data, in a segment, from a place in it and of a size.
            1 => {
                self.text()?;
                for _ in 0..if is_defined { 3 } else { 0 } {
                    self.number()?;
                }
                Some(None)
            }
            // A section.
            3 => self.number().map(|_| None),
            _ => None,
        }
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

/// Whether a place in the code names something and a distance from it.
const fn has_addend(kind: u8) -> bool {
    matches!(kind, 3..=5 | 8 | 9 | 11 | 14..=17 | 21..=23 | 25)
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
pub(crate) mod tests {
    use super::*;

    /// Imports `env.long_one`, and exports its own function, `going`, as `go`.
    pub(crate) fn sample() -> Vec<u8> {
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

    /// Two functions, of which each calls the other; the second one has an address as well.
    fn object() -> Vec<u8> {
        let mut object = b"\0asm\x01\0\0\0".to_vec();
        for (id, section) in [
            (1, &b"\x01\x60\0\0"[..]),
            (IMPORTS, b"\x01\x03env\x04away\0\0"),
            (3, b"\x02\0\0"),
            (CODE, b"\x02\x08\0\x10\x82\x80\x80\x80\0\x0b\x08\0\x10\x81\x80\x80\x80\0\x0b"),
            (CUSTOM, b"\x07linking\x02\x08\x19\x04\0\x10\0\0\0\x01\x03one\0\0\x02\x03two\x01\0\x01d\0\0\x04"),
            (CUSTOM, b"\x0areloc.CODE\x03\x02\0\x04\x02\x03\x0d\x03\x05"),
        ] {
            object.push(id);
            push_counted(&mut object, section);
        }
        object
    }

    #[test]
    fn what_stands_in_place_of_a_function_names_nothing_any_more() {
        let instead = |name: &'static str, other| move |function: &str| (function == name).then_some(other);
        let mut module = Module::parse(&object()).unwrap();
        assert_eq!(module.functions(), Some(vec![(1, "one"), (2, "two")]));
        assert_eq!(module.put(instead("three", Instead::Trap)), Some(0));
        assert_eq!(module.to_bytes(), object());

        let first = b"\x02\x08\0\x10\x82\x80\x80\x80\0\x0b".to_vec();
        for (other, second) in [
            (Instead::Trap, b"\x08\0\x01\x01\x01\x01\x01\0\x0b"),
            (Instead::Nothing, b"\x08\0\x01\x01\x01\x01\x01\x01\x0b"),
            (Instead::No, b"\x08\0\x01\x01\x01\x01\x41\0\x0b"),
            (Instead::Zero, b"\x08\0\x01\x01\x01\x01\x42\0\x0b"),
        ] {
            let mut module = Module::parse(&object()).unwrap();
            assert_eq!(module.put(instead("two", other)), Some(1));
            assert_eq!(module.section(CODE).unwrap(), [&first[..], second].concat());
            assert_eq!(module.custom(RELOCATIONS).unwrap().1, b"\x03\x01\0\x04\x02");
        }
    }

    #[test]
    fn a_function_that_is_too_short_stays_as_it_is() {
        assert_eq!(Instead::No.body(4), Some(b"\0\x41\0\x0b".to_vec()));
        assert_eq!(Instead::No.body(3), None);
        assert_eq!(Instead::Nothing.body(2), Some(b"\0\x0b".to_vec()));
        assert_eq!(Instead::Nothing.body(0), None);
    }

    #[test]
    fn functions_are_named_after_those_that_are_imported() {
        let mut module = Module::parse(&sample()).unwrap();
        assert_eq!(module.bodies(), Some(vec![&b"\0\x10\0\x0b"[..]]));
        module.name(&["first".to_owned()]).unwrap();
        assert_eq!(module.sections.last().unwrap().1, b"\x04name\x01\x08\x01\x01\x05first");
    }

    #[test]
    fn what_has_no_code_stays_as_it_is() {
        let empty = b"\0asm\x01\0\0\0";
        let mut module = Module::parse(empty).unwrap();
        assert_eq!(module.put(|_| Some(Instead::Trap)), Some(0));
        assert_eq!(module.to_bytes(), empty);
    }

    #[test]
    fn what_is_linked_already_is_left_alone() {
        let mut module = Module::parse(&sample()).unwrap();
        assert_eq!(module.put(|_| Some(Instead::Trap)), None);
        assert_eq!(module.to_bytes(), sample());
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
