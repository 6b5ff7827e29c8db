//! Whatever the partner, the network, the shared store and the readers do, in whatever order, the
//! promises to Airalo and to the readers hold.

use super::tokens::MINUTE;
use super::*;
use airalo_balance::model::Problem;
use proptest::prelude::*;
use std::collections::VecDeque;

const POLICY: Policy = Policy {
    ttl: Duration::from_secs(60),
    max_stale: Duration::from_secs(300),
    fetch_timeout: Duration::from_secs(9),
    keeps_history: false,
};

const LEASE: Duration = Duration::from_secs(12);

/// What the world does in the next moment.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// Time passes, for everybody.
    Pass(u16),
    /// Somebody reads from one of the replicas.
    Read(usize),
    /// A notice of Airalo reaches one of the replicas.
    Notice(usize),
    /// The refresher of a replica takes its next step, with this result of a request.
    Step(usize, Outcome),
    /// A replica is killed and starts again.
    Restart(usize),
    /// The shared store can or cannot be reached.
    Store(bool),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Success,
    TokenRefused,
    AddressRefused,
    RateLimited(u16),
    Outage,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let outcome = prop_oneof![
        6 => Just(Outcome::Success),
        2 => Just(Outcome::TokenRefused),
        1 => Just(Outcome::AddressRefused),
        1 => (0..200_u16).prop_map(Outcome::RateLimited),
        2 => Just(Outcome::Outage),
    ];
    let turn = prop_oneof![
        4 => (0..40_u16).prop_map(Turn::Pass),
        4 => (0..3_u16).prop_map(Turn::Pass),
        1 => (0..1200_u16).prop_map(Turn::Pass),
        4 => (0..3_usize).prop_map(Turn::Read),
        3 => (0..3_usize).prop_map(Turn::Notice),
        12 => ((0..3_usize), outcome).prop_map(|(replica, outcome)| Turn::Step(replica, outcome)),
        1 => (0..3_usize).prop_map(Turn::Restart),
    ];
    prop::collection::vec(turn, 1..300)
}

fn turns_with_a_store_that_fails() -> impl Strategy<Value = Vec<Turn>> {
    let store = prop_oneof![8 => Just(None), 1 => any::<bool>().prop_map(|up| Some(Turn::Store(up)))];
    (turns(), prop::collection::vec(store, 300)).prop_map(|(turns, stores)| {
        turns.into_iter().zip(stores).flat_map(|(turn, store)| store.into_iter().chain([turn])).collect()
    })
}

/// A replica and the action that its refresher is at.
struct Replica {
    core: Core,
    action: Action,
    /// Token requests since the fetch began.
    token_requests: usize,
    /// No token may be requested for this long, as the store says.
    denied: Option<Duration>,
    told_to_wait_until: Duration,
}

impl Replica {
    fn new(seed: u64) -> Self {
        Self {
            core: Core::new(POLICY, seed),
            action: Action::Wait(None),
            token_requests: 0,
            denied: None,
            told_to_wait_until: Duration::ZERO,
        }
    }

    /// The deadline of the request that is under way.
    fn deadline(&self) -> Option<Instant> {
        match self.action {
            Action::RequestToken { deadline, .. } | Action::RequestBalances { deadline, .. } => {
                Some(deadline)
            }
            _ => None,
        }
    }
}

/// Replicas, their store, and a partner that counts.
struct World {
    start: Instant,
    elapsed: Duration,
    replicas: Vec<Replica>,
    store_is_up: bool,
    store_can_fail: bool,
    shared: Shared,
    shared_at: Duration,
    lease: Option<(usize, Duration)>,
    token_slots: VecDeque<Duration>,
    token_requests: VecDeque<(Duration, usize)>,
    /// No request may be made before this time.
    forbidden_until: Duration,
    /// When balances have arrived that all replicas know of.
    latest_success: Option<Duration>,
    tokens: u64,
}

impl World {
    fn new(replicas: usize, store_can_fail: bool, seed: u64) -> Self {
        Self {
            store_can_fail,
            start: Instant::now(),
            elapsed: Duration::ZERO,
            replicas: (0..replicas as u64).map(|replica| Replica::new(seed ^ replica)).collect(),
            store_is_up: true,
            shared: Shared::default(),
            shared_at: Duration::ZERO,
            lease: None,
            token_slots: VecDeque::new(),
            token_requests: VecDeque::new(),
            forbidden_until: Duration::ZERO,
            latest_success: None,
            tokens: 0,
        }
    }

    fn now(&self) -> Now {
        let time = Timestamp::UNIX_EPOCH.checked_add(self.elapsed).unwrap();
        Now { instant: self.start + self.elapsed, time }
    }

