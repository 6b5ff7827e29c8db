#[path = "../tests/forecast/comparison.rs"]
mod comparison;
#[path = "../tests/forecast/methods.rs"]
mod methods;
#[path = "../tests/forecast/simulation.rs"]
mod simulation;
use airalo_balance::model::history::credits;

fn main() {
    let runs = |growth: f64, n: u64, off: u64| {
        (1..=n).map(|seed| simulation::run(seed + off, growth)).collect::<Vec<_>>()
    };
    let n: u64 = std::env::args().nth(1).map_or(200, |n| n.parse().unwrap());
    let show = |name: &str, runs: &[simulation::Run]| {
        if runs.is_empty() {
            return;
        }
        let c = comparison::compare(runs);
        println!("{name}: {} runs, covered {:.3}, width {}", c.runs, c.covered, c.width);
        for ((name, _), e) in methods::METHODS.iter().zip(&c.errors) {
            println!("   {:45} {:.2} {:.2} {:.2}   ratio {:.2}", name, e.0, e.1, e.2, c.errors[0].1 / e.1);
        }
    };
    let all = runs(0.0, n, 0);
    show("all", &all);
    let week = |r: &&simulation::Run| credits(&r.samples).iter().any(|c| r.now - c.at < 7 * 86400);
    let (a, b): (Vec<_>, Vec<_>) = runs(0.0, n, 0).into_iter().partition(|r| week(&r));
    show("topup in 7d", &a);
    show("no topup in 7d", &b);
    let (a, b): (Vec<_>, Vec<_>) =
        runs(0.0, n, 0).into_iter().partition(|r| r.now - r.samples[0].at < 21 * 86400);
    show("<21d", &a);
    show(">=21d", &b);
    show("growing 1%", &runs(0.01, n, 0));
    show("falling 1%", &runs(-0.01, n, 0));
    show("growing 3%", &runs(0.03, n, 0));
}
