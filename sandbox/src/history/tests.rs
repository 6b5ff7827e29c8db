use super::*;

/// A Sunday.
const NOW: i64 = 1_795_990_000;

const BALANCES: [i64; 9] = [22_535, 0, -1250, 1, 1234, 400_000, 7_500_000, i64::MAX, -i64::MAX];

/// Each step: when it ended, and by how much the balance rose.
fn steps(history: &[(i64, Cents)]) -> Vec<(i64, i64)> {
    history.windows(2).map(|pair| (pair[1].0, pair[1].1.get().saturating_sub(pair[0].1.get()))).collect()
}

fn top_ups(history: &[(i64, Cents)]) -> Vec<(i64, i64)> {
    steps(history).into_iter().filter(|(_, change)| *change > 0).collect()
}

#[test]
fn it_ends_now_with_the_balance_and_begins_so_many_days_before() {
    for balance in BALANCES {
        for days in [1, 7, 60, 400] {
            let history = invented(NOW, Cents::new(balance), days);
            assert_eq!(history.last(), Some(&(NOW, Cents::new(balance))), "{balance}");
            assert_eq!(history[0].0, NOW - i64::from(days) * DAY, "{balance}");
        }
    }
    assert_eq!(invented(NOW, Cents::new(5), 0), [(NOW, Cents::new(5))]);
}

#[test]
fn times_rise_by_an_hour_at_least_and_there_is_a_point_where_something_changed() {
    let history = invented(NOW, Cents::new(22_535), 60);
    assert!(history.windows(2).all(|pair| pair[0].0 + HOUR <= pair[1].0));
    assert!(history.len() > 60, "{}", history.len());
    let idle = steps(&history).iter().filter(|(_, change)| *change == 0).count();
    assert!(idle <= 1, "{idle}");
}

#[test]
fn the_balance_is_never_below_zero_before_the_end() {
    for balance in BALANCES {
        let history = invented(NOW, Cents::new(balance), 60);
        let (_, before) = history.split_last().unwrap();
        assert!(before.iter().all(|(_, balance)| balance.get() >= 0), "{balance}");
    }
}

#[test]
fn two_or_three_top_ups_of_round_amounts_are_made_in_office_hours() {
    for start in 0..20 {
        for balance in [22_535, 1234, 400_000] {
            let now = NOW + start * 31 * HOUR;
            let top_ups = top_ups(&invented(now, Cents::new(balance), 60));
            assert!((2..=3).contains(&top_ups.len()), "{balance}: {top_ups:?}");
            for (at, amount) in top_ups {
                assert_eq!(amount % TOP_UP_STEP, 0);
                assert!(is_in_office_hours(at));
            }
        }
    }
}

#[test]
fn orders_follow_the_days_of_the_week() {
    for balance in [22_535, 400_000] {
        let mut spent = [0; 7];
        for (at, change) in steps(&invented(NOW, Cents::new(balance), 364)) {
            spent[weekday(at)] += (-change).max(0);
        }
        let weekend = (spent[5] + spent[6]) / 2;
        let fridays = spent[4];
        assert!(fridays > 2 * weekend, "{spent:?}");
        assert!(spent[..5].iter().all(|day| *day > weekend), "{spent:?}");
    }
}

#[test]
fn so_much_is_used_that_the_balance_lasts_for_days_and_not_for_hours_or_years() {
    for balance in [10_000, 22_535, 400_000] {
        let spent: i64 =
            steps(&invented(NOW, Cents::new(balance), 60)).iter().map(|(_, c)| (-c).max(0)).sum();
        let days_left = balance * 60 / spent;
        assert!((3..=14).contains(&days_left), "{balance}: {days_left}");
    }
}

#[test]
fn prices_are_those_of_packages() {
    let total: u32 = PRICES.iter().map(|(_, weight)| weight).sum();
    let mean = PRICES.iter().map(|(price, weight)| price * i64::from(*weight)).sum::<i64>();
    assert!((mean as f64 / f64::from(total) - MEAN_PRICE).abs() < 1.0, "{mean} / {total}");
    assert_eq!((PRICES[0].0, PRICES[8].0), (450, 6000));
}

#[test]
fn the_same_past_is_invented_again_and_a_later_start_only_goes_on_from_it() {
    let balance = Cents::new(22_535);
    let first = invented(NOW, balance, 60);
    assert_eq!(invented(NOW, balance, 60), first);
    let later = invented(NOW + DAY, balance, 60);
    let orders = |history: &[(i64, Cents)]| {
        let both = NOW - 58 * DAY..NOW;
        let steps = steps(history).into_iter();
        steps.filter(|(at, change)| both.contains(at) && *change < 0).collect::<Vec<_>>()
    };
    let (first, later) = (orders(&first), orders(&later));
    let same = first.iter().filter(|order| later.contains(order)).count();
    // Only the hours of top-ups, in which nothing is ordered, are others.
    assert!(same * 10 > first.len() * 9, "{same} of {}", first.len());
}
