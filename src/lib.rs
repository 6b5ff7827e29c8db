//! tour
pub mod model;
