//! The image for containers, which has nothing in it but the program and root certificates.

use std::{fs, io, path::Path};

use anyhow::Context as _;
use pem::{EncodeConfig, LineEnding, Pem};
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use super::{ARCH, LICENCE_FILES, LICENCES, PROXY, VERSION, source_date};
use crate::{command::Cmd, machine::Machine, screen::say};

const CONTAINERFILE: &str = "examples/container/Containerfile";

/// Makes an archive that `podman load` and `docker load` read, or says why there is none.
pub(super) fn make(machine: &mut Machine, program: &Path, folder: &Path) -> anyhow::Result<()> {
    if which::which("buildah").is_err() {
        say("There is no image, because buildah is not on this machine.");
        return Ok(());
    }
    let context = machine.target.join("image");
    fill(&context, program, &machine.at(LICENCES))
        .with_context(|| format!("cannot write to {}", context.display()))?;
    let archive = folder.join(format!("{PROXY}-{VERSION}-linux-{ARCH}-image.tar"));
    // buildah adds to an archive, and refuses one that has the image.
    let _ = fs::remove_file(&archive);
    let tag = format!("localhost/{PROXY}:{VERSION}");
    let build = buildah(machine)
        .args(["build", "--quiet", "--isolation", "chroot", "--layers=false", "--timestamp"])
        .args([source_date(machine)])
        .args(["--build-arg", &format!("VERSION={VERSION}"), "--tag", &tag, "--file"])
        .args([machine.at(CONTAINERFILE), context]);
    machine.step("Building the image", &build)?;
    let destination = format!("docker-archive:{}:{tag}", archive.display());
    let push = buildah(machine).args(["push", "--quiet", &tag, &destination]);
    machine.step("Writing the image to an archive", &push)?;
    // The copy in the storage is of no use to anybody.
    machine
        .step(
            "Removing the image from the storage of the build",
            &buildah(machine).args(["rmi", "--force", &tag]),
        )
        .map(drop)
}

/// buildah, with a storage of its own that needs nothing of the kernel.
fn buildah(machine: &Machine) -> Cmd {
    let storage = |name: &str| machine.target.join("buildah").join(name).into_os_string();
    machine
        .command("buildah")
        .args(["--storage-driver", "vfs", "--root"])
        .args([storage("storage")])
        .args(["--runroot"])
        .args([storage("run")])
}

/// What the Containerfile copies.
fn fill(context: &Path, program: &Path, licences: &Path) -> io::Result<()> {
    if context.exists() {
        fs::remove_dir_all(context)?;
    }
    for folder in ["state", "licences"] {
        fs::create_dir_all(context.join(folder))?;
    }
    fs::copy(program, context.join(PROXY))?;
    for file in LICENCE_FILES {
        fs::copy(licences.join(file), context.join("licences").join(file))?;
    }
    fs::write(context.join("ca-certificates.crt"), root_certificates())
}

/// Those of Mozilla, in the version of `Cargo.lock`: the ones of this machine may have others among them.
fn root_certificates() -> String {
    let certificates = TLS_SERVER_ROOT_CERTS.iter().map(|der| Pem::new("CERTIFICATE", der.as_ref()));
    let config = EncodeConfig::new().set_line_ending(LineEnding::LF);
    pem::encode_many_config(&certificates.collect::<Vec<_>>(), config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_certificates_are_written_as_openssl_writes_them() {
        let text = root_certificates();
        assert!(text.starts_with("-----BEGIN CERTIFICATE-----\nMII"), "{text}");
        assert_eq!(text.matches("-----END CERTIFICATE-----\n").count(), TLS_SERVER_ROOT_CERTS.len());
        assert!(text.lines().all(|line| line.len() <= 64));
    }

    #[test]
    fn the_image_is_built_from_nothing_but_the_program_its_licences_and_the_certificates() {
        let (folder, program) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
        let licences = Machine::here().unwrap().at(LICENCES);
        let context = folder.path().join("image");
        fill(&context, program.path(), &licences).unwrap();
        fill(&context, program.path(), &licences).unwrap();
        let mut names: Vec<_> =
            fs::read_dir(&context).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [PROXY, "ca-certificates.crt", "licences", "state"]);
    }
}
