//! Five replicas with one stand-in.

use crate::free_port::free_port;
use crate::process::{ProxyProcess, proxy_command};
use airalo_balance_sandbox::{self as sandbox, Sandbox};
use tokio::net::TcpListener;

pub(crate) const REPLICAS: usize = 5;

/// Short, so that a test sees it end often.
pub(crate) const TTL_SECONDS: u64 = 5;

pub(crate) struct Cluster {
    pub(crate) sandbox: Sandbox,
    redis_port: u16,
    pub(crate) ports: Vec<u16>,
    pub(crate) replicas: Vec<ProxyProcess>,
}

impl Cluster {
    /// A stand-in and the ports of replicas that are not started yet.
    pub(crate) async fn new(redis_port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self {
            sandbox: sandbox::serve(sandbox::Config::default(), listener).unwrap(),
            redis_port,
            ports: (0..REPLICAS).map(|_| free_port()).collect(),
            replicas: Vec::new(),
        }
    }

    pub(crate) fn start_all(&mut self) {
        self.replicas = self.ports.iter().map(|port| self.start(*port)).collect();
    }

    pub(crate) fn start(&self, port: u16) -> ProxyProcess {
        self.start_with(port, &[])
    }

    /// With variables of the test.
    pub(crate) fn start_with(&self, port: u16, variables: &[(&str, &str)]) -> ProxyProcess {
        let (listen, redis) = (format!("127.0.0.1:{port}"), format!("redis://127.0.0.1:{}", self.redis_port));
        let mut command = proxy_command(
            &[],
            &[
                ("AIRALO_BASE_URL", &self.sandbox.url()),
                ("AIRALO_CLIENT_ID", "sandbox"),
                ("AIRALO_CLIENT_SECRET", "sandbox-secret"),
                // Without it nobody would see a shutdown, and none would wait for somebody to.
                ("ADMIN_LISTEN", "127.0.0.1:0"),
                ("BALANCE_TTL", &TTL_SECONDS.to_string()),
                ("RATE_LIMIT", "0"),
                ("REDIS_URL", &redis),
            ],
        );
        command.env("LISTEN", listen).envs(variables.iter().copied());
        ProxyProcess::start(command)
    }

    /// How many token requests and balance requests the stand-in has received.
    pub(crate) fn requests(&self) -> (u64, u64) {
        let counts = self.sandbox.state().counts();
        (counts.token_requests, counts.balance_requests)
    }
}
