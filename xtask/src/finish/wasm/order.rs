//! Functions that resemble each other, next to each other.
//!
//! A compressor tells in fewer bits what it has just seen than what it saw long ago, and for that
//! any order of the functions is as good as any other.

/// So many bytes in a row are the least that two functions have in common.
const RUN: usize = 4;

/// An order in which each of these is followed by the one that is most like it, of those that are
/// left; the first one stays the first.
pub(super) fn by_resemblance(bodies: &[&[u8]]) -> Vec<usize> {
    let runs: Vec<_> = bodies.iter().map(|body| runs(body)).collect();
    let mut left: Vec<_> = (0..bodies.len()).collect();
    let mut order = Vec::with_capacity(bodies.len());
    let mut next = 0;
    while next < left.len() {
        let current = left.remove(next);
        order.push(current);
        let likeness = |other: &usize| likeness(&runs[current], &runs[*other]);
        let (mut best, mut most) = (0, -1.0);
        for (position, other) in left.iter().enumerate() {
            let like = likeness(other);
            if like > most {
                (best, most) = (position, like);
            }
        }
        next = best;
    }
    order
}

/// Every run of bytes in it, once.
fn runs(body: &[u8]) -> Vec<&[u8]> {
    let mut runs: Vec<_> = body.windows(RUN).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// From 0 to almost 1.
fn likeness(one: &[&[u8]], other: &[&[u8]]) -> f64 {
    let (mut a, mut b, mut common) = (0, 0, 0);
    while let (Some(left), Some(right)) = (one.get(a), other.get(b)) {
        common += u32::from(left == right);
        (a, b) = (a + usize::from(left <= right), b + usize::from(right <= left));
    }
    f64::from(common) / (1.0 + ((one.len() * other.len()) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_resembles_each_other_comes_together_and_nothing_is_lost() {
        let bodies: [&[u8]; 6] =
            [b"the first", b"of another kind", b"the first one", b"", b"yet another kind", b"the fir"];
        assert_eq!(by_resemblance(&bodies), [0, 2, 5, 1, 4, 3]);
        assert!(by_resemblance(&[]).is_empty());
    }
}
