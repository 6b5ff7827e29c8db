use super::scan::{MAX_ENTRIES, read_up_to};
use super::*;
use axum::http::{HeaderMap, header};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

fn read_path(directory: &Path) -> Result<Files, ReadError> {
    Files::read(&CardSource::Directory(directory.to_owned()))
}

fn read(directory: &TempDir) -> Files {
    read_path(directory.path()).unwrap()
}

fn accepting(value: &str) -> Accepted {
    Accepted::read(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]))
}

#[test]
fn only_files_of_known_kinds_and_plain_names_are_read() {
    let names = ["a.js", "words/pt-BR.json", "card/0123456789abcdef/a_bg.wasm"];
    let others =
        [".env", ".git/HEAD", ".x/a.js", "a.js.br", "a.js.gz", "a.js~", "Makefile", "a b.js", "ä.js"];
    let all: Vec<_> = names.iter().chain(&others).map(|name| (*name, "")).collect();
    let files = read(&directory(&all));
    for name in names {
        assert!(files.get(&format!("/{name}")).is_some(), "{name}");
    }
    assert_eq!(files.len(), names.len());
    assert_eq!(files.card_folder(), Some("card/0123456789abcdef"));
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_directory_or_to_a_hidden_file() {
    use std::os::unix::fs::symlink;
    let outside = directory(&[("secret.txt", "secret"), ("folder/secret.txt", "secret")]);
    let inside = directory(&[("a.js", "a"), (".env", "secret"), ("..data/b.js", "b"), ("c.js", "c")]);
    let path = inside.path();
    symlink(outside.path().join("secret.txt"), path.join("out.txt")).unwrap();
    symlink("/etc/hostname", path.join("c.js.br")).unwrap();
    symlink(outside.path().join("folder"), path.join("folder")).unwrap();
    symlink(path, path.join("loop")).unwrap();
    symlink(".env", path.join("env.txt")).unwrap();
    symlink("nowhere.js", path.join("dangling.js")).unwrap();
    symlink("self.js", path.join("self.js")).unwrap();
    // Kubernetes mounts files like this.
    symlink("..data/b.js", path.join("b.js")).unwrap();

    let files = read(&inside);
    assert!(["/a.js", "/b.js", "/c.js"].iter().all(|name| files.get(name).is_some()));
    assert_eq!(files.len(), 3);
    assert!(!files.get("/c.js").unwrap().varies());

    // The directory itself may be a link, such as that of the current release.
    let link = outside.path().join("current");
    symlink(path, &link).unwrap();
    assert_eq!(read_path(&link).unwrap().len(), 3);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let directory = directory(&[("a.js", "a")]);
    let pipe = directory.path().join("pipe.js");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert_eq!(read(&directory).len(), 1);
}

#[test]
fn a_directory_that_is_too_large_is_no_build() {
    let large = directory(&[("a.js", "1234"), ("a.js.br", "12"), ("b.js", "1234")]);
    assert_eq!(read_up_to(10, large.path()).unwrap().len(), 2);
    assert!(matches!(read_up_to(9, large.path()), Err(ReadError::TooLarge)));

    let many = directory(&[]);
    for number in 0..=MAX_ENTRIES {
        fs::File::create(many.path().join(number.to_string())).unwrap();
    }
    assert!(matches!(read_path(many.path()), Err(ReadError::TooLarge)));
}

#[test]
fn a_directory_that_is_not_there_is_missing() {
    let directory = directory(&[]);
    assert!(matches!(read_path(&directory.path().join("dist")), Err(ReadError::Missing)));
}

#[test]
fn the_client_gets_the_encoding_it_likes_best_and_of_equal_ones_the_smallest() {
    let files =
        read(&directory(&[("a.js", "plain"), ("a.js.br", "brotli"), ("a.js.gz", "gzip"), ("b.js", "b")]));
    let (both, none) = (files.get("/a.js").unwrap(), files.get("/b.js").unwrap());
    for (value, expected) in [
        ("br", "brotli"),
        ("gzip", "gzip"),
        ("gzip, br", "brotli"),
        ("gzip, br;q=0.9", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("identity, br;q=0.5", "plain"),
        ("zstd", "plain"),
        ("identity;q=0", "plain"),
        ("*;q=0", "plain"),
    ] {
        assert_eq!(both.variant_for(accepting(value)).bytes, expected, "{value}");
        assert_eq!(none.variant_for(accepting(value)).bytes, "b", "{value}");
    }
    assert!(both.varies() && !none.varies());
    // Each encoding has a tag of its own, since its bytes are others.
    let tags = ["br", "gzip", ""].map(|value| both.variant_for(accepting(value)).etag.clone());
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
}

#[test]
fn only_folders_that_are_named_by_a_hash_are_kept_for_ever() {
    let files = read(&directory(&[
        ("card/0123456789abcdef/a.js", ""),
        ("card/0123456789abcde/a.js", ""),
        ("a.js", ""),
    ]));
    let cache_control = |path| files.get(path).unwrap().cache_control.clone();
    assert_eq!(cache_control("/card/0123456789abcdef/a.js"), IMMUTABLE);
    assert_eq!(cache_control("/card/0123456789abcde/a.js"), REVALIDATE);
    assert_eq!(cache_control("/a.js"), REVALIDATE);
}
