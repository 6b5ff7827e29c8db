//! A level that changes only where several readings in a row agree.

use airalo_balance::model::Level;
use serde::{Deserialize, Serialize};

/// The level that holds, and what the latest readings say it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct SteadyLevel {
    pub(super) level: Level,
    recent: Vec<Level>,
}

impl SteadyLevel {
    /// Takes the level of a reading. The level changes once this many readings in a row are all
    /// worse, or all better, and only as far as all of them say.
    pub(super) fn observe(&mut self, level: Level, needed: usize) {
        self.recent.push(level);
        let excess = self.recent.len().saturating_sub(needed);
        self.recent.drain(..excess);
        if self.recent.len() < needed {
            return;
        }
        let (best, worst) = (self.recent.iter().min(), self.recent.iter().max());
        if let Some(best) = best.filter(|best| **best > self.level) {
            self.level = *best;
        } else if let Some(worst) = worst.filter(|worst| **worst < self.level) {
            self.level = *worst;
        }
    }

    /// Takes a level that needs no second reading.
    pub(super) fn set(&mut self, level: Level) {
        self.level = level;
        self.recent = vec![level];
    }
}
