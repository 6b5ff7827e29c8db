//! The files of the built card, in memory: read once from a directory, or part of the program.
//!
//! No request opens a file. So nothing outside the build can be reached by any path, and a client
//! that reads slowly holds no descriptor.

#[cfg(feature = "bundled-card")]
mod bundled;
mod encoding;
mod kind;
mod scan;
mod source;

#[cfg(test)]
mod tests;

pub(crate) use encoding::Accepted;
pub(crate) use scan::ReadError;
pub use source::CardSource;

use crate::etag;
use axum::body::Bytes;
use axum::http::HeaderValue;

/// Lets browsers keep a file and revalidate it on each load, so that a new build shows at once.
pub(crate) const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// For files whose path contains a hash of their content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The files of one build.
#[derive(Debug, Default)]
pub(crate) struct Files(scan::Contents);

/// One file, with what its response needs.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) content_type: HeaderValue,
    pub(crate) cache_control: HeaderValue,
    plain: Variant,
    brotli: Option<Variant>,
    gzip: Option<Variant>,
}

/// The bytes of a file in one content encoding.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) bytes: Bytes,
    pub(crate) etag: HeaderValue,
    pub(crate) encoding: Option<HeaderValue>,
}

impl Variant {
    fn new(bytes: Bytes, encoding: Option<&'static str>) -> Self {
        Self { etag: etag::strong(&bytes), bytes, encoding: encoding.map(HeaderValue::from_static) }
    }
}

impl File {
    /// The file with its compressed copies. `read` is asked for each by what follows the name, and
    /// has `None` where there is none that may be served.
    fn read(
        url: &str,
        content_type: &'static str,
        mut read: impl FnMut(&str) -> Result<Option<Bytes>, ReadError>,
    ) -> Result<Option<Self>, ReadError> {
        let Some(plain) = read("")? else { return Ok(None) };
        let mut copy = |suffix, encoding| {
            Ok::<_, ReadError>(read(suffix)?.map(|bytes| Variant::new(bytes, Some(encoding))))
        };
        Ok(Some(Self {
            content_type: HeaderValue::from_static(content_type),
            cache_control: if has_content_hash(url) { IMMUTABLE } else { REVALIDATE },
            plain: Variant::new(plain, None),
            brotli: copy(".br", "br")?,
            gzip: copy(".gz", "gzip")?,
        }))
    }

    /// Whether the response depends on `Accept-Encoding`.
    pub(crate) const fn varies(&self) -> bool {
        self.brotli.is_some() || self.gzip.is_some()
    }

    /// The variant for a client that accepts these encodings.
    pub(crate) fn variant_for(&self, accepted: Accepted) -> &Variant {
        let brotli = self.brotli.as_ref().map(|variant| (accepted.brotli, variant));
        let gzip = self.gzip.as_ref().map(|variant| (accepted.gzip, variant));
        // Of equal ones the last is taken, which is the smallest.
        let best = [gzip, brotli].into_iter().flatten().max_by_key(|(quality, _)| *quality);
        // Where a client refuses everything, the file as it is serves it better than an error.
        best.filter(|(quality, _)| *quality > 0 && *quality >= accepted.identity)
            .map_or(&self.plain, |(_, variant)| variant)
    }
}

impl Files {
    /// Reads every file of a build.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read, or is too large to be a build.
    pub(crate) fn read(source: &CardSource) -> Result<Self, ReadError> {
        match source {
            #[cfg(feature = "bundled-card")]
            CardSource::Bundled => bundled::read(),
            CardSource::Directory(directory) => scan::read(directory),
        }
        .map(Self)
    }

    /// The file at a path. At that of a folder, which ends with a slash, it is the page of the folder.
    pub(crate) fn get(&self, path: &str) -> Option<&File> {
        if path.ends_with('/') { self.page_of(path) } else { self.0.get(path) }
    }

    /// The page of the folder at a path that ends with a slash.
    pub(crate) fn page_of(&self, folder: &str) -> Option<&File> {
        self.0.get(&*format!("{folder}index.html"))
    }

    /// Removes a file that is not served as it is, and returns its text.
    pub(crate) fn take_text(&mut self, path: &str) -> Option<String> {
        String::from_utf8(self.0.remove(path)?.plain.bytes.to_vec()).ok()
    }

    /// Puts what `text` has for the path of a page in the place of a placeholder. Such a page has no
    /// compressed copies any more.
    pub(crate) fn fill(&mut self, placeholder: &str, text: impl Fn(&str) -> String) {
        for (path, file) in self.0.iter_mut().filter(|(path, _)| path.ends_with(".html")) {
            let Ok(page) = str::from_utf8(&file.plain.bytes) else { continue };
            if page.contains(placeholder) {
                let page = page.replace(placeholder, &text(path));
                file.plain = Variant::new(page.into(), None);
                (file.brotli, file.gzip) = (None, None);
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The folder of the WebAssembly, which names the build.
    pub(crate) fn card_folder(&self) -> Option<&str> {
        let hashed = self.0.keys().filter(|path| has_content_hash(path));
        hashed.filter_map(|path| path.get(1..22)).min()
    }
}

/// Whether this is `/card/<16 hexadecimal digits>/…`, where the build puts the WebAssembly and
/// its glue.
fn has_content_hash(path: &str) -> bool {
    let folder = path.strip_prefix("/card/").and_then(|rest| rest.split_once('/'));
    folder.is_some_and(|(name, _)| name.len() == 16 && name.bytes().all(|digit| digit.is_ascii_hexdigit()))
}
