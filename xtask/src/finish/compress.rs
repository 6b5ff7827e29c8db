//! Compressed copies beside the files, so that a server can send them without any work.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context as _, bail};
use flate2::{Compression, write::GzEncoder};

use super::files_with;

/// What compresses well and is loaded often. Pictures are compressed already.
const EXTENSIONS: [&str; 6] = ["js", "wasm", "css", "html", "json", "svg"];

/// Brotli's best, and its usual window: both are for files that are compressed once and sent often.
const QUALITY: i32 = 11;
const WINDOW: i32 = 22;

/// Writes `.br` and `.gz` beside every file worth it.
pub(super) fn beside(folder: &Path) -> anyhow::Result<()> {
    let files = files_with(folder, &EXTENSIONS)?;
    thread::scope(|scope| {
        let tasks: Vec<_> = files.iter().map(|file| scope.spawn(|| both(file))).collect();
        for (task, file) in tasks.into_iter().zip(&files) {
            match task.join() {
                Ok(result) => result.with_context(|| format!("cannot compress {}", file.display()))?,
                Err(_) => bail!("cannot compress {}", file.display()),
            }
        }
        Ok(())
    })
}

/// The name of a compressed copy.
pub(crate) fn copy_of(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    name.into()
}

fn both(file: &Path) -> io::Result<()> {
    let bytes = fs::read(file)?;
    fs::write(copy_of(file, ".br"), brotli(&bytes)?)?;
    fs::write(copy_of(file, ".gz"), gzip(&bytes)?)
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let settings = ::brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    ::brotli::BrotliCompress(&mut &*bytes, &mut compressed, &settings)?;
    Ok(compressed)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn both_copies_are_smaller_and_hold_the_same_bytes() {
        let bytes = "the same line over and over\n".repeat(100).into_bytes();
        let (brotli, gzip) = (brotli(&bytes).unwrap(), gzip(&bytes).unwrap());
        assert!(brotli.len() < 200 && gzip.len() < 200);

        let (mut from_brotli, mut from_gzip) = (Vec::new(), Vec::new());
        ::brotli::BrotliDecompress(&mut brotli.as_slice(), &mut from_brotli).unwrap();
        flate2::read::GzDecoder::new(gzip.as_slice()).read_to_end(&mut from_gzip).unwrap();
        assert_eq!((&from_brotli, &from_gzip), (&bytes, &bytes));
    }

    #[test]
    fn a_copy_has_the_whole_name_of_its_file() {
        assert_eq!(copy_of(Path::new("dist/card_bg.wasm"), ".br"), Path::new("dist/card_bg.wasm.br"));
    }
}
