//! A proxy that serves: its tasks, and how they are stopped.

use super::task::{Task, TaskEnded};
use super::{Listeners, Proxy, Stores};
use crate::access::AllowedHost;
use crate::config;
use crate::routes::health::{ShutdownFlag, admin_router};
use crate::routes::{PublicParts, public_service};
use crate::server::{self, Deadlines, Limits, NoProxies, Options, Stage, refuse_unwanted};
use airalo_balance_sandbox::Sandbox;
use axum::middleware::from_fn;
use futures_util::future::select_all;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// For a load balancer to see that this process is not ready, and to send no more requests.
const DRAIN: Duration = Duration::from_secs(2);

/// A shutdown is over by then, whatever hangs. Container engines kill after 10 s.
pub(super) const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(8);

/// For the last reading to be written, also where requests have taken all the time.
const LAST_WRITE: Duration = Duration::from_millis(300);

/// For what is in the write-ahead log to reach the file of the history.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);

/// Health checks and metrics need a few.
const ADMIN_LIMITS: Limits = Limits { total: 64, per_client: 32 };

/// The tasks of a proxy. All of them end when this is dropped.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) refresher: Task,
    monitor: Option<Task>,
    deliveries: Option<Task>,
    servers: Vec<Task>,
    /// How long a shutdown can be seen before nobody is served any more.
    drain: Duration,
    stage: watch::Sender<Stage>,
    shutdown_flag: ShutdownFlag,
    stores: Stores,
    sandbox: Option<Sandbox>,
}

impl Running {
    pub(super) fn start(proxy: Proxy) -> Self {
        let Proxy { listeners, public, stores, refresher, monitor, sandbox, .. } = proxy;
        tracing::info!("listening on http://{}/", listeners.public.0);
        if let Some(sandbox) = &sandbox {
            tracing::warn!(
                "the figures come from the built-in stand-in and not from Airalo; its console is {}/",
                sandbox.url()
            );
        }
        let shutdown_flag = ShutdownFlag::default();
        let (stage, stages) = watch::channel(Stage::Running);
        let deliveries =
            stores.alerts.clone().map(|alerts| Task::spawn("delivers the alerts", alerts.deliver()));
        Self {
            // Airalo is asked at once, so that wrong credentials are in the log before anybody reads.
            refresher: Task::spawn("asks Airalo", refresher.run()),
            monitor: monitor.map(|monitor| Task::spawn("keeps the history", monitor.run())),
            deliveries,
            // Without health checks nobody sees it.
            drain: if listeners.admin.is_some() { DRAIN } else { Duration::ZERO },
            servers: serve(listeners, public, &shutdown_flag, &stages),
            stage,
            shutdown_flag,
            stores,
            sandbox,
        }
    }

    /// Waits for a task to end, which none should do before it is stopped.
    pub(super) async fn first_end(&mut self) -> TaskEnded {
        let others = self.monitor.iter_mut().chain(&mut self.deliveries).chain(&mut self.servers);
        // The refresher first: without it there are no readings, and the monitor ends too.
        select_all([&mut self.refresher].into_iter().chain(others)).await.0
    }

    pub(super) async fn stop(mut self, deadline: Instant) {
        self.shutdown_flag.set();
        self.stage.send_replace(Stage::Draining);
        tracing::info!("stopping");
        if let Some(alerts) = &self.stores.alerts {
            alerts.stop_delivering();
        }
        sleep(self.drain).await;
        self.stage.send_replace(Stage::Closing);
        let stop = async {
            for server in &mut self.servers {
                server.end().await;
            }
            if let Some(sandbox) = self.sandbox {
                sandbox.shutdown().await;
            }
        };
        if timeout_at(deadline, stop).await.is_err() {
            tracing::warn!("closing connections whose requests did not finish in time");
        }
        // Not before, because a request in progress may wait for its fetch.
        self.refresher.abort();
        // It ends when the refresher is gone and all readings are recorded.
        if let Some(monitor) = &mut self.monitor
            && timeout_at(deadline.max(Instant::now() + LAST_WRITE), monitor.end()).await.is_err()
        {
            tracing::warn!("the last samples of the history are not written");
        }
        if let Some(deliveries) = &mut self.deliveries
            && timeout_at(deadline, deliveries.end()).await.is_err()
        {
            tracing::warn!("an alert is still on its way; where it has arrived it arrives again");
            deliveries.abort();
            deliveries.end().await;
        }
        if timeout(CLOSE_TIMEOUT, self.stores.close()).await.is_err() {
            tracing::warn!(
                "the file of the history is not closed; whoever copies it has to copy -wal and -shm beside it too"
            );
        }
    }
}

/// A task for each listener.
fn serve(
    listeners: Listeners,
    public: PublicParts,
    shutdown_flag: &ShutdownFlag,
    stages: &watch::Receiver<Stage>,
) -> Vec<Task> {
    let clients = Arc::new(public.access.clone());
    let limits = Limits::of_total(server::connection_limit());
    let options = Options { limits, deadlines: Deadlines::default(), clients };
    let admin = listeners
        .admin
        .map(|listener| serve_admin(listener, &public, shutdown_flag.clone(), &options, stages.clone()));
    let (_, listener) = listeners.public;
    let public = server::serve(listener, public_service(public), options, stages.clone());
    [Task::spawn("answers the card", public)].into_iter().chain(admin).collect()
}

fn serve_admin(
    (address, listener): (SocketAddr, TcpListener),
    public: &PublicParts,
    shutdown_flag: ShutdownFlag,
    options: &Options,
    stages: watch::Receiver<Stage>,
) -> Task {
    tracing::info!("health on http://{address}/readyz, metrics on http://{address}/metrics");
    if !address.ip().is_loopback() {
        tracing::warn!("{}", config::METRICS_ARE_PUBLIC);
    }
    // Elsewhere it is reached by names that only the operator knows.
    let hosts = address.ip().is_loopback().then(|| AllowedHost::loopback(Some(address)));
    let router = admin_router(shutdown_flag, public.balances.clone(), public.metrics.clone(), hosts);
    let router = router.layer(from_fn(refuse_unwanted));
    let options = Options { limits: ADMIN_LIMITS, clients: Arc::new(NoProxies), ..options.clone() };
    Task::spawn("answers health checks", server::serve(listener, router, options, stages))
}