    fn is_single(&self) -> bool {
        self.replicas.len() == 1
    }

    /// What the store holds, as old as it is now.
    fn read_store(&self) -> Shared {
        let passed = self.elapsed - self.shared_at;
        let mut shared = self.shared.clone();
        if let Some(balances) = &mut shared.balances {
            balances.age += passed;
        }
        shared.balances = shared.balances.filter(|balances| balances.age < POLICY.max_stale);
        if let Some(failure) = &mut shared.failure {
            failure.retry_in = failure.retry_in.saturating_sub(passed);
        }
        shared.token = shared.token.and_then(|(token, left)| Some((token, left.checked_sub(passed)?)));
        shared
    }

    fn acquire(&mut self, replica: usize) -> Acquisition {
        if self.is_single() {
            return Acquisition::Leased(Shared::default());
        }
        if !self.store_is_up {
            return Acquisition::Unavailable;
        }
        let shared = self.read_store();
        match self.lease {
            Some((_, until)) if until > self.elapsed => Acquisition::Busy(shared),
            _ => {
                self.lease = Some((replica, self.elapsed + LEASE));
                Acquisition::Leased(shared)
            }
        }
    }

    fn share(&mut self, replica: usize, update: Update) {
        // What a replica that is killed was told, nobody knows.
        self.forbidden_until = self.forbidden_until.max(self.replicas[replica].told_to_wait_until);
        if self.is_single() && matches!(update, Update::Balances(_)) {
            self.latest_success = Some(self.elapsed);
        }
        if !self.store_is_up {
            return;
        }
        // A replica that was late may have lost the lease, and what it knows is old.
        if self.lease.is_none_or(|(holder, until)| holder != replica || until <= self.elapsed) {
            return;
        }
        self.shared = self.read_store();
        self.shared_at = self.elapsed;
        match update {
            Update::Token(token, lifetime) => {
                self.shared.token = Some((token, lifetime));
                return;
            }
            Update::Balances(balances) => {
                self.latest_success = Some(self.elapsed);
                self.shared.balances = Some(SharedBalances { balances, age: Duration::ZERO });
                self.shared.failure = None;
            }
            Update::Failure(failure) => self.shared.failure = Some(failure),
            Update::Nothing => {}
        }
        self.lease = None;
    }

    /// A replica sends what its action says, if that is a request to the partner.
    fn send(&mut self, replica: usize) -> Result<(), TestCaseError> {
        if self.replicas[replica].deadline().is_none() {
            return Ok(());
        }
        let keeps_together = self.is_single() || !self.store_can_fail;
        if matches!(self.replicas[replica].action, Action::RequestToken { .. }) {
            if !self.is_single() && self.store_is_up && !self.take_slot(replica) {
                return Ok(());
            }
            self.replicas[replica].token_requests += 1;
            let requests = self.replicas[replica].token_requests;
            prop_assert!(requests <= 2, "a fetch has renewed its token twice");
            self.count_token_request(replica, keeps_together)?;
        }
        if keeps_together {
            prop_assert!(self.elapsed >= self.forbidden_until, "asked before Retry-After was over");
            let now = self.now().instant;
            let asking = self.replicas.iter().filter(|replica| replica.deadline().is_some_and(|at| at > now));
            prop_assert!(asking.count() <= 1, "two requests at once");
            let passed = self.latest_success.map(|at| self.elapsed - at);
            prop_assert!(
                passed.is_none_or(|passed| passed >= notices::DELAY),
                "asked again after {passed:?}"
            );
        }
        Ok(())
    }

    /// Takes one of the two token requests of this minute.
    fn take_slot(&mut self, replica: usize) -> bool {
        let now = self.elapsed;
        self.token_slots.retain(|at| *at + MINUTE > now);
        let denied = (self.token_slots.len() >= 2).then(|| self.token_slots[0] + MINUTE - now);
        self.replicas[replica].denied = denied;
        if denied.is_none() {
            self.token_slots.push_back(now);
        }
        denied.is_none()
    }

    fn count_token_request(&mut self, replica: usize, of_all: bool) -> Result<(), TestCaseError> {
        let now = self.elapsed;
        self.token_requests.retain(|(at, _)| *at + MINUTE > now);
        self.token_requests.push_back((now, replica));
        let own = self.token_requests.iter().filter(|(_, by)| *by == replica).count();
        prop_assert!(own <= 2, "a replica has requested {own} tokens within a minute");
        let all = self.token_requests.len();
        prop_assert!(all <= 2 || !of_all, "{all} tokens were requested within a minute");
        Ok(())
    }

