use super::*;
use std::time::Duration;

struct Listener {
    connections: Connections,
    start: Instant,
    places: Vec<Place>,
}

fn listener(total: usize, per_client: usize) -> Listener {
    let connections = Connections::new(Limits { total, per_client });
    Listener { connections, start: Instant::now(), places: Vec::new() }
}

impl Listener {
    fn at(&self, seconds: u64) -> Instant {
        self.start + Duration::from_secs(seconds)
    }

    fn connect(&mut self, address: &str, seconds: u64) -> bool {
        let place = self.connections.admit(address.parse().unwrap(), true, self.at(seconds));
        let is_admitted = place.is_some();
        self.places.extend(place);
        is_admitted
    }

    fn held(&self, address: &str) -> usize {
        self.connections.table().held_by(network_of(address.parse().unwrap()))
    }

    /// All connections of this address are being served.
    fn keep_busy(&self, address: &str) {
        let client = network_of(address.parse().unwrap());
        for place in self.places.iter().filter(|place| place.activity.client == client) {
            place.activity.head_complete(self.start);
        }
    }

    fn is_open(&self, number: usize) -> bool {
        self.connections.table().entries.contains_key(&self.places[number].id)
    }
}

#[test]
fn the_client_that_holds_most_loses_connections_first() {
    let mut listener = listener(100, 90);
    listener.connect("10.0.0.1", 0);
    for _ in 0..59 {
        listener.connect("10.0.0.2", 5);
    }
    for _ in 0..40 {
        listener.connect("10.0.0.3", 1);
    }
    assert!(listener.connect("10.0.0.4", 10));
    let held = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"].map(|address| listener.held(address));
    assert_eq!(held, [1, 52, 40, 1]);
}

#[test]
fn the_connection_that_is_idle_longest_is_closed_first() {
    let mut listener = listener(40, 40);
    for second in 0..40 {
        listener.connect("10.0.0.1", second);
    }
    listener.places[0].activity.bytes_received(listener.at(1));
    listener.places[1].activity.head_complete(listener.at(1));
    listener.places[1].activity.bytes_not_taken(listener.at(2));
    assert!(listener.connect("10.0.0.2", 100));
    assert!(listener.is_open(0) && listener.is_open(1), "they have begun");
    assert!((2..5).all(|number| !listener.is_open(number)));
    assert!((5..40).all(|number| listener.is_open(number)));
}

#[test]
fn a_client_with_its_share_loses_its_own_connections() {
    let mut listener = listener(100, 10);
    listener.connect("10.0.0.1", 0);
    for second in 1..=10 {
        listener.connect("10.0.0.2", second);
    }
    assert!(listener.connect("10.0.0.2", 60));
    assert_eq!((listener.held("10.0.0.1"), listener.held("10.0.0.2")), (1, 4));
}

#[test]
fn a_client_whose_whole_share_is_being_served_gets_no_more() {
    let mut listener = listener(100, 10);
    for second in 0..10 {
        listener.connect("10.0.0.2", second);
    }
    listener.keep_busy("10.0.0.2");
    assert!(!listener.connect("10.0.0.2", 60));
    assert!(listener.connect("10.0.0.1", 60));
}

#[test]
fn no_client_loses_a_connection_to_one_that_holds_more() {
    let mut listener = listener(10, 10);
    listener.connect("10.0.0.1", 0);
    for _ in 0..9 {
        listener.connect("10.0.0.2", 1);
    }
    listener.keep_busy("10.0.0.2");
    assert!(!listener.connect("10.0.0.2", 60));
    assert_eq!(listener.held("10.0.0.1"), 1);
}

#[test]
fn a_new_client_is_let_in_although_all_connections_are_being_served() {
    let mut listener = listener(10, 10);
    for _ in 0..10 {
        listener.connect("10.0.0.2", 1);
    }
    listener.keep_busy("10.0.0.2");
    assert!(listener.connect("10.0.0.1", 60));
}

#[test]
fn a_trusted_proxy_has_no_share_and_loses_connections_last() {
    let mut listener = listener(100, 10);
    for _ in 0..60 {
        let place = listener.connections.admit("10.0.0.9".parse().unwrap(), false, listener.start);
        listener.places.extend(place);
    }
    for number in 1..=4 {
        for _ in 0..10 {
            listener.connect(&format!("10.0.0.{number}"), 1);
        }
    }
    assert!(listener.connect("10.0.1.1", 60));
    assert_eq!(listener.held("10.0.0.9"), 60);
}

#[test]
fn the_addresses_of_one_network_are_one_client() {
    assert_eq!(network_of("::ffff:10.0.0.1".parse().unwrap()), network_of("10.0.0.1".parse().unwrap()));
    let [one, same, other] = ["2001:db8:1:2::1", "2001:db8:1:2:3::4", "2001:db8:1:3::1"]
        .map(|address| network_of(address.parse().unwrap()));
    assert_eq!(one, same);
    assert_ne!(one, other);
}

#[test]
fn nothing_is_left_of_a_connection_that_is_over() {
    let mut listener = listener(100, 10);
    for _ in 0..25 {
        listener.connect("10.0.0.1", 0);
    }
    listener.places.clear();
    let table = listener.connections.table();
    assert!(table.entries.is_empty() && table.per_client.is_empty());
}

#[test]
fn the_capacity_is_what_the_system_had_descriptors_for() {
    let mut listener = listener(64, 64);
    for number in 0..40 {
        listener.connect(&format!("10.0.0.{}", number % 4), 0);
    }
    listener.connections.lower_capacity(listener.at(10));
    assert_eq!(listener.connections.table().entries.len(), 36);
    assert!(listener.connect("10.0.1.1", 20));
    assert!(listener.connections.table().entries.len() <= 36);
    for _ in 0..100 {
        listener.connections.raise_capacity();
    }
    assert_eq!(listener.connections.table().capacity, 64);
}
