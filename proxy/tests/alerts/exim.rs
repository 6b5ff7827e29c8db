//! Exim, a real mail server, unpacked from Debian's packages and run without rights.
//!
//! What it accepts stays in its queue, where the test reads it.

use crate::free_port::free_port;
use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Where `cargo xtask test` unpacks it.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/mail-server/usr")
}

/// A mail server. It is killed when it is dropped.
pub(crate) struct Exim {
    pub(crate) port: u16,
    directory: TempDir,
    child: Option<Child>,
}

/// What it does with a recipient.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    Accept,
    /// For now, as with greylisting.
    Defer,
    /// `wrong@example.com` for ever, and nobody else.
    DenyOne,
}

impl Answer {
    const fn rules(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Defer => "defer message = try again later",
            Self::DenyOne => "deny recipients = wrong@example.com\n  message = no such user\naccept",
        }
    }
}

impl Exim {
    /// `None` where it is not on this machine; then the test says so.
    pub(crate) fn start(answer: Answer) -> Option<Self> {
        if !root().join("sbin/exim4").exists() {
            eprintln!("SKIPPED: Exim is not in target/mail-server; cargo xtask test unpacks it on Debian");
            return None;
        }
        let port = free_port();
        let mut exim = Self { port, directory: tempfile::tempdir().unwrap(), child: None };
        exim.run(answer);
        Some(exim)
    }

    /// Starts it, or starts it again with other rules. Its queue stays.
    pub(crate) fn run(&mut self, answer: Answer) {
        self.stop();
        let directory = self.directory.path();
        let id = |option| {
            let output = Command::new("id").arg(option).output().unwrap();
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        // It refuses to be root, and then takes the rights of nobody.
        let (user, group) =
            if id("-u") == "0" { ("65534".into(), "65534".into()) } else { (id("-u"), id("-g")) };
        fs::write(
            directory.join("passwd"),
            format!("root:x:0:0::/:/bin/sh\nDebian-exim:x:{user}:{group}::/:/bin/sh\n"),
        )
        .unwrap();
        fs::write(directory.join("group"), format!("root:x:0:\nDebian-exim:x:{group}:\n")).unwrap();
        let configuration = format!(
            "primary_hostname = mail.example.com\nspool_directory = {spool}\nlog_file_path = {log}/%slog\n\
             acl_smtp_rcpt = rcpt\ntls_advertise_hosts =\nkeep_environment =\nqueue_only\nhost_lookup =\n\
             rfc1413_query_timeout = 0s\nbegin acl\nrcpt:\n{rules}\n",
            spool = directory.join("spool").display(),
            log = directory.join("log").display(),
            rules = answer.rules(),
        );
        let file = directory.join("exim.conf");
        fs::write(&file, configuration).unwrap();
        for folder in ["spool", "log", "."] {
            fs::create_dir_all(directory.join(folder)).unwrap();
            let mode = Command::new("chmod").arg("a+rwx").arg(directory.join(folder)).status().unwrap();
            assert!(mode.success());
        }
        let child = Command::new(root().join("sbin/exim4"))
            .arg("-C")
            .arg(&file)
            .args(["-bdf", "-oX", &format!("127.0.0.1.{}", self.port), "-oP"])
            .arg(directory.join("pid"))
            .env("LD_LIBRARY_PATH", root().join(format!("lib/{}-linux-gnu", std::env::consts::ARCH)))
            // Its user exists in these files alone.
            .env("LD_PRELOAD", "libnss_wrapper.so")
            .env("NSS_WRAPPER_PASSWD", directory.join("passwd"))
            .env("NSS_WRAPPER_GROUP", directory.join("group"))
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(child.unwrap());
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            assert!(Instant::now() < end, "Exim does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// The mails that it has accepted: the head with the recipients, and the text.
    pub(crate) fn accepted(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.directory.path().join("spool/input")) else { return Vec::new() };
        let heads = entries.map(|entry| entry.unwrap().path());
        let heads = heads.filter(|path| path.to_str().unwrap().ends_with("-H"));
        let mail = |head: PathBuf| {
            let body = head.to_str().unwrap().replace("-H", "-D");
            // The body is there before the head is.
            fs::read_to_string(&head).unwrap() + &fs::read_to_string(body).unwrap()
        };
        heads.map(mail).collect()
    }
}

impl Drop for Exim {
    fn drop(&mut self) {
        self.stop();
    }
}
