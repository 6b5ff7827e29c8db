//! The fonts of the pictures that tests compare. They are Debian's own, so that the same letters
//! are drawn on every machine; where they cannot be had, no pictures are compared.

use std::path::Path;

use super::{Need, apt};

/// Each package, and a file of it.
const FONTS: [(&str, &str); 2] = [
    ("fonts-noto-core", "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    ("fonts-ipaexfont-gothic", "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf"),
];

/// Whether all of them are here.
pub(crate) fn are_here() -> bool {
    FONTS.iter().all(|(_, file)| Path::new(file).exists())
}

pub(super) fn need() -> Option<Need> {
    (!are_here() && apt::is_here()).then(|| Need {
        name: "Debian’s Noto and IPAex fonts".to_owned(),
        why: "to compare pictures of the card",
        about: "10 s",
        install: |machine| apt::install(machine, &FONTS.map(|(package, _)| package)),
    })
}