    /// The event that ends the action of a replica.
    fn perform(&mut self, replica: usize, outcome: Outcome) -> Event {
        let is_late = self.replicas[replica].deadline().is_some_and(|at| at <= self.now().instant);
        let outcome = if is_late { Outcome::Outage } else { outcome };
        match std::mem::replace(&mut self.replicas[replica].action, Action::Wait(None)) {
            Action::Wait(_) => Event::Woken,
            Action::Acquire => {
                self.replicas[replica].token_requests = 0;
                Event::Acquired(self.acquire(replica))
            }
            Action::Share(update) => {
                self.share(replica, update);
                Event::Shared
            }
            Action::Report(_) => Event::Shared,
            Action::RequestToken { .. } => {
                if let Some(wait) = self.replicas[replica].denied.take() {
                    return Event::Token(Err(Failure::rate_limited(wait)));
                }
                if let Some(failure) = self.failure(replica, outcome) {
                    return Event::Token(Err(Failure { min_delay: Duration::from_secs(30), ..failure }));
                }
                self.tokens += 1;
                let token = AccessToken::new(self.tokens.to_string().into());
                Event::Token(Ok((token, Duration::from_hours(1))))
            }
            Action::RequestBalances { .. } => match (outcome, self.failure(replica, outcome)) {
                (Outcome::TokenRefused, _) => Event::Balances(Err(BalancesError::TokenRefused)),
                (_, Some(failure)) => Event::Balances(Err(BalancesError::Other(failure))),
                (_, None) => Event::Balances(Ok([].into())),
            },
        }
    }

    fn failure(&mut self, replica: usize, outcome: Outcome) -> Option<Failure> {
        match outcome {
            Outcome::Success => None,
            Outcome::TokenRefused => Some(Failure::of(Problem::CredentialsRefused)),
            Outcome::AddressRefused => Some(Failure::of(Problem::AddressRefused)),
            Outcome::Outage => Some(Failure::of(Problem::Upstream)),
            Outcome::RateLimited(seconds) => {
                let wait = Duration::from_secs(seconds.into());
                self.replicas[replica].told_to_wait_until = self.elapsed + wait;
                Some(Failure { retry_after: Some(wait), ..Failure::of(Problem::RateLimited) })
            }
        }
    }

    fn take(&mut self, turn: Turn) -> Result<(), TestCaseError> {
        match turn {
            // What has arrived is shared within a moment.
            Turn::Pass(_) if self.replicas.iter().any(|r| matches!(r.action, Action::Share(_))) => {}
            Turn::Pass(seconds) => self.elapsed += Duration::from_secs(seconds.into()),
            Turn::Read(replica) => {
                let now = self.now();
                let replica = replica % self.replicas.len();
                let answer = self.replicas[replica].core.read(now);
                let (Answer::Ready(result) | Answer::Wait { otherwise: Some(result) }) = answer else {
                    return Ok(());
                };
                if let Ok(cached) = result {
                    let age = Duration::try_from(now.time.duration_since(cached.fetched_at)).unwrap();
                    prop_assert!(age < POLICY.max_stale, "a balance of {age:?} was served");
                    prop_assert_eq!(cached.stale.is_some(), age >= POLICY.ttl);
                }
            }
            Turn::Notice(replica) => {
                let replica = replica % self.replicas.len();
                self.replicas[replica].core.notice();
            }
            Turn::Step(replica, outcome) => {
                let replica = replica % self.replicas.len();
                let event = self.perform(replica, outcome);
                let now = self.now();
                self.replicas[replica].action = self.replicas[replica].core.step(event, now);
                self.send(replica)?;
            }
            Turn::Restart(replica) if !self.is_single() => {
                let replica = replica % self.replicas.len();
                self.replicas[replica] = Replica::new(self.tokens ^ replica as u64);
            }
            Turn::Restart(_) => {}
            Turn::Store(is_up) => self.store_is_up = is_up,
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn one_replica_keeps_every_promise(turns in turns(), seed in any::<u64>()) {
        let mut world = World::new(1, false, seed);
        for turn in turns {
            world.take(turn)?;
        }
    }

    #[test]
    fn replicas_that_share_a_store_keep_every_promise_together(turns in turns(), seed in any::<u64>()) {
        let mut world = World::new(3, false, seed);
        for turn in turns {
            world.take(turn)?;
        }
    }

    #[test]
    fn while_the_store_comes_and_goes_each_replica_keeps_within_its_own_limits(
        turns in turns_with_a_store_that_fails(),
        seed in any::<u64>(),
    ) {
        let mut world = World::new(3, true, seed);
        for turn in turns {
            if !matches!(turn, Turn::Restart(_)) {
                world.take(turn)?;
            }
        }
    }
}
